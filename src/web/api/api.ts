import type { z } from 'zod';
import { type ProblemDetail, errorSchema } from '../../wire/http-schemas.ts';

/** HTTP to our server: what goes out is JSON, what comes back is parsed by its schema. Throws an `ApiError`. */
export interface Api {
  get<Schema extends z.ZodType>(path: string, schema: Schema, signal?: AbortSignal): Promise<z.infer<Schema>>;
  send<Schema extends z.ZodType>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.infer<Schema>>;
}

/** An answer that is no success, or none at all (`status` 0). `message` is for a person. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly ProblemDetail[];

  constructor(problem: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly details?: readonly ProblemDetail[] | undefined;
  }) {
    super(problem.message);
    this.name = 'ApiError';
    this.status = problem.status;
    this.code = problem.code;
    this.details = problem.details ?? [];
  }
}

/** `onUnauthenticated` is called when the server turns the token down. */
export function createApi(options: {
  readonly token: string | null;
  readonly onUnauthenticated: () => void;
  readonly fetch?: typeof fetch;
}): Api {
  const { token, onUnauthenticated } = options;
  const fetchAnswer = options.fetch ?? globalThis.fetch.bind(globalThis);

  async function ask<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    { method, body, signal }: { method: string; body?: unknown; signal?: AbortSignal | undefined },
  ): Promise<z.infer<Schema>> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetchAnswer(path, { ...init, ...(signal !== undefined && { signal }) }).catch(
      (error: unknown) => {
        if (signal?.aborted === true) throw error;
        throw unreachableServer();
      },
    );
    if (answer.status === 401) onUnauthenticated();
    const read: unknown = answer.status === 204 ? undefined : await answer.json().catch(() => undefined);
    if (!answer.ok) throw problemOf(answer.status, read);
    return schema.parse(read);
  }

  return {
    get: (path, schema, signal) => ask(path, schema, { method: 'GET', signal }),
    send: (method, path, body, schema) => ask(path, schema, { method, body }),
  };
}

const unreachableServer = (): ApiError =>
  new ApiError({
    status: 0,
    code: 'unreachable',
    message: 'The server cannot be reached. Check your connection, then try again.',
  });

function problemOf(status: number, body: unknown): ApiError {
  const parsed = errorSchema.safeParse(body);
  return parsed.success
    ? new ApiError({ status, ...parsed.data.error })
    : new ApiError({
        status,
        code: 'unreadable',
        message: 'The server gave an answer that this page does not understand. Reload it, then try again.',
      });
}
