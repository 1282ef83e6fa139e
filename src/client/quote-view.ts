import type * as Y from 'yjs';
import type { RowRoot } from '../quote/cell.ts';
import { type Totals, priceQuote } from '../quote/pricing.ts';
import { type Snapshot, readSnapshot } from '../quote/snapshot.ts';
import type { QuoteObservers } from './quote-observers.ts';

/** The whole quote, read when asked for and kept until it changes, so that equal answers are the same object. */
export interface QuoteView {
  snapshot(): Snapshot;
  totals(): Totals;
  rowIds(root: RowRoot): readonly string[];
}

/** Must be made before any other observer, so that they all read what is new. */
export function createQuoteView(doc: Y.Doc, observers: QuoteObservers): QuoteView {
  let snapshot: Snapshot | null = null;
  let totals: Totals | null = null;
  const rowIds = new Map<RowRoot, readonly string[]>();

  observers.observe('all', () => {
    snapshot = null;
    totals = null;
  });
  for (const root of ['lineItems', 'discounts', 'notes'] as const) {
    observers.observe(root, () => rowIds.delete(root));
  }

  const view: QuoteView = {
    snapshot: () => (snapshot ??= readSnapshot(doc)),
    totals: () => (totals ??= priceQuote(view.snapshot())),
    rowIds(root) {
      const ids = rowIds.get(root) ?? view.snapshot()[root].map(({ id }) => id);
      rowIds.set(root, ids);
      return ids;
    },
  };
  return view;
}
