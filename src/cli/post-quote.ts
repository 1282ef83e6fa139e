import type { Result } from '../lib/result.ts';
import type { NewQuote } from '../quote/new-quote.ts';
import { type QuoteJson, quoteSchema } from '../wire/http-schemas.ts';
import { type ServerError, callServer } from './call-server.ts';
import type { ServerAddress } from './server-options.ts';

/** Hands a new quote to a running server; gives the quote as made, or why the server did not take it. */
export function postQuote(
  server: ServerAddress,
  { id, fields, lineItems, discounts, notes }: NewQuote,
): Promise<Result<QuoteJson, ServerError>> {
  const flat = (row: NewQuote['lineItems'][number]) => ({
    ...row.cells,
    ...(row.id !== undefined && { id: row.id }),
  });
  const body = {
    ...(id !== undefined && { id }),
    fields,
    lineItems: lineItems.map(flat),
    discounts: discounts.map(flat),
    notes: notes.map((note) => ({ ...flat(note), text: note.text })),
  };
  return callServer(server, { method: 'POST', path: '/api/quotes', body }, quoteSchema);
}
