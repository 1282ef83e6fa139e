import { PassThrough } from 'node:stream';
import { z } from 'zod';
import type { UserId } from '../lib/ids.ts';
import type { SignedIn } from '../session/access.ts';
import { eventsQuerySchema } from '../wire/http-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { createListFeed } from './list-feed.ts';
import { HttpProblem, unavailable } from './problem.ts';
import { visibleQuotesOf } from './visible-quotes.ts';

/** Open streams at once: a list needs one. */
const STREAMS_MAX = 1_000;
const STREAMS_PER_USER_MAX = 10;
/** A stream ends after this long, or with its token, and is opened anew, by a token that is still good. */
const STREAM_MS = 15 * 60_000;
const KEEPALIVE_MS = 15_000;
const RETRY_MS = 2_000;
/** A reader that leaves so many bytes unread is cut off. */
const UNREAD_BYTES_MAX = 1024 * 1024;

/**
 * `GET /api/events`: server-sent events for the list of quotes. First `snapshot` with all quotes that have somebody in
 * them, then `change` with every quote whose row is another now, at most once a second, each
 * as `{ quotes: [rows of the list] }`.
 */
export function addEventsRoute(app: App, deps: RouteDeps): { close(): void } {
  const feed = createListFeed(deps);
  const streams = new Map<PassThrough, UserId>();

  function requireRoom({ user }: SignedIn): void {
    if (streams.size >= STREAMS_MAX)
      throw unavailable('full', 'Too many lists are open at once. Try again later.');
    const own = [...streams.values()].filter((other) => other === user).length;
    if (own < STREAMS_PER_USER_MAX) return;
    const message = `You have the list of quotes open ${own} times. Close one of them.`;
    throw new HttpProblem({ status: 429, code: 'too_fast', message, headers: { 'retry-after': '60' } });
  }

  async function open({ user, tokenExpiresAt }: SignedIn): Promise<PassThrough> {
    const stream = new PassThrough();
    streams.set(stream, user);
    const endsAt = Math.min(deps.now() + STREAM_MS, tokenExpiresAt);
    let writtenAt = deps.now();
    let inOrder: Promise<unknown> = Promise.resolve();

    function write(text: string): void {
      if (stream.writableEnded || stream.destroyed) return;
      if (stream.readableLength + stream.writableLength > UNREAD_BYTES_MAX) stream.destroy();
      else stream.write(text);
      writtenAt = deps.now();
    }

    write(`retry: ${RETRY_MS}\n\n`);
    const stop = await feed.follow({
      rows(kind, quotes) {
        inOrder = inOrder
          .then(async () => {
            const { sees } = await visibleQuotesOf(deps, user);
            const seen = quotes.filter(({ id }) => sees(id));
            if (kind === 'snapshot' || seen.length > 0) write(eventOf(kind, { quotes: seen }));
          })
          .catch(deps.report);
      },
      tick() {
        if (deps.now() >= endsAt) stream.end();
        else if (deps.now() - writtenAt >= KEEPALIVE_MS) write(': still here\n\n');
      },
    });
    stream.once('close', () => {
      streams.delete(stream);
      stop();
    });
    return stream;
  }

  app.route({
    method: 'GET',
    url: '/events',
    // A HEAD would leave its stream open, since nobody reads it.
    exposeHeadRoute: false,
    config: { takesTokenInQuery: true },
    schema: {
      summary: 'Follow the list of quotes',
      description:
        'Server-sent events. `snapshot`: all quotes with somebody in them. `change`: quotes whose row is another ' +
        'now, gathered once a second. Data: `{ quotes: [rows as in GET /api/quotes] }`. Ends after 15 minutes, or ' +
        'with the token; open it anew.',
      querystring: eventsQuerySchema,
      response: { 200: { content: { 'text/event-stream': { schema: z.string() } } }, ...errorAnswers(400) },
    },
    async handler(request, reply) {
      const person = personOf(request);
      requireRoom(person);
      const stream = await open(person);
      return (
        reply
          .header('content-type', 'text/event-stream; charset=utf-8')
          .header('cache-control', 'no-store')
          .header('x-accel-buffering', 'no')
          // The line is of no use for anything else, and would hold up a server that closes.
          .header('connection', 'close')
          // Streams are sent as they are, though the types know only what the schema says.
          .send(stream as never)
      );
    },
  });

  return {
    close() {
      feed.close();
      for (const stream of streams.keys()) stream.end();
    },
  };
}

const eventOf = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
