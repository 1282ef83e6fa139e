import type { SessionSettings } from './sessions.ts';

/** When a session ends of itself: so long after the last activity, and with a warning before, once in a quiet time. */
type EndSettings = Pick<SessionSettings, 'timeoutMinutes' | 'warningMinutes'>;

interface LastSigns {
  readonly lastActivityAt: number;
  readonly warnedAt: number | null;
}

/** ms since 1970 */
export const endsAtOf = (
  { lastActivityAt }: Pick<LastSigns, 'lastActivityAt'>,
  { timeoutMinutes }: Pick<EndSettings, 'timeoutMinutes'>,
): number => lastActivityAt + timeoutMinutes * MINUTE_MS;

/** What is to be done with it now; null: nothing. */
export function whatIsDue(session: LastSigns, settings: EndSettings, at: number): 'warn' | 'end' | null {
  const endsAt = endsAtOf(session, settings);
  if (at >= endsAt) return 'end';
  const isToBeWarned = session.warnedAt === null && at >= endsAt - settings.warningMinutes * MINUTE_MS;
  return isToBeWarned ? 'warn' : null;
}

export const MINUTE_MS = 60_000;
