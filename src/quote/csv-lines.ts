import { type Result, fail, ok } from '../lib/result.ts';
import type { CellValue } from './cell.ts';
import { parseColumnValue } from './columns.ts';
import type { CsvColumn } from './csv-headers.ts';
import type { NumberAt } from './csv-numbers.ts';
import type { CsvRecord } from './csv-records.ts';
import type { DecimalSign, ProblemList } from './import-result.ts';
import { quoted, readLineNumber, readLineText } from './line-text.ts';
import { type WrittenNumber, readWrittenNumber } from './written-number.ts';

/**
 * From records to cells, in two steps, since no number can be read before all of them have told their decimal sign:
 * `readCsvLines` sorts the fields to their columns, `cellsOfLine` makes the values.
 */
export interface CsvLine {
  readonly line: number;
  /** The fields that hold something. */
  readonly fields: readonly CsvField[];
}

export interface CsvField {
  readonly column: CsvColumn;
  readonly text: string;
  /** Set in the columns of numbers. */
  readonly number: WrittenNumber | null;
}

export function readCsvLines(
  records: readonly CsvRecord[],
  columns: readonly CsvColumn[],
  problems: ProblemList,
): CsvLine[] {
  return records.flatMap(({ line, fields }) => {
    const hasSurplus = fields.slice(columns.length).some((text) => text !== '');
    if (fields.length < columns.length || hasSurplus) {
      problems.add({
        line,
        message: `has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'}; the header has ${columns.length}`,
      });
      return [];
    }
    if (!columns.some((column, index) => isNameOrSku(column) && fields[index] !== '')) {
      problems.add({ line, message: 'has neither a name nor a SKU; take the line out if it is a total' });
    }
    const read: CsvField[] = [];
    for (const [index, column] of columns.entries()) {
      const text = fields[index] ?? '';
      if (text === '' || column.kind === 'ignored') continue;
      const field = readField(column, text);
      if (field.ok) read.push({ column, text, number: field.value });
      else problems.add({ line, column: column.header, message: field.reason });
    }
    return [{ line, fields: read }];
  });
}

/** All numbers of the lines, for `settleDecimalSign`. */
export const numbersOf = (lines: readonly CsvLine[]): NumberAt[] =>
  lines.flatMap(({ line, fields }) =>
    fields.flatMap(({ column, text, number }) =>
      number === null ? [] : [{ line, column: column.header, text, number }],
    ),
  );

/** The values of one line, each one that its column takes. */
export function cellsOfLine(
  { line, fields }: CsvLine,
  options: { readonly decimal: DecimalSign; readonly cellBytesMax: number },
  problems: ProblemList,
): Record<string, CellValue> {
  const cells: Record<string, CellValue> = {};
  for (const field of fields) {
    const { column, text } = field;
    if (column.kind !== 'line' && column.kind !== 'free') continue;
    const value = readLineText(column.column, field, options.decimal);
    const parsed = value.ok
      ? parseColumnValue({ root: 'lineItems', column: column.column }, value.value, options.cellBytesMax)
      : value;
    if (parsed.ok) cells[column.column] = parsed.value;
    else problems.add({ line, column: column.header, message: `${parsed.reason}, not ${quoted(text)}` });
  }
  return cells;
}

export const isNameOrSku = (column: CsvColumn): boolean =>
  column.kind === 'line' && (column.column === 'name' || column.column === 'sku');

/** A field's number, or null where its column holds none. */
function readField(column: CsvColumn, text: string): Result<WrittenNumber | null> {
  if (column.kind === 'discountAmount') {
    const isNothing = Object.values(readWrittenNumber(text)?.readings ?? {}).includes('0');
    return isNothing
      ? ok(null)
      : fail(`${quoted(text)} is money off, and a line takes a discount in percent only`);
  }
  return column.kind === 'line' ? readLineNumber(column.column, text) : ok(null);
}
