import type { Origin } from '../authority/actor.ts';
import type { Permission, Role } from '../authority/role.ts';
import { type Json, type RefusalReason, type WriteVerdict, isRefused } from '../authority/verdict.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Entry, Log } from '../log/log.ts';
import { type WriteTarget, targetOf } from '../log/write-target.ts';
import type { CellValue } from '../quote/cell.ts';

/**
 * The log as people read it: who wrote what into which cell when, what stood there before and after, and for what was
 * refused, why and whose write won. `GET /api/quotes/:id/log` gives it with names, and without what its reader may not see.
 */
export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Entries up to this number were looked at; there are more after it. */
  readonly next?: number;
}

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

export interface LogQuery {
  readonly after: number;
  readonly limit: number;
  /** Only what was refused or held. */
  readonly refused?: boolean;
  /** Only what this person wrote. */
  readonly user?: string;
  /** Only writes to this cell, or to cells of this row or root: `lineItems/l1/quantity`, `lineItems/l1`, `fields`. */
  readonly cell?: string;
}

/** Entries read at once, at most. */
const ENTRIES_AT_ONCE = 500;
/** Writes on a page, but for those of its first entry; an import may have 30,000. */
const WRITES_PER_PAGE = 5_000;
/** Writes read at once above which less is read the next time. */
const WRITES_AT_ONCE = 2_000;

/** At most `limit` entries that answer the query, fewer where they have very many writes. With `refused` or `cell`, entries show only the writes that do. */
export async function viewLog(log: Pick<Log, 'entries'>, quote: QuoteId, query: LogQuery): Promise<LogPage> {
  const found: LogEntry[] = [];
  let { after } = query;
  let writesShown = 0;
  for (let limit = 1; ;) {
    const entries = await log.entries(quote, { after, limit });
    for (const entry of entries) {
      const shown = viewEntry(entry, query);
      if (shown !== null) {
        writesShown += shown.writes.length;
        const isFull = found.length > 0 && writesShown > WRITES_PER_PAGE;
        // That there is one more than is shown tells that there is another page.
        if (isFull || found.length === query.limit) return { entries: found, next: after };
        found.push(shown);
      }
      after = entry.seq;
    }
    if (entries.length < limit) return { entries: found };
    const writesRead = entries.reduce((count, { writes }) => count + writes.length, 0);
    limit = writesRead > WRITES_AT_ONCE ? Math.ceil(limit / 2) : Math.min(ENTRIES_AT_ONCE, limit * 2);
  }
}

/** Null if there is nothing of it to show. */
function viewEntry(entry: Entry, query: LogQuery): LogEntry | null {
  if (query.user !== undefined && entry.actor.user !== query.user) return null;
  const isNarrowed = query.refused === true || query.cell !== undefined;
  const writes = entry.writes.filter((write) => isAskedFor(write, query));
  if (isNarrowed && writes.length === 0) return null;
  return {
    seq: entry.seq,
    at: entry.at,
    ...entry.actor,
    session: entry.session,
    origin: entry.origin,
    hash: Buffer.from(entry.hash).toString('hex'),
    writes: writes.map(viewWrite),
  };
}

const isAskedFor = (write: WriteVerdict, query: LogQuery): boolean =>
  (query.refused !== true || isRefused(write)) &&
  (query.cell === undefined || write.cell === query.cell || write.cell.startsWith(`${query.cell}/`));

function viewWrite({ reason, by, ...write }: WriteVerdict): LogWrite {
  return {
    ...write,
    target: targetOf(write.cell),
    ...(reason === null ? {} : { reason }),
    ...(by === null ? {} : { by: { id: by.user, role: by.role } }),
  };
}
