/**
 * What is selected in the grid: a rectangle between two points, by ids of rows and columns, so that it stays on the same
 * lines when others add, move or remove some. `anchor` is where it began; `head` is the cursor, where keys go.
 *
 * Pure. What order the ids stand in comes in as `GridAxes`: the lines and columns that are shown, as shown. A point that
 * is gone (its line was removed, its column hidden) is brought back with `selectionWithin` before anything else is asked.
 */
export interface GridPoint {
  readonly row: string;
  readonly column: string;
}

export interface GridSelection {
  readonly anchor: GridPoint;
  readonly head: GridPoint;
}

export interface GridAxes {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

/** A selection laid out: ids in the order in which they are shown. */
export interface GridRange {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

/** The row below the last line, where typing adds one. No id of a line: those have no `+`. It is in no range. */
export const NEW_ROW = '+';

export const selectCell = (point: GridPoint): GridSelection => ({ anchor: point, head: point });

const isSamePoint = (a: GridPoint, b: GridPoint): boolean => a.row === b.row && a.column === b.column;

/** More than the cursor's own cell. */
export const isRange = ({ anchor, head }: GridSelection): boolean => !isSamePoint(anchor, head);

/** The lines and columns that are selected, in order. */
export function rangeOf({ anchor, head }: GridSelection, axes: GridAxes): GridRange {
  return {
    rows: between(axes.rows, anchor.row, head.row).filter((row) => row !== NEW_ROW),
    columns: between(axes.columns, anchor.column, head.column),
  };
}

/** Every line and column; the cursor stays where it is shown, at the first cell. */
export function selectAll({ rows, columns }: GridAxes): GridSelection | null {
  const lines = rows.filter((row) => row !== NEW_ROW);
  const [firstRow, lastRow] = [lines[0], lines.at(-1)];
  const [firstColumn, lastColumn] = [columns[0], columns.at(-1)];
  if (firstRow === undefined || lastRow === undefined) return null;
  if (firstColumn === undefined || lastColumn === undefined) return null;
  return { anchor: { row: lastRow, column: lastColumn }, head: { row: firstRow, column: firstColumn } };
}

/** Whole lines, from one to another. */
export function selectRows({ columns }: GridAxes, from: string, to: string): GridSelection | null {
  const [first, last] = [columns[0], columns.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { anchor: { row: from, column: last }, head: { row: to, column: first } };
}

/** Whether whole lines are selected: every column, and at least one line. */
export function selectsWholeRows(selection: GridSelection, axes: GridAxes): boolean {
  const { rows, columns } = rangeOf(selection, axes);
  return rows.length > 0 && axes.columns.length > 1 && columns.length === axes.columns.length;
}

/**
 * The selection on what is shown now. `before` is what was shown when it last fitted: a point whose line is gone goes to
 * the line that took its place, one whose column is gone to the first column.
 */
export function selectionWithin(selection: GridSelection, axes: GridAxes, before: GridAxes): GridSelection {
  const anchor = pointWithin(selection.anchor, axes, before);
  const head = pointWithin(selection.head, axes, before);
  return anchor === selection.anchor && head === selection.head ? selection : { anchor, head };
}

function pointWithin(point: GridPoint, axes: GridAxes, before: GridAxes): GridPoint {
  const row = idWithin(point.row, axes.rows, before.rows);
  const column = axes.columns.includes(point.column) ? point.column : (axes.columns[0] ?? point.column);
  return row === point.row && column === point.column ? point : { row, column };
}

function idWithin(id: string, ids: readonly string[], before: readonly string[]): string {
  if (ids.includes(id)) return id;
  const at = before.indexOf(id);
  const next = before.slice(at + 1).find((one) => ids.includes(one));
  return (at === -1 ? ids[0] : next) ?? ids.at(-1) ?? id;
}

function between(ids: readonly string[], a: string, b: string): readonly string[] {
  const [from, to] = [ids.indexOf(a), ids.indexOf(b)];
  if (from === -1 || to === -1) return [];
  return ids.slice(Math.min(from, to), Math.max(from, to) + 1);
}
