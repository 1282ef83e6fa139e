import { useCallback } from 'react';
import type { QuoteClient } from '../../../client/connect-quote.ts';
import type { RowRoot } from '../../../quote/cell.ts';
import { cellTitle } from '../../../quote/column-titles.ts';
import { useQuote } from '../use-room.ts';
import { rowTitle } from './row-words.ts';

const NAMING: Readonly<Record<RowRoot, readonly string[]>> = {
  lineItems: ['name', 'sku', 'description'],
  discounts: ['label'],
  notes: ['author'],
};

/** The name of a row as it is now, also of one that was removed; null where it has none. */
export function rowNameIn(quote: Pick<QuoteClient, 'readCell'>, root: RowRoot, row: string): string | null {
  for (const column of NAMING[root]) {
    const name = quote.readCell(`${root}/${row}/${column}`);
    if (typeof name === 'string' && name.trim() !== '') return name;
  }
  return null;
}

export function useRowName(): (root: RowRoot, row: string) => string | null {
  const quote = useQuote();
  return useCallback((root, row) => rowNameIn(quote, root, row), [quote]);
}

/** A cell in words: "Discount of Roller 80 x 1200 mm". */
export function useCellName(): (cell: string) => string {
  const rowName = useRowName();
  return useCallback(
    (cell) => cellTitle(cell, (root, row) => rowTitle(root as RowRoot, row, rowName)),
    [rowName],
  );
}
