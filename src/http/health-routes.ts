import { z } from 'zod';
import type { QuoteId } from '../lib/ids.ts';
import { errorSchema } from '../wire/http-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import type { Metrics } from './metrics.ts';
import { unavailable } from './problem.ts';

const statusSchema = z.object({ status: z.literal('ok') });
const up = { status: 'ok' } as const;
/** Machines that watch over the server ask often. */
const unlimited = { rateLimit: false } as const;

/** For those who run the server, without sign-in: is it up, is it of use, and what does it count. */
export function addHealthRoutes(
  app: App,
  { log, metrics }: Pick<RouteDeps, 'log'> & { readonly metrics: Metrics },
): void {
  app.get(
    '/healthz',
    {
      config: unlimited,
      schema: { summary: 'The process is up', security: [], response: { 200: statusSchema } },
    },
    () => up,
  );

  app.get(
    '/readyz',
    {
      config: unlimited,
      schema: { summary: 'The log answers', security: [], response: { 200: statusSchema, 503: errorSchema } },
    },
    async () => {
      try {
        await log.head('readyz' as QuoteId);
      } catch {
        throw unavailable('not_ready', 'The log does not answer. See the log of the server.');
      }
      return up;
    },
  );

  app.get('/metrics', { config: unlimited, schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
