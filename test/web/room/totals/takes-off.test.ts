import { expect, it } from 'vitest';
import { takesOff } from '../../../../src/web/room/totals/takes-off.ts';

it.each([
  ['0', false],
  ['0.00', false],
  ['-0.00', false],
  ['0.01', true],
  ['-20.00', true],
])('a discount of %s: %s', (amount, expected) => {
  expect(takesOff({ amount })).toBe(expected);
});
