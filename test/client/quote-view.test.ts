import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createQuoteObservers } from '../../src/client/quote-observers.ts';
import { createQuoteView } from '../../src/client/quote-view.ts';
import { noteRootName } from '../../src/quote/cell.ts';
import { priceQuote } from '../../src/quote/pricing.ts';
import { readSnapshot } from '../../src/quote/snapshot.ts';

interface Change {
  readonly root: string;
  readonly key: string;
  readonly value: unknown;
}

const numbers = ['0', '1', '2.5', '-3', '1000.005', 'many', null, 7, undefined];

/** A key of a root with a value: most are cells that change what lines cost, some are no cells at all. */
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: cells('lineItems', ['quantity', 'unitPrice', 'discountPercent'], numbers) },
  cells('lineItems', ['optional', 'removed'], [true, false, null, undefined]),
  cells('lineItems', ['position', 'name', 'x_free', 'constructor'], ['a0', 'a1', 'b', null, undefined]),
  cells('discounts', ['kind'], ['percent', 'amount']),
  cells('discounts', ['value', 'position'], ['5', '10', '0.5', null]),
  cells('discounts', ['appliesTo'], ['quote', 'r1', 'r2']),
  cells('notes', ['position', 'author'], ['a0', 'a1', null]),
  fc.record({
    root: fc.constant('fields'),
    key: fc.constantFrom('currency', 'rounding', 'title'),
    value: fc.constantFrom('EUR', 'JPY', 'half_even', 'half_up', null),
  }),
  fc.record({
    root: fc.constantFrom('lineItems', 'fields'),
    key: fc.constantFrom('r1', 'r1/quantity/more', '', 'a b/quantity'),
    value: fc.constant('1'),
  }),
  fc.record({ root: fc.constant('text'), key: fc.constantFrom('r1', 'r2'), value: fc.constant('x') }),
);

function cells(root: string, columns: readonly string[], values: readonly unknown[]): fc.Arbitrary<Change> {
  return fc.record({
    root: fc.constant(root),
    key: fc
      .tuple(fc.constantFrom('r1', 'r2', 'r3', 'quote'), fc.constantFrom(...columns))
      .map((parts) => parts.join('/')),
    value: fc.constantFrom(...values),
  });
}

function make(doc: Y.Doc, { root, key, value }: Change): void {
  if (root === 'text') doc.getText(noteRootName(key)).insert(0, 'x');
  else if (value === undefined) doc.getMap(root).delete(key);
  else doc.getMap(root).set(key, value);
}

const isAllThere = (doc: Y.Doc): void =>
  doc.transact(() => {
    for (const root of ['lineItems', 'discounts', 'notes']) {
      for (const row of ['r1', 'r2', 'r3', 'quote']) doc.getMap(root).set(`${row}/position`, `a${row}`);
    }
  });

test('says after any changes, asked or not in between, what reading all of the document says', () => {
  const step = fc.record({ changes: fc.array(change, { maxLength: 4 }), isAsked: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const doc = new Y.Doc();
      isAllThere(doc);
      const view = createQuoteView(doc);
      for (const { changes, isAsked } of steps) {
        doc.transact(() => {
          for (const one of changes) make(doc, one);
        });
        if (!isAsked) continue;
        expect(view.snapshot()).toEqual(readSnapshot(doc));
        expect(view.totals()).toEqual(priceQuote(readSnapshot(doc)));
      }
      const read = readSnapshot(doc);
      expect(view.totals()).toEqual(priceQuote(read));
      expect(view.snapshot()).toEqual(read);
      expect(view.rowIds('lineItems')).toEqual(read.lineItems.map(({ id }) => id));
    }),
  );
});

test('keeps what did not change', () => {
  const doc = new Y.Doc();
  isAllThere(doc);
  const view = createQuoteView(doc);
  const [before, ids] = [view.snapshot(), view.rowIds('lineItems')];
  const priced = view.totals();
  doc.getMap('lineItems').set('r2/quantity', '3');
  const [after, pricedAfter] = [view.snapshot(), view.totals()];
  const isKept = after.lineItems.map((row, at) => row === before.lineItems[at]);
  expect(after.lineItems.map(({ id }) => id)).toEqual(['quote', 'r1', 'r2', 'r3']);
  expect(isKept).toEqual([true, true, false, true]);
  expect(pricedAfter.lines.map((line, at) => line === priced.lines[at])).toEqual(isKept);
  expect([after.fields, after.discounts, after.notes]).toEqual([
    before.fields,
    before.discounts,
    before.notes,
  ]);
  expect(view.rowIds('lineItems')).toBe(ids);
  expect([view.snapshot(), view.totals()]).toEqual([after, pricedAfter]);
  expect(view.totals()).toBe(pricedAfter);
});

test('observers made after it read what is new', () => {
  const doc = new Y.Doc();
  isAllThere(doc);
  const view = createQuoteView(doc);
  const observers = createQuoteObservers(doc);
  const seen: unknown[] = [];
  view.snapshot();
  observers.observe('all', () => seen.push(view.snapshot().lineItems[1]?.cells['quantity']));
  doc.getMap('lineItems').set('r1/quantity', '3');
  expect(seen).toEqual(['3']);
});

test('follows no longer once it is closed', () => {
  const doc = new Y.Doc();
  const view = createQuoteView(doc);
  const before = view.snapshot();
  view.close();
  doc.getMap('fields').set('title', 'x');
  expect(view.snapshot()).toBe(before);
});
