import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { CLOSE_GRACE_MS, SHUTDOWN_MS } from '../lib/limits.ts';
import { addApiRoutes } from './api-routes.ts';
import type { RouteDeps } from './app.ts';
import { createApp } from './create-app.ts';
import { addHealthRoutes } from './health-routes.ts';
import type { Metrics } from './metrics.ts';
import { unavailable } from './problem.ts';
import { addRateLimits } from './rate-limits.ts';
import { watchRequests } from './request-log.ts';
import { watchRoles } from './role-watch.ts';
import { type SignInDeps, addSignInRoute } from './sign-in-route.ts';
import { addSlackRoute } from './slack-route.ts';
import { createUpgradeListener } from './sync-upgrade.ts';
import { createUpgrades } from './upgrade.ts';
import { type WebAppDeps, addWebApp } from './web-app.ts';

/**
 * The server: HTTP for programs and lists, WebSockets below `/sync` for live work, and what those who run it need to
 * see how it does. It owns its sockets and nothing else: rooms, log and directory are closed by who made them.
 */
export interface HttpServer {
  /** Gives the address really taken: port 0 takes any free one. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ host: string; port: number }>;
  /**
   * Takes no more, and resolves when every connection is gone. Live ones go when `Rooms.shutDown` closes them, which is
   * to be called right after; what is still there in the end is cut. May be called twice.
   */
  close(): Promise<void>;
}

export interface HttpServerDeps extends RouteDeps, SignInDeps, WebAppDeps {
  readonly metrics: Metrics;
  /** Of one person; a default where it is not there. */
  readonly requestsPerMinute?: number;
  /** Where requests are noted, without tokens and contents; nowhere where it is not there. */
  readonly logger?: Logger;
  /** Where people reach the server, without a slash at the end. Asked once it listens. */
  readonly publicUrl: () => string;
}

/** Between two looks, while closing, for connections that nothing goes over any more. */
const SWEEP_MS = 50;

export async function createHttpServer(given: HttpServerDeps): Promise<HttpServer> {
  const deps: HttpServerDeps = { ...given, access: watchRoles(given) };
  const { metrics, rooms } = deps;
  const underWay = new Set<ServerResponse>();
  let closing: Promise<void> | null = null;

  const app = await createApp({ limits: deps.limits, logger: deps.logger, report: deps.report });
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
  await addRateLimits(app, deps.requestsPerMinute);
  addSignInRoute(app, deps);
  const api = await addApiRoutes(app, deps);
  addHealthRoutes(app, deps);
  addSlackRoute(app, deps);
  await addWebApp(app, deps);
  await app.ready();

  const upgrades = createUpgrades({ ...deps, denied: metrics.rooms.closed });
  app.server.on('upgrade', createUpgradeListener(upgrades));
  metrics.watch({ connections: upgrades.connections, rooms: () => rooms.live().length });

  async function close(): Promise<void> {
    api.close();
    const closed = app.close();
    // Connections that were never used count as busy: they would hold us up for as long as their browser likes.
    const sweep = (): void => {
      if (underWay.size === 0) app.server.closeAllConnections();
      cancelSweep = deps.later(SWEEP_MS, sweep);
    };
    let cancelSweep = deps.later(SWEEP_MS, sweep);
    const cancelCut = deps.later(SHUTDOWN_MS - CLOSE_GRACE_MS, () => {
      upgrades.terminate();
      app.server.closeAllConnections();
    });
    await closed;
    cancelSweep();
    cancelCut();
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
