import { z } from 'zod';
import { type Permission, type Role, mayEdit, mayManage } from '../authority/role.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { Person } from '../session/directory.ts';
import { type NamedVersion, VERSIONS_MAX } from '../session/named-versions.ts';
import { quotePathSchema } from '../wire/http-schemas.ts';
import {
  type VersionJson,
  renamedVersionBodySchema,
  versionBodySchema,
  versionPathSchema,
  versionSchema,
  versionsSchema,
} from '../wire/version-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { type PeopleNames, readPeopleNames } from './people-names.ts';
import { HttpProblem, forbidden, invalidRequest, notFound } from './problem.ts';
import { actorIn, requireQuote } from './quote-access.ts';

/**
 * Named versions: `/api/quotes/:id/versions`. Whoever sees the quote sees them; its editors and hosts name what it was after
 * one of its entries. The one who named a version renames and deletes it as long as they are an editor, and hosts and
 * admins do. Nothing of it is in the log: a name says where to look, not what was there.
 */
export function addVersionsRoutes(app: App, deps: RouteDeps): void {
  const { versions, log, now } = deps;

  app.route({
    method: 'GET',
    url: '/quotes/:id/versions',
    schema: {
      summary: 'List the named versions of a quote',
      description: 'Newest point of the quote first. For everyone who sees the quote.',
      params: quotePathSchema,
      response: { 200: versionsSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const { quote } = await enter(personOf(request), request.params.id);
      const found = await versions.ofQuote(quote);
      const names = await readPeopleNames(
        deps.directory,
        found.map(({ namedBy }) => namedBy),
      );
      return { versions: found.map((version) => versionJson(version, names)) };
    },
  });

  app.route({
    method: 'POST',
    url: '/quotes/:id/versions',
    schema: {
      summary: 'Name a version of a quote',
      description:
        'A name for what the quote was after entry `seq`. Each name is there once in a quote, which has at most ' +
        `${VERSIONS_MAX}. For editors and hosts.`,
      params: quotePathSchema,
      body: versionBodySchema,
      response: { 201: versionSchema, ...errorAnswers(400, 403, 404, 409) },
    },
    async handler(request, reply) {
      const person = personOf(request);
      const { quote, permission } = await enter(person, request.params.id);
      if (!mayEdit(permission)) throw viewersName();
      const { name, seq } = request.body;
      const [entry] = await log.entries(quote, { after: seq - 1, limit: 1 });
      if (entry === undefined) throw noSuchEntry(seq);
      const version: NamedVersion = {
        id: deps.newId(),
        quote,
        name,
        seq,
        at: entry.at,
        namedBy: person.user,
        namedAt: now(),
      };
      const outcome = await versions.add(version);
      if (outcome === 'name_taken') throw nameTaken(name);
      if (outcome === 'full') throw tooMany();
      return reply.code(201).send(await describe(version));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/quotes/:id/versions/:version',
    schema: {
      summary: 'Rename a version',
      description: 'For the editor who named it, for hosts of the quote, and for admins who see it.',
      params: versionPathSchema,
      body: renamedVersionBodySchema,
      response: { 200: versionSchema, ...errorAnswers(400, 403, 404, 409) },
    },
    async handler(request) {
      const version = await findOwn(personOf(request), request.params);
      const { name } = request.body;
      const outcome = await versions.rename({ ...version, name });
      if (outcome === 'name_taken') throw nameTaken(name);
      if (outcome === 'unknown') throw noSuchVersion();
      return describe({ ...version, name });
    },
  });

  app.route({
    method: 'DELETE',
    url: '/quotes/:id/versions/:version',
    schema: {
      summary: 'Delete the name of a version',
      description:
        'The quote and its history stay as they are. For the editor who named it, for hosts of the quote, and for admins ' +
        'who see it.',
      params: versionPathSchema,
      response: { 204: z.null().describe('Done'), ...errorAnswers(403, 404) },
    },
    async handler(request, reply) {
      const { quote, id } = await findOwn(personOf(request), request.params);
      if (!(await versions.remove(quote, id))) throw noSuchVersion();
      return reply.code(204).send(null);
    },
  });

  async function enter(
    person: Person,
    id: string,
  ): Promise<{ readonly quote: QuoteId; readonly permission: Permission; readonly role: Role }> {
    const { quote, actor } = await actorIn(deps, person, id);
    await requireQuote(deps, quote);
    return { quote, permission: actor.permission, role: actor.role };
  }

  /** The version, for whoever may rename and delete it. */
  async function findOwn(person: Person, path: z.infer<typeof versionPathSchema>): Promise<NamedVersion> {
    const { quote, permission, role } = await enter(person, path.id);
    if (!mayEdit(permission) && !mayManage({ role, permission })) throw viewersName();
    const version = await versions.byId(quote, path.version);
    if (version === null) throw noSuchVersion();
    if (version.namedBy !== person.user && !mayManage({ role, permission })) throw notYours();
    return version;
  }

  async function describe(version: NamedVersion): Promise<VersionJson> {
    return versionJson(version, await readPeopleNames(deps.directory, [version.namedBy]));
  }
}

const viewersName = (): HttpProblem =>
  forbidden('You can only view this quote: its editors and hosts name its versions.');

const notYours = (): HttpProblem =>
  forbidden('Somebody else named this version: only they and hosts of the quote can change that.');

const noSuchVersion = (): HttpProblem => notFound('This quote has no such version.');

/** 400, unlike that of `requireEntry`: what is wrong is a field of the body. */
const noSuchEntry = (seq: number): HttpProblem =>
  invalidRequest([{ field: 'seq', message: `there is no entry ${seq} in this quote` }]);

const nameTaken = (name: string): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: 'name_taken',
    message: `There is a version "${name}" of this quote already. Take another name, or rename that one.`,
  });

const tooMany = (): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: 'too_many_versions',
    message: `This quote has ${VERSIONS_MAX} named versions. Delete one that is not needed any more.`,
  });

const versionJson = (
  { quote: _quote, namedBy, ...version }: NamedVersion,
  names: PeopleNames,
): VersionJson => ({
  ...version,
  namedBy: names.person(namedBy),
});
