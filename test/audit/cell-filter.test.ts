import { expect, test } from 'vitest';
import { parseCellFilter } from '../../src/audit/cell-filter.ts';

const CELLS = [
  'fields/title',
  'fields/x_region',
  'lineItems/l1/quantity',
  'lineItems/l1/unitPrice',
  'lineItems/l2/quantity',
  'discounts/d1/value',
  'note/n1',
];

test.each([
  ['fields/title', ['fields/title']],
  ['fields', ['fields/title', 'fields/x_region']],
  ['fields/x_*', ['fields/x_region']],
  ['lineItems/l1', ['lineItems/l1/quantity', 'lineItems/l1/unitPrice']],
  ['lineItems/*/quantity', ['lineItems/l1/quantity', 'lineItems/l2/quantity']],
  ['lineItems,!lineItems/l1', ['lineItems/l2/quantity']],
  ['!lineItems', ['fields/title', 'fields/x_region', 'discounts/d1/value', 'note/n1']],
  ['note/n1', ['note/n1']],
  ['**', CELLS],
  ['lineItems/l', []],
])('%s takes %j', (text, expected) => {
  const filter = parseCellFilter(text);
  expect(filter.ok && CELLS.filter((cell) => filter.value.takes(cell))).toEqual(expected);
});

test.each([
  ['', 'takes a cell, a row or a pattern'],
  ['fields/title,', 'takes a cell, a row or a pattern'],
  ['!', 'takes a cell, a row or a pattern'],
  ['fields/*a*b*', 'takes at most 2 stars between two strokes'],
  ['f'.repeat(1_001), 'takes at most 50 patterns and 1000 characters'],
  [Array.from({ length: 51 }, () => 'f').join(','), 'takes at most 50 patterns and 1000 characters'],
])('%j is no filter', (text, reason) => {
  const filter = parseCellFilter(text);
  expect(filter.ok ? null : filter.reason).toContain(reason);
});
