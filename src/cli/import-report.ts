import { type CsvColumn, LINE_WORDINGS, type LineColumn } from '../quote/csv-headers.ts';
import type { Imported } from '../quote/import-result.ts';
import { withDefaultFields } from '../quote/new-quote.ts';
import { plain } from './plain-text.ts';

/** A quote that was made of a file. */
export interface ImportedQuote {
  readonly id: string;
  readonly revision: number;
  readonly report: ImportReport;
}

/** What was made of a file, for whoever imported it. */
export interface ImportReport {
  readonly lineItems: number;
  /** Headers whose values were left out. */
  readonly ignoredColumns: readonly string[];
  /** Headers that are no known column, and the columns `x_...` that hold their values now. */
  readonly freeColumns: readonly { readonly header: string; readonly column: string }[];
  readonly currency: string | null;
  readonly decimal: Imported['decimal'];
  /** What a person should look at: a sentence each. */
  readonly warnings: readonly string[];
}

/** `columns` are those of a CSV file, none of a JSON file; `given` is the currency that a flag or the file names. */
export function reportImport(
  { quote, ignoredColumns, decimal }: Imported,
  columns: readonly CsvColumn[],
  given: { readonly currency?: string },
): ImportReport {
  const { fields } = withDefaultFields({ ...quote, fields: { ...quote.fields, ...given } }, '');
  const currency = fields['currency'];
  return {
    lineItems: quote.lineItems.length,
    ignoredColumns,
    freeColumns: columns.flatMap((one) =>
      one.kind === 'free' && one.header !== one.column ? [{ header: one.header, column: one.column }] : [],
    ),
    currency: typeof currency === 'string' ? currency : null,
    decimal,
    warnings: [
      ...(columns.length === 0 ? [] : EXPECTED.flatMap((expected) => missing(columns, expected))),
      ...('currency' in given || 'currency' in quote.fields
        ? []
        : [`the currency is ${String(currency)}, since neither --currency nor the file names one`]),
    ],
  };
}

interface Expected {
  readonly column: LineColumn;
  readonly what: string;
  readonly without: string;
}

/** Columns without which a quote adds up to nothing like the file. */
const EXPECTED: readonly Expected[] = [
  {
    column: 'quantity',
    what: 'quantity',
    without: 'each line counts once',
  },
  {
    column: 'unitPrice',
    what: 'price',
    without: 'each line costs 0',
  },
];

const isMissing = (columns: readonly CsvColumn[], { column }: Expected): boolean =>
  !columns.some((one) => one.kind === 'line' && one.column === column);

function missing(columns: readonly CsvColumn[], expected: Expected): string[] {
  const { what, without } = expected;
  if (!isMissing(columns, expected)) return [];
  return [
    `no header was recognized as the ${what}, so ${without}: ${foundOf(columns)}; known names are ${knownOf(expected)}`,
  ];
}

/** Why a CSV file makes no quote worth having: it gives neither quantities nor prices. Null if it does. */
export function describeWorthless(columns: readonly CsvColumn[]): string | null {
  if (columns.length === 0 || !EXPECTED.every((expected) => isMissing(columns, expected))) return null;
  const known = EXPECTED.map((expected) => `of the ${expected.what} ${knownOf(expected)}`).join(', ');
  return (
    `no header was recognized as the quantity or the price, so the quote would cost 0: ${foundOf(columns)}; ` +
    `known names are ${known}; --allow-missing imports it all the same`
  );
}

const foundOf = (columns: readonly CsvColumn[]): string =>
  `the headers are ${columns.map(({ header }) => quoted(header)).join(', ')}`;

const knownOf = ({ column }: Expected): string => LINE_WORDINGS[column].map(quoted).join(', ');

export function describeReport({ ignoredColumns, freeColumns }: ImportReport): string[] {
  const free = freeColumns.map(({ header, column }) => `${quoted(header)} as ${column}`);
  const ignored = ignoredColumns.map((name) => plain(name === '' ? '(no name)' : name));
  return [
    ...(free.length === 0 ? [] : [`Not known here, kept as free columns: ${free.join(', ')}`]),
    ...(ignored.length === 0 ? [] : [`Not taken over: ${ignored.join(', ')}`]),
  ];
}

const quoted = (header: string): string => plain(`"${header}"`);
