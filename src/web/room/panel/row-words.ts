import type { RowRoot } from '../../../quote/cell.ts';
import { clip } from '../../words/clip.ts';

/** Rows as sentences name them. */
const ROW_WORDS: Readonly<Record<RowRoot, { readonly one: string; readonly some: string }>> = {
  lineItems: { one: 'a line', some: 'lines' },
  discounts: { one: 'a discount', some: 'discounts' },
  notes: { one: 'a note', some: 'notes' },
};

/** "Roller 80 x 1200 mm", "the discount Spring offer", "the note by Dana"; "a line" where it has no name. */
export function rowTitle(
  root: RowRoot,
  row: string,
  rowName: (root: RowRoot, row: string) => string | null,
): string {
  const name = rowName(root, row);
  if (name === null) return ROW_WORDS[root].one;
  if (root === 'lineItems') return clip(name);
  return root === 'discounts' ? `the discount ${clip(name)}` : `the note by ${clip(name)}`;
}

/** "120 lines", "1 line". */
export const countRows = (root: RowRoot, count: number): string =>
  count === 1 ? `1${ROW_WORDS[root].one.slice(1)}` : `${count} ${ROW_WORDS[root].some}`;
