import rateLimit from '@fastify/rate-limit';
import type { App } from './app.ts';
import { HttpProblem } from './problem.ts';

/** As many as a live connection may send frames, for each person; fewer for who has not said who it is. */
const REQUESTS_PER_MINUTE = 3_000;
const STRANGER_SHARE = 0.2;
const WINDOW_MS = 60_000;

/** Counts requests by person, or by address where nobody is signed in. Comes after the hook that signs people in. */
export async function addRateLimits(app: App, perMinute = REQUESTS_PER_MINUTE): Promise<void> {
  await app.register(rateLimit, {
    timeWindow: WINDOW_MS,
    max: ({ person }) => (person === null ? Math.ceil(perMinute * STRANGER_SHARE) : perMinute),
    keyGenerator: ({ person, ip }) => (person === null ? `address ${ip}` : `person ${person.user}`),
    // Those who are far from the limit need not read of it.
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
    errorResponseBuilder: (_request, { max, ttl }) =>
      new HttpProblem({
        status: 429,
        code: 'too_fast',
        message: `More than ${max} requests a minute. Wait ${Math.ceil(ttl / 1000)} s.`,
      }),
  });
}
