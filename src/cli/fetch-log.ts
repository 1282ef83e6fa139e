import type { z } from 'zod';
import type { LogEntry, LogQuery, LogWrite } from '../audit/log-view.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Json } from '../authority/verdict.ts';
import { LOG_LIMIT_MAX, type LoggedEntry, type LoggedWrite, logPageSchema } from '../wire/http-schemas.ts';
import { callServer, serverFailure } from './call-server.ts';
import { noQuoteThere } from './find-quote.ts';
import type { ServerAddress } from './server-options.ts';

/** The log as a data folder gives it, but that a server keeps what was refused from some readers. */
export interface ShownPage {
  readonly entries: readonly ShownEntry[];
  readonly next?: number;
}

export interface ShownEntry extends Omit<LogEntry, 'writes'> {
  readonly writes: readonly ShownWrite[];
}

export interface ShownWrite extends Omit<LogWrite, 'offered'> {
  /** Not there where the reader may not see it. */
  readonly offered?: Json;
}

/**
 * What `viewLog` reads from a data folder, asked of a running server. The server gives pages and does not search, so
 * that nobody's search holds up live work: entries that were not asked for are left out here. Throws a
 * `CommandFailure` where it gives none.
 */
export async function fetchLog(server: ServerAddress, quote: QuoteId, query: LogQuery): Promise<ShownPage> {
  const found: ShownEntry[] = [];
  const limit = isNarrowed(query) ? LOG_LIMIT_MAX : Math.min(LOG_LIMIT_MAX, query.limit + 1);
  let seen = query.after;
  for (let after: number | null = query.after; after !== null;) {
    const page: LogPageJson = await fetchPage(server, quote, { after, limit });
    for (const entry of page.entries) {
      const shown = showEntry(entry, query);
      if (shown !== null) {
        // That there is one more than is shown tells that there is another page.
        if (found.length === query.limit) return { entries: found, next: seen };
        found.push(shown);
      }
      seen = entry.seq;
    }
    after = page.next !== undefined && page.next > after ? page.next : null;
  }
  return { entries: found };
}

type LogPageJson = z.infer<typeof logPageSchema>;

async function fetchPage(
  server: ServerAddress,
  quote: QuoteId,
  { after, limit }: Pick<LogQuery, 'after' | 'limit'>,
): Promise<LogPageJson> {
  const path = `/api/quotes/${quote}/log?after=${after}&limit=${limit}`;
  const page = await callServer(server, { method: 'GET', path }, logPageSchema);
  if (page.ok) return page.value;
  throw page.reason.code === 'not_found' ? noQuoteThere(quote, server.url) : serverFailure(page.reason);
}

const isNarrowed = ({ refused, user, cell }: LogQuery): boolean =>
  refused === true || user !== undefined || cell !== undefined;

/** Null if there is nothing of it to show. */
function showEntry({ name: _name, ...entry }: LoggedEntry, query: LogQuery): ShownEntry | null {
  if (query.user !== undefined && entry.user !== query.user) return null;
  const writes = entry.writes.filter((write) => isAskedFor(write, query));
  const needsWrites = query.refused === true || query.cell !== undefined;
  if (needsWrites && writes.length === 0) return null;
  return { ...entry, user: entry.user as UserId, writes: writes.map(showWrite) };
}

const isAskedFor = ({ cell, reason }: LoggedWrite, query: LogQuery): boolean =>
  (query.refused !== true || reason !== undefined) &&
  (query.cell === undefined || cell === query.cell || cell.startsWith(`${query.cell}/`));

function showWrite({ offered, reason, by, ...write }: LoggedWrite): ShownWrite {
  return {
    ...write,
    verdict: verdictOf(reason),
    ...(offered !== undefined && { offered: offered as Json }),
    ...(reason !== undefined && { reason }),
    ...(by !== undefined && { by: { id: by.id as UserId, role: by.role } }),
  };
}

function verdictOf(reason: LoggedWrite['reason']): LogWrite['verdict'] {
  if (reason === undefined) return 'accepted';
  return reason === 'held' ? 'held' : 'refused';
}
