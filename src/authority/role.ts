/** A person's rank in the company, lowest first. Where two people want different things, the higher one decides. */
export const ROLES = ['sales_rep', 'sales_manager', 'vp_sales', 'deal_desk', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** As people say them. */
export const ROLE_TITLES: Readonly<Record<Role, string>> = {
  sales_rep: 'Sales rep',
  sales_manager: 'Sales manager',
  vp_sales: 'VP Sales',
  deal_desk: 'Deal desk',
  admin: 'Admin',
};

/** What a person may do in one quote. */
export const PERMISSIONS = ['viewer', 'editor', 'host'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a host can give a person: a permission, or `none`, which shuts them out. */
export const GIVEN_PERMISSIONS = ['none', ...PERMISSIONS] as const;
export type GivenPermission = (typeof GIVEN_PERMISSIONS)[number];

/** What the settings can give everyone to whom no host gave anything. */
export const DEFAULT_PERMISSIONS = ['none', 'viewer', 'editor'] as const;
export type DefaultPermission = (typeof DEFAULT_PERMISSIONS)[number];

/** 1 (sales_rep) to 5 (admin). */
export const rankOf = (role: Role): number => ROLES.indexOf(role) + 1;

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

export const mayEdit = (permission: Permission): boolean => permission !== 'viewer';

/** People, links and the session of a quote: its hosts do, and admins in every quote. */
export const mayManage = ({
  role,
  permission,
}: {
  readonly role: Role;
  readonly permission: GivenPermission;
}): boolean => permission === 'host' || role === 'admin';

/** What somebody offered in vain: they themselves see it, and whoever manages the quote. */
export const seesOfferOf = (
  reader: { readonly user: string; readonly role: Role; readonly permission: GivenPermission },
  author: string,
): boolean => reader.user === author || mayManage(reader);
