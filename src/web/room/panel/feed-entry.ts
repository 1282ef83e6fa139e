import type { Origin } from '../../../authority/actor.ts';
import type { RefusalReason, WriteVerdict } from '../../../authority/verdict.ts';
import type { CellValue } from '../../../quote/cell.ts';
import type { LoggedEntry } from '../../../wire/http-schemas.ts';
import type { WireUser } from '../../../wire/user-schema.ts';
import type { ActivityEntry } from '../activity.ts';

/** One entry of the log as the list of activity shows it, told live or read out of the log. */
export interface FeedEntry {
  readonly seq: number;
  /** ms since 1970 */
  readonly at: number;
  readonly user: WireUser;
  readonly origin: Origin;
  readonly writes: readonly FeedWrite[];
  /** Ids of the notes whose text it changed; the log does not tell. */
  readonly notes: readonly string[];
}

export interface FeedWrite {
  readonly cell: string;
  readonly operation: WriteVerdict['operation'];
  readonly before: CellValue;
  /** Of a refused write; undefined for whom it is not shown. */
  readonly offered?: unknown;
  readonly applied: CellValue;
  readonly reason?: RefusalReason | undefined;
  readonly by?: WireUser | undefined;
}

/** Null where the writes were not sent along: the log has them. */
export const fromLive = ({ writeCount, notes = [], ...entry }: ActivityEntry): FeedEntry | null =>
  writeCount === undefined ? { ...entry, notes } : null;

export const fromLog = ({ seq, at, user, name, role, origin, writes }: LoggedEntry): FeedEntry => ({
  seq,
  at,
  user: { id: user, name, role },
  origin,
  writes,
  notes: [],
});
