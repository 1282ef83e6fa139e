import type { UsageTally } from './usage-tally.ts';

/** A row of a session's audit about who is there. */
export interface AttendanceRow {
  readonly at: number;
  readonly event: 'joined' | 'left' | 'lost' | 'ended';
  readonly user: string | null;
}

/**
 * Adds to the tally how many people were in one session at once, and how long. Whoever is still there counts until
 * `lastActivityAt`, as after a crash: nothing says that they were there any longer.
 *
 * Rows come in the order in which they were written; `lost` ones, written after a crash, tell of a time before it.
 */
export function tallyAttendance(
  tally: UsageTally,
  rows: readonly AttendanceRow[],
  lastActivityAt: number,
): void {
  const here = new Set<string>();
  let since = 0;
  const pass = (at: number): void => {
    const ms = here.size === 0 ? 0 : Math.max(0, at - since);
    tally.occupiedMs += ms;
    tally.presentMs += ms * here.size;
    since = Math.max(since, at);
  };
  for (const { at, event, user } of rows.toSorted((a, b) => a.at - b.at)) {
    pass(at);
    if (event === 'ended') here.clear();
    else if (event === 'joined' && user !== null) here.add(user);
    else if (user !== null) here.delete(user);
    tally.presentPeak = Math.max(tally.presentPeak, here.size);
  }
  pass(lastActivityAt);
}
