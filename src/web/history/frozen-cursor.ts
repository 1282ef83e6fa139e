import { parseCellId, rowCell } from '../../quote/cell.ts';

/** Where a key takes the cursor in the frozen grid, as a cell; null where it means nothing there. */
export function cellAfterKey(
  { key, ctrlKey, metaKey }: { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean },
  grid: {
    readonly lines: readonly string[];
    readonly columns: readonly string[];
    readonly selected: string | null;
  },
): string | null {
  const { lines, columns, selected } = grid;
  const step = STEPS[key];
  if (step === undefined) return null;
  const at = selected === null ? null : parseCellId(selected);
  const line = Math.max(0, lines.indexOf(at?.row ?? ''));
  const column = Math.max(0, columns.indexOf(at?.column ?? ''));
  const isFar = ctrlKey || metaKey;
  const to = step({ line, column, lastLine: lines.length - 1, lastColumn: columns.length - 1, isFar });
  const row = lines[Math.min(Math.max(to.line, 0), lines.length - 1)];
  const name = columns[Math.min(Math.max(to.column, 0), columns.length - 1)];
  return row === undefined || name === undefined ? null : rowCell('lineItems', row, name);
}

interface Place {
  readonly line: number;
  readonly column: number;
  readonly lastLine: number;
  readonly lastColumn: number;
  /** With Ctrl or Cmd: to the end. */
  readonly isFar: boolean;
}

const PAGE = 15;

const STEPS: Readonly<Record<string, (place: Place) => Pick<Place, 'line' | 'column'>>> = {
  ArrowUp: ({ line, column, isFar }) => ({ line: isFar ? 0 : line - 1, column }),
  ArrowDown: ({ line, column, lastLine, isFar }) => ({ line: isFar ? lastLine : line + 1, column }),
  ArrowLeft: ({ line, column, isFar }) => ({ line, column: isFar ? 0 : column - 1 }),
  ArrowRight: ({ line, column, lastColumn, isFar }) => ({ line, column: isFar ? lastColumn : column + 1 }),
  PageUp: ({ line, column }) => ({ line: line - PAGE, column }),
  PageDown: ({ line, column }) => ({ line: line + PAGE, column }),
  Home: ({ line, isFar }) => ({ line: isFar ? 0 : line, column: 0 }),
  End: ({ line, lastLine, lastColumn, isFar }) => ({ line: isFar ? lastLine : line, column: lastColumn }),
};
