import { expect, test } from 'vitest';
import { parseHistoryAddress, withHistoryAddress } from '../../../src/web/history/history-address.ts';

test.each([
  ['', null, null],
  ['?at=12', 12, null],
  ['?at=12&from=3', 12, 3],
  ['?from=0&at=1', 1, 0],
  ['?at=0', null, null],
  ['?at=-1&from=x', null, null],
  ['?at=1.5', null, null],
])('%s', (search, at, from) => {
  expect(parseHistoryAddress(search)).toEqual({ at, from });
});

test('the rest of the address stays', () => {
  const href = 'https://quotes.example/q/q-1/history?a=b&from=3';
  expect(withHistoryAddress(href, { at: 7, from: null })).toBe('/q/q-1/history?a=b&at=7');
});
