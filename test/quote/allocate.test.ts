import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../src/quote/allocate.ts';

const sum = (numbers: readonly bigint[]): bigint => numbers.reduce((a, b) => a + b, 0n);

describe('allocate', () => {
  it.each<[string, bigint, bigint[], bigint[]]>([
    ['splits evenly', 10n, [50n, 50n], [5n, 5n]],
    ['gives what is left to the first of equals', 100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    ['gives what is left to the largest remainder', 10n, [7n, 12n, 11n], [2n, 4n, 4n]],
    ['gives nothing to weightless ones', 3n, [0n, 3n, 0n], [0n, 3n, 0n]],
    ['splits nothing', 0n, [1n, -1n], [0n, 0n]],
    ['gives credit a negative part', 90n, [1000n, -100n], [100n, -10n]],
    ['splits below zero', -10n, [-100n, 0n, -100n], [-5n, 0n, -5n]],
    ['has nobody to give to', 0n, [], []],
  ])('%s', (_, total, weights, parts) => {
    expect(allocate(total, weights)).toEqual(parts);
  });

  it('adds up exactly, and keeps each part between zero and its weight', () => {
    const amount = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 30 }), fc.nat(1000), (weights, permille) => {
        const all = sum(weights);
        const total = (all * BigInt(permille)) / 1000n;
        const parts = allocate(total, weights);
        expect(sum(parts)).toBe(total);
        parts.forEach((part, index) => {
          const weight = weights[index] ?? 0n;
          expect(weight < 0n ? part <= 0n && part >= weight : part >= 0n && part <= weight).toBe(true);
        });
      }),
    );
  });

  it('is off the exact share by less than one unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1 }),
        fc.bigInt(0n, 99_999n),
        (weights, some) => {
          const all = sum(weights);
          if (all === 0n) return;
          const total = some % (all + 1n);
          allocate(total, weights).forEach((part, index) => {
            const off = part * all - total * (weights[index] ?? 0n);
            expect(off < all && off > -all).toBe(true);
          });
        },
      ),
    );
  });
});
