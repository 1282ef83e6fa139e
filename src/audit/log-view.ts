import type { Permission, Role } from '../authority/role.ts';
import type { Json, RefusalReason, WriteVerdict } from '../authority/verdict.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Entry, Log, Origin } from '../log/log.ts';
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

/** Read at once, at most. */
const ENTRIES_AT_ONCE = 500;

/** At most `limit` entries that answer the query. With `refused` or `cell`, entries show only the writes that do. */
export async function viewLog(log: Pick<Log, 'entries'>, quote: QuoteId, query: LogQuery): Promise<LogPage> {
  const found: LogEntry[] = [];
  // One more than is shown tells whether there is another page.
  const limit = isNarrow(query) ? ENTRIES_AT_ONCE : Math.min(ENTRIES_AT_ONCE, query.limit + 1);
  let { after } = query;
  for (;;) {
    const entries = await log.entries(quote, { after, limit });
    for (const entry of entries) {
      const shown = viewEntry(entry, query);
      if (shown !== null && found.length === query.limit) return { entries: found, next: after };
      if (shown !== null) found.push(shown);
      after = entry.seq;
    }
    if (entries.length < limit) return { entries: found };
  }
}

const isNarrow = ({ refused, user, cell }: LogQuery): boolean =>
  refused === true || user !== undefined || cell !== undefined;

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

const isAskedFor = ({ cell, verdict }: WriteVerdict, query: LogQuery): boolean =>
  (query.refused !== true || verdict !== 'accepted') &&
  (query.cell === undefined || cell === query.cell || cell.startsWith(`${query.cell}/`));

function viewWrite({ reason, by, ...write }: WriteVerdict): LogWrite {
  return {
    ...write,
    target: targetOf(write.cell),
    ...(reason === null ? {} : { reason }),
    ...(by === null ? {} : { by: { id: by.user, role: by.role } }),
  };
}
