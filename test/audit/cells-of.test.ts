import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createCellOrder, readCells } from '../../src/audit/cells-of.ts';

function docOf(cells: Readonly<Record<string, unknown>>): Y.Doc {
  const doc = new Y.Doc();
  for (const [cell, value] of Object.entries(cells)) {
    const [root = '', ...key] = cell.split('/');
    doc.getMap(root).set(key.join('/'), value);
  }
  return doc;
}

test('every cell that holds a value, those of removed rows too', () => {
  const doc = docOf({
    'fields/title': 'Bolts',
    'fields/customer': null,
    'fields/no name': 'x',
    'lineItems/l1/position': 'a0',
    'lineItems/l1/removed': true,
    'lineItems/l1/quantity': 7,
    'lineItems/nothing': 'x',
  });
  expect(Object.fromEntries(readCells(doc))).toEqual({
    'fields/title': 'Bolts',
    'lineItems/l1/position': 'a0',
    'lineItems/l1/removed': true,
  });
});

test('the order of the quote: fields, rows by position, columns as they are shown, texts behind their notes', () => {
  const doc = docOf({
    'lineItems/late/position': 'a2',
    'lineItems/early/position': 'a1',
    'lineItems/gone/position': 'a0',
    'lineItems/gone/removed': true,
    'notes/n1/position': 'a0',
  });
  const inOrder = [
    'fields/title',
    'fields/customer',
    'fields/x_region',
    'lineItems/gone/quantity',
    'lineItems/early/position',
    'lineItems/early/quantity',
    'lineItems/early/unitPrice',
    'lineItems/late/quantity',
    // Rows without a position come last, by their names.
    'lineItems/a/quantity',
    'lineItems/b/quantity',
    'discounts/d1/value',
    'notes/n1/author',
    'note/n1',
    'notes/n2/author',
    'note/n2',
  ];
  expect(inOrder.toReversed().toSorted(createCellOrder(doc))).toEqual(inOrder);
});
