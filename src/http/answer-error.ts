import type { FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { Fault } from '../lib/fault.ts';
import type { ErrorJson, ProblemDetail } from '../wire/http-schemas.ts';
import { HttpProblem, invalidRequest, unavailable } from './problem.ts';

/**
 * Every error as an answer: `{ error: { code, message, details? } }`. What is the caller's comes with a sentence for
 * them; of what is ours they learn only whether trying again helps, and it is reported.
 */
export function answerError(
  error: unknown,
  reply: FastifyReply,
  report: (error: unknown) => void,
): FastifyReply {
  const problem = problemOf(error);
  const isRestart = error instanceof Fault && error.code === 'shutting_down';
  if (problem.status >= 500 && !(error instanceof HttpProblem) && !isRestart) report(error);
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/json')
    .serializer(JSON.stringify)
    .send(bodyOf(problem));
}

/** More than a person reads; a hostile body can have a hundred thousand mistakes. */
const DETAILS_MAX = 100;

const bodyOf = ({ code, message, details }: HttpProblem): ErrorJson => ({
  error: { code, message, ...(details !== undefined && { details: details.slice(0, DETAILS_MAX) }) },
});

function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof Fault) return problemOfFault(error);
  if (hasZodFastifySchemaValidationErrors(error)) {
    return invalidRequest(
      error.validation.flatMap((issue) => detailsOf(issue, error.validationContext ?? 'body')),
    );
  }
  return problemOfFastify(error) ?? internal;
}

/** Faults of writes that are their author's, and say so: see `room/direct-writes.ts`. */
const STATUS_OF_WRITES: Readonly<Record<string, number>> = {
  not_taken: 400,
  over_quota: 429,
  pen_taken: 409,
  too_many_refusals: 429,
};

function problemOfFault(fault: Fault): HttpProblem {
  const status = STATUS_OF_WRITES[fault.code];
  if (status !== undefined) {
    const headers = fault.retryable ? { 'retry-after': '60' } : {};
    return new HttpProblem({ status, code: fault.code, message: fault.message, headers });
  }
  if (fault.code === 'shutting_down') return unavailable(fault.code, fault.message);
  // A fault's message is for those who run the server: it may name paths and hosts.
  if (fault.retryable)
    return unavailable('unavailable', 'The server cannot do this right now. Try again in a moment.');
  return internal;
}

const internal = new HttpProblem({
  status: 500,
  code: 'internal',
  message: 'Something went wrong on the server, and was noted there. Please tell an admin.',
});

/** Mistakes that fastify finds before a route sees the request, by its codes. */
const FASTIFY_PROBLEMS: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    413,
    'too_large',
    'The body of the request is larger than limits.httpBodyBytes.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'malformed',
    'The body of the request is not as long as its Content-Length.',
  ],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'malformed', 'The body of the request is not JSON.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    'unsupported_media_type',
    'The body of the request takes Content-Type: application/json.',
  ],
  FST_ERR_BAD_URL: [400, 'malformed', 'The address of the request is not well formed.'],
};

function problemOfFastify(error: unknown): HttpProblem | null {
  if (!(error instanceof Error)) return null;
  const { code, statusCode } = error as Error & { readonly code?: unknown; readonly statusCode?: unknown };
  const known = typeof code === 'string' ? FASTIFY_PROBLEMS[code] : undefined;
  if (known !== undefined) return new HttpProblem({ status: known[0], code: known[1], message: known[2] });
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return null;
  return new HttpProblem({
    status: statusCode,
    code: 'malformed',
    message: 'The request is not well formed.',
  });
}

interface Issue {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Record<string, unknown>;
}

function detailsOf(
  { instancePath, message = 'is not valid', params }: Issue,
  context: string,
): ProblemDetail[] {
  const path = instancePath.split('/').filter((part) => part !== '');
  const unknown = params['keys'];
  if (Array.isArray(unknown)) {
    return unknown.map((key) => ({
      field: fieldOf([...path, String(key)], context),
      message: 'is not known here',
    }));
  }
  return [{ field: fieldOf(path, context), message }];
}

/** `lineItems[0].quantity`; the name of the part where it is wrong as a whole. */
function fieldOf(path: readonly string[], context: string): string {
  if (path.length === 0) return context;
  return path
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}
