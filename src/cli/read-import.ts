import { readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { Limits } from '../lib/limits.ts';
import { type CsvColumn, countKnownHeaders, readHeaders } from '../quote/csv-headers.ts';
import { readCsvRecords } from '../quote/csv-records.ts';
import { importCsv } from '../quote/import-csv.ts';
import { importJson } from '../quote/import-json.ts';
import {
  type DecimalSign,
  type ImportProblem,
  type ImportResult,
  type Imported,
  type MayWrite,
  describeProblem,
} from '../quote/import-result.ts';
import { withoutByteOrderMark } from '../quote/import-text.ts';
import type { NewQuote } from '../quote/new-quote.ts';
import { withRowIds } from '../quote/row-ids.ts';
import { CommandFailure } from './command-errors.ts';
import { describeWorthless } from './import-report.ts';
import { plain } from './plain-text.ts';

export interface ReadOptions {
  readonly cwd: string;
  readonly limits: Limits;
  readonly decimal?: DecimalSign;
}

/** A file of a quote: JSON by its name or its first character, else CSV. */
export interface ImportFile {
  read(mayWrite?: MayWrite): ImportResult;
  /** The columns of a CSV file that could be read; none of a JSON file. */
  columns(): readonly CsvColumn[];
}

/** Throws a `CommandFailure` if the file cannot be read at all. */
export function openImport(file: string, { cwd, limits, decimal }: ReadOptions): ImportFile {
  const text = readText(resolve(cwd, file), file);
  const isJson = extname(file).toLowerCase() === '.json' || /^\uFEFF?\s*\{/.test(text);
  return {
    read(mayWrite) {
      const options = { limits, ...(mayWrite !== undefined && { mayWrite }) };
      return isJson
        ? importJson(text, options)
        : importCsv(text, { ...options, ...(decimal !== undefined && { decimal }) });
    },
    columns() {
      if (isJson) return [];
      const records = readCsvRecords(withoutByteOrderMark(text), countKnownHeaders);
      return records.ok ? readHeaders(records.value[0]?.fields ?? []) : [];
    },
  };
}

function readText(path: string, file: string): string {
  const text = readUtf8(path, file);
  if (!text.startsWith(ZIP_MAGIC)) return text;
  throw new CommandFailure('invalid_file', `${file}: this is an Excel file: save it as CSV (UTF-8)`);
}

/** Spreadsheets of Excel are zip archives. */
const ZIP_MAGIC = 'PK\u0003\u0004';

function readUtf8(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new CommandFailure('unreadable_file', `${file} cannot be read: ${why}`);
  }
}

/** What was read, or thrown as a `CommandFailure`: all that is wrong with the file. */
export function readOrProblems(
  file: string,
  opened: ImportFile,
  { mayWrite, allowMissing }: { readonly mayWrite?: MayWrite; readonly allowMissing?: true },
): Imported {
  const result = opened.read(mayWrite);
  if (!result.ok) throw notImported(file, result.reason, 'invalid_file');
  const message = allowMissing ? null : describeWorthless(opened.columns());
  if (message !== null) throw notImported(file, [{ line: null, message }], 'invalid_file');
  return result.value;
}

export function notImported(file: string, problems: readonly ImportProblem[], code: string): Error {
  const lines = problems.map((problem) => `  ${plain(describeProblem(problem))}`);
  return new CommandFailure(code, `${file} was not imported, nothing of it:\n${lines.join('\n')}`);
}

/** What flags say of the quote itself. */
export interface QuoteFlags {
  readonly id?: string;
  readonly title?: string;
  readonly customer?: string;
  readonly currency?: string;
}

/**
 * The quote to make: what the flags say goes before what the file says; a file without id and title gives its own name
 * for both. Rows without an id get a short one, since people type it.
 */
export function quoteToMake(
  quote: NewQuote,
  { id, ...fields }: QuoteFlags,
  file: string,
): NewQuote & { readonly id: string } {
  const name = basename(file, extname(file));
  return withRowIds({
    ...quote,
    id: id ?? quote.id ?? idOf(name),
    fields: { title: name, ...quote.fields, ...fields },
  });
}

/** `Angebot Müller (2).csv` becomes `angebot-muller-2`. */
function idOf(name: string): string {
  const id = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
  return id === '' ? 'quote' : id;
}
