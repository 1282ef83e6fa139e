import type { App } from './app.ts';
import type { Metrics } from './metrics.ts';

/**
 * Notes every answered request: in the log by its path, in the metrics by its route. Never what comes behind the `?`,
 * where tokens may be, and never headers or bodies.
 */
export function watchRequests(app: App, metrics: Pick<Metrics, 'answered'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, log } = request;
    const status = reply.statusCode;
    metrics.answered({ method, route: routeOptions.url ?? 'none', status }, reply.elapsedTime / 1000);
    const line = { method, path: pathOf(request.url), status, ms: Math.round(reply.elapsedTime) };
    if (routeOptions.config.rateLimit === false) log.debug(line, 'answered');
    else log.info(line, 'answered');
  });
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';
