import { expect, test } from 'vitest';
import type { QuoteJson } from '../../../src/wire/http-schemas.ts';
import { printedQuoteOf } from '../../../src/web/print/printed-quote.ts';
import { priceQuote } from '../../../src/quote/pricing.ts';

/** As `GET /api/quotes/:id` gives it. */
function quoteOf(parts: Pick<QuoteJson, 'lineItems' | 'discounts' | 'notes'>): QuoteJson {
  const rows = (from: readonly ({ id: string } & Record<string, unknown>)[]) =>
    from.map(({ id, ...cells }) => ({ id, cells: cells as Record<string, string> }));
  const fields = { title: 'Conveyor line 4', customer: 'ACME', currency: 'EUR', x_margin: '40' };
  const totals = priceQuote({
    fields,
    lineItems: rows(parts.lineItems),
    discounts: rows(parts.discounts),
    notes: [],
  });
  return { id: 'q', revision: 1, fields, ...parts, totals: structuredClone(totals) as QuoteJson['totals'] };
}

const lineItems = [
  { id: 'l1', name: 'Roller', group: 'Mechanics', quantity: '2', unitPrice: '10.50' },
  { id: 'l2', name: 'Belt', group: 'Mechanics', unitPrice: '5', optional: true },
  { id: 'l3', name: 'Motor', group: 'Drives', unitPrice: '100', discountPercent: '10' },
  { id: 'l4', name: 'Transport', unitPrice: '8' },
];

test('lines by group, each with its subtotal, optional lines in none', () => {
  const { groups, subtotal, optional, hasLineDiscounts } = printedQuoteOf(
    quoteOf({ lineItems, discounts: [], notes: [] }),
  );
  expect(
    groups.map(({ name, subtotal: sum, lines }) => [name, sum, lines.map(({ number }) => number)]),
  ).toEqual([
    ['Mechanics', '21.00', [1, 2]],
    ['Drives', '90.00', [3]],
    ['', '8.00', [4]],
  ]);
  expect({ subtotal, optional, hasLineDiscounts }).toEqual({
    subtotal: '119.00',
    optional: '5.00',
    hasLineDiscounts: true,
  });
});

test('a quote without groups is one list without a heading', () => {
  const { groups } = printedQuoteOf(
    quoteOf({ lineItems: [{ id: 'l1', name: 'Roller' }, { id: 'l2' }], discounts: [], notes: [] }),
  );
  expect(groups).toMatchObject([{ name: '', subtotal: null, lines: [{ id: 'l1' }, { id: 'l2' }] }]);
});

test('a discount on one line is named there, one on the quote below', () => {
  const discounts = [
    { id: 'd1', label: 'Old stock', value: '50', appliesTo: 'l1' },
    { id: 'd2', label: 'Framework', kind: 'amount', value: '9' },
  ];
  const printed = printedQuoteOf(quoteOf({ lineItems, discounts, notes: [] }));
  expect(printed.groups[0]?.lines[0]).toMatchObject({ net: '10.50', discountLabels: ['Old stock'] });
  expect(printed.discounts).toEqual([{ id: 'd2', label: 'Framework', amount: '9.00' }]);
  expect(printed.total).toBe('99.50');
});

test('nothing internal is printed: no note that is not for the customer, no free field', () => {
  const notes = [
    { id: 'n1', text: 'Margin is thin', audience: 'internal' },
    { id: 'n2', text: 'Says nobody for whom' },
    { id: 'n3', text: 'Delivery in week 38', audience: 'customer' },
    { id: 'n4', text: '  ', audience: 'customer' },
  ];
  const printed = printedQuoteOf(quoteOf({ lineItems, discounts: [], notes }));
  expect(printed.notes.map(({ text }) => text)).toEqual(['Delivery in week 38']);
  expect(JSON.stringify(printed)).not.toContain('40');
});
