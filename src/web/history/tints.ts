import { parseCellId } from '../../quote/cell.ts';
import type { ChangeJson, DiffJson } from '../../wire/audit-schemas.ts';
import type { CellValue } from '../../quote/cell.ts';

/** A cell that is marked with its author's colour: it differs between the two points that are looked at. */
export interface CellTint {
  readonly change: ChangeJson;
  readonly before: CellValue;
  readonly after: CellValue;
}

export interface RowTint {
  readonly change: ChangeJson;
  readonly kind: DiffJson['rows'][number]['kind'];
}

/** What is marked in a frozen quote, by cell, by row (`lineItems/l1`) and by note. */
export interface Tints {
  readonly cells: ReadonlyMap<string, CellTint>;
  readonly rows: ReadonlyMap<string, RowTint>;
  readonly notes: ReadonlyMap<string, ChangeJson>;
}

export const noTints: Tints = { cells: new Map(), rows: new Map(), notes: new Map() };

/**
 * A difference from nothing at all is the whole quote, and marks none of it. Where a row stands and whether it was
 * removed shows at the row, not in a cell; the cells of a row that was removed stay as they are, struck through.
 */
export function tintsOf({ from, cells, rows, notes }: DiffJson): Tints {
  if (from === 0) return noTints;
  const rowTints = new Map(rows.map(({ root, row, ...tint }) => [`${root}/${row}`, tint] as const));
  const isMarked = (id: string): boolean => {
    const cell = parseCellId(id);
    if (cell === null) return false;
    if (cell.row === null) return true;
    if (cell.column === 'position' || cell.column === 'removed') return false;
    return rowTints.get(`${cell.root}/${cell.row}`)?.kind !== 'removed';
  };
  return {
    cells: new Map(
      cells
        .filter(({ cell, isSeen }) => isSeen && isMarked(cell))
        .map(({ cell, change, before, after }) => [cell, { change, before, after }]),
    ),
    rows: rowTints,
    notes: new Map(notes.map(({ note, change }) => [note, change])),
  };
}
