import { useCallback, useSyncExternalStore } from 'react';
import type { QuoteClient, Row } from '../../client/connect-quote.ts';
import { readSnapshot } from '../../quote/snapshot.ts';
import { useQuote } from '../room/use-room.ts';

const read = new WeakMap<readonly string[], readonly Row[]>();
const none: readonly Row[] = [];

/** Lines that were taken off the quote and can be brought back, in the order in which they stood. */
export function useRemovedLines(): readonly Row[] {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.observe('lineItems', listener), [quote]);
  return useSyncExternalStore(observe, () => removedLines(quote));
}

/** Read once for each list of rows: that is another one after each removal. */
function removedLines(quote: QuoteClient): readonly Row[] {
  const ids = quote.rowIds('lineItems');
  const known = read.get(ids);
  if (known !== undefined) return known;
  const rows = readSnapshot(quote.doc, { removed: true }).lineItems;
  const removed = rows.length === ids.length ? none : rows.filter(({ cells }) => cells['removed'] === true);
  read.set(ids, removed);
  return removed;
}
