import { generateNKeysBetween } from 'fractional-indexing';
import { POSITION_CHARS_MAX } from '../quote/columns.ts';

/**
 * `count` positions for rows that come behind the first `behind` of those at `known`, which are in order. Where the next
 * ones share a position (two people added at once), they come after those; where no position is left behind a row, as
 * behind the very last that there is, before that row. Null where none is left at all.
 */
export function findPositions(
  known: readonly string[],
  behind: number,
  count: number,
): readonly string[] | null {
  for (const low of [null, ...known.slice(0, behind)].toReversed()) {
    const high = known.find((position) => low === null || position > low) ?? null;
    const positions = generateNKeysBetween(low, high, count);
    if (positions.every(({ length }) => length <= POSITION_CHARS_MAX)) return positions;
  }
  return null;
}
