import type { QuoteId, UserId } from '../lib/ids.ts';
import { SESSIONS_PER_USER_MAX } from '../lib/limits.ts';
import type { Sessions } from './sessions.ts';

export interface SessionLimits {
  /** Sessions with somebody in them. */
  readonly sessionsMax: number;
  /** People in one session, with a connection or without. */
  readonly participantsMax: number;
}

type Counted = Pick<Sessions, 'busyCount' | 'busyCountOf' | 'ofQuote'>;

/** Why the person may not come into the quote's session, or null. Whoever is in it already may come again. */
export function findFull(
  sessions: Counted,
  limits: SessionLimits,
  quote: QuoteId,
  user: UserId,
): string | null {
  const people = sessions.ofQuote(quote)?.people ?? [];
  if (people.some((one) => one.user === user)) return null;
  const { participantsMax } = limits;
  const notStartable = findUnstartable(sessions, limits, quote, user);
  if (notStartable !== null || people.length < participantsMax) return notStartable;
  return `${participantsMax} people are in this session, which is the limit (collaboration.maxParticipants)`;
}

/** Why the person may not start a session of the quote, without coming into it; null where they may, or it is open. */
export function findUnstartable(
  sessions: Counted,
  { sessionsMax }: SessionLimits,
  quote: QuoteId,
  user: UserId,
): string | null {
  const people = sessions.ofQuote(quote)?.people ?? [];
  if (people.length === 0 && sessions.busyCount() >= sessionsMax)
    return `${sessionsMax} sessions have somebody in them, which is the limit (collaboration.maxSessions)`;
  const isIn = people.some((one) => one.user === user);
  if (isIn || sessions.busyCountOf(user) < SESSIONS_PER_USER_MAX) return null;
  return `${SESSIONS_PER_USER_MAX} sessions have you in them, which is the limit; close one of your quotes`;
}
