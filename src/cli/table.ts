import { fit, plain, widthOf } from './plain-text.ts';

/** A column of a table in the terminal: numbers stand on the right, long text is cut at `widthMax`. */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly widthMax?: number;
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

export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + space : space + text;
}
