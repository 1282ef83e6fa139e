import type { z } from 'zod';
import { type Result, fail, ok } from '../lib/result.ts';
import { type ErrorJson, errorSchema } from '../wire/http-schemas.ts';
import { plain } from './plain-text.ts';
import { type ServerAddress, badToken, cannotReach } from './server-options.ts';
import { withinTime } from './open-live-quote.ts';
import { CommandFailure } from './command-errors.ts';

export type ServerError = ErrorJson['error'];

/**
 * One request to a running server, with its answer read by a schema, or the error that the server gave. Throws a
 * `CommandFailure` where there is no server, or not one of ours, or it does not know who asks.
 */
export async function callServer<Body>(
  server: ServerAddress,
  request: ServerRequest,
  schema: z.ZodType<Body>,
): Promise<Result<Body, ServerError>> {
  const { url } = server;
  const { status, json } = await ask(server, request);
  const answer = schema.safeParse(json);
  if (isSuccess(status) && answer.success) return ok(answer.data);
  const refused = errorSchema.safeParse(json);
  if (!refused.success) throw notOurs(url, status);
  const { error } = refused.data;
  if (status === 401) throw badToken(url, error.message);
  return fail(error);
}

interface ServerRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

/** `json` is null where the answer is none. */
interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** Also an answer that begins and never ends is too late. */
async function ask(server: ServerAddress, request: ServerRequest): Promise<Answer> {
  const hangUp = new AbortController();
  try {
    return await withinTime(server, answerOf(server, request, hangUp.signal));
  } finally {
    hangUp.abort();
  }
}

async function answerOf(
  { url, token }: ServerAddress,
  { method, path, body }: ServerRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    signal,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw cannotReach(new URL(url).origin);
  });
  const json: unknown = await response.json().catch(() => null);
  return { status: response.status, json };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

function notOurs(url: string, status: number): Error {
  const { origin, pathname } = new URL(url);
  const path = pathname === '/' ? '' : `: check the address, or leave the path out: ${origin}`;
  return new CommandFailure(
    'bad_answer',
    `${url} answered with ${status}, and not as a Quoteroom server does${path}`,
  );
}

/** The server's own words, with a line for each place that it names. */
export const serverFailure = ({ code, message, details = [] }: ServerError): Error =>
  new CommandFailure(
    code,
    [
      plain(message),
      ...details.map(({ field, cell, message: what }) => `  ${plain(`${field ?? cell ?? 'it'}: ${what}`)}`),
    ].join('\n'),
  );
