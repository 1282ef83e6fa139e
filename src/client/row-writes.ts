import { generateKeyBetween } from 'fractional-indexing';
import type * as Y from 'yjs';
import { type Result, fail, ok } from '../lib/result.ts';
import { type CellValue, type RowRoot, rowCell } from '../quote/cell.ts';
import { type Row, readSnapshot } from '../quote/snapshot.ts';
import { type Write, readCellValue } from './cell-store.ts';

/**
 * Rows are made, removed and moved by writing their `position` and `removed` cells; nothing is ever deleted. A position
 * is a fractional index between its neighbours', removed rows counted, so that one that comes back finds its place.
 */

/** After which row: its id, `null` for the first place, left out for the last. */
export interface Place {
  readonly after?: string | null;
}

/** The writes that make a row. Empty cells need none. */
export function addRowWrites(
  doc: Y.Doc,
  row: { readonly root: RowRoot; readonly id: string; readonly cells: Readonly<Record<string, CellValue>> },
  place: Place,
): Result<Write[]> {
  const { root, id, cells } = row;
  if (hasRow(doc, root, id))
    return fail(`There is already a row ${root}/${id}; give the new one another id.`);
  const position = positionAt(rowsOf(doc, root), root, place);
  if (!position.ok) return position;
  const all: Readonly<Record<string, CellValue>> = { ...cells, position: position.value };
  return ok(
    Object.entries(all)
      .filter(([, value]) => value !== null)
      .map(([column, value]) => ({ cell: rowCell(root, id, column), value })),
  );
}

/** The one write that removes a row, or brings a removed one back. */
export function removedWrite(doc: Y.Doc, root: RowRoot, id: string, removed: true | null): Result<Write[]> {
  if (!hasRow(doc, root, id)) return fail(unknownRow(root, id));
  return ok([{ cell: rowCell(root, id, 'removed'), value: removed }]);
}

/** The one write that moves a row; none if it is there already. */
export function moveRowWrites(doc: Y.Doc, root: RowRoot, id: string, place: Place): Result<Write[]> {
  if (!hasRow(doc, root, id)) return fail(unknownRow(root, id));
  if (place.after === id) return fail(`Row ${root}/${id} cannot be moved after itself.`);
  const rows = rowsOf(doc, root);
  const others = rows.filter((row) => row.id !== id);
  const position = positionAt(others, root, place);
  if (!position.ok) return position;
  const neighbour = neighbourAt(others, place);
  const target = neighbour === undefined ? 0 : others.indexOf(neighbour) + 1;
  return ok(rows[target]?.id === id ? [] : [{ cell: rowCell(root, id, 'position'), value: position.value }]);
}

const unknownRow = (root: RowRoot, id: string): string =>
  `There is no row ${root}/${id} on this quote; it may not have arrived yet.`;

const hasRow = (doc: Y.Doc, root: RowRoot, id: string): boolean =>
  readCellValue(doc, rowCell(root, id, 'position')) !== null;

const rowsOf = (doc: Y.Doc, root: RowRoot): readonly Row[] => readSnapshot(doc, { removed: true })[root];

/** A position between two rows. Where the next ones share a position (two people added at once), it comes after those. */
function positionAt(rows: readonly Row[], root: RowRoot, place: Place): Result<string> {
  const before = neighbourAt(rows, place);
  if (before === undefined && typeof place.after === 'string') return fail(unknownRow(root, place.after));
  const low = before === undefined ? null : positionOf(before);
  const high = rows.map(positionOf).find((position) => low === null || position > low) ?? null;
  return ok(generateKeyBetween(low, high));
}

function neighbourAt(rows: readonly Row[], { after }: Place): Row | undefined {
  if (after === undefined) return rows.at(-1);
  return after === null ? undefined : rows.find(({ id }) => id === after);
}

const positionOf = (row: Row): string => String(row.cells['position']);
