import { expect, it } from 'vitest';
import { priceQuote } from '../../../../src/quote/pricing.ts';
import { optionalSum } from '../../../../src/web/room/totals/optional-sum.ts';

const quote = (lines: readonly Readonly<Record<string, string | boolean>>[]) =>
  priceQuote({
    fields: { currency: 'EUR' },
    lineItems: lines.map((cells, at) => ({ id: `l${at}`, cells })),
    discounts: [],
    notes: [],
  });

it('adds up the optional lines exactly', () => {
  const totals = quote([
    { unitPrice: '0.1', optional: true },
    { unitPrice: '0.2', optional: true },
    { unitPrice: '5' },
  ]);
  expect(optionalSum(totals)).toBe('0.30');
  expect(totals.total).toBe('5.00');
});

it('is nothing where no line is optional', () => {
  expect(optionalSum(quote([{ unitPrice: '5' }]))).toBeNull();
});
