import { quoteListSchema } from '../../wire/http-schemas.ts';
import type { Api } from '../api/api.ts';
import { problemOf } from '../words/problem-of.ts';
import { type LiveRows, type LoadedQuotes, withLive, withPage } from './loaded-quotes.ts';
import { type QuoteFilter, pagePath } from './quote-filter.ts';

/**
 * The list of quotes as the page has it: read page by page, kept in step by what `/api/events` tells.
 *
 *     loading --> ready  (show: the rows stay, stale, until those of the new filter are here)
 *        '------> failed (reload: loading again)
 *
 * What is told while a page is on its way is kept, and told to the page once it is here: it may be older.
 */
export interface QuoteList {
  state(): QuoteListState;
  /** Returns the function that ends it. */
  observe(listener: () => void): () => void;
  show(filter: QuoteFilter): void;
  /** Reads the next page, if there is one and none is on its way. */
  more(): void;
  /** Reads anew as much as is here. */
  reload(): void;
  apply(live: LiveRows): void;
  /** Lets go of what is being read. */
  close(): void;
}

export type QuoteListState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | (LoadedQuotes & {
      readonly kind: 'ready';
      /** The rows are still those of the filter before. */
      readonly isStale: boolean;
      /** Why the list could not be read further or anew; what is here still counts. */
      readonly problem: string | null;
    });

/** As many as the server gives at once. */
const PAGE_QUOTES_MAX = 200;
const PAGE_QUOTES = 100;

export function createQuoteList(api: Pick<Api, 'get'>): QuoteList {
  const listeners = new Set<() => void>();
  let state: QuoteListState = { kind: 'loading' };
  let filter: QuoteFilter | null = null;
  let reading: AbortController | null = null;
  let toldMeanwhile: LiveRows[] = [];

  function become(next: QuoteListState): void {
    state = next;
    for (const listener of [...listeners]) listener();
  }

  /** Only the newest reading counts. */
  async function read(asked: QuoteFilter, from: LoadedQuotes, quotesMin: number): Promise<void> {
    reading?.abort();
    const own = new AbortController();
    reading = own;
    toldMeanwhile = [];
    try {
      let loaded = from;
      do {
        const limit = Math.min(Math.max(quotesMin - loaded.quotes.length, PAGE_QUOTES), PAGE_QUOTES_MAX);
        const path = pagePath(asked, { limit, after: loaded.next });
        loaded = withPage(loaded, await api.get(path, quoteListSchema, own.signal));
      } while (loaded.next !== null && loaded.quotes.length < quotesMin);
      if (reading !== own) return;
      reading = null;
      for (const live of toldMeanwhile) loaded = withLive(loaded, live, asked);
      become({ kind: 'ready', ...loaded, isStale: false, problem: null });
    } catch (error) {
      if (reading !== own) return;
      reading = null;
      const message = problemOf(error);
      if (state.kind === 'ready' && !state.isStale) become({ ...state, problem: message });
      else become({ kind: 'failed', message });
    }
  }

  const NOTHING: LoadedQuotes = { quotes: [], next: null };

  return {
    state: () => state,
    observe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    show(asked) {
      filter = asked;
      become(state.kind === 'ready' ? { ...state, isStale: true, problem: null } : { kind: 'loading' });
      void read(asked, NOTHING, 1);
    },
    more() {
      if (filter === null || reading !== null || state.kind !== 'ready' || state.next === null) return;
      void read(filter, state, state.quotes.length + 1);
    },
    reload() {
      if (filter === null) return;
      const count = state.kind === 'ready' && !state.isStale ? state.quotes.length : 1;
      if (state.kind === 'failed') become({ kind: 'loading' });
      void read(filter, NOTHING, count);
    },
    apply(live) {
      if (reading !== null) toldMeanwhile.push(live);
      if (state.kind !== 'ready' || state.isStale || filter === null) return;
      become({ ...state, ...withLive(state, live, filter) });
    },
    close() {
      reading?.abort();
      reading = null;
    },
  };
}
