import type * as Y from 'yjs';
import { type CellValue, type RowRoot, noteRootName, parseCellId } from './cell.ts';

/** A quote as plain data, read out of its document: rows in order, empty cells left out. */
export interface Snapshot {
  readonly fields: Readonly<Record<string, CellValue>>;
  readonly lineItems: readonly Row[];
  readonly discounts: readonly Row[];
  readonly notes: readonly NoteRow[];
}

/** One row: its id and its cells by column, empty ones left out. `removed` is there, and true, for a removed row only. */
export interface Row {
  readonly id: string;
  readonly cells: Readonly<Record<string, CellValue>>;
}

export interface NoteRow extends Row {
  readonly text: string;
}

/**
 * Reads a quote. Rows without a position are not on it; removed ones only with `removed: true`.
 * Keys that are no name of a cell, and values that no cell can hold, are ignored, whoever wrote them.
 */
export function readSnapshot(doc: Y.Doc, options: { readonly removed?: boolean } = {}): Snapshot {
  const rows = (root: RowRoot): Row[] => readRows(doc, root, options.removed === true);
  return {
    fields: readFields(doc),
    lineItems: rows('lineItems'),
    discounts: rows('discounts'),
    notes: rows('notes').map((row) => ({ ...row, text: doc.getText(noteRootName(row.id)).toString() })),
  };
}

function readFields(doc: Y.Doc): Record<string, CellValue> {
  const fields = emptyRecord();
  for (const [key, value] of doc.getMap('fields').entries()) {
    if (parseCellId(`fields/${key}`) !== null && isPresent(value)) fields[key] = value;
  }
  return fields;
}

function readRows(doc: Y.Doc, root: RowRoot, withRemoved: boolean): Row[] {
  const cellsById = new Map<string, Record<string, CellValue>>();
  for (const [key, value] of doc.getMap(root).entries()) {
    const cell = parseCellId(`${root}/${key}`);
    if (cell === null || cell.row === null || !isPresent(value)) continue;
    const cells = cellsById.get(cell.row) ?? emptyRecord();
    cells[cell.column] = value;
    cellsById.set(cell.row, cells);
  }
  return [...cellsById]
    .map(([id, cells]) => ({ id, cells }))
    .filter(
      ({ cells }) => typeof cells['position'] === 'string' && (withRemoved || cells['removed'] !== true),
    )
    .toSorted(inOrder);
}

/** By position, then by id; plain code unit order, as fractional indexes need it. */
function inOrder(a: Row, b: Row): number {
  return compare(String(a.cells['position']), String(b.cells['position'])) || compare(a.id, b.id);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Without a prototype: a column may be named `constructor` by whoever writes to the document. */
const emptyRecord = (): Record<string, CellValue> => Object.create(null) as Record<string, CellValue>;

const isPresent = (value: unknown): value is string | boolean =>
  typeof value === 'string' || typeof value === 'boolean';
