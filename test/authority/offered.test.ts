import { expect, test } from 'vitest';
import { jsonOf } from '../../src/authority/offered.ts';

test.each([
  [undefined, null],
  [null, null],
  ['text', 'text'],
  [true, true],
  [1.5, 1.5],
  [Number.NaN, 'NaN'],
  [-0, '-0'],
  [-Infinity, '-Infinity'],
  [10n ** 30n, '1000000000000000000000000000000n'],
  [Uint8Array.of(1, 2, 3), '3 bytes'],
  [
    ['a', [1, [undefined]]],
    ['a', [1, [null]]],
  ],
  [[[[[[1]]]]], [[[['...']]]]],
  [{ a: { b: 1n } }, { a: { b: '1n' } }],
])('[A46] %o is kept as %j', (value, json) => {
  expect(jsonOf(value)).toEqual(json);
  expect(JSON.parse(JSON.stringify(jsonOf(value)))).toEqual(json);
});

test('[A46] long text is cut, and never in the middle of a character', () => {
  expect(jsonOf('x'.repeat(8_192))).toBe('x'.repeat(8_192));
  expect(jsonOf('x'.repeat(8_193))).toBe(`${'x'.repeat(8_192)}...`);
  expect(jsonOf(`${'x'.repeat(8_191)}\u{1F600}`)).toBe(`${'x'.repeat(8_191)}...`);
  expect(jsonOf({ ['k'.repeat(9_000)]: 1 })).toEqual({ [`${'k'.repeat(8_192)}...`]: 1 });
});

test('[A46] wide values keep their first parts, all levels together', () => {
  const wide = Array.from({ length: 100 }, () =>
    Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 1)),
  );
  expect(JSON.stringify(jsonOf(wide)).length).toBeLessThan(1_000);
  expect(jsonOf(Array.from({ length: 100 }, (_, index) => index))).toEqual(
    Array.from({ length: 64 }, (_, index) => index),
  );
});

test('[A46] what is named __proto__ stays a member', () => {
  const json = jsonOf(JSON.parse('{"__proto__":{"a":1}}'));
  expect(Object.keys(json as object)).toEqual(['__proto__']);
  expect(JSON.stringify(json)).toBe('{"__proto__":{"a":1}}');
});
