import type { z } from 'zod';
import type { QuoteId } from '../lib/ids.ts';
import { type BlameJson, type DiffJson, blameSchema, diffSchema } from '../wire/audit-schemas.ts';
import { callServer, serverFailure } from './call-server.ts';
import { fetchQuote, findRevision } from './fetch-quote.ts';
import { describeNothing } from './find-quote.ts';
import type { ServerAddress } from './server-options.ts';
import { CommandFailure } from './command-errors.ts';

/** How long a server may take: it plays the log again, after what others asked. */
const LOOK_BACK_MS = 60_000;

/** Who is behind each cell, asked of a running server. What others offered in vain it shows to hosts and admins only. */
export async function fetchBlame(
  server: ServerAddress,
  quote: QuoteId,
  { at, cell }: { readonly at?: string | undefined; readonly cell?: string | undefined },
): Promise<BlameJson> {
  const seq = at === undefined ? undefined : await findRevision(server, quote, { flag: '--at', text: at });
  const query = new URLSearchParams({
    ...(seq !== undefined && { at: String(seq) }),
    ...(cell !== undefined && { cell }),
  });
  await requireEntry(server, quote, { flag: '--at', seq: seq ?? 0 });
  return ask(server, `/api/quotes/${quote}/blame?${query}`, blameSchema);
}

/** The same of what differs between two points. */
export async function fetchDiff(
  server: ServerAddress,
  quote: QuoteId,
  range: { readonly from: string; readonly to: string },
): Promise<DiffJson> {
  const from = await findRevision(server, quote, { flag: '--from', text: range.from, fromStart: true });
  const to = await findRevision(server, quote, { flag: '--to', text: range.to, fromStart: true });
  requireOrder(from, to);
  await requireEntry(server, quote, { flag: '--to', seq: to });
  return ask(server, `/api/quotes/${quote}/diff?from=${from}&to=${to}`, diffSchema);
}

export function requireOrder(from: number, to: number): void {
  if (from <= to) return;
  throw new CommandFailure(
    'not_found',
    `--from: entry ${from} comes after entry ${to}; give the earlier point first`,
  );
}

/** Says what a folder would say: of a quote that is not there, and of an entry. */
async function requireEntry(
  server: ServerAddress,
  quote: QuoteId,
  { flag, seq }: { readonly flag: string; readonly seq: number },
): Promise<void> {
  const newest = await fetchQuote(server, quote, {});
  if (seq <= newest.revision) return;
  const nothing = describeNothing({ kind: 'seq', seq }, quote, { seq: newest.revision });
  throw new CommandFailure('not_found', `${flag}: ${nothing}`);
}

async function ask<Body>(server: ServerAddress, path: string, schema: z.ZodType<Body>): Promise<Body> {
  const answer = await callServer({ ...server, answerMs: LOOK_BACK_MS }, { method: 'GET', path }, schema);
  if (answer.ok) return answer.value;
  throw serverFailure(answer.reason);
}
