import { fit, plain, widthOf } from './plain-text.ts';

/** A column of a table in the terminal: numbers stand on the right, long text is cut at `widthMax`. */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly widthMax?: number;
  /** How narrow `renderTableWithin` may make it; without it, never narrower than what stands in it. */
  readonly widthMin?: number;
}

/** Lines of a table with a header. Columns in which nothing stands are left out. */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) =>
    row.map((cell, index) => fit(plain(cell), columns[index]?.widthMax ?? Infinity)),
  );
  const used = columns
    .map((column, index) => ({ column, index }))
    .filter(({ index }) => shown.some((row) => (row[index] ?? '') !== ''))
    .map(({ column, index }) => ({
      column,
      index,
      width: Math.max(widthOf(column.title), ...shown.map((row) => widthOf(row[index] ?? ''))),
    }));
  const line = (cell: (index: number) => string): string =>
    used
      .map(({ column, index, width }) => pad(cell(index), width, column.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [
    line((index) => columns[index]?.title ?? ''),
    ...shown.map((row) => line((index) => row[index] ?? '')),
  ];
}

/**
 * The table in no more than so many columns of the terminal, or null where that is too few: columns with a `widthMin`
 * give way, the last of them first.
 */
export function renderTableWithin(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] | null {
  const fitted = [...columns];
  let table = renderTable(fitted, rows);
  for (let index = columns.length - 1; index >= 0; index -= 1) {
    const over = widestOf(table) - width;
    if (over <= 0) return table;
    const column = columns[index];
    if (column?.widthMin === undefined) continue;
    const cells = rows.map((row) => plain(row[index] ?? ''));
    const now = Math.min(widestOf(cells), column.widthMax ?? Infinity);
    fitted[index] = { ...column, widthMax: Math.max(column.widthMin, now - over) };
    table = renderTable(fitted, rows);
  }
  return widestOf(table) <= width ? table : null;
}

const widestOf = (texts: readonly string[]): number =>
  texts.reduce((widest, text) => Math.max(widest, widthOf(text)), 0);

export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + space : space + text;
}
