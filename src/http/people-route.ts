import { z } from 'zod';
import { type UserId, isUserId } from '../lib/ids.ts';
import type { Grant } from '../session/directory.ts';
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
import { invalidRequest } from './problem.ts';
import type { QuoteGrants } from './quote-grants.ts';

/** `/api/quotes/:id/people`: the grants of a quote, see `quote-grants.ts`. */
export function addPeopleRoutes(app: App, deps: RouteDeps, grants: QuoteGrants): void {
  const { directory, defaultPermission } = deps;

  app.route({
    method: 'GET',
    url: '/quotes/:id/people',
    schema: {
      summary: 'List who was given or denied access to a quote by name',
      params: quotePathSchema,
      response: { 200: peopleSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const all = await grants.list(personOf(request), request.params.id);
      const names = await readPeopleNames(
        directory,
        all.flatMap(({ user, grantedBy }) => [user, grantedBy]),
      );
      return { people: all.map((grant) => grantJson(grant, names)), defaultPermission };
    },
  });

  app.route({
    method: 'PUT',
    url: '/quotes/:id/people/:user',
    schema: {
      summary: 'Give a person a permission',
      description:
        '`none` shuts them out and closes their connections. For hosts of the quote, and for admins in every quote.',
      params: personPathSchema,
      body: grantBodySchema,
      response: { 200: grantAnswerSchema, ...errorAnswers(400, 403, 404, 409) },
    },
    async handler(request) {
      const { id, user } = request.params;
      const { permission } = request.body;
      const grant = await grants.set(personOf(request), { id, user: parseUser(user), permission });
      return grantJson(grant, await readPeopleNames(directory, [grant.user, grant.grantedBy]));
    },
  });

  app.route({
    method: 'DELETE',
    url: '/quotes/:id/people/:user',
    schema: {
      summary: 'Take a permission back',
      description:
        'The person falls back to the default permission. For hosts of the quote, and for admins in every quote.',
      params: personPathSchema,
      response: { 204: z.null().describe('Done'), ...errorAnswers(400, 403, 404, 409) },
    },
    async handler(request, reply) {
      const { id, user } = request.params;
      await grants.remove(personOf(request), { id, user: parseUser(user) });
      return reply.code(204).send(null);
    },
  });
}

function parseUser(text: string): UserId {
  if (isUserId(text)) return text;
  throw invalidRequest([{ field: 'user', message: 'takes 1 to 128 characters without spaces' }]);
}

const grantJson = ({ user, permission, grantedBy, at }: Grant, names: PeopleNames): GrantJson => ({
  user: names.person(user),
  permission,
  grantedBy: names.person(grantedBy),
  at,
});
