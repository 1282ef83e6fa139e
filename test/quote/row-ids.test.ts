import { expect, test } from 'vitest';
import type { NewRow } from '../../src/quote/new-quote.ts';
import { withRowIds } from '../../src/quote/row-ids.ts';

test('rows get short ids in their order, and none that somebody has', () => {
  const quote = withRowIds({
    fields: {},
    lineItems: [{ cells: {} }, { id: 'belts', cells: {} }, { cells: {} }],
    discounts: [{ cells: {} }, { id: 'l2', cells: {} }],
    notes: [{ cells: {}, text: 'Call' }],
  });
  const ids = (rows: readonly NewRow[]): unknown[] => rows.map(({ id }) => id);
  expect(ids(quote.lineItems)).toEqual(['l1', 'belts', 'l3']);
  expect(ids(quote.discounts)).toEqual(['d1', 'l2']);
  expect(ids(quote.notes)).toEqual(['n1']);
});
