import type { z } from 'zod';
import { type Result, fail, ok } from '../lib/result.ts';
import { type ErrorJson, errorSchema } from '../wire/http-schemas.ts';
import { plain } from './plain-text.ts';
import { type ServerAddress, badToken, cannotReach } from './server-options.ts';
import { CommandFailure } from './command-errors.ts';

export type ServerError = ErrorJson['error'];

/**
 * One request to a running server, with its answer read by a schema, or the error that the server gave. Throws a
 * `CommandFailure` where there is no server, or not one of ours, or it does not know who asks.
 */
export async function callServer<Body>(
  { url, token }: ServerAddress,
  request: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: unknown },
  schema: z.ZodType<Body>,
): Promise<Result<Body, ServerError>> {
  const { method, path, body } = request;
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw cannotReach(new URL(url).origin);
  });
  const json: unknown = await response.json().catch(() => null);
  const answer = schema.safeParse(json);
  if (response.ok && answer.success) return ok(answer.data);
  const refused = errorSchema.safeParse(json);
  if (!refused.success) {
    throw new CommandFailure(
      'bad_answer',
      `${url} answered with ${response.status}, and not as a Quoteroom server does`,
    );
  }
  const { error } = refused.data;
  if (response.status === 401) throw badToken(url);
  return fail(error);
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
