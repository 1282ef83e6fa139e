import fc from 'fast-check';
import { generateNKeysBetween } from 'fractional-indexing';
import { describe, expect, it } from 'vitest';
import { columns, parseCellValue } from '../../src/quote/columns.ts';

const CELL_BYTES = 100;
const valueOf = (cell: string, value: unknown): unknown => {
  const parsed = parseCellValue(cell, value, CELL_BYTES);
  return parsed.ok ? parsed.value.value : parsed;
};
const reasonOf = (cell: string, value: unknown): string => {
  const parsed = parseCellValue(cell, value, CELL_BYTES);
  return parsed.ok ? `accepted ${JSON.stringify(parsed.value.value)}` : parsed.reason;
};

const A_DECIMAL = 'takes a decimal like "12.5", with at most 12 digits before and 6 after the point';

describe('a column takes', () => {
  it.each<[string, unknown]>([
    ['fields/title', 'Rollout'],
    ['fields/title', ''],
    ['fields/title', null],
    ['fields/currency', 'EUR'],
    ['fields/validUntil', '2028-02-29'],
    ['fields/status', 'in_review'],
    ['fields/rounding', 'half_even'],
    ['fields/x_region', 'EMEA'],
    ['fields/x_partner', true],
    ['lineItems/l1/position', 'a0'],
    ['lineItems/l1/position', 'Zz'],
    ['lineItems/l1/removed', true],
    ['lineItems/l1/removed', null],
    ['lineItems/l1/quantity', '-3'],
    ['lineItems/l1/quantity', '999999999999.999999'],
    ['lineItems/l1/unitPrice', '0.000001'],
    ['lineItems/l1/discountPercent', '0'],
    ['lineItems/l1/discountPercent', '100.000000'],
    ['lineItems/l1/discountPercent', '-0.00'],
    ['lineItems/l1/optional', false],
    ['lineItems/l1/x_term', '12'],
    ['discounts/d1/kind', 'amount'],
    ['discounts/d1/value', '1500.5'],
    ['discounts/d1/appliesTo', 'quote'],
    ['discounts/d1/appliesTo', 'l1'],
    ['notes/n1/audience', 'customer'],
    ['fields/title', 'é'.repeat(50)],
    ['fields/title', '😀'],
  ])('%s: %j', (cell, value) => {
    expect(valueOf(cell, value)).toEqual(value);
  });

  it('undefined as no value', () => {
    expect(valueOf('fields/title', undefined)).toBeNull();
  });

  it('every position that fractional-indexing makes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (places) => {
        const positions = ['a0'];
        for (const place of places) {
          const at = place % (positions.length + 1);
          const [made] = generateNKeysBetween(positions[at - 1] ?? null, positions[at] ?? null, 1);
          positions.splice(at, 0, String(made));
        }
        for (const position of positions) expect(valueOf('lineItems/l1/position', position)).toBe(position);
      }),
    );
  });
});

describe('a column refuses, and says what it takes', () => {
  it.each<[string, unknown, string]>([
    ['lineItems/l1/quantity', 'many', A_DECIMAL],
    ['lineItems/l1/quantity', 2, A_DECIMAL],
    ['lineItems/l1/quantity', '', A_DECIMAL],
    ['lineItems/l1/quantity', '1e3', A_DECIMAL],
    ['lineItems/l1/quantity', '+1', A_DECIMAL],
    ['lineItems/l1/quantity', '.5', A_DECIMAL],
    ['lineItems/l1/quantity', '1.', A_DECIMAL],
    ['lineItems/l1/quantity', '1\n', A_DECIMAL],
    ['lineItems/l1/quantity', '1234567890123', A_DECIMAL],
    ['lineItems/l1/unitPrice', '1.0000001', A_DECIMAL],
    ['lineItems/l1/discountPercent', '-1', 'takes a decimal not below zero'],
    ['lineItems/l1/discountPercent', '100.000001', 'takes a percentage from 0 to 100'],
    ['lineItems/l1/discountPercent', 'x', A_DECIMAL],
    ['lineItems/l1/optional', 'true', 'takes true or false'],
    ['lineItems/l1/removed', false, 'takes true'],
    ['lineItems/l1/position', null, 'cannot be empty'],
    ['lineItems/l1/position', 'a00', 'takes a fractional index, like "a0"'],
    ['lineItems/l1/position', '', 'takes a fractional index, like "a0"'],
    ['lineItems/l1/position', 'a0V0', 'takes a fractional index, like "a0"'],
    ['lineItems/l1/name', 5, 'takes text'],
    ['lineItems/l1/x_term', 12, 'takes text, true or false'],
    ['fields/status', 'done', 'takes one of draft, in_review, approved, sent, accepted, declined, expired'],
    ['fields/status', null, 'cannot be empty'],
    ['fields/currency', 'eur', 'takes a currency code of ISO 4217, like EUR'],
    ['fields/validUntil', '2026-02-29', 'takes a day that exists'],
    ['fields/validUntil', '29.02.2028', 'takes a day as YYYY-MM-DD'],
    ['fields/title', 'x'.repeat(101), 'takes at most 100 bytes'],
    ['fields/title', 'é'.repeat(51), 'takes at most 100 bytes'],
    ['fields/title', '\ud83d', 'takes text without half characters (lone surrogates)'],
    ['fields/title', { text: 'x' }, 'takes text'],
    ['discounts/d1/kind', 'rebate', 'takes one of percent, amount'],
    ['discounts/d1/value', '-5', 'takes a decimal not below zero'],
    ['discounts/d1/appliesTo', 'line 1', 'takes 1 to 64 letters, digits, _ and -'],
    ['discounts/d1/x_reason', 'x', 'is no column of discounts'],
    [
      'lineItems/l1/cost',
      '1',
      'is no column of lineItems; columns of your own are named x_ and letters, digits or _',
    ],
    [
      'fields/constructor',
      'x',
      'is no column of fields; columns of your own are named x_ and letters, digits or _',
    ],
    ['fields/a b', 'x', 'is not a cell of a quote'],
    ['nowhere/a/b', 'x', 'is not a cell of a quote'],
  ])('%s: %j', (cell, value, reason) => {
    expect(reasonOf(cell, value)).toBe(`${cell} ${reason}`);
  });

  it('every value of a wrong type, without throwing', () => {
    const cells = Object.entries(columns).flatMap(([root, byName]) =>
      [...byName.keys()].map((name) => (root === 'fields' ? `fields/${name}` : `${root}/r1/${name}`)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...cells), fc.anything(), (cell, value) => {
        const parsed = parseCellValue(cell, value, CELL_BYTES);
        if (parsed.ok) expect(['string', 'boolean']).toContain(typeof (parsed.value.value ?? ''));
      }),
    );
  });

  it('a name of any length, clipped', () => {
    expect(reasonOf('x'.repeat(5_000), null).length).toBeLessThan(150);
  });
});
