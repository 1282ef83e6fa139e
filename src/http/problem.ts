import type { ProblemDetail } from '../wire/http-schemas.ts';

/**
 * An answer that is no success, thrown by whoever finds out; `answer-error.ts` sends it. The message says what
 * happened, to what, and what to do.
 */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly code: string;
  readonly details: readonly ProblemDetail[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly details?: readonly ProblemDetail[];
    readonly headers?: Readonly<Record<string, string>>;
  }) {
    super(problem.message);
    this.status = problem.status;
    this.code = problem.code;
    this.details = problem.details;
    this.headers = problem.headers ?? {};
  }
}

export const invalidRequest = (details: readonly ProblemDetail[]): HttpProblem =>
  new HttpProblem({
    status: 400,
    code: 'invalid_request',
    message: 'The request is not as it should be; the details name each place.',
    details,
  });

export const unauthenticated = (message: string): HttpProblem =>
  new HttpProblem({
    status: 401,
    code: 'unauthenticated',
    message,
    headers: { 'www-authenticate': 'Bearer' },
  });

export const forbidden = (message: string): HttpProblem =>
  new HttpProblem({ status: 403, code: 'forbidden', message });

export const noAccess = (): HttpProblem =>
  forbidden('You have no access to this quote. Ask one of its hosts.');

export const notFound = (message: string): HttpProblem =>
  new HttpProblem({ status: 404, code: 'not_found', message });

export const noSuchQuote = (): HttpProblem => notFound('There is no such quote.');

export const unavailable = (code: string, message: string): HttpProblem =>
  new HttpProblem({ status: 503, code, message, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } });

const RETRY_AFTER_SECONDS = 2;
