import { onTestFinished } from 'vitest';
import type { CellValue, QuoteClient } from '../../../src/client/connect-quote.ts';
import { present } from '../../../src/lib/assert.ts';
import { type GridEditing, createGridEditing } from '../../../src/web/grid/grid-editing.ts';
import { createGridStore } from '../../../src/web/grid/grid-store.ts';
import { createLineActions } from '../../../src/web/grid/line-actions.ts';
import { createLineSheet } from '../../../src/web/grid/line-sheet.ts';
import { selectCell } from '../../../src/web/grid/selection.ts';
import type { Grid } from '../../../src/web/grid/use-grid.ts';
import { openIdleQuote } from '../clipboard/idle-quote.ts';

/** A grid on a quote that works, without anything being drawn. Lines are `l1`, `l2` and so on. */
export interface OpenGrid extends Grid {
  readonly quote: QuoteClient;
  readonly editing: GridEditing;
  /** Puts the cursor there. */
  at(row: string, column: string): void;
  /** What stands in a column, from top to bottom. */
  column(column: string): readonly CellValue[];
  /** What is written to the quote: called for each change. */
  changes(): number;
}

export const COLUMNS = ['sku', 'name', 'quantity', 'unitPrice', 'optional', 'net'];

export function openGrid(
  lines: readonly Readonly<Record<string, CellValue>>[],
  quote: QuoteClient = openIdleQuote(),
): OpenGrid {
  const added = quote.addRows('lineItems', lines);
  if (!added.ok) throw new Error(added.reason);
  const sheet = createLineSheet(quote);
  const store = createGridStore(sheet);
  const ends = [store.start(), sheet.start()];
  onTestFinished(() => {
    for (const end of ends) end();
    quote.destroy();
  });
  store.setColumns(COLUMNS);
  let changes = 0;
  quote.doc.on('update', () => (changes += 1));
  return {
    quote,
    sheet,
    store,
    editing: createGridEditing(quote, store),
    lines: createLineActions(quote, store),
    at(row, column) {
      store.select(selectCell({ row, column }));
    },
    column: (column) =>
      quote.rowIds('lineItems').map((id) => {
        const line = quote.snapshot().lineItems.find((row) => row.id === id);
        return present(line, 'a line that is listed is there').cells[column] ?? null;
      }),
    changes: () => changes,
  };
}
