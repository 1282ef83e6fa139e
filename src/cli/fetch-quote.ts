import { type Moment, lastNotAfter } from '../audit/seq-at.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type QuoteJson, logPageSchema, quoteSchema } from '../wire/http-schemas.ts';
import { callServer, serverFailure } from './call-server.ts';
import { type NamedMoment, describeNothing, noQuoteThere } from './find-quote.ts';
import { parseMoment } from './moment.ts';
import type { ServerAddress } from './server-options.ts';
import { CommandFailure, UsageError } from './command-errors.ts';

/**
 * A quote as a running server has it, now or at a moment (`12`, `2026-03-01`). Throws a `CommandFailure` where it gives
 * none.
 */
export async function fetchQuote(
  server: ServerAddress,
  quote: QuoteId,
  { at, removed }: { readonly at?: string; readonly removed?: true },
): Promise<QuoteJson> {
  const revision =
    at === undefined ? undefined : await findRevision(server, quote, { flag: '--at', text: at });
  const query = new URLSearchParams({
    ...(revision !== undefined && { at: String(revision) }),
    ...(removed === true && { removed: '1' }),
  });
  const path = `/api/quotes/${quote}?${query}`;
  const answer = await callServer(server, { method: 'GET', path }, quoteSchema);
  if (answer.ok) return answer.value;
  if (answer.reason.code !== 'not_found') throw serverFailure(answer.reason);
  if (revision === undefined) throw noQuoteThere(quote, server.url);
  const newest = await fetchQuote(server, quote, {});
  throw nothingAt({ kind: 'seq', seq: revision }, quote, { seq: newest.revision });
}

/**
 * The number of the entry at a moment; of a time, that of the last entry which is not later. 0, before the first, only where
 * it is asked for.
 */
export async function findRevision(
  server: ServerAddress,
  quote: QuoteId,
  { flag, text, fromStart = false }: NamedMoment,
): Promise<number> {
  const moment = parseMoment(text);
  if (!moment.ok) throw new UsageError(`${flag}: ${moment.reason}`);
  if (moment.value.kind === 'seq') return moment.value.seq;
  const newest = await fetchQuote(server, quote, {});
  const found = await lastNotAfter(moment.value.at, newest.revision, (seq) =>
    timeOfEntry(server, quote, seq),
  );
  if (found > 0 || fromStart) return found;
  throw nothingAt(moment.value, quote, { flag, seq: newest.revision });
}

const nothingAt = (
  moment: Moment,
  quote: QuoteId,
  { flag = '--at', seq }: { readonly flag?: string; readonly seq: number },
): Error => new CommandFailure('not_found', `${flag}: ${describeNothing(moment, quote, { seq })}`);

async function timeOfEntry(server: ServerAddress, quote: QuoteId, seq: number): Promise<number> {
  const path = `/api/quotes/${quote}/log?after=${seq - 1}&limit=1`;
  const page = await callServer(server, { method: 'GET', path }, logPageSchema);
  if (!page.ok) throw serverFailure(page.reason);
  return page.value.entries[0]?.at ?? Infinity;
}
