import type { Role } from '../authority/role.ts';
import type { RefusalReason } from '../authority/verdict.ts';
import type { CellFilter } from './cell-filter.ts';

/**
 * Which entries of a log answer a query, and where a page of them ends: the same for entries read from a data folder
 * and for those that a server gave. Entries come in order, in batches as their source likes to give them; no more are
 * asked for than it takes to know whether another page follows.
 */
export interface LogQuery {
  readonly after: number;
  readonly limit: number;
  /** Only what was refused or held. */
  readonly refused?: boolean;
  /** Only what this person wrote, */
  readonly user?: string;
  /** or people in this role. */
  readonly role?: Role;
  /** Only writes to these cells. */
  readonly cells?: CellFilter;
  /** Only entries not before this time, ms since 1970, */
  readonly since?: number;
  /** and not after this one. */
  readonly until?: number;
}

export interface LogPage<Shown> {
  readonly entries: readonly Shown[];
  /** Entries up to this number were looked at; there are more after it. */
  readonly next?: number;
}

/** As much of an entry as a query asks about. */
export interface Selectable {
  readonly seq: number;
  readonly at: number;
  readonly user: string;
  readonly role: Role;
  readonly writes: readonly SelectableWrite[];
}

interface SelectableWrite {
  readonly cell: string;
  /** Set unless accepted. */
  readonly reason?: RefusalReason | null | undefined;
}

interface PageOptions<Entry, Shown> {
  /** Of what is selected only this is kept: entries as they are read may be large. */
  view(entry: Entry): Shown;
  /** Writes on a page, but for those of its first entry. */
  readonly writesMax?: number;
  /** Entries that are looked at for one page. The page then ends there, empty if need be. */
  readonly entriesMax?: number;
}

/** At most `limit` entries that answer the query. With `refused` or `cells`, entries keep only the writes that do. */
export async function selectPage<Entry extends Selectable, Shown>(
  batches: AsyncIterable<readonly Entry[]>,
  query: LogQuery,
  { view, writesMax = Infinity, entriesMax = Infinity }: PageOptions<Entry, Shown>,
): Promise<LogPage<Shown>> {
  const found: Shown[] = [];
  let seen = query.after;
  let writesFound = 0;
  let looked = 0;
  for await (const batch of batches) {
    for (const entry of batch) {
      // Times never decrease.
      if (query.until !== undefined && entry.at > query.until) return { entries: found };
      if (looked === entriesMax) return { entries: found, next: seen };
      looked += 1;
      const selected = select(entry, query);
      if (selected !== null) {
        writesFound += selected.writes.length;
        const isFull = found.length > 0 && writesFound > writesMax;
        // That there is one more than is shown tells that there is another page.
        if (isFull || found.length === query.limit) return { entries: found, next: seen };
        found.push(view(selected));
      }
      seen = entry.seq;
    }
  }
  return { entries: found };
}

/** True if entries may be left out. */
export const isNarrowed = (query: LogQuery): boolean =>
  query.user !== undefined ||
  query.role !== undefined ||
  query.since !== undefined ||
  query.until !== undefined ||
  isAboutWrites(query);

const isAboutWrites = ({ refused, cells }: LogQuery): boolean => refused === true || cells !== undefined;

/** Null if nothing of it was asked for. */
function select<Entry extends Selectable>(entry: Entry, query: LogQuery): Entry | null {
  if (query.user !== undefined && entry.user !== query.user) return null;
  if (query.role !== undefined && entry.role !== query.role) return null;
  if (query.since !== undefined && entry.at < query.since) return null;
  if (!isAboutWrites(query)) return entry;
  const writes = entry.writes.filter((write) => isAskedFor(write, query));
  return writes.length === 0 ? null : { ...entry, writes };
}

const isAskedFor = ({ cell, reason }: SelectableWrite, query: LogQuery): boolean =>
  (query.refused !== true || reason != null) && (query.cells === undefined || query.cells.takes(cell));
