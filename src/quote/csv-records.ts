// The browser build: it brings its own Buffer and runs in Node as well.
import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { present } from '../lib/assert.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import type { ImportProblem } from './import-result.ts';

/** One record of a CSV file: its fields, trimmed, and the line on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

const DELIMITERS = [',', ';', '\t'] as const;
type Delimiter = (typeof DELIMITERS)[number];

/**
 * Takes CSV apart (RFC 4180): fields may be quoted and hold line breaks, which become `\n`. Empty lines and records of
 * empty fields are left out. Of `,` `;` and tab that one is the delimiter which gives the header the highest score; of
 * equal ones, the one which gives it more fields.
 */
export function readCsvRecords(
  text: string,
  scoreHeader: (fields: readonly string[]) => number,
): Result<readonly CsvRecord[], ImportProblem> {
  const lines = text.replaceAll(/\r\n?/g, '\n');
  return parseRecords(lines, detectDelimiter(lines, scoreHeader));
}

function detectDelimiter(text: string, scoreHeader: (fields: readonly string[]) => number): Delimiter {
  const candidates = DELIMITERS.map((delimiter) => {
    const header = parseRecords(text, delimiter, 1);
    const fields = header.ok ? (header.value[0]?.fields ?? []) : [];
    return { delimiter, score: scoreHeader(fields), fields: fields.length };
  });
  const best = candidates.toSorted((a, b) => b.score - a.score || b.fields - a.fields)[0];
  return present(best, 'there are delimiters to choose from').delimiter;
}

function parseRecords(
  text: string,
  delimiter: Delimiter,
  to = -1,
): Result<readonly CsvRecord[], ImportProblem> {
  const records: CsvRecord[] = [];
  let lastLine = 0;
  try {
    parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      to,
      on_record: (fields, { lines }) => {
        lastLine = lines;
        const line = lines - fields.join('').split('\n').length + 1;
        if (fields.some((field) => field !== '')) records.push({ line, fields });
        return null;
      },
    });
    return ok(records);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return fail(problemOf(error, lastLine));
  }
}

function problemOf({ code, message, lines }: CsvError, lastLine: number): ImportProblem {
  const howToQuote = 'a field with a quote in it is put in quotes, and each quote in it doubled: "12"" pipe"';
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return {
        line: lastLine + 1,
        message: `a quote is opened here, or shortly after, and never closed; ${howToQuote}`,
      };
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return {
        line: typeof lines === 'number' ? lines : lastLine + 1,
        message: `a quote in the middle of a field; ${howToQuote}`,
      };
    default:
      return { line: lastLine + 1, message };
  }
}
