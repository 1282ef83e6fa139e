import type { CellValue, Foreseen, Write } from '../../../client/connect-quote.ts';
import { rowCell } from '../../../quote/cell.ts';
import { columnTitle } from '../../../quote/column-titles.ts';
import { NET } from '../grid-columns.ts';
import { type GridAxes, type GridSelection, NEW_ROW, rangeOf } from '../selection.ts';
import { formatCellText } from './format-cell-text.ts';
import type { LeftOut } from './left-out.ts';

/** What the grid and the quote are like where cells are filled or emptied. */
export interface FillTarget {
  readonly axes: GridAxes;
  readonly selection: GridSelection;
  readonly readCell: (cell: string) => CellValue;
  readonly ask: (cell: string, value: CellValue) => Foreseen;
}

export interface FillPlan {
  readonly writes: readonly Write[];
  readonly leftOut: readonly LeftOut[];
}

/** Ctrl+D: the first selected line's values into the lines below it; of a single line, those of the line above it. */
export function planFillDown(target: FillTarget): FillPlan {
  const { axes, selection } = target;
  const range = rangeOf(selection, axes);
  const lines = linesOf(axes);
  const [first] = range.rows;
  const source = range.rows.length === 1 ? lines[lines.indexOf(first ?? '') - 1] : first;
  if (source === undefined) return { writes: [], leftOut: [] };
  return planEach(
    target,
    range.rows.filter((row) => row !== source),
    (column) => target.readCell(rowCell('lineItems', source, column)),
  );
}

/** Delete: empties what is selected. */
export const planClear = (target: FillTarget): FillPlan =>
  planEach(target, rangeOf(target.selection, target.axes).rows, () => null);

function planEach(
  { axes, selection, readCell, ask }: FillTarget,
  rows: readonly string[],
  valueOf: (column: string) => CellValue,
): FillPlan {
  const writes: Write[] = [];
  const leftOut: LeftOut[] = [];
  const columns = rangeOf(selection, axes).columns.filter((column) => column !== NET);
  const numberOf = new Map(linesOf(axes).map((row, index) => [row, index + 1]));
  for (const row of rows) {
    for (const column of columns) {
      const cell = rowCell('lineItems', row, column);
      const value = valueOf(column);
      if (readCell(cell) === value) continue;
      const foreseen = ask(cell, value);
      if (foreseen.kind === 'open') writes.push({ cell, value });
      else {
        leftOut.push({
          line: numberOf.get(row) ?? null,
          column: columnTitle('lineItems', column),
          text: formatCellText(column, value),
          why: foreseen.message,
          cell,
        });
      }
    }
  }
  return { writes, leftOut };
}

const linesOf = ({ rows }: GridAxes): readonly string[] => rows.filter((row) => row !== NEW_ROW);
