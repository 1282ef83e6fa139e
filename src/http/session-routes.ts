import type { QuoteId } from '../lib/ids.ts';
import type { Person } from '../session/directory.ts';
import { type Session, httpConnection } from '../session/sessions.ts';
import {
  type SessionJson,
  participantsSchema,
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
import { HttpProblem, forbidden, noSuchQuote, notFound, unavailable } from './problem.ts';
import { actorIn } from './quote-access.ts';
import { participantJson, peopleNamedIn, sessionJson } from './session-json.ts';
import { visibleQuotesOf } from './visible-quotes.ts';

/**
 * `/api/sessions`: the same sessions that people in browsers are in. Who sees a quote sees its sessions and may join them; a host
 * ends them, or an admin. Whoever joins here has no connection: they take part until they leave, or give no sign for
 * `session.awayMinutes`.
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
      if (actor.permission === 'viewer')
        throw forbidden('You may only view this quote. Ask a host for more.');
      if ((await deps.log.head(quote)) === null) throw noSuchQuote();
      const open = sessions.ofQuote(quote);
      requireFreeSession(deps, quote);
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
      answer(deps, (await sessionIn(deps, personOf(request), request.params.id)).session),
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
      const { session } = await sessionIn(deps, personOf(request), request.params.id);
      return { participants: (await sessions.participants(session.id)).map(participantJson) };
    },
  });

  app.route({
    method: 'POST',
    url: '/sessions/:id/join',
    schema: {
      summary: 'Take part without a connection',
      description:
        'For programs and chats. Doing it again is a sign of life: without one you have left after `session.awayMinutes`.',
      params: sessionPathSchema,
      response: { 200: sessionSchema, ...errorAnswers(403, 404, 409) },
    },
    async handler(request) {
      const person = personOf(request);
      const { session, permission } = await sessionIn(deps, person, request.params.id);
      requireOpen(session);
      requireFreeSession(deps, session.quote);
      requireFreePlace(deps, session, person);
      sessions.joined(session.id, httpConnection(person.user), { ...person, permission }, steadyNow());
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
      const { session } = await sessionIn(deps, person, request.params.id);
      sessions.left(session.id, httpConnection(person.user), null, steadyNow());
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
      const { session } = await sessionIn(deps, person, request.params.id);
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
      response: { 200: sessionSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const person = personOf(request);
      const { session, permission } = await sessionIn(deps, person, request.params.id);
      if (permission !== 'host' && person.role !== 'admin')
        throw forbidden('Only hosts of this quote and admins end its session.');
      if (session.endedAt === null) await deps.keeper.end(session, { by: person.user, why: 'by_hand' });
      return answerNow(deps, session);
    },
  });
}

/** Whoever sees the quote sees its sessions; an admin ends those of every quote. */
async function sessionIn(
  deps: RouteDeps,
  person: Person,
  id: string,
): Promise<{ readonly session: Session; readonly permission: 'viewer' | 'editor' | 'host' }> {
  const session = await deps.sessions.find(id);
  if (session === null) throw notFound('There is no such session.');
  const permission = await deps.access.permissionOf(person.user, session.quote);
  if (permission !== 'none') return { session, permission };
  if (person.role === 'admin') return { session, permission: 'viewer' };
  throw forbidden('You have no access to the quote of this session. Ask one of its hosts.');
}

function requireOpen({ endedAt }: Session): void {
  if (endedAt === null) return;
  throw new HttpProblem({
    status: 409,
    code: 'session_ended',
    message: 'This session has ended. Start another one of its quote: POST /api/sessions.',
  });
}

function requireFreeSession({ sessions, sessionsMax }: RouteDeps, quote: QuoteId): void {
  const isBusy = (sessions.ofQuote(quote)?.people.length ?? 0) > 0;
  if (isBusy || sessions.busyCount() < sessionsMax) return;
  throw unavailable(
    'full',
    `${sessionsMax} sessions have somebody in them, which is the limit (collaboration.maxSessions). Try again later.`,
  );
}

function requireFreePlace({ participantsMax }: RouteDeps, { people }: Session, { user }: Person): void {
  if (people.length < participantsMax || people.some((one) => one.user === user)) return;
  throw unavailable(
    'full',
    `${participantsMax} people are in this session, which is the limit (collaboration.maxParticipants). Try again later.`,
  );
}

async function answer(deps: RouteDeps, session: Session): Promise<SessionJson> {
  const names = await readPeopleNames(deps.directory, peopleNamedIn(session));
  return sessionJson(session, names, deps.publicUrl());
}

/** The same as it is after what was just done. */
async function answerNow(deps: RouteDeps, { id }: Session): Promise<SessionJson> {
  const session = await deps.sessions.find(id);
  if (session === null) throw notFound('There is no such session.');
  return answer(deps, session);
}
