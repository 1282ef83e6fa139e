import { type CellId, isId } from '../lib/ids.ts';

/** The quote's four `Y.Map` roots. A note's body lives beside them, in the `Y.Text` root `note/<noteId>`. */
export const ROOTS = ['fields', 'lineItems', 'discounts', 'notes'] as const;
export type Root = (typeof ROOTS)[number];
export type RowRoot = Exclude<Root, 'fields'>;

/** What a cell can hold. Numbers are decimal strings; `null` is an empty cell, as is a missing key. */
export type CellValue = string | boolean | null;

/** A cell taken apart: `row` is null for a field of the quote itself. */
export type Cell =
  | { readonly root: 'fields'; readonly row: null; readonly column: string; readonly key: string }
  | { readonly root: RowRoot; readonly row: string; readonly column: string; readonly key: string };

export const isRoot = (name: string): name is Root => (ROOTS as readonly string[]).includes(name);

/** The name of a key of a root, whether or not such a column exists. */
export const cellIdOf = (root: Root, key: string): CellId => `${root}/${key}` as CellId;

export const rowCell = (root: RowRoot, row: string, column: string): CellId =>
  cellIdOf(root, `${row}/${column}`);

/** Takes `lineItems/l1/quantity` apart; null if it is not of that form. Says nothing about the column's existence. */
export function parseCellId(id: string): Cell | null {
  const [root, first, second, ...rest] = id.split('/');
  if (root === undefined || first === undefined || rest.length > 0 || !isRoot(root)) return null;
  if (root === 'fields') {
    if (second !== undefined || !isColumnName(first)) return null;
    return { root, row: null, column: first, key: first };
  }
  if (second === undefined || !isId(first) || !isColumnName(second)) return null;
  return { root, row: first, column: second, key: `${first}/${second}` };
}

const isColumnName = (text: string): boolean => /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(text);

/** The row a cell belongs to, `lineItems/l1`; null for fields. */
export const rowOf = (cell: Cell): string | null => (cell.row === null ? null : `${cell.root}/${cell.row}`);

const NOTE_PREFIX = 'note/';

/** The name of the root that holds a note's body. */
export const noteRootName = (noteId: string): string => NOTE_PREFIX + noteId;

/** The note id of a root named `note/<noteId>`, or null. */
export function parseNoteRootName(name: string): string | null {
  if (!name.startsWith(NOTE_PREFIX)) return null;
  const noteId = name.slice(NOTE_PREFIX.length);
  return isId(noteId) ? noteId : null;
}
