import { expect, test } from 'vitest';
import { listOf, listOfFirst } from '../../../src/web/words/list-of.ts';
import { spanOf } from '../../../src/web/words/span-of.ts';

const MINUTE = 60_000;

test('names are listed as people say them', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((parts) => listOf(parts))).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
  expect(listOf(['a', 'b', 'c'], 'or')).toBe('a, b or c');
  expect(listOfFirst(['a', 'b'])).toBe('a and b');
  expect(listOfFirst(['a', 'b', 'c', 'd'])).toBe('a, b and 2 more');
});

test.each([
  [0, '1 min'],
  [90 * MINUTE, '90 min'],
  [24 * 60 * MINUTE - 5_000, '24 h'],
  [7 * 24 * 60 * MINUTE - 5_000, '7 days'],
])('%i ms is %s', (ms, words) => expect(spanOf(ms)).toBe(words));
