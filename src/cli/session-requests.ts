import type { z } from 'zod';
import type { QuoteId } from '../lib/ids.ts';
import { type ServerError, callServer, serverFailure } from './call-server.ts';
import { CommandFailure, UsageError } from './command-errors.ts';
import { noQuoteThere } from './find-quote.ts';
import { plain } from './plain-text.ts';
import type { ServerAddress } from './server-options.ts';

/** What the commands about sessions ask of a running server, with its refusals in words for a terminal. */

/** A session's own path: `join`, `end`, `participants`; without one, the session itself. */
export async function askSession<Body>(
  server: ServerAddress,
  { method, id, what }: { readonly method: 'GET' | 'POST'; readonly id: string; readonly what?: string },
  schema: z.ZodType<Body>,
): Promise<Body> {
  const end = what === undefined ? '' : `/${what}`;
  const path = `/api/sessions/${encodeURIComponent(id)}${end}`;
  const answer = await callServer(server, { method, path }, schema);
  if (answer.ok) return answer.value;
  throw answer.reason.code === 'not_found' ? noSessionThere(id, server.url) : sessionFailure(answer.reason);
}

/** Below `/api/quotes/:id`. */
export async function askQuote<Body>(
  server: ServerAddress,
  {
    method,
    quote,
    what,
    body,
  }: {
    readonly method: 'GET' | 'POST';
    readonly quote: QuoteId;
    readonly what: string;
    readonly body?: unknown;
  },
  schema: z.ZodType<Body>,
): Promise<Body> {
  const path = `/api/quotes/${quote}/${what}`;
  const answer = await callServer(server, { method, path, ...(body !== undefined && { body }) }, schema);
  if (answer.ok) return answer.value;
  throw quoteFailure(answer.reason, quote, server.url);
}

export const quoteFailure = (error: ServerError, quote: QuoteId, url: string): Error =>
  error.code === 'not_found' ? noQuoteThere(quote, url) : serverFailure(error);

const noSessionThere = (id: string, url: string): Error =>
  new CommandFailure(
    'not_found',
    `there is no session ${plain(id)} at ${url}: "quoteroom session list --all" shows those that you may see`,
  );

const sessionFailure = (error: ServerError): Error =>
  error.code === 'session_ended'
    ? new CommandFailure(
        'session_ended',
        'this session has ended: "quoteroom session create" starts another one',
      )
    : serverFailure(error);

export function parseSessionId(text: string): string {
  if (/^[\w-]{1,128}$/.test(text)) return text;
  throw new UsageError(`"${plain(text)}" cannot be a session's id: "quoteroom session list" shows them`);
}
