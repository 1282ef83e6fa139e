import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../src/authority/verdict.ts';
import { canonicalJson } from '../../src/log/canonical-json.ts';

/** The same value with the members of all its objects the other way round. */
function reversed(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]): [string, Json] => [name, reversed(member)])
      .toReversed(),
  );
}

test('[L18] one value has one text, whatever the order of its members, also after it was read again', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (drawn) => {
      const value = drawn as Json;
      const text = canonicalJson(value);
      expect(canonicalJson(reversed(value))).toBe(text);
      expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.each<[Json, string]>([
  [{ b: 1, a: [{ d: null, c: true }, 'x'] }, '{"a":[{"c":true,"d":null},"x"],"b":1}'],
  // The example of RFC 8785, section 3.2.3: by UTF-16 code units.
  [
    { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 },
    '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}',
  ],
  [[333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0], '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]'],
  ['\u20ac$\u000f\nA\'B"\\', '"\u20ac$\\u000f\\nA\'B\\"\\\\"'],
  ['\ud800', '"\\ud800"'],
  [{}, '{}'],
  [[], '[]'],
])('[L18] %j', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [{ a: [Number.NEGATIVE_INFINITY] }]])(
  '[L18] what is no JSON is a bug of ours: %s',
  (value) => {
    expect(() => canonicalJson(value)).toThrow(/finite/);
  },
);
