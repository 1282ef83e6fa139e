import { fail } from '../lib/result.ts';
import { findCurrency } from './csv-currency.ts';
import { type CsvColumn, countKnownHeaders, readHeaders, repeatedHeaders } from './csv-headers.ts';
import { type CsvLine, cellsOfLine, isNameOrSku, numbersOf, readCsvLines } from './csv-lines.ts';
import { settleDecimalSign } from './csv-numbers.ts';
import { type CsvRecord, readCsvRecords } from './csv-records.ts';
import { checkPermission } from './import-permission.ts';
import {
  type DecimalSign,
  type ImportOptions,
  type ImportProblem,
  type ImportResult,
  createProblemList,
  limitsOf,
  problemsOr,
} from './import-result.ts';
import { findTextProblem, withoutByteOrderMark } from './import-text.ts';
import type { NewQuote } from './new-quote.ts';

export interface CsvImportOptions extends ImportOptions {
  /** The decimal sign of the file's numbers; without it, the one that they prove. */
  readonly decimal?: DecimalSign;
}

/**
 * Reads the line items of a quote from a CSV file as Salesforce, HubSpot or a spreadsheet write it. The first
 * line names the columns, see `csv-headers.ts`; every other one is a line item, in that order.
 */
export function importCsv(text: string, options: CsvImportOptions = {}): ImportResult {
  const limits = limitsOf(options);
  const textProblem = findTextProblem(text, limits);
  if (textProblem !== null) return fail([textProblem]);
  const records = readCsvRecords(withoutByteOrderMark(text), countKnownHeaders);
  if (!records.ok) return fail([records.reason]);
  const [header, ...rows] = records.value;
  if (header === undefined) return fail([{ line: null, message: 'the file is empty' }]);
  const columns = readHeaders(header.fields);
  const tableProblems = findTableProblems(header, columns, rows, limits.lineItems);
  if (tableProblems.length > 0) return fail(tableProblems);

  const problems = createProblemList();
  const lines = readCsvLines(rows, columns, problems);
  const currency = findCurrency(lines);
  if (!currency.ok) problems.add(currency.reason);
  const decimal =
    options.decimal === undefined
      ? settleDecimalSign(numbersOf(lines))
      : { ok: true as const, value: options.decimal };
  if (!decimal.ok) problems.add(decimal.reason);
  if (!decimal.ok || !currency.ok) return fail(problems.all());

  const reading = { decimal: decimal.value, cellBytesMax: limits.cellBytes };
  const quote: NewQuote = {
    fields: currency.value === null ? {} : { currency: currency.value },
    lineItems: lines.map((line) => ({ cells: cellsOfLine(line, reading, problems) })),
    discounts: [],
    notes: [],
  };
  checkPermission(quote, options.mayWrite, problems, ({ index, column }) =>
    placeOf(lines, columns, { index, column }),
  );
  return problemsOr(problems, () => ({
    quote,
    ignoredColumns: columns
      .filter((column, index) => isLeftOut(column, index, rows))
      .map(({ header: name }) => name),
    decimal: decimal.value,
  }));
}

/** What is wrong with the file as a whole, so that its lines need not be read. */
function findTableProblems(
  { line, fields }: CsvRecord,
  columns: readonly CsvColumn[],
  rows: readonly CsvRecord[],
  rowsMax: number,
): ImportProblem[] {
  if (!columns.some(isNameOrSku)) {
    const found = fields.map((name) => `"${name}"`).join(', ');
    return [
      {
        line,
        message: `no column has the name or the SKU of a product, like "Product Name" or "SKU"; the header has ${found}`,
      },
    ];
  }
  const repeated = repeatedHeaders(fields);
  if (repeated.length > 0) {
    return repeated.map((column) => ({ line, column, message: 'the header has this column several times' }));
  }
  const first = rows[0];
  if (first === undefined) return [{ line: null, message: 'the file has a header but no lines under it' }];
  const beyond = rows[rowsMax];
  if (beyond === undefined) return [];
  return [
    { line: beyond.line, message: `the file has ${rows.length} lines; a quote takes at most ${rowsMax}` },
  ];
}

/** Where a cell of the new quote came from. Positions, which no column holds, only have a line. */
function placeOf(
  lines: readonly CsvLine[],
  columns: readonly CsvColumn[],
  at: { readonly index: number | null; readonly column: string },
): Omit<ImportProblem, 'message'> {
  const isSource = (column: CsvColumn): boolean =>
    column.kind === 'currency' ? at.index === null : 'column' in column && column.column === at.column;
  const header = columns.find(isSource)?.header;
  const line = at.index === null ? null : (lines[at.index]?.line ?? null);
  return header === undefined ? { line } : { line, column: header };
}

/** A column without a header is only worth a word if it holds something. */
function isLeftOut(column: CsvColumn, index: number, rows: readonly CsvRecord[]): boolean {
  if (column.kind !== 'ignored') return false;
  return !column.isNameless || rows.some(({ fields }) => (fields[index] ?? '') !== '');
}
