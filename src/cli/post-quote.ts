import { z } from 'zod';
import type { NewQuote } from '../quote/new-quote.ts';
import { type ServerAddress, cannotReach } from './server-options.ts';
import { plain } from './plain-text.ts';
import { failure } from './usage-error.ts';

const createdSchema = z.object({ id: z.string(), revision: z.number() });
const refusedSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.array(z.json()).optional() }),
});

/** Hands a new quote to a running server. Throws a `Fault` with the server's own words where it does not take it. */
export async function postQuote(
  { url, token }: ServerAddress,
  { id, fields, lineItems, discounts, notes }: NewQuote,
): Promise<{ readonly id: string; readonly revision: number }> {
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
  const answer = await send(`${url}/api/quotes`, token, body);
  const created = createdSchema.safeParse(answer.body);
  if (answer.ok && created.success) return created.data;
  const refused = refusedSchema.safeParse(answer.body);
  if (!refused.success)
    throw failure('bad_answer', `${url} answered with ${answer.status}, and not as a Quoteroom server does`);
  const { code, message, details = [] } = refused.data.error;
  const list = details.map(
    (detail) => `\n  ${plain(typeof detail === 'string' ? detail : JSON.stringify(detail))}`,
  );
  throw failure(code, plain(message) + list.join(''));
}

async function send(
  url: string,
  token: string,
  body: unknown,
): Promise<{ readonly ok: boolean; readonly status: number; readonly body: unknown }> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    throw cannotReach(new URL(url).origin);
  }
  const { ok, status } = response;
  return { ok, status, body: await response.json().catch(() => null) };
}
