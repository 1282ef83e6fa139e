import { z } from 'zod';
import type { Actor } from '../authority/actor.ts';
import { unreachable } from '../lib/assert.ts';
import { Fault } from '../lib/fault.ts';
import type { ChoiceProblem } from '../room/room-conflicts.ts';
import type { Room } from '../room/room.ts';
import type { Person } from '../session/directory.ts';
import { settleBodySchema } from '../wire/conflict-choice.ts';
import { errorSchema, patchAnswerSchema, quotePathSchema } from '../wire/http-schemas.ts';
import { conflictPathSchema, conflictSchema, conflictsAnswerSchema } from '../wire/session-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { readPeopleNames } from './people-names.ts';
import { HttpProblem, forbidden, invalidRequest, notFound } from './problem.ts';
import { actorIn, openRoom } from './quote-access.ts';
import { verdictJson } from './verdict-json.ts';

/** `/api/quotes/:id/conflicts`: cells whose first value is kept, and the others parked, until somebody chooses. */
export function addConflictRoutes(app: App, deps: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/quotes/:id/conflicts',
    schema: {
      summary: 'List the held conflicts that are open',
      description:
        'Cells with `tie: hold` into which two people of one role wrote without having seen each other. `value` of what is ' +
        'parked is told to its author, and to those who may choose: editors and hosts of at least that role.',
      params: quotePathSchema,
      response: { 200: conflictsAnswerSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const { room, actor } = await enter(deps, personOf(request), request.params.id);
      return { conflicts: room.conflicts.list(actor) };
    },
  });

  app.route({
    method: 'POST',
    url: '/quotes/:id/conflicts/:n/open',
    schema: {
      summary: 'Look at a held conflict to choose',
      description: 'Everyone sees that you do. Nobody is locked out by it: others may choose all the same.',
      params: conflictPathSchema,
      response: { 200: conflictSchema, ...errorAnswers(400, 403, 404), 409: settledSchema },
    },
    async handler(request) {
      const person = personOf(request);
      const { room, actor } = await enter(deps, person, request.params.id);
      const { n } = request.params;
      const opened = room.conflicts.lookAt(n, actor, person.name);
      if (!opened.ok) throw await problemOf(opened.reason, room, n);
      return opened.value;
    },
  });

  app.route({
    method: 'DELETE',
    url: '/quotes/:id/conflicts/:n/open',
    schema: {
      summary: 'Let go of a held conflict without choosing',
      params: conflictPathSchema,
      response: { 204: z.null().describe('Done'), ...errorAnswers(400, 403, 404) },
    },
    async handler(request, reply) {
      const { room, actor } = await enter(deps, personOf(request), request.params.id);
      room.conflicts.letGo(request.params.n, actor);
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/quotes/:id/conflicts/:n/settle',
    schema: {
      summary: 'Settle a held conflict',
      description:
        '`choose`: what is `kept`, what was `parked` (the newest, or that of a `revision`), or a third `value`. It is a write ' +
        'of yours through the gate: the verdict says whether it stands. Where it is refused, the conflict stays open.',
      params: conflictPathSchema,
      body: settleBodySchema,
      response: { 200: patchAnswerSchema, ...errorAnswers(400, 403, 404), 409: settledSchema },
    },
    async handler(request) {
      const person = personOf(request);
      const { room, actor } = await enter(deps, person, request.params.id);
      const { base, ...choice } = request.body;
      const { n } = request.params;
      const settled = await room.conflicts
        .settle(n, {
          chooser: actor,
          name: person.name,
          origin: 'api',
          choice,
          ...(base !== undefined && { base }),
        })
        .catch(async (error: unknown) => {
          // Of two who choose at once, one comes second.
          const isRefused = error instanceof Fault && error.code === 'not_taken';
          throw isRefused && (await isSettled(room, n)) ? settledAlready(n) : error;
        });
      if (!settled.ok) throw await problemOf(settled.reason, room, n);
      const { revision, verdicts } = settled.value;
      const names = await readPeopleNames(
        deps.directory,
        verdicts.flatMap(({ by }) => (by === null ? [] : [by.user])),
      );
      return { revision, verdicts: verdicts.map((verdict) => verdictJson(verdict, names)) };
    },
  });
}

async function enter(
  deps: RouteDeps,
  person: Person,
  id: string,
): Promise<{ readonly room: Room; readonly actor: Actor }> {
  const { quote } = await actorIn(deps, person, id);
  const room = await openRoom(deps, quote);
  // What they may do can have changed while the quote was opened.
  const { actor } = await actorIn(deps, person, id);
  return { room, actor };
}

/** Whether there was such a conflict, and it is over: told once that is durable. */
const isSettled = (room: Room, n: number): Promise<boolean> =>
  room.readDurably(
    ({ ledger }) => n <= ledger.lastConflict() && ledger.conflicts().every((open) => open.n !== n),
  );

const settledSchema = errorSchema.describe('`settled`: somebody has chosen, or nobody did in time');

const settledAlready = (n: number): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: 'settled',
    message: `Conflict ${n} is settled already. Look at what the cell holds now.`,
  });

async function problemOf(problem: ChoiceProblem, room: Room, n: number): Promise<Error> {
  switch (problem) {
    case 'no_such_conflict':
      return (await isSettled(room, n)) ? settledAlready(n) : notFound('There is no such conflict.');
    case 'no_such_choice':
      return invalidRequest([
        { field: 'revision', message: 'names nothing that is parked in this conflict' },
      ]);
    case 'not_permitted':
      return forbidden('Only editors of at least the role of those who wrote may choose.');
    default:
      return unreachable(problem);
  }
}
