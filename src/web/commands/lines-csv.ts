import type { CellValue, Row, Snapshot } from '../../client/connect-quote.ts';
import { LINE_WORDINGS, type LineColumn } from '../../quote/csv-headers.ts';
import type { DecimalSign } from '../../quote/import-result.ts';
import { isNumberColumn, withFormulaGuard } from '../../quote/line-text.ts';

/**
 * The lines of a quote as a CSV file, for a spreadsheet in the reader's language, and such that our own import reads the
 * same lines back: headers that it knows, and numbers that can be read in one way only.
 */
export function linesAsCsv({ fields, lineItems }: Snapshot, decimal: DecimalSign): string {
  const currency = typeof fields['currency'] === 'string' ? fields['currency'] : '';
  const columns = columnsOf(lineItems);
  const header = [...columns.map(headerOf), ...(currency === '' ? [] : ['Currency'])];
  const rows = lineItems.map(({ cells }) => [
    ...columns.map((column) => textOf(column, cells[column] ?? null, decimal)),
    ...(currency === '' ? [] : [currency]),
  ]);
  const delimiter = decimal === ',' ? ';' : ',';
  const lines = [header, ...rows].map((row) => row.map((text) => quote(text, delimiter)).join(delimiter));
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`;
}

/** Without it Excel reads no UTF-8. */
const BYTE_ORDER_MARK = '\u{feff}';

/** There even if empty, as they make the file one of lines. */
const ALWAYS: readonly LineColumn[] = ['sku', 'name', 'quantity', 'unitPrice'];

function columnsOf(lines: readonly Row[]): string[] {
  const isUsed = (column: string): boolean => lines.some(({ cells }) => (cells[column] ?? null) !== null);
  const known = (Object.keys(LINE_WORDINGS) as LineColumn[]).filter(
    (column) => ALWAYS.includes(column) || isUsed(column),
  );
  const free = new Set(
    lines.flatMap(({ cells }) => Object.keys(cells).filter((column) => column.startsWith('x_'))),
  );
  return [...known, ...[...free].toSorted()];
}

const headerOf = (column: string): string => LINE_WORDINGS[column as LineColumn]?.[0] ?? column;

function textOf(column: string, value: CellValue, decimal: DecimalSign): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return isNumberColumn(column) ? provable(value).replace('.', decimal) : withFormulaGuard(value);
}

/** `1.234` could be a thousand and more; `1.2340` could not. */
const provable = (number: string): string => (/^-?\d{1,3}\.\d{3}$/.test(number) ? `${number}0` : number);

const quote = (text: string, delimiter: string): string =>
  /["\n\r]|^\s|\s$/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;

/** A file's name from the quote's title, without what file systems do not take. */
export function csvFileName(title: CellValue): string {
  const words =
    typeof title === 'string'
      ? title
          .replaceAll(/[\p{C}\p{Z}\\/:*?"<>|.]+/gu, ' ')
          .trim()
          .slice(0, 80)
          .trim()
      : '';
  return `${words === '' ? 'Quote' : words} - lines.csv`;
}
