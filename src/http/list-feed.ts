import type { QuoteId } from '../lib/ids.ts';
import type { QuoteSummary } from '../log/log.ts';
import type { ListedQuote } from '../wire/http-schemas.ts';
import type { RouteDeps } from './app.ts';
import { listedQuotes } from './listed-quotes.ts';

/**
 * What changes in the list of quotes: who is live where, and last changes. Looked up once a second for everybody, and
 * only while somebody follows. A follower gets all quotes with somebody in them first, then those that changed.
 */
export interface ListFeed {
  /** Resolves with how to stop, once the first rows were given. */
  follow(follower: Follower): Promise<() => void>;
  /** May be called twice. */
  close(): void;
}

export interface Follower {
  /** Rows as the list has them; the caller leaves out what its reader may not see. */
  rows(kind: 'snapshot' | 'change', quotes: readonly ListedQuote[]): void;
  /** Every second, after the rows. */
  tick(): void;
}

const FEED_EVERY_MS = 1_000;
/** Quotes looked at, last changed first: more that change within a second are left to the next reading of the list. */
const RECENT_MAX = 100;

type Deps = Pick<RouteDeps, 'directory' | 'log' | 'rooms' | 'later' | 'report'>;

export function createListFeed(deps: Deps): ListFeed {
  const followers = new Set<Follower>();
  let known = new Map<string, { readonly row: ListedQuote; readonly text: string }>();
  let isLooking = false;
  let looked: Promise<unknown> = Promise.resolve();
  let cancel: (() => void) | null = null;

  /** Reads the rows anew; gives those that changed. */
  async function look(): Promise<ListedQuote[]> {
    const rows = await listedQuotes(deps, await summaries());
    const next = new Map(rows.map((row) => [row.id, { row, text: JSON.stringify(row) }]));
    const changed = [...next.values()].filter(({ row, text }) => known.get(row.id)?.text !== text);
    known = next;
    return changed.map(({ row }) => row);
  }

  async function summaries(): Promise<QuoteSummary[]> {
    const { quotes } = await deps.log.quotes({ limit: RECENT_MAX });
    const has = new Set<string>(quotes.map(({ id }) => id));
    const wereLive = [...known.values()]
      .filter(({ row }) => row.live.length > 0)
      .map(({ row }) => row.id as QuoteId);
    const others = new Set([...deps.rooms.live().map(({ quote }) => quote), ...wereLive]);
    for (const quote of others) {
      const summary = has.has(quote) ? null : await deps.log.summary(quote);
      if (summary !== null) quotes.push(summary);
    }
    return quotes;
  }

  function lookSoon(): void {
    cancel = deps.later(FEED_EVERY_MS, () => {
      looked = look()
        .then((changed) => {
          if (changed.length > 0) for (const follower of followers) follower.rows('change', changed);
        })
        .catch(deps.report)
        .finally(() => {
          for (const follower of followers) follower.tick();
          isLooking = followers.size > 0;
          if (isLooking) lookSoon();
        });
    });
  }

  function start(): void {
    isLooking = true;
    // What was known is old by now: nothing of it is a change.
    known = new Map();
    looked = look().catch(deps.report);
    lookSoon();
  }

  return {
    async follow(follower) {
      if (!isLooking) start();
      await looked;
      const live = [...known.values()].filter(({ row }) => row.live.length > 0);
      follower.rows(
        'snapshot',
        live.map(({ row }) => row),
      );
      followers.add(follower);
      // The last other one may have left meanwhile.
      if (!isLooking) {
        isLooking = true;
        lookSoon();
      }
      return () => void followers.delete(follower);
    },
    close() {
      followers.clear();
      cancel?.();
    },
  };
}
