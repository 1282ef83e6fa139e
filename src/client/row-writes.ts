import { present } from '../lib/assert.ts';
import type * as Y from 'yjs';
import { type Result, fail, ok } from '../lib/result.ts';
import { type CellValue, type RowRoot, rowCell } from '../quote/cell.ts';
import { type Row, readSnapshot } from '../quote/snapshot.ts';
import { type Write, readCellValue } from './cell-store.ts';
import { findPositions } from './row-positions.ts';

/**
 * Rows are made, removed and moved by writing their `position` and `removed` cells; nothing is ever deleted. A position
 * is a fractional index between its neighbours', removed rows counted, so that one that comes back finds its place.
 */

/** After which row: its id, `null` for the first place, left out for the last. */
export interface Place {
  readonly after?: string | null;
}

export interface NewRow {
  readonly id: string;
  readonly cells: Readonly<Record<string, CellValue>>;
}

/** The writes that make rows, one below the other. Empty cells need none. */
export function addRowsWrites(
  doc: Y.Doc,
  { root, rows }: { readonly root: RowRoot; readonly rows: readonly NewRow[] },
  place: Place,
): Result<Write[]> {
  const known = rows.find(({ id }) => hasRow(doc, root, id));
  if (known !== undefined)
    return fail(`There is already a row ${root}/${known.id}; give the new one another id.`);
  const positions = positionsAt(rowsOf(doc, root), root, place, rows.length);
  if (!positions.ok) return positions;
  return ok(
    rows.flatMap(({ id, cells }, index) => {
      const all: Readonly<Record<string, CellValue>> = {
        ...cells,
        position: present(positions.value[index], 'each row gets a position'),
      };
      return Object.entries(all)
        .filter(([, value]) => value !== null)
        .map(([column, value]) => ({ cell: rowCell(root, id, column), value }));
    }),
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
  const positions = positionsAt(others, root, place, 1);
  if (!positions.ok) return positions;
  const position = present(positions.value[0], 'the row gets a position');
  const neighbour = neighbourAt(others, place);
  const target = neighbour === undefined ? 0 : others.indexOf(neighbour) + 1;
  return ok(rows[target]?.id === id ? [] : [{ cell: rowCell(root, id, 'position'), value: position }]);
}

const unknownRow = (root: RowRoot, id: string): string =>
  `There is no row ${root}/${id} on this quote; it may not have arrived yet.`;

const hasRow = (doc: Y.Doc, root: RowRoot, id: string): boolean =>
  readCellValue(doc, rowCell(root, id, 'position')) !== null;

const rowsOf = (doc: Y.Doc, root: RowRoot): readonly Row[] => readSnapshot(doc, { removed: true })[root];

function positionsAt(
  rows: readonly Row[],
  root: RowRoot,
  place: Place,
  count: number,
): Result<readonly string[]> {
  const before = neighbourAt(rows, place);
  if (before === undefined && typeof place.after === 'string') return fail(unknownRow(root, place.after));
  const behind = before === undefined ? 0 : rows.indexOf(before) + 1;
  const positions = findPositions(rows.map(positionOf), behind, count);
  return positions === null
    ? fail(`There is no place left for a row there. Move the first rows of ${root} down, then try again.`)
    : ok(positions);
}

function neighbourAt(rows: readonly Row[], { after }: Place): Row | undefined {
  if (after === undefined) return rows.at(-1);
  return after === null ? undefined : rows.find(({ id }) => id === after);
}

const positionOf = (row: Row): string => String(row.cells['position']);
