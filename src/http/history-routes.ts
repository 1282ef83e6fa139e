import { mayManage } from '../authority/role.ts';
import {
  TIMELINE_POINTS_MAX,
  timelineQuerySchema,
  timelineSchema,
  verificationSchema,
} from '../wire/history-schemas.ts';
import { quotePathSchema } from '../wire/http-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { newestEntry } from './newest-entry.ts';
import { readPeopleNames } from './people-names.ts';
import { actorIn } from './quote-access.ts';
import { createTurns } from './turns.ts';
import { createVerifications } from './verifications.ts';

/** A page reads up to 10,000 entries, in the one thread that answers for everybody; each check has its own. */
const READING = { atOnce: 1, waitingMax: 32, ofPersonMax: 4 };

/** For a check that is under way, and what heads say of it. */
const WAITING = { atOnce: 64, waitingMax: 0, ofPersonMax: 4 };

/** `GET /api/quotes/:id/timeline` and `/verification`: what the page of a quote's history begins with. */
export function addHistoryRoutes(app: App, deps: RouteDeps): void {
  const turns = createTurns(READING);
  const waiting = createTurns(WAITING);
  const verifications = createVerifications(deps);

  app.route({
    method: 'GET',
    url: '/quotes/:id/timeline',
    schema: {
      summary: "All points of a quote's life at a glance",
      description:
        `Oldest first, ${TIMELINE_POINTS_MAX} on a page: who acted when, and how many writes were accepted and refused. ` +
        '`next` is the `after` of the next page. The log has the writes themselves.',
      params: quotePathSchema,
      querystring: timelineQuerySchema,
      response: { 200: timelineSchema, ...errorAnswers(400, 403, 404) },
    },
    async handler(request) {
      const { after } = request.query;
      const person = personOf(request);
      const { quote } = await actorIn(deps, person, request.params.id);
      const revision = await newestEntry(deps, quote);
      const { people, points, next } = await turns.run(
        () => deps.lookBack.timeline(quote, { after, to: revision, limit: TIMELINE_POINTS_MAX }),
        person.user,
      );
      const { nameOf } = await readPeopleNames(deps.directory, people);
      return {
        quote,
        revision,
        people: people.map((id) => ({ id, name: nameOf(id) })),
        points: [...points],
        ...(next !== undefined && { next }),
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/quotes/:id/verification',
    schema: {
      summary: 'Check that the log of a quote is what it was when it was written',
      description:
        'The checks of `quoteroom audit verify`: every hash, number, decision and row. Kept until the quote changes. It is this ' +
        "server's own word: an auditor checks the data folder or an export, with a head that was kept elsewhere.",
      params: quotePathSchema,
      response: { 200: verificationSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const person = personOf(request);
      const { quote, actor } = await actorIn(deps, person, request.params.id);
      const revision = await newestEntry(deps, quote);
      const found = await waiting.run(() => verifications.of(quote, revision), person.user);
      return mayManage(actor) ? found : { ...found, problems: found.problems.map(withoutContent) };
    },
  });
}

/** What differs may be a value that was refused, which not everybody may see. */
const withoutContent = <One extends { readonly message: string }>(problem: One): One => ({
  ...problem,
  message: 'this is not as it was written; hosts of the quote and admins are told what differs',
});
