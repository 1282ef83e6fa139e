import { expect, test } from 'vitest';
import { defaultLimits } from '../../src/lib/limits.ts';
import { parseNewQuote } from '../../src/quote/new-quote-body.ts';

test.each<[string, unknown, RegExp]>([
  ['rows', { notes: Array.from({ length: 600_000 }, () => 1) }, /has 600000 rows; a quote takes at most 500/],
  [
    'cells of a row',
    { lineItems: [Object.fromEntries(Array.from({ length: 150_000 }, (_, n) => [`k${n}`, []]))] },
    /150000 cells/,
  ],
  [
    'fields',
    { fields: Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`x_${n}`, '1'])) },
    /60000 cells/,
  ],
])('a body with far too many %s has one problem, told at once', (_what, body, message) => {
  const parsed = parseNewQuote(body, defaultLimits);
  expect(parsed).toMatchObject({ ok: false, reason: [{ message: expect.stringMatching(message) }] });
  expect(parsed.ok ? [] : parsed.reason).toHaveLength(1);
});
