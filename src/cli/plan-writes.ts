import type { Write } from '../client/cell-store.ts';
import type { QuoteClient } from '../client/connect-quote.ts';
import { addRowsWrites } from '../client/row-writes.ts';
import { type CellValue, type RowRoot, parseCellId, rowCell } from '../quote/cell.ts';
import { CommandFailure } from './command-errors.ts';
import { nearestName } from './nearest-name.ts';

/** One cell to write, as a person asked for it. */
export interface AskedWrite {
  readonly quote: string;
  readonly cell: string;
  readonly value: CellValue;
  /** Whether the row may be made. */
  readonly isNew: boolean;
}

/**
 * The writes for it, two where its row is made, too: without a position it would be a row that nobody sees. Throws a
 * `CommandFailure` where the cell's row is not there and nobody asked for a new one.
 */
export function planWrites(
  client: QuoteClient,
  { quote, cell: name, value, isNew }: AskedWrite,
): readonly Write[] {
  const cell = parseCellId(name);
  const own = { cell: name, value };
  if (cell === null || cell.root === 'fields') return [own];
  const { root, row, column } = cell;
  if (client.readCell(rowCell(root, row, 'position')) !== null) return [own];
  if (!isNew) throw noSuchRow(quote, { root, row }, client.rowIds(root));
  if (column === 'position') return [own];
  const added = addRowsWrites(client.doc, { root, rows: [{ id: row, cells: { [column]: value } }] }, {});
  return added.ok ? added.value : [own];
}

const ROW_NAMES: Readonly<Record<RowRoot, string>> = {
  lineItems: 'line',
  discounts: 'discount',
  notes: 'note',
};

function noSuchRow(
  quote: string,
  { root, row }: { readonly root: RowRoot; readonly row: string },
  known: readonly string[],
): Error {
  const near = nearestName(row, known);
  const meant = near === null ? '' : `; did you mean "${near}"?`;
  return new CommandFailure(
    'no_such_row',
    `${quote} has no ${ROW_NAMES[root]} "${row}"${meant} (--new makes it)`,
  );
}
