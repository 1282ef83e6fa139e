import { z } from 'zod';
import { PERMISSIONS } from '../authority/role.ts';
import { personSchema, time } from './user-schema.ts';

/** Share links, as they go over HTTP. Times are ms since 1970. */

/** What a link can give. Hosts are made by name. */
export const LINK_PERMISSIONS = ['viewer', 'editor'] as const;
export type LinkPermission = (typeof LINK_PERMISSIONS)[number];

const EXPIRES_HOURS_MAX = 365 * 24;
const EXPIRES_HOURS = 7 * 24;
const AN_EXPIRY = `takes a whole number of hours from 1 to ${EXPIRES_HOURS_MAX}, or null for never`;

export const linkPathSchema = z.object({ id: z.string(), link: z.string() });
export const linkTokenPathSchema = z.object({ token: z.string() });

export const linkBodySchema = z.strictObject({
  permission: z.enum(LINK_PERMISSIONS, `takes one of ${LINK_PERMISSIONS.join(', ')}`),
  expires: z
    .int(AN_EXPIRY)
    .min(1, AN_EXPIRY)
    .max(EXPIRES_HOURS_MAX, AN_EXPIRY)
    .nullable()
    .default(EXPIRES_HOURS)
    .describe('Hours until the link stops letting people in; null for never'),
});

export const madeLinkSchema = z.object({
  id: z.string(),
  url: z.string().describe('To be sent to people'),
  token: z.string().describe('What the url ends with. Shown this once: the server keeps only its hash'),
  permission: z.enum(LINK_PERMISSIONS),
  expiresAt: time.nullable(),
});

const linkSchema = z.object({
  id: z.string(),
  permission: z.enum(LINK_PERMISSIONS),
  createdBy: personSchema,
  createdAt: time,
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
  isByHost: z
    .boolean()
    .describe('False while its maker may not manage the quote any more: then it lets nobody in'),
  uses: z.number().int().describe('How often it let somebody in, also who could come in without it'),
  lastUsedAt: time.nullable(),
});
export type LinkJson = z.infer<typeof linkSchema>;

/** Neither expired nor revoked. It lets people in while its maker is a host, too. */
export const isLivingLink = (
  { expiresAt, revokedAt }: Pick<LinkJson, 'expiresAt' | 'revokedAt'>,
  now: number,
): boolean => revokedAt === null && (expiresAt === null || now < expiresAt);

/** Whether it lets people in now. */
export const isWorkingLink = (
  link: Pick<LinkJson, 'expiresAt' | 'revokedAt' | 'isByHost'>,
  now: number,
): boolean => link.isByHost && isLivingLink(link, now);

export const linksSchema = z.object({ links: z.array(linkSchema) });

export const acceptedLinkSchema = z.object({
  quote: z.string(),
  /** What the person may do there now: at least what the link gives. */
  permission: z.enum(PERMISSIONS),
});
