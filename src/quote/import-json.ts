import { fail } from '../lib/result.ts';
import { checkPermission } from './import-permission.ts';
import {
  type ImportOptions,
  type ImportProblem,
  type ImportResult,
  createProblemList,
  limitsOf,
  problemsOr,
} from './import-result.ts';
import { findTextProblem, withoutByteOrderMark } from './import-text.ts';
import type { CellSource } from './new-quote.ts';
import { parseNewQuote } from './new-quote-body.ts';

/** Reads a quote from a JSON file of the form of `POST /api/quotes`; also what `GET /api/quotes/:id` gave. */
export function importJson(text: string, options: ImportOptions = {}): ImportResult {
  const limits = limitsOf(options);
  const problem = findTextProblem(text, limits);
  if (problem !== null) return fail([problem]);
  const json = parseJson(withoutByteOrderMark(text));
  if (!json.ok) return fail([json.problem]);
  const quote = parseNewQuote(json.value, limits);
  if (!quote.ok) return quote;

  const problems = createProblemList();
  checkPermission(quote.value, options.mayWrite, problems, (source) => ({
    line: null,
    cell: pathOf(source),
  }));
  return problemsOr(problems, () => ({ quote: quote.value, ignoredColumns: [], decimal: '.' }));
}

type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: ImportProblem };

function parseJson(text: string): ParsedJson {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      problem: { line: lineOfError(text, reason), message: `this is not JSON: ${reason}` },
    };
  }
}

/** Engines tell the place of a mistake only in words: V8 and others by its offset, SpiderMonkey by its line. */
function lineOfError(text: string, reason: string): number | null {
  const line = /\bline (\d+)/.exec(reason)?.[1];
  if (line !== undefined) return Number(line);
  const offset = /\bposition (\d+)/.exec(reason)?.[1];
  return offset === undefined ? null : text.slice(0, Number(offset)).split('\n').length;
}

const pathOf = ({ root, index, column }: CellSource): string =>
  index === null ? `${root}.${column}` : `${root}[${index}].${column}`;
