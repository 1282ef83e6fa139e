import { expect, test } from 'vitest';
import { priceQuote } from '../../../src/quote/pricing.ts';
import { frozenQuoteOf, rowNamesOf } from '../../../src/web/history/frozen-quote.ts';
import { noTints, tintsOf } from '../../../src/web/history/tints.ts';
import type { QuoteJson } from '../../../src/wire/http-schemas.ts';
import { quoteJson } from '../../../src/wire/quote-json.ts';
import { byDana, diffOf } from './build-diff.ts';

const line = (id: string, cells: Record<string, string | boolean>) => ({
  id,
  cells: { position: id, ...cells },
});

const quote: QuoteJson = quoteJson(
  { id: 'q-1', revision: 7 },
  {
    fields: { currency: 'EUR' },
    lineItems: [
      line('l1', { name: 'Roller', quantity: '2', unitPrice: '10', group: 'Parts' }),
      line('l2', { name: 'Belt', quantity: '1', unitPrice: '5', group: 'Parts', removed: true }),
      line('l3', { quantity: '1', unitPrice: '7', group: 'Parts', x_margin: 'thin' }),
      line('l4', { sku: 'M-1', quantity: '1', unitPrice: '3', optional: true }),
    ],
    discounts: [],
    notes: [],
  },
);

test('what was removed is left out, and counted', () => {
  const { plan, hiddenCount } = frozenQuoteOf(quote, { tints: noTints, withRemoved: false });
  expect(plan.map((row) => (row.kind === 'line' ? `${row.number} ${row.id}` : row.kind))).toEqual([
    'group',
    '1 l1',
    '2 l3',
    'group',
    '3 l4',
  ]);
  expect(hiddenCount).toBe(1);
});

test('what was only just removed stands where it stood, without a number', () => {
  const tints = tintsOf(
    diffOf({ rows: [{ kind: 'removed', root: 'lineItems', row: 'l2', change: byDana }] }),
  );
  for (const frozen of [
    frozenQuoteOf(quote, { tints, withRemoved: false }),
    frozenQuoteOf(quote, { tints: noTints, withRemoved: true }),
  ]) {
    expect(frozen.plan.flatMap((row) => (row.kind === 'line' ? [`${row.number} ${row.id}`] : []))).toEqual([
      '1 l1',
      '0 l2',
      '2 l3',
      '3 l4',
    ]);
    expect(frozen.lines.get('l2')?.isRemoved).toBe(true);
    expect(frozen.hiddenCount).toBe(0);
  }
});

test('nets and subtotals are those of the pricing; a removed line has none and counts for nothing', () => {
  const frozen = frozenQuoteOf(quote, { tints: noTints, withRemoved: true });
  const snapshot = { fields: quote.fields, lineItems: [], discounts: [], notes: [] };
  expect(priceQuote(snapshot).total).toBe('0.00');
  expect([...frozen.nets]).toEqual([
    ['l1', '20.00'],
    ['l3', '7.00'],
    ['l4', '3.00'],
  ]);
  expect([...frozen.subtotals.values()]).toEqual(['27.00', '0.00']);
  expect(frozen.freeColumns).toEqual(['x_margin']);
});

test('rows go by their names, else by their number', () => {
  expect([...rowNamesOf(quote).values()]).toEqual(['Roller', 'Belt', 'line 2', 'M-1']);
});
