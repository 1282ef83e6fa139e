import type { ImportProblem } from '../../quote/import-result.ts';
import type { ImportTable } from './import-table.ts';
import type { RefusedValue } from './refused-values.ts';

/** What is wrong with a cell of the preview, or with a whole line of it. */
export interface ImportMark {
  readonly kind: 'bad' | 'refused';
  readonly message: string;
}

/** One sentence of the list above the preview, and the row of the table that it is about. */
export interface PlacedProblem extends ImportMark {
  /** "Line 3, Discount"; empty for the whole file. */
  readonly place: string;
  /** From 0; null where it is about no row. */
  readonly row: number | null;
  /** From 0; null where it is about the whole row. */
  readonly column: number | null;
}

export function placeProblem(problem: ImportProblem, table: ImportTable | null): PlacedProblem {
  const { line, column, cell, message } = problem;
  const rest = { kind: 'bad' as const, message };
  if (cell !== undefined) return { ...placeOfPath(cell, table), ...rest };
  const row = table?.rows.findIndex((one) => line !== null && one.line === line) ?? -1;
  const at = table?.columns.findIndex(({ header }) => header === column) ?? -1;
  const place = [line === null ? null : `Line ${line}`, column].filter((part) => part != null).join(', ');
  return { ...rest, place, row: row < 0 ? null : row, column: at < 0 ? null : at };
}

export const placeRefused = ({ path, message }: RefusedValue, table: ImportTable | null): PlacedProblem => ({
  ...placeOfPath(path, table),
  kind: 'refused',
  message,
});

/** `lineItems[3].quantity` is in the fourth line; what is in no line keeps its path. */
function placeOfPath(
  path: string,
  table: ImportTable | null,
): Pick<PlacedProblem, 'place' | 'row' | 'column'> {
  const [, index, name] = /^lineItems\[(\d+)\]\.(.+)$/.exec(path) ?? [];
  const row = index === undefined ? undefined : table?.rows[Number(index)];
  if (index === undefined || row === undefined || table === null)
    return { place: path, row: null, column: null };
  const column = table.columns.findIndex((one) => one.column === name);
  const header = table.columns[column]?.header ?? name;
  const line = row.line === null ? `Line item ${Number(index) + 1}` : `Line ${row.line}`;
  return { place: `${line}, ${header}`, row: Number(index), column: column < 0 ? null : column };
}

/** By row and column; a row as a whole under the column -1. */
export type Marks = ReadonlyMap<string, ImportMark>;

export const markKey = (row: number, column: number): string => `${row}/${column}`;

export function marksOf(problems: readonly PlacedProblem[]): Marks {
  const marks = new Map<string, ImportMark>();
  for (const { row, column, kind, message } of problems) {
    if (row !== null) marks.set(markKey(row, column ?? -1), { kind, message });
  }
  return marks;
}
