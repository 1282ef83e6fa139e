import type { CellId } from '../lib/ids.ts';
import { type CellValue, type RowRoot, rowCell } from './cell.ts';
import type { Row } from './snapshot.ts';

/** For a person who wrote into a row that nobody sees. */
export const NOT_ON_QUOTE = 'its row is not on the quote: check the id';

/** Where a cell is; the fields are in no row. */
type Place =
  | { readonly root: 'fields'; readonly row: null }
  | { readonly root: RowRoot; readonly row: string };

/**
 * Whether people see what is written into a cell: its row has a position and is not removed. A write to `removed` itself
 * is seen by what it does.
 */
export const isSeen = (
  read: (cell: CellId) => CellValue,
  { root, row, column }: Place & { readonly column: string },
): boolean =>
  root === 'fields' ||
  (read(rowCell(root, row, 'position')) !== null &&
    (column === 'removed' || read(rowCell(root, row, 'removed')) === null));

/** Whether people see what stands in a cell: a removed row is not seen by its `removed`, unlike for who writes to it. */
export const isRowOn = (read: (cell: CellId) => CellValue, place: Place): boolean =>
  isSeen(read, { ...place, column: 'position' });

/** The same of a row of a snapshot, which may hold removed ones too. */
export const isOnQuote = ({ cells }: Row): boolean => cells['removed'] !== true;
