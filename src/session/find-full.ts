import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Sessions } from './sessions.ts';

export interface SessionLimits {
  /** Sessions with somebody in them. */
  readonly sessionsMax: number;
  /** People in one session, with a connection or without. */
  readonly participantsMax: number;
}

/**
 * Why one more may not come into the quote's session, or null. Whoever is in it already may come again. `user` null: a session
 * is to be started, and nobody comes into it.
 */
export function findFull(
  sessions: Pick<Sessions, 'busyCount' | 'ofQuote'>,
  { sessionsMax, participantsMax }: SessionLimits,
  quote: QuoteId,
  user: UserId | null,
): string | null {
  const people = sessions.ofQuote(quote)?.people ?? [];
  if (people.length === 0 && sessions.busyCount() >= sessionsMax)
    return `${sessionsMax} sessions have somebody in them, which is the limit (collaboration.maxSessions)`;
  if (user === null || people.length < participantsMax || people.some((one) => one.user === user))
    return null;
  return `${participantsMax} people are in this session, which is the limit (collaboration.maxParticipants)`;
}
