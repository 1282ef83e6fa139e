import type { CellValue } from '../../quote/cell.ts';
import type { CsvColumn } from '../../quote/csv-headers.ts';
import type { CsvRecord } from '../../quote/csv-records.ts';
import type { NewQuote } from '../../quote/new-quote.ts';
import { columnTitle } from '../../quote/column-titles.ts';

/** What is about to be imported, as the file has it: its columns with what each became, and its lines. */
export interface ImportTable {
  readonly columns: readonly ImportColumn[];
  readonly rows: readonly ImportRow[];
}

export interface ImportColumn {
  /** As written in the file. */
  readonly header: string;
  /** The column of a line item; null where it is none. */
  readonly column: string | null;
  readonly kind: 'known' | 'free' | 'quote' | 'left_out';
  /** For a person: "Unit price", "Own column", "Left out". */
  readonly meaning: string;
  readonly isNumber: boolean;
}

export interface ImportRow {
  /** Of the file, from 1; null where the file has no lines to speak of. */
  readonly line: number | null;
  readonly cells: readonly string[];
}

const NUMBERS = ['quantity', 'unitPrice', 'discountPercent'];

export function tableOfCsv(columns: readonly CsvColumn[], records: readonly CsvRecord[]): ImportTable {
  return {
    columns: columns.map(columnOfCsv),
    rows: records.map(({ line, fields }) => ({
      line,
      cells: columns.map((_, index) => fields[index] ?? ''),
    })),
  };
}

function columnOfCsv(column: CsvColumn): ImportColumn {
  const { header } = column;
  const none = { header, column: null, isNumber: false };
  switch (column.kind) {
    case 'line':
      return { ...known(column.column), header };
    case 'free':
      return { ...none, column: column.column, kind: 'free', meaning: 'Own column' };
    case 'currency':
      return { ...none, kind: 'quote', meaning: 'Currency of the quote' };
    case 'discountAmount':
      return { ...none, kind: 'left_out', meaning: 'Left out', isNumber: true };
    default:
      return { ...none, kind: 'left_out', meaning: 'Left out' };
  }
}

const known = (column: string): Omit<ImportColumn, 'header'> => ({
  column,
  kind: 'known',
  meaning: columnTitle('lineItems', column),
  isNumber: NUMBERS.includes(column),
});

/** The lines of a quote as JSON. They are counted: its file's lines say nothing. */
export function tableOfQuote({ lineItems }: NewQuote): ImportTable {
  const names = [...new Set(lineItems.flatMap(({ cells }) => Object.keys(cells)))];
  const columns = names.map((column): ImportColumn => {
    const isFree = column.startsWith('x_');
    const header = columnTitle('lineItems', column);
    return isFree
      ? { header, column, kind: 'free', meaning: 'Own column', isNumber: false }
      : { ...known(column), header };
  });
  return {
    columns,
    rows: lineItems.map(({ cells }) => ({ line: null, cells: names.map((name) => textOf(cells[name])) })),
  };
}

function textOf(value: CellValue | undefined): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value ?? '';
}
