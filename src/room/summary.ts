import type { Doc } from 'yjs';
import type { QuoteId } from '../lib/ids.ts';
import type { QuoteSummary } from '../log/log.ts';
import { priceQuote } from '../quote/pricing.ts';
import { readSnapshot } from '../quote/snapshot.ts';

/**
 * The quote's row in the list of quotes, kept while its room lives. Texts are read at each entry; pricing a long quote takes
 * milliseconds, so the total is made anew at most every so often, and after the last change. A process that ended before
 * that left an old total behind: a loaded quote is priced once.
 */
export interface RunningSummary {
  /** The summary after an entry. `cell` is the one it changed, the last of several. */
  after(entry: {
    seq: number;
    at: number;
    by: string;
    cell: string | null;
    isRefused: boolean;
  }): QuoteSummary;
  /** Prices the quote if it is due. The summary where its total is another than the one given last, else null. */
  takeChanged(at: number): QuoteSummary | null;
}

const PRICE_EVERY_MS = 250;

export function createRunningSummary(
  doc: Doc,
  quote: { readonly id: QuoteId; readonly createdBy: string },
  former: QuoteSummary | null,
): RunningSummary {
  let summary = former;
  let total = former?.total ?? '0.00';
  let isStale = true;
  let pricedAt = -Infinity;

  const text = (field: string): string => {
    const value = doc.getMap('fields').get(field);
    return typeof value === 'string' ? value : '';
  };

  function price(): void {
    isStale = false;
    total = priceQuote(readSnapshot(doc)).total;
  }

  return {
    after({ seq, at, by, cell, isRefused }) {
      if (summary === null) price();
      else isStale = true;
      summary = {
        id: quote.id,
        title: text('title'),
        customer: text('customer'),
        status: text('status'),
        owner: text('owner'),
        currency: text('currency'),
        total,
        seq,
        createdBy: former?.createdBy ?? quote.createdBy,
        lastChange: isRefused && summary !== null ? summary.lastChange : { at, by, cell },
      };
      return summary;
    },
    takeChanged(at) {
      if (!isStale || summary === null || at - pricedAt < PRICE_EVERY_MS) return null;
      pricedAt = at;
      price();
      if (summary.total === total) return null;
      summary = { ...summary, total };
      return summary;
    },
  };
}
