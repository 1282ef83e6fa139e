/**
 * Splits `total` in proportion to `weights` into whole units that add up to exactly `total`: each part is rounded
 * down, and the units left over go to the largest remainders, the first of equal ones first (Hamilton's method).
 *
 * Weights may be negative (credit lines); their sum must not be zero unless `total` is. While `total` lies between 0
 * and that sum, every part lies between 0 and its weight.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (total === 0n || sum === 0n) return weights.map(() => 0n);
  const sign = sum < 0n ? -1n : 1n;
  const parts = weights.map((weight, index) => ({ index, ...divide(sign * total * weight, sign * sum) }));
  let left = total - parts.reduce((a, { quotient }) => a + quotient, 0n);
  const result = parts.map(({ quotient }) => quotient);
  for (const { index, quotient } of parts.toSorted(byRemainder)) {
    if (left === 0n) break;
    result[index] = quotient + 1n;
    left -= 1n;
  }
  return result;
}

interface Part {
  readonly index: number;
  readonly remainder: bigint;
}

function byRemainder(a: Part, b: Part): number {
  if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1;
  return a.index - b.index;
}

/** Rounded down, also below zero, so that the remainder is never negative. `divisor` is above zero. */
function divide(dividend: bigint, divisor: bigint): { quotient: bigint; remainder: bigint } {
  const remainder = ((dividend % divisor) + divisor) % divisor;
  return { quotient: (dividend - remainder) / divisor, remainder };
}
