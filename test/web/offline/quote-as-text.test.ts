import { expect, test } from 'vitest';
import { quoteAsText } from '../../../src/web/offline/quote-as-text.ts';

test('fields, lines as a table, notes: to paste anywhere', () => {
  const text = quoteAsText({
    fields: { title: 'Conveyor line 4', customer: 'ACME' },
    lineItems: [
      { id: 'l1', cells: { position: 'a0', sku: 'R-80', name: 'Roller\n80 "x"', optional: true } },
      { id: 'l2', cells: { position: 'a1', sku: 'M-1' } },
    ],
    discounts: [],
    notes: [{ id: 'n1', cells: { position: 'a0' }, text: 'Call before delivery' }],
  });
  expect(text).toBe(
    [
      'Title: Conveyor line 4\nCustomer: ACME',
      'SKU\tName\tOptional\nR-80\t"Roller\n80 ""x"""\tyes\nM-1\t\t',
      'Call before delivery',
    ].join('\n\n'),
  );
});
