import type { Limits } from '../../lib/limits.ts';
import { countKnownHeaders, readHeaders } from '../../quote/csv-headers.ts';
import { type CsvLine, numbersOf, readCsvLines } from '../../quote/csv-lines.ts';
import { readCsvRecords } from '../../quote/csv-records.ts';
import { importCsv } from '../../quote/import-csv.ts';
import { importJson } from '../../quote/import-json.ts';
import { type DecimalSign, type ImportProblem, createProblemList } from '../../quote/import-result.ts';
import { withoutByteOrderMark } from '../../quote/import-text.ts';
import type { NewQuote } from '../../quote/new-quote.ts';
import { decimalSignOf } from '../../quote/written-number.ts';
import type { ImportText } from './import-source.ts';
import { type ImportTable, tableOfCsv, tableOfQuote } from './import-table.ts';

/** What a file says, as far as it can be read; nothing of it is asked of anybody yet. */
export interface ImportReading extends Pick<ImportText, 'noun'> {
  /** Null where not even its columns could be told. */
  readonly table: ImportTable | null;
  /** Null where something is wrong: then `problems` has all of it. Read with a point where `doubt` is not settled. */
  readonly quote: NewQuote | null;
  readonly problems: readonly ImportProblem[];
  /** A number that may be two, if nothing in the file tells which. */
  readonly doubt: DecimalDoubt | null;
  /** Columns of a CSV file without which it adds up to nothing like the file. */
  readonly missing: readonly ('quantity' | 'unitPrice')[];
}

export interface DecimalDoubt {
  readonly line: number;
  readonly column: string;
  readonly text: string;
  readonly readings: Readonly<Record<DecimalSign, string | null>>;
}

/** `decimal` is what a person said the sign is. */
export function readImport(
  { text, isJson, noun }: ImportText,
  decimal: DecimalSign | null,
  limits: Limits,
): ImportReading {
  return { noun, ...(isJson ? readJson(text, limits) : readCsv(text, decimal, limits)) };
}

function readJson(text: string, limits: Limits): Omit<ImportReading, 'noun'> {
  const result = importJson(text, { limits });
  const rest = { doubt: null, missing: [] };
  return result.ok
    ? { ...rest, table: tableOfQuote(result.value.quote), quote: result.value.quote, problems: [] }
    : { ...rest, table: null, quote: null, problems: result.reason };
}

function readCsv(text: string, decimal: DecimalSign | null, limits: Limits): Omit<ImportReading, 'noun'> {
  // What is too large is not taken apart only to be shown.
  const records =
    text.length > limits.httpBodyBytes ? null : readCsvRecords(withoutByteOrderMark(text), countKnownHeaders);
  const [header, ...rows] = records?.ok === true ? records.value : [];
  const columns = readHeaders(header?.fields ?? []);
  const hasTable = header !== undefined && rows.length <= limits.lineItems;
  const doubt = hasTable ? findDoubt(readCsvLines(rows, columns, createProblemList())) : null;
  const sign = decimal ?? (doubt === null ? null : '.');
  const result = importCsv(text, { limits, ...(sign !== null && { decimal: sign }) });
  const isMissing = (column: 'quantity' | 'unitPrice'): boolean =>
    !columns.some((one) => one.kind === 'line' && one.column === column);
  return {
    table: hasTable ? tableOfCsv(columns, rows) : null,
    quote: result.ok ? result.value.quote : null,
    problems: result.ok ? [] : result.reason,
    doubt,
    missing: hasTable ? (['quantity', 'unitPrice'] as const).filter(isMissing) : [],
  };
}

/** The first number that may be two, where no other proves the decimal sign. */
function findDoubt(lines: readonly CsvLine[]): DecimalDoubt | null {
  const numbers = numbersOf(lines).map((at) => ({ ...at, proves: decimalSignOf(at.number) }));
  if (numbers.some(({ proves }) => proves === '.' || proves === ',')) return null;
  const first = numbers.find(({ proves }) => proves === 'either');
  if (first === undefined) return null;
  const { line, column, text, number } = first;
  return { line, column, text, readings: number.readings };
}
