import type { App, RouteDeps } from './app.ts';
import { HttpProblem } from './problem.ts';

/**
 * `POST /slack/events`: where Slack tells of commands, clicks and events. It signs each request with its time and its
 * body, byte by byte; so the body stays as it came, whatever it says it is. The one behind the port checks the signature and
 * answers; here is only what it does not do: a time that is off to either side is turned down before the body is read.
 *
 * Nobody is signed in here, and nobody is counted: all of a workspace comes from a few addresses.
 */
export function addSlackRoute(
  app: App,
  { slack, limits, now, report }: Pick<RouteDeps, 'slack' | 'limits' | 'now' | 'report'>,
): void {
  if (slack === null) return;
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.route({
      method: 'POST',
      url: '/slack/events',
      schema: { hide: true },
      config: { rateLimit: false },
      bodyLimit: Math.min(limits.httpBodyBytes, BODY_BYTES_MAX),
      async onRequest({ headers }) {
        if (!isRecent(headers['x-slack-request-timestamp'], now())) throw notRecent();
      },
      handler(request, reply) {
        reply.hijack();
        const rawBody = Buffer.isBuffer(request.body) ? request.body : NO_BODY;
        try {
          slack.receive(Object.assign(request.raw, { rawBody }), reply.raw);
        } catch (error) {
          report(error);
          // Nobody else answers any more.
          if (!reply.raw.headersSent) reply.raw.statusCode = 500;
          reply.raw.end();
        }
      },
    });
  });
}

const NO_BODY = Buffer.alloc(0);
/** A form with all its texts has a third of it. Of whoever cannot sign, no more than this is read and hashed. */
const BODY_BYTES_MAX = 2 ** 20;
/** What Slack advises: a request that somebody noted down and sends again is old. */
const OFF_SECONDS_MAX = 5 * 60;

/** `timestamp` is in whole seconds since 1970. */
function isRecent(timestamp: string | string[] | undefined, now: number): boolean {
  if (typeof timestamp !== 'string' || !/^\d+$/.test(timestamp)) return false;
  return Math.abs(Number(timestamp) - now / 1000) <= OFF_SECONDS_MAX;
}

const notRecent = (): HttpProblem =>
  new HttpProblem({
    status: 401,
    code: 'not_recent',
    message:
      'The header x-slack-request-timestamp has to name a time at most 5 minutes from now. Where Slack itself is refused, the ' +
      'clock of this server is wrong.',
  });
