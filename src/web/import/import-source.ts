import { type Result, fail, ok } from '../../lib/result.ts';

/** Where lines to import come from: a file that was chosen or dropped, or a table from the clipboard. */
export type ImportSource =
  | { readonly kind: 'file'; readonly file: Pick<File, 'name' | 'size' | 'text'> }
  | { readonly kind: 'paste'; readonly text: string };

/** A source that was read: still only text. */
export interface ImportText {
  /** "lines.csv", or what stands for it. */
  readonly name: string;
  /** A title for the quote: the file's name without its ending; empty for a pasted table. */
  readonly title: string;
  readonly text: string;
  readonly isJson: boolean;
  /** What to call it in a sentence. */
  readonly noun: 'file' | 'table';
}

const PASTED = 'the pasted table';

export const nameOf = (source: ImportSource): string => (source.kind === 'file' ? source.file.name : PASTED);

/** Reads a source; a file that is too large or no text is not even looked into. The reason is a sentence. */
export async function readSource(source: ImportSource, bytesMax: number): Promise<Result<ImportText>> {
  const name = nameOf(source);
  if (source.kind === 'paste')
    return ok({ name, title: '', text: source.text, isJson: looksLikeJson(source.text), noun: 'table' });
  if (source.file.size > bytesMax) {
    const [size, most] = [source.file.size, bytesMax].map((bytes) => `${(bytes / MIB).toFixed(1)} MiB`);
    return fail(`${name} has ${size}, and a quote takes at most ${most}. Split it into several quotes.`);
  }
  if (/\.xlsx?$/i.test(name)) return fail(isExcel(name));
  let text: string;
  try {
    text = await source.file.text();
  } catch {
    return fail(`${name} cannot be read. It may have been moved or be a folder: choose it again.`);
  }
  if (text.startsWith(ZIP_MAGIC)) return fail(isExcel(name));
  const isJson = /\.json$/i.test(name) || looksLikeJson(text);
  return ok({ name, title: name.replace(/\.[^.]*$/, ''), text, isJson, noun: 'file' });
}

/** What is a table and no mere text: several columns or lines. */
export const looksLikeTable = (text: string): boolean => /[^\s].*[\t\n]\s*\S/s.test(text);

const MIB = 1024 * 1024;
/** Spreadsheets of Excel are zip archives. */
const ZIP_MAGIC = 'PK\u0003\u0004';

const isExcel = (name: string): string =>
  `${name} is an Excel file. Save it as "CSV UTF-8" in Excel, or copy its table and paste it here.`;

const looksLikeJson = (text: string): boolean => /^\uFEFF?\s*\{/.test(text);
