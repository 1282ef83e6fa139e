import type { DefaultPermission } from '../../../authority/role.ts';
import type { LinkJson, LinkPermission } from '../../../wire/link-schemas.ts';
import { countOf } from '../../words/count-of.ts';
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

export const isLivingLink = (
  { expiresAt, revokedAt }: Pick<LinkJson, 'expiresAt' | 'revokedAt'>,
  now: number,
): boolean => revokedAt === null && (expiresAt === null || now < expiresAt);

/** "Runs out in 6 days", "Works until revoked", "Revoked at 14:02", "Ran out on 3 Nov, 09:00". */
export function endWords(
  { expiresAt, revokedAt }: Pick<LinkJson, 'expiresAt' | 'revokedAt'>,
  now: number,
  locale?: string,
): string {
  if (revokedAt !== null) return `Revoked ${onTime(revokedAt, now, locale)}`;
  if (expiresAt === null) return 'Works until revoked';
  if (expiresAt <= now) return `Ran out ${onTime(expiresAt, now, locale)}`;
  return `Runs out in ${spanWords(expiresAt - now)}`;
}

function onTime(at: number, now: number, locale?: string): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return `${isToday ? 'at' : 'on'} ${clockTime(at, now, locale)}`;
}

function spanWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 120) return countOf(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? countOf(hours, 'hour') : countOf(Math.round(hours / 24), 'day');
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
  const [first, second, ...more] = hosts;
  if (first === undefined) return 'To let somebody else in, ask an admin.';
  if (second === undefined) return `To let somebody else in, ask ${first}, who hosts this quote.`;
  const names = more.length === 0 ? `${first} or ${second}` : `${first}, ${second} or another host`;
  return `To let somebody else in, ask ${names}${more.length === 0 ? ', who host this quote' : ''}.`;
}
