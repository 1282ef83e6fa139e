import { unreachable } from '../../lib/assert.ts';
import {
  type GridAxes,
  type GridPoint,
  type GridSelection,
  NEW_ROW,
  rangeOf,
  selectCell,
} from './selection.ts';

/** Where a key takes the cursor. Pure; never leaves the grid. */
export type Direction =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'row_start'
  | 'row_end'
  | 'column_start'
  | 'column_end'
  | 'start'
  | 'end'
  | 'page_up'
  | 'page_down';

/**
 * The selection after a move: the cursor's own cell, or with `extend` all up to it. `page` is how many rows are in sight.
 */
export function moved(
  selection: GridSelection,
  axes: GridAxes,
  {
    direction,
    extend,
    page,
  }: { readonly direction: Direction; readonly extend: boolean; readonly page: number },
): GridSelection {
  const head = pointAt(selection.head, axes, direction, page);
  if (!extend) return selectCell(head);
  return head.row === NEW_ROW ? selection : { anchor: selection.anchor, head };
}

function pointAt(from: GridPoint, axes: GridAxes, direction: Direction, page: number): GridPoint {
  const row = Math.max(0, axes.rows.indexOf(from.row));
  const column = Math.max(0, axes.columns.indexOf(from.column));
  const lastRow = axes.rows.length - 1;
  const lastColumn = axes.columns.length - 1;
  const at = (rowAt: number, columnAt: number): GridPoint => ({
    row: axes.rows[clamp(rowAt, lastRow)] ?? from.row,
    column: axes.columns[clamp(columnAt, lastColumn)] ?? from.column,
  });
  switch (direction) {
    case 'up':
      return at(row - 1, column);
    case 'down':
      return at(row + 1, column);
    case 'left':
      return at(row, column - 1);
    case 'right':
      return at(row, column + 1);
    case 'row_start':
      return at(row, 0);
    case 'row_end':
      return at(row, lastColumn);
    case 'column_start':
      return at(0, column);
    case 'column_end':
      return at(lastLine(axes), column);
    case 'start':
      return at(0, 0);
    case 'end':
      return at(lastLine(axes), lastColumn);
    case 'page_up':
      return at(row - page, column);
    case 'page_down':
      return at(row + page, column);
    default:
      return unreachable(direction);
  }
}

/** The row that adds a line is not where "the end" is. */
function lastLine({ rows }: GridAxes): number {
  const last = rows.length - 1;
  return rows[last] === NEW_ROW && last > 0 ? last - 1 : last;
}

const clamp = (at: number, last: number): number => Math.min(Math.max(at, 0), last);

/** Tab and Shift+Tab: along the row, then on in the next one. Null at the very end: there Tab leaves the grid. */
export function tabbed(from: GridPoint, { rows, columns }: GridAxes, by: 1 | -1): GridSelection | null {
  const at = rows.indexOf(from.row) * columns.length + columns.indexOf(from.column) + by;
  if (columns.length === 0 || at < 0) return null;
  const row = rows[Math.floor(at / columns.length)];
  const column = columns[at % columns.length];
  return row === undefined || column === undefined ? null : selectCell({ row, column });
}

/**
 * After which line selected lines come to stand when they move one up or down: an id, or null for the first place.
 * Undefined where they can go no further.
 */
export function placeOfMove(
  selection: GridSelection,
  axes: GridAxes,
  by: 1 | -1,
): { readonly rows: readonly string[]; readonly after: string | null } | undefined {
  const lines = axes.rows.filter((row) => row !== NEW_ROW);
  const { rows } = rangeOf(selection, axes);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (by === 1) {
    const next = lines[lines.indexOf(last) + 1];
    return next === undefined ? undefined : { rows, after: next };
  }
  const at = lines.indexOf(first);
  return at <= 0 ? undefined : { rows, after: lines[at - 2] ?? null };
}
