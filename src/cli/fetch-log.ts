import type { z } from 'zod';
import { type LogPage, type LogQuery, selectPage } from '../audit/log-selection.ts';
import type { LogEntry, LogWrite } from '../audit/log-view.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Json } from '../authority/verdict.ts';
import { LOG_LIMIT_MAX, type LoggedEntry, type LoggedWrite, logPageSchema } from '../wire/http-schemas.ts';
import { callServer, serverFailure } from './call-server.ts';
import { noQuoteThere } from './find-quote.ts';
import type { ServerAddress } from './server-options.ts';

/** An entry as a data folder gives it, but that a server keeps what was refused from some readers. */
export interface ShownEntry extends Omit<LogEntry, 'writes'> {
  readonly writes: readonly ShownWrite[];
}

export interface ShownWrite extends Omit<LogWrite, 'offered'> {
  /** Not there where the reader may not see it. */
  readonly offered?: Json;
}

/** A query as the server reads it: cells by their patterns. */
export type AskedLog = Omit<LogQuery, 'cells'> & { readonly cell?: string };

/**
 * What `viewLog` reads from a data folder, asked of a running server. The server leaves out what was not asked for, a bounded
 * part of the log at a time, so that nobody's search holds up live work. Throws a `CommandFailure` where it gives none.
 */
export function fetchLog(
  server: ServerAddress,
  quote: QuoteId,
  query: AskedLog,
): Promise<LogPage<ShownEntry>> {
  const { after, limit } = query;
  return selectPage(fetchBatches(server, quote, query), { after, limit }, { view: showEntry });
}

async function* fetchBatches(
  server: ServerAddress,
  quote: QuoteId,
  query: AskedLog,
): AsyncGenerator<readonly LoggedEntry[]> {
  const limit = Math.min(LOG_LIMIT_MAX, query.limit + 1);
  for (let after: number | null = query.after; after !== null;) {
    const page: LogPageJson = await fetchPage(server, quote, { ...query, after, limit });
    yield page.entries;
    after = page.next !== undefined && page.next > after ? page.next : null;
  }
}

type LogPageJson = z.infer<typeof logPageSchema>;

async function fetchPage(server: ServerAddress, quote: QuoteId, query: AskedLog): Promise<LogPageJson> {
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== false);
  const path = `/api/quotes/${quote}/log?${new URLSearchParams(asked.map(([name, value]) => [name, String(value)]))}`;
  const page = await callServer(server, { method: 'GET', path }, logPageSchema);
  if (page.ok) return page.value;
  throw page.reason.code === 'not_found' ? noQuoteThere(quote, server.url) : serverFailure(page.reason);
}

const showEntry = ({ name: _name, ...entry }: LoggedEntry): ShownEntry => ({
  ...entry,
  user: entry.user as UserId,
  writes: entry.writes.map(showWrite),
});

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
