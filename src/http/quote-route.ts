import type { QuoteId, UserId } from '../lib/ids.ts';
import { readSnapshot } from '../quote/snapshot.ts';
import { type QuoteJson, quotePathSchema, quoteQuerySchema, quoteSchema } from '../wire/http-schemas.ts';
import { quoteJson } from '../wire/quote-json.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { newestEntry, requireEntry } from './newest-entry.ts';
import { actorIn, openRoom } from './quote-access.ts';
import { createTurns } from './turns.ts';

/** Past states are played from the nearest checkpoint, in a thread of their own. */
const REPLAYS = { atOnce: 2, waitingMax: 32, ofPersonMax: 8 };

/** `GET /api/quotes/:id`: as it is now, or as it was after an entry of its log. */
export function addQuoteRoute(app: App, deps: RouteDeps): void {
  const replays = createTurns(REPLAYS);

  async function readNow(quote: QuoteId, removed: boolean): Promise<QuoteJson> {
    const room = await openRoom(deps, quote);
    return room.readDurably((gate) =>
      quoteJson({ id: quote, revision: gate.revision }, readSnapshot(gate.doc, { removed })),
    );
  }

  async function readAt(
    quote: QuoteId,
    { at, removed, who }: { readonly at: number; readonly removed: boolean; readonly who: UserId },
  ): Promise<QuoteJson> {
    requireEntry(at, await newestEntry(deps, quote));
    const snapshot = await replays.run(() => deps.lookBack.snapshotAt(quote, { at, removed }), who);
    return quoteJson({ id: quote, revision: at }, snapshot);
  }

  app.route({
    method: 'GET',
    url: '/quotes/:id',
    schema: {
      summary: 'Show a quote',
      description:
        'With its totals. Removed rows and empty cells are left out. `at` shows an earlier revision.',
      params: quotePathSchema,
      querystring: quoteQuerySchema,
      response: { 200: quoteSchema, ...errorAnswers(400, 403, 404) },
    },
    async handler(request) {
      const { at, removed = false } = request.query;
      const person = personOf(request);
      const { quote } = await actorIn(deps, person, request.params.id);
      return at === undefined ? readNow(quote, removed) : readAt(quote, { at, removed, who: person.user });
    },
  });
}
