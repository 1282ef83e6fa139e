import type { CellId } from '../lib/ids.ts';
import { type Limits, defaultLimits } from '../lib/limits.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import type { CellValue } from './cell.ts';
import type { NewQuote } from './new-quote.ts';

/**
 * What importing a file gives: a whole quote, or everything that is wrong with the file. Nothing is ever
 * imported in part, so that a person mends the file once and imports it again.
 */
export type ImportResult = Result<Imported, readonly ImportProblem[]>;

export interface Imported {
  readonly quote: NewQuote;
  /** Headers of columns that were not taken over, as written in the file. */
  readonly ignoredColumns: readonly string[];
  /** The decimal sign of the file's numbers. */
  readonly decimal: DecimalSign;
}

export type DecimalSign = '.' | ',';

export interface ImportProblem {
  /** Line of the file, from 1; null where it is about the whole file or the file has no lines to speak of. */
  readonly line: number | null;
  /** The column's header as written in the file. */
  readonly column?: string;
  /** Where in a quote's JSON: `lineItems[3].quantity`. */
  readonly cell?: string;
  readonly message: string;
}

export interface ImportOptions {
  readonly limits?: Limits;
  /**
   * Says why the importer may not set this value, or null. `cells` is all that the import would write, so that
   * values which belong together (kind and value of a discount) can be judged together.
   */
  readonly mayWrite?: MayWrite;
}

/** One line for a person: `line 3, Quantity: takes a decimal`, `line 4 has 3 fields; the header has 4`. */
export function describeProblem({ line, column, cell, message }: ImportProblem): string {
  const place = [line === null ? null : `line ${line}`, column, cell]
    .filter((part) => part != null)
    .join(', ');
  if (line !== null && column === undefined && cell === undefined && message.startsWith('has ')) {
    return `${place} ${message}`;
  }
  return place === '' ? message : `${place}: ${message}`;
}

export type MayWrite = (
  cell: CellId,
  value: CellValue,
  cells: ReadonlyMap<CellId, CellValue>,
) => string | null;

export const limitsOf = (options: ImportOptions): Limits => options.limits ?? defaultLimits;

/** Problems that are told one by one; the rest are only counted. */
const PROBLEMS_MAX = 50;

/** Gathers problems, to tell the first {@link PROBLEMS_MAX} by line, and how many there are beside. */
export interface ProblemList {
  add(problem: ImportProblem): void;
  readonly isEmpty: boolean;
  all(): readonly ImportProblem[];
}

export function createProblemList(): ProblemList {
  const kept: ImportProblem[] = [];
  let more = 0;
  return {
    add(problem) {
      if (kept.length < PROBLEMS_MAX) kept.push(problem);
      else more += 1;
    },
    get isEmpty() {
      return kept.length === 0;
    },
    all() {
      const sorted = kept.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
      return more === 0 ? sorted : [...sorted, { line: null, message: `and ${more} more` }];
    },
  };
}

export const problemsOr = <T>(problems: ProblemList, value: () => T): Result<T, readonly ImportProblem[]> =>
  problems.isEmpty ? ok(value()) : fail(problems.all());
