import { setImmediate } from 'node:timers/promises';
import type { Origin } from '../authority/actor.ts';
import type { Permission, Role } from '../authority/role.ts';
import type { Json, RefusalReason, WriteVerdict } from '../authority/verdict.ts';
import { hexOf } from '../lib/bytes.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Entry, Log } from '../log/log.ts';
import { type WriteTarget, targetOf } from '../log/write-target.ts';
import type { CellValue } from '../quote/cell.ts';
import { type LogPage, type LogQuery, selectPage } from './log-selection.ts';
import { seqAt } from './seq-at.ts';

/**
 * The log as people read it: who wrote what into which cell when, what stood there before and after, and for what was
 * refused, why and whose write won. `GET /api/quotes/:id/log` gives it with names, and without what its reader may not see.
 */
export interface LogEntry {
  readonly seq: number;
  /** Server time, ms since 1970. */
  readonly at: number;
  readonly user: UserId;
  readonly role: Role;
  readonly permission: Permission;
  readonly session: string | null;
  readonly origin: Origin;
  /** SHA-256 in hex. */
  readonly hash: string;
  readonly writes: readonly LogWrite[];
}

export interface LogWrite {
  readonly cell: string;
  readonly operation: WriteVerdict['operation'];
  readonly target: WriteTarget;
  readonly verdict: WriteVerdict['verdict'];
  readonly before: CellValue;
  readonly offered: Json;
  readonly applied: CellValue;
  readonly reason?: RefusalReason;
  /** Whose write or edit won. */
  readonly by?: { readonly id: UserId; readonly role: Role };
}

/** Entries read at once, at most, before others get their turn. */
const ENTRIES_AT_ONCE = 200;
/** Writes on a page, but for those of its first entry; an import may have 30,000. */
const WRITES_PER_PAGE = 5_000;
/** Writes read at once above which less is read the next time. */
const WRITES_AT_ONCE = 2_000;

/**
 * At most `limit` entries that answer the query, fewer where they have very many writes. With `refused` or `cells`,
 * entries show only the writes that do.
 */
export async function viewLog(
  log: Pick<Log, 'entries' | 'head'>,
  quote: QuoteId,
  query: LogQuery,
  { entriesMax }: { readonly entriesMax?: number } = {},
): Promise<LogPage<LogEntry>> {
  const after = await startOf(log, quote, query);
  const options = {
    view: viewEntry,
    writesMax: WRITES_PER_PAGE,
    ...(entriesMax !== undefined && { entriesMax }),
  };
  return selectPage(readBatches(log, quote, after), { ...query, after }, options);
}

/** The entry after which to look: what was before `since` is not looked through. */
async function startOf(
  log: Pick<Log, 'entries' | 'head'>,
  quote: QuoteId,
  { after, since }: LogQuery,
): Promise<number> {
  const head = since === undefined ? null : await log.head(quote);
  if (since === undefined || head === null) return after;
  const before = await seqAt(log, { quote, head }, { kind: 'time', at: since - 1 });
  return Math.max(after, before ?? 0);
}

interface EntryOfUser extends Entry {
  readonly user: UserId;
  readonly role: Role;
}

/** One entry, then as many as their writes allow. */
async function* readBatches(
  log: Pick<Log, 'entries'>,
  quote: QuoteId,
  start: number,
): AsyncGenerator<readonly EntryOfUser[]> {
  let after = start;
  for (let limit = 1; ;) {
    const entries = await log.entries(quote, { after, limit });
    yield entries.map((entry) => ({ ...entry, user: entry.actor.user, role: entry.actor.role }));
    const last = entries.at(-1);
    if (last === undefined || entries.length < limit) return;
    after = last.seq;
    const writesRead = entries.reduce((count, { writes }) => count + writes.length, 0);
    await setImmediate();
    limit = writesRead > WRITES_AT_ONCE ? Math.ceil(limit / 2) : Math.min(ENTRIES_AT_ONCE, limit * 2);
  }
}

const viewEntry = (entry: EntryOfUser): LogEntry => ({
  seq: entry.seq,
  at: entry.at,
  ...entry.actor,
  session: entry.session,
  origin: entry.origin,
  hash: hexOf(entry.hash),
  writes: entry.writes.map(viewWrite),
});

function viewWrite({ reason, by, ...write }: WriteVerdict): LogWrite {
  return {
    ...write,
    target: targetOf(write.cell),
    ...(reason === null ? {} : { reason }),
    ...(by === null ? {} : { by: { id: by.user, role: by.role } }),
  };
}
