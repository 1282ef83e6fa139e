import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { fieldCell, rowCell } from '../../src/quote/cell.ts';
import { readCell, writeCell, writeNewQuote } from '../../src/quote/document.ts';
import { cellsOfNewQuote } from '../../src/quote/new-quote.ts';
import { readSnapshot } from '../../src/quote/snapshot.ts';

describe('cells of a document', () => {
  it('are read as they were written, in the root of their name', () => {
    const doc = new Y.Doc();
    writeCell(doc, rowCell('lineItems', 'l1', 'optional'), true);
    writeCell(doc, fieldCell('title'), 'Rollout');
    expect(readCell(doc, rowCell('lineItems', 'l1', 'optional'))).toBe(true);
    expect(doc.getMap('fields').toJSON()).toEqual({ title: 'Rollout' });
  });

  it('are emptied with null, and keep their key', () => {
    const doc = new Y.Doc();
    writeCell(doc, fieldCell('title'), 'Rollout');
    writeCell(doc, fieldCell('title'), null);
    expect(readCell(doc, fieldCell('title'))).toBeNull();
    expect(doc.getMap('fields').has('title')).toBe(true);
  });

  it('are empty where there is nothing, or no value of a cell', () => {
    const doc = new Y.Doc();
    doc.getMap('fields').set('customer', 12);
    expect([readCell(doc, fieldCell('title')), readCell(doc, fieldCell('customer'))]).toEqual([null, null]);
  });
});

it('writeNewQuote fills an empty document in one transaction', () => {
  const doc = new Y.Doc();
  let updates = 0;
  doc.on('update', () => (updates += 1));
  const quote = {
    fields: { title: 'Rollout' },
    lineItems: [{ id: 'l1', cells: { name: 'Seats' } }],
    discounts: [],
    notes: [{ id: 'n1', cells: {}, text: 'Ask legal.' }],
  };
  const content = cellsOfNewQuote(quote, () => 'new');
  writeNewQuote(doc, content);
  expect(updates).toBe(1);
  expect(readSnapshot(doc)).toEqual({
    fields: { title: 'Rollout' },
    lineItems: [{ id: 'l1', cells: { name: 'Seats', position: 'a0' } }],
    discounts: [],
    notes: [{ id: 'n1', cells: { position: 'a0' }, text: 'Ask legal.' }],
  });
  expect(() => writeNewQuote(doc, content)).toThrow('empty document');
});
