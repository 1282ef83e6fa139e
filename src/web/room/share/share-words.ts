import type { DefaultPermission } from '../../../authority/role.ts';
import type { LinkJson, LinkPermission } from '../../../wire/link-schemas.ts';
import { listOf } from '../../words/list-of.ts';
import { spanOf } from '../../words/span-of.ts';
import { clockTime, timeAgo } from '../../words/time-ago.ts';

/** What a link gives. */
export const LINK_TITLES: Readonly<Record<LinkPermission, string>> = {
  editor: 'Can edit',
  viewer: 'Can view',
};

/** How long a link can work, in hours; null: for good. */
export const LINK_LIVES = [
  { hours: 24, title: 'For a day' },
  { hours: 7 * 24, title: 'For a week' },
  { hours: 30 * 24, title: 'For a month' },
  { hours: null, title: 'Until revoked' },
] as const;
export type LinkLife = (typeof LINK_LIVES)[number]['hours'];

/** What the bare address does, by what everyone may do to whom nobody gave anything. */
export const ADDRESS_SENTENCES: Readonly<Record<DefaultPermission, string>> = {
  none: 'It opens for people who have access. To everyone else the quote stays closed.',
  viewer: 'It opens for everyone in the company. Whoever was not given more can view the quote.',
  editor: 'It opens for everyone in the company. Whoever was not given less can edit the quote.',
};

/** What people expect a link to do, and it does not. */
export const LINK_LIMITS = [
  'It identifies nobody: everyone signs in, and edits, as themselves.',
  'It takes nothing away: whoever may do more already still may.',
  'It lets in nobody who was removed from this quote.',
  'Revoking it stops new people. Who came in stays, until removed under People.',
] as const;

/**
 * "Runs out in 6 days", "Works until revoked", "Revoked at 14:02", "Ran out on 3 Nov, 09:00", "Ended: its maker is no host any
 * more".
 */
export function endWords(
  { expiresAt, revokedAt, isByHost }: Pick<LinkJson, 'expiresAt' | 'revokedAt' | 'isByHost'>,
  now: number,
  locale?: string,
): string {
  if (revokedAt !== null) return `Revoked ${onTime(revokedAt, now, locale)}`;
  if (expiresAt !== null && expiresAt <= now) return `Ran out ${onTime(expiresAt, now, locale)}`;
  if (!isByHost) return 'Ended: its maker is no host any more';
  if (expiresAt === null) return 'Works until revoked';
  return `Runs out in ${spanOf(expiresAt - now)}`;
}

function onTime(at: number, now: number, locale?: string): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return `${isToday ? 'at' : 'on'} ${clockTime(at, now, locale)}`;
}

/** "Not used yet", "Used once, 5 min ago", "Used 3 times, last yesterday". */
export function usageWords(
  { uses, lastUsedAt }: Pick<LinkJson, 'uses' | 'lastUsedAt'>,
  now: number,
  locale?: string,
): string {
  if (uses === 0) return 'Not used yet';
  const last = lastUsedAt === null ? null : timeAgo(lastUsedAt, now, locale);
  if (uses === 1) return last === null ? 'Used once' : `Used once, ${last}`;
  return `Used ${uses} times${last === null ? '' : `, last ${last}`}`;
}

/** For whoever may not let people in: who may. */
export function whoToAsk(hosts: readonly string[]): string {
  if (hosts.length === 0) return 'To let somebody else in, ask an admin.';
  const names = listOf(hosts.length > 2 ? [...hosts.slice(0, 2), 'another host'] : hosts, 'or');
  if (hosts.length > 2) return `To let somebody else in, ask ${names}.`;
  return `To let somebody else in, ask ${names}, who ${hosts.length === 1 ? 'hosts' : 'host'} this quote.`;
}
