import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import { HttpProblem } from './problem.ts';

/** As many as a live connection may send frames, for each person; fewer for who has not said who it is. */
const REQUESTS_PER_MINUTE = 3_000;
const STRANGER_SHARE = 0.2;
/** Each stays for good, and may be as large as a request. */
const NEW_QUOTES_PER_MINUTE = 60;
const WINDOW_MS = 60_000;

/**
 * Counts requests by person, or by address where nobody is signed in; those that make a quote on their own. Comes
 * after the hook that signs people in.
 */
export async function addRateLimits(app: App, perMinute = REQUESTS_PER_MINUTE): Promise<void> {
  await app.register(rateLimit, {
    timeWindow: WINDOW_MS,
    max(request) {
      if (request.person === null) return Math.ceil(perMinute * STRANGER_SHARE);
      return makesQuote(request) ? NEW_QUOTES_PER_MINUTE : perMinute;
    },
    keyGenerator(request) {
      const { person, ip } = request;
      if (person === null) return `address ${ip}`;
      return `${makesQuote(request) ? 'new quotes of' : 'person'} ${person.user}`;
    },
    // Those who are far from the limit need not read of it.
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
    errorResponseBuilder: (request, { max, ttl }) =>
      new HttpProblem({
        status: 429,
        code: 'too_fast',
        message:
          `More than ${max} ${makesQuote(request) ? 'new quotes' : 'requests'} a minute. ` +
          `Wait ${Math.ceil(ttl / 1000)} s.`,
      }),
  });
}

const makesQuote = ({ method, routeOptions }: FastifyRequest): boolean =>
  method === 'POST' && routeOptions.url === '/api/quotes';
