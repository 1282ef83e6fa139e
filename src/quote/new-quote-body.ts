import { z } from 'zod';
import { ID_PATTERN } from '../lib/ids.ts';
import type { Limits } from '../lib/limits.ts';
import { type Result, fail } from '../lib/result.ts';
import type { CellValue, Root, RowRoot } from './cell.ts';
import { parseColumnValue } from './columns.ts';
import { type ImportProblem, type ProblemList, createProblemList, problemsOr } from './import-result.ts';
import { Exact } from './money.ts';
import { type NewNote, type NewQuote, type NewRow, duplicatedIds } from './new-quote.ts';

/**
 * A new quote as JSON: the body of `POST /api/quotes`, and a file to import. It takes back what
 * `GET /api/quotes/:id` gives: `revision` and `totals` are let pass and count for nothing, and so does the
 * `position` of a row, since rows stand in their order. Numbers may be JSON numbers or decimal strings.
 */
const AN_ID = 'takes 1 to 64 letters, digits, _ and -';
const id = z.string(AN_ID).regex(ID_PATTERN, AN_ID);
const value = z.union(
  [z.string(), z.number(), z.boolean(), z.null()],
  'takes text, a number, true, false or null',
);
const row = z.object({ id: id.optional() }).catchall(value);
const note = z.object({ id: id.optional(), text: z.string().default('') }).catchall(value);

export const newQuoteBodySchema = z.strictObject({
  id: id.optional(),
  fields: z.record(z.string(), value).default({}),
  lineItems: z.array(row).default([]),
  discounts: z.array(row).default([]),
  notes: z.array(note).default([]),
  revision: z.unknown().optional(),
  totals: z.unknown().optional(),
});

export type NewQuoteBody = z.infer<typeof newQuoteBodySchema>;

/** Cells of one new quote: 2,000 rows of 20 columns. */
const CELLS_MAX = 40_000;

/**
 * Whether a body is larger than any quote, told without looking at its values: a schema looks at all of them, and a
 * hostile body has hundreds of thousands. Null if it is not, else a sentence.
 */
export function findOversize(json: unknown, limits: Limits): string | null {
  if (typeof json !== 'object' || json === null) return null;
  const body: Readonly<Record<string, unknown>> = { ...json };
  let cells = keyCount(body['fields']);
  for (const root of ['lineItems', 'discounts', 'notes'] as const) {
    const rows: unknown = body[root];
    if (!Array.isArray(rows)) continue;
    if (rows.length > limits[root])
      return `${root}: has ${rows.length} rows; a quote takes at most ${limits[root]}`;
    for (const one of rows) cells += keyCount(one);
  }
  return cells > CELLS_MAX ? `${cells} cells; a new quote has at most ${CELLS_MAX}` : null;
}

const keyCount = (json: unknown): number =>
  typeof json === 'object' && json !== null ? Object.keys(json).length : 0;

/** Any JSON value as a new quote, or all that is wrong with it, with the places by their path. */
export function parseNewQuote(json: unknown, limits: Limits): Result<NewQuote, readonly ImportProblem[]> {
  const oversize = findOversize(json, limits);
  if (oversize !== null) return fail([{ line: null, message: oversize }]);
  const body = newQuoteBodySchema.safeParse(json);
  if (body.success) return newQuoteOfBody(body.data, limits);
  const problems = createProblemList();
  for (const { path, message } of body.error.issues) {
    problems.add(path.length === 0 ? { line: null, message } : { line: null, cell: pathText(path), message });
  }
  return fail(problems.all());
}

/** Checks every value of a body that has the right form. */
export function newQuoteOfBody(
  body: NewQuoteBody,
  limits: Limits,
): Result<NewQuote, readonly ImportProblem[]> {
  const problems = createProblemList();
  const check: Check = { limits, problems };
  const rowsOf = (root: RowRoot, notCells: readonly string[]): NewRow[] =>
    body[root].map((given, index) => ({
      ...(given.id !== undefined && { id: given.id }),
      cells: parseCells(check, { root, path: `${root}[${index}]` }, without(given, notCells)),
    }));

  const quote: NewQuote = {
    ...(body.id !== undefined && { id: body.id }),
    fields: parseCells(check, { root: 'fields', path: 'fields' }, body.fields),
    lineItems: rowsOf('lineItems', ['id', 'position']),
    discounts: rowsOf('discounts', ['id', 'position']),
    notes: rowsOf('notes', ['id', 'position', 'text']).map((one, index): NewNote => ({
      ...one,
      text: parseText(check, `notes[${index}].text`, body.notes[index]?.text ?? ''),
    })),
  };
  for (const root of ['lineItems', 'discounts', 'notes'] as const) checkRows(check, root, quote[root]);
  return problemsOr(problems, () => quote);
}

interface Check {
  readonly limits: Limits;
  readonly problems: ProblemList;
}

type Values = Readonly<Record<string, unknown>>;

function without(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

function parseCells(
  check: Check,
  at: { root: Root; path: string },
  values: Values,
): Record<string, CellValue> {
  const cells: Record<string, CellValue> = {};
  for (const [column, given] of Object.entries(values)) {
    const offered = typeof given === 'number' ? decimalOfNumber(given) : given;
    const parsed = parseColumnValue({ root: at.root, column }, offered, check.limits.cellBytes);
    if (parsed.ok) cells[column] = parsed.value;
    else check.problems.add({ line: null, cell: `${at.path}.${column}`, message: parsed.reason });
  }
  return cells;
}

/** A JSON number as the shortest decimal that means it, without an exponent. */
const decimalOfNumber = (number: number): string => (number === 0 ? '0' : new Exact(number).toFixed());

function parseText({ problems }: Check, path: string, text: string): string {
  const halves = /\p{Surrogate}/u.test(text);
  if (halves)
    problems.add({ line: null, cell: path, message: 'takes text without half characters (lone surrogates)' });
  return text;
}

function checkRows({ limits, problems }: Check, root: RowRoot, rows: readonly NewRow[]): void {
  if (rows.length > limits[root]) {
    const message = `has ${rows.length} rows; a quote takes at most ${limits[root]}`;
    problems.add({ line: null, cell: root, message });
  }
  for (const twice of duplicatedIds(rows)) {
    problems.add({
      line: null,
      cell: root,
      message: `has several rows with the id ${twice}; ids are given once`,
    });
  }
}

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
