import type { QuoteId } from '../lib/ids.ts';
import type { QuoteQuery, QuoteSummary } from '../log/log.ts';
import { formatPlace, parsePlace } from '../log/quote-list.ts';
import { type ListQuery, listQuerySchema, quoteListSchema } from '../wire/http-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { listedQuotes } from './listed-quotes.ts';
import { invalidRequest } from './problem.ts';
import { type VisibleQuotes, visibleQuotesOf } from './visible-quotes.ts';

/** `GET /api/quotes`: the quotes that the caller may see, last changed first. */
export function addQuoteListRoute(app: App, deps: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/quotes',
    schema: {
      summary: 'List the quotes that you may see',
      description:
        'Last changed first. `next` is the `after` of the next page; a page may be short and still have one.',
      querystring: listQuerySchema,
      response: { 200: quoteListSchema, ...errorAnswers(400) },
    },
    async handler(request) {
      const visible = await visibleQuotesOf(deps, personOf(request).user);
      const page = await findPage(deps, request.query, visible);
      return {
        quotes: await listedQuotes(deps, page.quotes),
        ...(page.next !== null && { next: page.next }),
      };
    },
  });
}

/** Reads in search of quotes that the caller is not shut out of. After so many, a short page is given. */
const READS_MAX = 10;

async function findPage(
  deps: Pick<RouteDeps, 'log' | 'rooms'>,
  query: ListQuery,
  visible: VisibleQuotes,
): Promise<{ quotes: QuoteSummary[]; next: string | null }> {
  if (query.after !== undefined && parsePlace(query.after) === null) {
    throw invalidRequest([{ field: 'after', message: 'takes the `next` of a page before' }]);
  }
  const quotes: QuoteSummary[] = [];
  let next: string | null = query.after ?? null;
  for (let reads = 0; reads < READS_MAX; reads += 1) {
    const page = await deps.log.quotes(questionOf(deps, query, visible, next));
    quotes.push(...page.quotes.filter(({ id }) => visible.sees(id)));
    next = page.next;
    if (next === null || quotes.length >= query.limit) break;
  }
  const last = quotes[query.limit - 1];
  const isCut = quotes.length > query.limit && last !== undefined;
  return { quotes: quotes.slice(0, query.limit), next: isCut ? formatPlace(last) : next };
}

function questionOf(
  { rooms }: Pick<RouteDeps, 'rooms'>,
  query: ListQuery,
  { only, mine }: VisibleQuotes,
  after: string | null,
): QuoteQuery {
  const live = query.live === true ? rooms.live().map(({ quote }) => quote) : null;
  const ids = intersection([only, query.mine === true ? mine : null, live]);
  return {
    ...(query.q !== undefined && { text: query.q }),
    ...(query.status !== undefined && { status: query.status }),
    ...(ids !== null && { ids }),
    limit: query.limit,
    ...(after !== null && { after }),
  };
}

/** What all lists hold; null, which stands for everything, where there is no list. */
function intersection(lists: readonly (readonly QuoteId[] | null)[]): readonly QuoteId[] | null {
  let common: readonly QuoteId[] | null = null;
  for (const list of lists) {
    if (list === null) continue;
    const allowed: ReadonlySet<QuoteId> = new Set(list);
    common = common === null ? list : common.filter((id: QuoteId) => allowed.has(id));
  }
  return common;
}
