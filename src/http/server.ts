import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { CLOSE_GRACE_MS, SHUTDOWN_MS } from '../lib/limits.ts';
import { answerError } from './answer-error.ts';
import { addApiRoutes } from './api-routes.ts';
import type { App, RouteDeps } from './app.ts';
import { addHealthRoutes } from './health-routes.ts';
import type { Metrics } from './metrics.ts';
import { notFound, unavailable } from './problem.ts';
import { addRateLimits } from './rate-limits.ts';
import { watchRequests } from './request-log.ts';
import { watchRoles } from './role-watch.ts';
import { createUpgradeListener } from './sync-upgrade.ts';
import { createUpgrades } from './upgrade.ts';

/**
 * The server: HTTP for programs and lists, WebSockets below `/sync` for live work, and what those who run it need to see
 * how it does. It owns its sockets and nothing else: rooms, log and directory are closed by who made them.
 */
export interface HttpServer {
  /** Gives the address really taken: port 0 takes any free one. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ host: string; port: number }>;
  /**
   * Takes no more, and resolves when every connection is gone. Live ones go when `Rooms.shutDown` closes them, which is to
   * be called right after; what is still there in the end is cut. May be called twice.
   */
  close(): Promise<void>;
}

export interface HttpServerDeps extends RouteDeps {
  readonly metrics: Metrics;
  /** Sessions with somebody in them at once. */
  readonly sessionsMax: number;
  /** Of one person; a default where it is not there. */
  readonly requestsPerMinute?: number;
  /** Where requests are noted, without tokens and contents; nowhere where it is not there. */
  readonly logger?: Logger;
  /** Adds more routes, such as those of the web app, before the server is ready. */
  readonly registerExtra?: (app: App) => void | Promise<void>;
}

/** How long a request may take to come in. */
const REQUEST_MS = 30_000;
const SWEEP_MS = 50;
/** Characters of one part of a path: a user id of 128 characters, escaped. */
const PATH_PART_CHARS_MAX = 1_600;

export async function createHttpServer(given: HttpServerDeps): Promise<HttpServer> {
  const deps: HttpServerDeps = { ...given, access: watchRoles(given) };
  const { limits, metrics, logger, report, rooms } = deps;
  const loggerInstance: FastifyBaseLogger | undefined = logger;
  const underWay = new Set<ServerResponse>();
  let closing: Promise<void> | null = null;

  const app: App = fastify({
    bodyLimit: limits.httpBodyBytes,
    requestTimeout: REQUEST_MS,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    logController: new LogController({ disableRequestLogging: true }),
    ...(loggerInstance !== undefined && { loggerInstance }),
    routerOptions: { maxParamLength: PATH_PART_CHARS_MAX },
    frameworkErrors: (error, _request, reply) => void answerError(error, reply, report),
  });
  takeEmptyBodies(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) => answerError(error, reply, report));
  app.setNotFoundHandler((_request, reply) => answerError(noSuchAddress(), reply, report));
  app.decorateRequest('person', null);
  app.addHook('onRequest', async (_request, reply) => {
    underWay.add(reply.raw);
    reply.raw.once('close', () => underWay.delete(reply.raw));
    if (closing !== null)
      throw unavailable('shutting_down', 'The server is restarting. Try again in a moment.');
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing !== null) reply.header('connection', 'close');
  });
  watchRequests(app, metrics);

  await app.register(helmet, SECURITY_HEADERS);
  await app.register(swagger, { openapi: OPENAPI, transform: jsonSchemaTransform });
  await addRateLimits(app, deps.requestsPerMinute);
  const api = await addApiRoutes(app, deps);
  addHealthRoutes(app, deps);
  await deps.registerExtra?.(app);
  await app.ready();

  const upgrades = createUpgrades({ ...deps, denied: metrics.rooms.closed });
  app.server.on('upgrade', createUpgradeListener(upgrades));
  metrics.watch({ connections: upgrades.connections, rooms: () => rooms.live().length });

  async function close(): Promise<void> {
    api.close();
    const closed = app.close();
    // Connections that were never used count as busy: they would hold us up for as long as their browser likes.
    const sweep = setInterval(() => {
      if (underWay.size === 0) app.server.closeAllConnections();
    }, SWEEP_MS);
    const cut = setTimeout(() => {
      upgrades.terminate();
      app.server.closeAllConnections();
    }, SHUTDOWN_MS - CLOSE_GRACE_MS);
    await closed;
    clearInterval(sweep);
    clearTimeout(cut);
  }

  return {
    async listen(address) {
      await app.listen(address);
      const { address: host, port } = app.server.address() as AddressInfo;
      return { host, port };
    },
    close: () => (closing ??= close()),
  };
}

/** Clients name a content type on requests that need no body too. */
function takeEmptyBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body, done);
  });
}

const noSuchAddress = () =>
  notFound('There is nothing at this address. The API is described at /api/openapi.json.');

/** Everything from here and nothing from elsewhere; styles may stand in the page, scripts may not. */
const SECURITY_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  frameguard: { action: 'deny' as const },
  // Counts only where TLS is in front; other hosts of the domain are not ours to speak for.
  strictTransportSecurity: { includeSubDomains: false },
};

const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Quoteroom',
    version: '1',
    description:
      'Live rooms for sales quotes. Live work goes over WebSockets at `/sync/{id}` (y-websocket); this is everything else. ' +
      'Every answer that is no success is `{ error: { code, message, details? } }`.',
  },
  components: {
    securitySchemes: { token: { type: 'http' as const, scheme: 'bearer', bearerFormat: 'JWT' } },
  },
  security: [{ token: [] }],
};
