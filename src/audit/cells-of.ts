import type * as Y from 'yjs';
import type { CellId } from '../lib/ids.ts';
import { type CellValue, ROOTS, type Root, cellIdOf, parseCellId } from '../quote/cell.ts';
import { columns } from '../quote/columns.ts';
import { readSnapshot } from '../quote/snapshot.ts';

/** Every cell of a document that holds a value, those of removed rows included. Names that no cell has are left out. */
export function readCells(doc: Y.Doc): Map<CellId, string | boolean> {
  const cells = new Map<CellId, string | boolean>();
  for (const root of ROOTS) {
    for (const [key, value] of doc.getMap(root).entries()) {
      const id = cellIdOf(root, key);
      if (isValue(value) && parseCellId(id) !== null) cells.set(id, value);
    }
  }
  return cells;
}

const isValue = (value: unknown): value is Exclude<CellValue, null> =>
  typeof value === 'string' || typeof value === 'boolean';

/** Sorts names as the quote shows them: fields, then row by row, in a row by column; notes' texts behind their cells. */
export function createCellOrder(doc: Y.Doc): (a: string, b: string) => number {
  const snapshot = readSnapshot(doc, { removed: true });
  const rowNumbers = new Map<string, number>();
  for (const root of ['lineItems', 'discounts', 'notes'] as const) {
    for (const [index, { id }] of snapshot[root].entries()) rowNumbers.set(`${root}/${id}`, index);
  }
  const keys = new Map<string, readonly [number, number, string, number]>();
  const keyOf = (name: string): readonly [number, number, string, number] => {
    const known = keys.get(name) ?? sortKey(name, rowNumbers);
    keys.set(name, known);
    return known;
  };
  return (a, b) => {
    const [keyA, keyB] = [keyOf(a), keyOf(b)];
    return (
      keyA[0] - keyB[0] ||
      keyA[1] - keyB[1] ||
      compare(keyA[2], keyB[2]) ||
      keyA[3] - keyB[3] ||
      compare(a, b)
    );
  };
}

/** Of rows that have no position, after all that have one. */
const LAST = Number.MAX_SAFE_INTEGER;

function sortKey(
  name: string,
  rowNumbers: ReadonlyMap<string, number>,
): readonly [root: number, row: number, rowName: string, column: number] {
  const cell = parseCellId(name);
  if (cell === null) {
    const row = name.replace(/^note\//, 'notes/');
    return [ROOTS.length - 1, rowNumbers.get(row) ?? LAST, row, LAST];
  }
  const rowName = cell.row === null ? '' : `${cell.root}/${cell.row}`;
  const row = cell.row === null ? 0 : (rowNumbers.get(rowName) ?? LAST);
  return [ROOTS.indexOf(cell.root), row, rowName, columnNumbers[cell.root].get(cell.column) ?? LAST];
}

const numbersOf = (root: Root): ReadonlyMap<string, number> =>
  new Map([...columns[root].keys()].map((name, index) => [name, index]));
const columnNumbers: Readonly<Record<Root, ReadonlyMap<string, number>>> = {
  fields: numbersOf('fields'),
  lineItems: numbersOf('lineItems'),
  discounts: numbersOf('discounts'),
  notes: numbersOf('notes'),
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
