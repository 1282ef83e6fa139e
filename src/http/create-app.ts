import type { Socket } from 'node:net';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Limits } from '../lib/limits.ts';
import { answerError } from './answer-error.ts';
import type { App } from './app.ts';
import { notFound } from './problem.ts';
import { answerRaw } from './raw-answer.ts';

/**
 * Fastify as we want it, still without routes: every mistake in one form, strict headers, and nothing logged by
 * itself.
 */
export async function createApp(options: {
  readonly limits: Limits;
  readonly logger: FastifyBaseLogger | undefined;
  readonly report: (error: unknown) => void;
}): Promise<App> {
  const { limits, logger, report } = options;
  const app: App = fastify({
    bodyLimit: limits.httpBodyBytes,
    requestTimeout: REQUEST_MS,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    logController: new LogController({ disableRequestLogging: true }),
    ...(logger !== undefined && { loggerInstance: logger }),
    routerOptions: { maxParamLength: PATH_PART_CHARS_MAX },
    frameworkErrors: (error, _request, reply) => void answerError(error, reply, report),
    clientErrorHandler: (error, socket) => answerUnreadable(error, socket),
  });
  takeEmptyBodies(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) => answerError(error, reply, report));
  app.setNotFoundHandler(() => {
    throw notFound('There is nothing at this address. The API is described at /api/openapi.json.');
  });
  app.decorateRequest('person', null);
  await app.register(helmet, SECURITY_HEADERS);
  await app.register(swagger, { openapi: OPENAPI, transform: jsonSchemaTransform });
  return app;
}

/** How long a request may take to come in. */
const REQUEST_MS = 30_000;
/** Characters of one part of a path: a user id of 128 characters, escaped. */
const PATH_PART_CHARS_MAX = 1_600;

/** Clients name a content type on requests that need no body too. */
function takeEmptyBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, body, done);
  });
}

/** What is no HTTP at all, too much of it, or too slow. */
function answerUnreadable({ code }: { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || code === 'ECONNRESET') socket.destroy();
  else if (code === 'HPE_HEADER_OVERFLOW') {
    answerRaw(socket, 431, { code: 'too_large', message: 'The headers of the request are too large.' });
  } else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    answerRaw(socket, 408, { code: 'too_slow', message: 'The request took too long to come in.' });
  } else answerRaw(socket, 400, { code: 'malformed', message: 'The request is not HTTP.' });
}

/** Everything from here and nothing from elsewhere; neither scripts nor styles may stand in the page. */
const SECURITY_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      workerSrc: ["'self'"],
      manifestSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  frameguard: { action: 'deny' as const },
  // Addresses may have a token in them.
  referrerPolicy: { policy: 'no-referrer' as const },
  // Counts only where TLS is in front; other hosts of the domain are not ours to speak for.
  strictTransportSecurity: { includeSubDomains: false },
};

const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Quoteroom',
    version: '1',
    description:
      'Live rooms for sales quotes. Live work goes over WebSockets at `/sync/{id}` (y-websocket); this is all else. ' +
      'Every answer that is no success is `{ error: { code, message, details? } }`.',
  },
  components: {
    securitySchemes: { token: { type: 'http' as const, scheme: 'bearer', bearerFormat: 'JWT' } },
  },
  security: [{ token: [] }],
};
