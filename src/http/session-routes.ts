import type { Actor } from '../authority/actor.ts';
import { mayEdit, mayManage } from '../authority/role.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import { SESSIONS_PER_USER_MAX } from '../lib/limits.ts';
import type { Person } from '../session/directory.ts';
import { findFull, findUnstartable } from '../session/find-full.ts';
import { type Session, httpConnection } from '../session/sessions.ts';
import {
  type SessionJson,
  endedSessionSchema,
  participantsSchema,
  sessionAuditQuerySchema,
  sessionAuditSchema,
  sessionBodySchema,
  sessionPathSchema,
  sessionSchema,
  sessionsQuerySchema,
  sessionsSchema,
} from '../wire/session-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { readPeopleNames } from './people-names.ts';
import { HttpProblem, forbidden, noAccess, notFound, unavailable } from './problem.ts';
import { actorIn, requireQuote } from './quote-access.ts';
import { reassignIn } from './reassign.ts';
import {
  auditRowJson,
  participantJson,
  peopleNamedIn,
  peopleNamedInRow,
  sessionJson,
} from './session-json.ts';
import { visibleQuotesOf } from './visible-quotes.ts';

/**
 * `/api/sessions`: the same sessions that people in browsers are in. Who sees a quote sees its sessions and may join them;
 * a host ends them and reads their audit, or an admin, who need not see the quote. Whoever joins here has no connection:
 * they take part until they leave, or give no sign for `session.awayMinutes`.
 */
export function addSessionRoutes(app: App, deps: RouteDeps): void {
  const { sessions, steadyNow } = deps;

  app.route({
    method: 'POST',
    url: '/sessions',
    schema: {
      summary: 'Start a session of a quote',
      description:
        'Answers 201 with a new one, or 200 with the one that is open: a quote has one at a time. Joining the quote in a ' +
        'browser does the same. For editors and hosts.',
      body: sessionBodySchema,
      response: { 200: sessionSchema, 201: sessionSchema, ...errorAnswers(400, 403, 404) },
    },
    async handler(request, reply) {
      const person = personOf(request);
      const { quote, actor } = await actorIn(deps, person, request.body.quoteId);
      if (!mayEdit(actor.permission)) throw forbidden('You may only view this quote. Ask a host for more.');
      await requireQuote(deps, quote);
      const open = sessions.ofQuote(quote);
      requireRoom(findUnstartable(sessions, deps, quote, person.user));
      const session = sessions.open(quote, { by: person.user, why: 'created' }, steadyNow());
      return reply.code(open === null ? 201 : 200).send(await answer(deps, session));
    },
  });

  app.route({
    method: 'GET',
    url: '/sessions',
    schema: {
      summary: 'List sessions',
      description: 'Newest first, of quotes that you may see. A page can hold fewer than `limit`.',
      querystring: sessionsQuerySchema,
      response: { 200: sessionsSchema, ...errorAnswers(400) },
    },
    async handler(request) {
      const { quote, open, limit, after } = request.query;
      const { sees } = await visibleQuotesOf(deps, personOf(request).user);
      const page = await sessions.list({
        limit,
        ...(quote !== undefined && { quote: quote as QuoteId }),
        ...(open !== undefined && { open }),
        ...(after !== undefined && { after }),
      });
      const seen = page.sessions.filter((session) => sees(session.quote));
      const names = await readPeopleNames(deps.directory, seen.flatMap(peopleNamedIn));
      return {
        sessions: seen.map((session) => sessionJson(session, names, deps.publicUrl())),
        ...(page.next !== null && { next: page.next }),
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/sessions/:id',
    schema: {
      summary: 'Look at a session',
      params: sessionPathSchema,
      response: { 200: sessionSchema, ...errorAnswers(403, 404) },
    },
    handler: async (request) =>
      answer(deps, (await enter(deps, personOf(request), request.params.id)).session),
  });

  app.route({
    method: 'GET',
    url: '/sessions/:id/participants',
    schema: {
      summary: 'List who takes or took part',
      description: 'In the order in which they came, with what they do now and when they last did something.',
      params: sessionPathSchema,
      response: { 200: participantsSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const { session } = await enter(deps, personOf(request), request.params.id);
      return { participants: (await sessions.participants(session.id)).map(participantJson) };
    },
  });

  app.route({
    method: 'GET',
    url: '/sessions/:id/audit',
    schema: {
      summary: 'Read what happened in a session',
      description:
        'Who did what and why, and the state before and after it; oldest first, `next` is the `after` of the next page. For ' +
        'hosts of the quote, and for admins in every quote.',
      params: sessionPathSchema,
      querystring: sessionAuditQuerySchema,
      response: { 200: sessionAuditSchema, ...errorAnswers(400, 403, 404) },
    },
    async handler(request) {
      const { id } = await managed(deps, personOf(request), request.params.id);
      const { after, limit } = request.query;
      const records = await sessions.audit(id, { after, limit });
      const names = await readPeopleNames(deps.directory, records.flatMap(peopleNamedInRow));
      const last = records.length === limit ? records.at(-1) : undefined;
      return {
        rows: records.map((record) => auditRowJson(record, names)),
        ...(last !== undefined && { next: last.n }),
      };
    },
  });

  app.route({
    method: 'POST',
    url: '/sessions/:id/join',
    schema: {
      summary: 'Take part without a connection',
      description:
        'For programs and chats. Doing it again is a sign of life: without one you have left after `session.awayMinutes`. It ' +
        'does not keep the session open. A person may be in ' +
        `${SESSIONS_PER_USER_MAX} sessions at once.`,
      params: sessionPathSchema,
      response: { 200: sessionSchema, ...errorAnswers(403, 404, 409) },
    },
    async handler(request) {
      const person = personOf(request);
      const { session, actor } = await enter(deps, person, request.params.id);
      requireOpen(session);
      requireRoom(findFull(sessions, deps, session.quote, person.user));
      sessions.joined(session.id, httpConnection(person.user), { ...actor, name: person.name }, steadyNow());
      // What a host decided while they came in was not yet told here.
      await reassignIn(deps, session.quote, person.user);
      return answerNow(deps, session);
    },
  });

  app.route({
    method: 'POST',
    url: '/sessions/:id/leave',
    schema: {
      summary: 'Leave where you joined without a connection',
      description: 'Your browsers stay: they leave by closing.',
      params: sessionPathSchema,
      response: { 200: sessionSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const person = personOf(request);
      const { session } = await enter(deps, person, request.params.id);
      sessions.left(session.id, httpConnection(person.user), null, steadyNow());
      letGoUnlessHere(deps, session.quote, person.user);
      return answerNow(deps, session);
    },
  });

  app.route({
    method: 'POST',
    url: '/sessions/:id/keep-open',
    schema: {
      summary: 'Keep a session open that is about to end',
      description: 'Counts as activity, for whoever sees the quote.',
      params: sessionPathSchema,
      response: { 200: sessionSchema, ...errorAnswers(403, 404, 409) },
    },
    async handler(request) {
      const person = personOf(request);
      const { session } = await enter(deps, person, request.params.id);
      requireOpen(session);
      sessions.keepOpen(session.id, person.user, steadyNow());
      return answerNow(deps, session);
    },
  });

  app.route({
    method: 'POST',
    url: '/sessions/:id/end',
    schema: {
      summary: 'End a session',
      description:
        'Held conflicts are settled for the latest, everyone is told, and their connections are closed with 4410. The quote ' +
        'and its log stay. Ended already is fine. For hosts of the quote, and for admins in every quote.',
      params: sessionPathSchema,
      response: { 200: endedSessionSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const person = personOf(request);
      const session = await managed(deps, person, request.params.id);
      const isOpen = session.endedAt === null;
      if (isOpen) await deps.keeper.end(session, { by: person.user, why: 'by_hand' });
      const ended = await answerNow(deps, session);
      return { ...ended, ...(isOpen && { letGo: session.people.map(participantJson) }) };
    },
  });
}

async function find({ sessions }: RouteDeps, id: string): Promise<Session> {
  const session = await sessions.find(id);
  if (session === null) throw notFound('There is no such session.');
  return session;
}

/** The session with this id and the person in its quote, for whoever sees that. */
async function enter(
  deps: RouteDeps,
  person: Person,
  id: string,
): Promise<{ readonly session: Session; readonly actor: Actor }> {
  const session = await find(deps, id);
  const { actor } = await actorIn(deps, person, session.quote);
  return { session, actor };
}

/** The session with this id, for hosts of its quote, and for admins also where they were not let in. */
async function managed(deps: RouteDeps, { user, role }: Person, id: string): Promise<Session> {
  const session = await find(deps, id);
  const permission = await deps.access.permissionOf(user, session.quote);
  if (mayManage({ role, permission })) return session;
  if (permission === 'none') throw noAccess();
  throw forbidden('Only hosts of this quote and admins end its session and read its audit.');
}

function requireOpen({ endedAt }: Session): void {
  if (endedAt === null) return;
  throw new HttpProblem({
    status: 409,
    code: 'session_ended',
    message: 'This session has ended. Start another one of its quote: POST /api/sessions.',
  });
}

function requireRoom(full: string | null): void {
  if (full !== null) throw unavailable('full', `${full}. Try again later.`);
}

/** Whoever has left without a connection looks at no conflict; in a browser they may still do. */
function letGoUnlessHere({ sessions, rooms }: RouteDeps, quote: QuoteId, user: UserId): void {
  const isHere = sessions.ofQuote(quote)?.people.some((one) => one.user === user) ?? false;
  if (!isHere) rooms.peek(quote)?.conflicts.letGoOfAll(user);
}

async function answer(deps: RouteDeps, session: Session): Promise<SessionJson> {
  const names = await readPeopleNames(deps.directory, peopleNamedIn(session));
  return sessionJson(session, names, deps.publicUrl());
}

/** The same as it is after what was just done. */
async function answerNow(deps: RouteDeps, { id }: Session): Promise<SessionJson> {
  return answer(deps, await find(deps, id));
}
