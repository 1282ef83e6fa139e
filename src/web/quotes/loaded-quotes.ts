import type { ListedQuote } from '../../wire/http-schemas.ts';
import type { QuoteFilter } from './quote-filter.ts';

/** The part of the list that is here: last changed first, without holes up to where `next` goes on. */
export interface LoadedQuotes {
  readonly quotes: readonly ListedQuote[];
  /** Where the next page begins; null at the end of the list. */
  readonly next: string | null;
}

/** What `/api/events` tells: all quotes with somebody in them, or those that changed. */
export interface LiveRows {
  readonly kind: 'snapshot' | 'change';
  readonly quotes: readonly ListedQuote[];
}

/** A page behind what is here. A quote that changed meanwhile is in both, once as it was: what is here counts. */
export function withPage(
  loaded: LoadedQuotes,
  page: { readonly quotes: readonly ListedQuote[]; readonly next?: string | undefined },
): LoadedQuotes {
  const known = new Set(loaded.quotes.map(({ id }) => id));
  return {
    quotes: [...loaded.quotes, ...page.quotes.filter(({ id }) => !known.has(id))].toSorted(lastChangedFirst),
    next: page.next ?? null,
  };
}

/**
 * The list after what happened. A quote that the filter no longer takes leaves, one that it takes comes in at its place,
 * unless that is on a page still to be loaded. Rows that did not change stay the same objects.
 *
 * Which quotes are "mine" only the server knows: there a quote that is not here yet waits for the next reading.
 */
export function withLive(loaded: LoadedQuotes, live: LiveRows, filter: QuoteFilter): LoadedQuotes {
  const told = new Map(live.quotes.map((quote) => [quote.id, quote]));
  const known = new Set(loaded.quotes.map(({ id }) => id));
  const last = loaded.quotes.at(-1);
  const isWithin = (quote: ListedQuote): boolean =>
    loaded.next === null || (last !== undefined && lastChangedFirst(quote, last) < 0);
  const here = loaded.quotes.map(
    (quote) => told.get(quote.id) ?? (live.kind === 'snapshot' ? left(quote) : quote),
  );
  const come = live.quotes.filter(
    (quote) => !known.has(quote.id) && filter.whose !== 'mine' && isWithin(quote),
  );
  return {
    quotes: [...here, ...come].filter((quote) => takes(filter, quote)).toSorted(lastChangedFirst),
    next: loaded.next,
  };
}

/** Nobody is in a quote that a snapshot leaves out. */
const left = (quote: ListedQuote): ListedQuote => (quote.live.length === 0 ? quote : { ...quote, live: [] });

/** The order of `GET /api/quotes`: equal times by id, the later one first. */
function lastChangedFirst(a: ListedQuote, b: ListedQuote): number {
  return b.lastChange.at - a.lastChange.at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** As the server searches: a part of title, customer or id, in any case. */
function takes(
  { text, whose, status }: QuoteFilter,
  { title, customer, id, ...quote }: ListedQuote,
): boolean {
  if (whose === 'live' && quote.live.length === 0) return false;
  if (status !== null && quote.status !== status) return false;
  return foldCase([title, customer, id].join('\n')).includes(foldCase(text.trim()));
}

const foldCase = (text: string): string => text.normalize('NFC').toLowerCase();
