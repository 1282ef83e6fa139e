import { formatHeadFile } from '../audit/head-file.ts';
import { Fault } from '../lib/fault.ts';
import type { SignedHead } from '../log/heads.ts';
import type { SignedIn } from '../session/access.ts';
import { headSchema } from '../wire/head-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { HttpProblem, forbidden, notFound } from './problem.ts';

/** `/api/audit/heads`: signed heads, see `audit/head-signer.ts`. They name every quote, so they are for admins. */
export function addHeadsRoutes(app: App, { heads }: Pick<RouteDeps, 'heads'>): void {
  app.route({
    method: 'POST',
    url: '/audit/heads',
    schema: {
      summary: 'Sign a head over the newest entries of all quotes',
      description:
        'It covers all that was acknowledged before; the newest one where nothing came after it. For admins.',
      response: { 200: headSchema, ...errorAnswers(403, 409) },
    },
    async handler(request) {
      requireAdmin(personOf(request));
      return headJson(await heads.sign().catch(refuse));
    },
  });

  app.route({
    method: 'GET',
    url: '/audit/heads/latest',
    schema: {
      summary: 'The newest signed head',
      description: 'For admins.',
      response: { 200: headSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      requireAdmin(personOf(request));
      const head = await heads.newest();
      if (head === null) throw notFound('No head was signed yet. POST /api/audit/heads signs one.');
      return headJson(head);
    },
  });
}

function requireAdmin({ role }: SignedIn): void {
  if (role !== 'admin') throw forbidden('Signed heads name every quote: only admins may have them.');
}

function refuse(error: unknown): never {
  if (!(error instanceof Fault) || error.code !== 'heads_contradicted') throw error;
  throw new HttpProblem({
    status: 409,
    code: error.code,
    message:
      'The log is not what an earlier head says. Nothing is signed until whoever runs the server has looked.',
  });
}

const headJson = (head: SignedHead) => ({
  n: head.n,
  at: head.at,
  quotes: head.leaves.length,
  head: formatHeadFile(head),
});
