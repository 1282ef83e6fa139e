import { seesOfferOf } from '../authority/role.ts';
import { blameQuerySchema, blameSchema, diffQuerySchema, diffSchema } from '../wire/audit-schemas.ts';
import { quotePathSchema } from '../wire/http-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { cellsOf } from './cells-query.ts';
import { errorAnswers } from './error-answers.ts';
import { blameJson, diffJson, peopleInBlame, peopleInDiff } from './look-back-json.ts';
import { newestEntry, requireEntry } from './newest-entry.ts';
import { readPeopleNames } from './people-names.ts';
import { invalidRequest } from './problem.ts';
import { actorIn } from './quote-access.ts';
import { createTurns } from './turns.ts';

/** Each plays the log again, some tenths of a second for 10,000 entries, in the one thread that answers for everybody. */
const LOOKING_BACK = { atOnce: 1, waitingMax: 16, ofPersonMax: 4 };

/** `GET /api/quotes/:id/blame` and `/diff`: who is behind what stands there, for whoever may see the quote. */
export function addLookBackRoutes(app: App, deps: RouteDeps): void {
  const turns = createTurns(LOOKING_BACK);

  app.route({
    method: 'GET',
    url: '/quotes/:id/blame',
    schema: {
      summary: 'Say who is behind each cell of a quote',
      description:
        'Who set it, in which role, when and in which entry, what it was before, and whose writes to it were refused, ' +
        'held or overridden since. What they offered is shown to its author, to hosts and to admins.',
      params: quotePathSchema,
      querystring: blameQuerySchema,
      response: { 200: blameSchema, ...errorAnswers(400, 403, 404) },
    },
    async handler(request) {
      const { cell, at } = request.query;
      const { actor, quote } = await actorIn(deps, personOf(request), request.params.id);
      if (cell !== undefined) cellsOf(cell);
      const newest = await newestEntry(deps, quote);
      const seq = requireEntry(at ?? newest, newest);
      const blame = await turns.run(() => deps.lookBack.blame(quote, { at: seq, cells: cell }), actor.user);
      const { nameOf } = await readPeopleNames(deps.directory, peopleInBlame(blame));
      return blameJson(blame, { nameOf, seesOfferOf: (user) => seesOfferOf(actor, user) });
    },
  });

  app.route({
    method: 'GET',
    url: '/quotes/:id/diff',
    schema: {
      summary: 'Say what changed in a quote between two points',
      description:
        'Cells with both values, rows that came, went, came back or moved, and texts of notes; each with the last write ' +
        'that stood. What came back to the same value is left out.',
      params: quotePathSchema,
      querystring: diffQuerySchema,
      response: { 200: diffSchema, ...errorAnswers(400, 403, 404) },
    },
    async handler(request) {
      const { from, to } = request.query;
      const { quote, actor } = await actorIn(deps, personOf(request), request.params.id);
      if (from > to) throw invalidRequest([{ field: 'from', message: `takes an entry not after ${to}` }]);
      requireEntry(to, await newestEntry(deps, quote));
      const diff = await turns.run(() => deps.lookBack.diff(quote, { from, to }), actor.user);
      return diffJson(diff, await readPeopleNames(deps.directory, peopleInDiff(diff)));
    },
  });
}
