import type { App } from './app.ts';
import type { Metrics } from './metrics.ts';

/**
 * Notes every answered request: in the log by its path, in the metrics by its route. Never what comes behind the `?`,
 * where tokens may be, and never headers or bodies. A share link has its token in the path, and a link from Slack its code: of a
 * route that takes one the log names the pattern, and of addresses that nothing knows it leaves out what is long enough to be one.
 */
export function watchRequests(app: App, metrics: Pick<Metrics, 'answered'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, log } = request;
    const status = reply.statusCode;
    metrics.answered({ method, route: routeOptions.url ?? 'none', status }, reply.elapsedTime / 1000);
    const line = {
      method,
      path: pathOf(request.url, routeOptions.url),
      status,
      ms: Math.round(reply.elapsedTime),
    };
    if (routeOptions.config.rateLimit === false) log.debug(line, 'answered');
    else log.info(line, 'answered');
  });
}

function pathOf(url: string, route: string | undefined): string {
  if (route !== undefined && SECRET_PART.test(route)) return route;
  const path = url.split('?', 1)[0] ?? '';
  return route === undefined || UNKNOWN.includes(route) ? path.replaceAll(LONG_PART, '…') : path;
}

const SECRET_PART = /\/:(?:token|code)(?:\/|$)/;
/** Routes that answer for what no other takes. */
const UNKNOWN = ['/*', '/api/*'];
/**
 * A token of a share link has 43 characters, a code from Slack 32. What is left of one that is cut shorter than this can
 * still not be guessed.
 */
const LONG_PART = /[^/]{20,}/g;
