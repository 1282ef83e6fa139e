import type { CellId } from '../lib/ids.ts';
import { type Cell, type CellValue, rowCell } from './cell.ts';

/** For a person who wrote into a row that nobody sees. */
export const NOT_ON_QUOTE = 'its row is not on the quote: check the id';

/**
 * Whether people see what is written into a cell: its row has a position and is not removed. A write to `removed` itself
 * is seen by what it does.
 */
export const isSeen = (read: (cell: CellId) => CellValue, { root, row, column }: Cell): boolean =>
  root === 'fields' ||
  (read(rowCell(root, row, 'position')) !== null &&
    (column === 'removed' || read(rowCell(root, row, 'removed')) === null));
