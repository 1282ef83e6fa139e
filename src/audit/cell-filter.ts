import { type CellPattern, compilePattern, matches } from '../authority/cell-pattern.ts';
import type { CellId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';

/**
 * Which cells somebody asks about: a pattern as in the policy (`lineItems/*` + `/quantity`, `fields/x_*`, `**`), or the name
 * of a row or part, which stands for all in it. Several are parted by commas, and `!` leaves out.
 */
export interface CellFilter {
  takes(cell: string): boolean;
}

const FILTER_CHARS_MAX = 1_000;
const PATTERNS_MAX = 50;
/** Of one part of a name: with many the search for where each begins takes very long. */
const STARS_MAX = 2;

/** The reason is what follows the name of the flag or parameter. */
export function parseCellFilter(text: string): Result<CellFilter> {
  const patterns = text.split(',');
  if (text.length > FILTER_CHARS_MAX || patterns.length > PATTERNS_MAX) {
    return fail(`takes at most ${PATTERNS_MAX} patterns and ${FILTER_CHARS_MAX} characters`);
  }
  if (patterns.some((pattern) => pattern.replace('!', '') === '')) {
    return fail('takes a cell, a row or a pattern: fields/title, lineItems/l1, lineItems/*/quantity');
  }
  if (
    patterns.flatMap((pattern) => pattern.split('/')).some((part) => part.split('*').length - 1 > STARS_MAX)
  ) {
    return fail(`takes at most ${STARS_MAX} stars between two strokes`);
  }
  const isAllBut = patterns.every((pattern) => pattern.startsWith('!'));
  const compiled = compilePattern([...(isAllBut ? ['**'] : []), ...patterns.flatMap(withAllInIt)]);
  return ok(filterOf(compiled));
}

const withAllInIt = (pattern: string): string[] => [pattern, `${pattern}/**`];

const filterOf = (pattern: CellPattern): CellFilter => ({
  takes: (cell) => matches(pattern, cell as CellId),
});
