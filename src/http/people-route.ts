import { z } from 'zod';
import { type QuoteId, type UserId, isQuoteId, isUserId } from '../lib/ids.ts';
import type { Grant, Person } from '../session/directory.ts';
import {
  type GrantJson,
  grantAnswerSchema,
  grantBodySchema,
  peopleSchema,
  personPathSchema,
  quotePathSchema,
} from '../wire/http-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { type PeopleNames, readPeopleNames } from './people-names.ts';
import { HttpProblem, forbidden, invalidRequest, noSuchQuote } from './problem.ts';
import { actorIn } from './quote-access.ts';
import { lookUpAnew } from './reassign.ts';
import { createTurns } from './turns.ts';

/**
 * `/api/quotes/:id/people`: who may do what in a quote. Its hosts decide, and admins by role, in every quote: so one whose
 * host left can be handed on. A change takes effect at once, in connections that are open too. A quote with a host
 * always keeps one.
 */
export function addPeopleRoutes(app: App, deps: RouteDeps): void {
  const { directory, log, defaultPermission } = deps;
  /** One at a time, or two hosts could each take the other's place at once, and none be left. */
  const changes = createTurns({ atOnce: 1, waitingMax: 1_000 });

  async function findQuote(person: Person, id: string, need: 'see' | 'manage'): Promise<QuoteId> {
    if (!isQuoteId(id)) throw noSuchQuote();
    if (person.role !== 'admin') {
      const { actor } = await actorIn(deps, person, id);
      const mayManage = actor.permission === 'host';
      if (need === 'manage' && !mayManage)
        throw forbidden('Only hosts of this quote and admins manage its people.');
    }
    if ((await log.head(id)) === null) throw noSuchQuote();
    return id;
  }

  async function change(quote: QuoteId, user: UserId, next: Grant | null): Promise<void> {
    await changes.run(async () => {
      if (next?.permission !== 'host') requireOtherHost(await directory.grants(quote), user);
      await (next === null ? directory.deleteGrant(quote, user) : directory.setGrant(next));
      await deps.rooms.peek(quote)?.reassign(user, lookUpAnew(deps, quote));
    });
  }

  app.route({
    method: 'GET',
    url: '/quotes/:id/people',
    schema: {
      summary: 'List who was given or denied access to a quote by name',
      params: quotePathSchema,
      response: { 200: peopleSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const quote = await findQuote(personOf(request), request.params.id, 'see');
      const grants = await directory.grants(quote);
      const names = await readPeopleNames(
        directory,
        grants.flatMap(({ user, grantedBy }) => [user, grantedBy]),
      );
      return { people: grants.map((grant) => grantJson(grant, names)), defaultPermission };
    },
  });

  app.route({
    method: 'PUT',
    url: '/quotes/:id/people/:user',
    schema: {
      summary: 'Give a person a permission',
      description: '`none` shuts them out and closes their connections. For hosts and admins.',
      params: personPathSchema,
      body: grantBodySchema,
      response: { 200: grantAnswerSchema, ...errorAnswers(400, 403, 404, 409) },
    },
    async handler(request) {
      const person = personOf(request);
      const quote = await findQuote(person, request.params.id, 'manage');
      const user = parseUser(request.params.user);
      const grant = {
        quote,
        user,
        permission: request.body.permission,
        grantedBy: person.user,
        at: deps.now(),
      };
      await change(quote, user, grant);
      return grantJson(grant, await readPeopleNames(directory, [user, person.user]));
    },
  });

  app.route({
    method: 'DELETE',
    url: '/quotes/:id/people/:user',
    schema: {
      summary: 'Take a permission back',
      description: 'The person falls back to the default permission. For hosts and admins.',
      params: personPathSchema,
      response: { 204: z.null().describe('Done'), ...errorAnswers(403, 404, 409) },
    },
    async handler(request, reply) {
      const quote = await findQuote(personOf(request), request.params.id, 'manage');
      await change(quote, parseUser(request.params.user), null);
      return reply.code(204).send(null);
    },
  });
}

function parseUser(text: string): UserId {
  if (isUserId(text)) return text;
  throw invalidRequest([{ field: 'user', message: 'takes 1 to 128 characters without spaces' }]);
}

function requireOtherHost(grants: readonly Grant[], user: UserId): void {
  const hosts = grants.filter(({ permission }) => permission === 'host');
  if (hosts.length !== 1 || hosts[0]?.user !== user) return;
  throw new HttpProblem({
    status: 409,
    code: 'last_host',
    message: `${user} is the only host of this quote. Make someone else a host first.`,
  });
}

const grantJson = ({ user, permission, grantedBy, at }: Grant, names: PeopleNames): GrantJson => ({
  user: names.person(user),
  permission,
  grantedBy: names.person(grantedBy),
  at,
});
