import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createQuoteObservers } from '../../src/client/quote-observers.ts';

function createWatched(targets: readonly string[]) {
  const doc = new Y.Doc();
  const observers = createQuoteObservers(doc);
  let calls: string[] = [];
  const stops = targets.map((target) => observers.observe(target, () => calls.push(target)));
  return {
    doc,
    observers,
    stops,
    called(change: () => void): string[] {
      calls = [];
      doc.transact(change);
      return calls;
    },
  };
}

const set = (doc: Y.Doc, root: string, key: string, value: unknown): void =>
  void doc.getMap(root).set(key, value);

test('calls those who watch the cell, its row, or everything', () => {
  const { doc, called } = createWatched([
    'lineItems/l1/quantity',
    'lineItems/l1/name',
    'lineItems/l1',
    'lineItems/l2',
    'lineItems',
    'fields/title',
    'fields',
    'all',
  ]);
  expect(called(() => set(doc, 'lineItems', 'l1/quantity', '2'))).toEqual([
    'lineItems/l1/quantity',
    'lineItems/l1',
    'all',
  ]);
  expect(called(() => set(doc, 'fields', 'title', 'x'))).toEqual(['fields/title', 'fields', 'all']);
});

test('a root tells when rows come, go or move', () => {
  const { doc, called } = createWatched(['lineItems']);
  expect(called(() => set(doc, 'lineItems', 'l1/position', 'a0'))).toEqual(['lineItems']);
  expect(called(() => set(doc, 'lineItems', 'l1/removed', true))).toEqual(['lineItems']);
  expect(called(() => set(doc, 'lineItems', 'l1/name', 'x'))).toEqual([]);
});

test('text of a note is a change of its row', () => {
  const { doc, called } = createWatched(['notes/n1', 'notes/n2', 'all']);
  expect(called(() => doc.getText('note/n1').insert(0, 'x'))).toEqual(['notes/n1', 'all']);
});

test('text that came before anyone asked for it counts too', () => {
  const other = new Y.Doc();
  other.getText('note/n1').insert(0, 'x');
  const { doc, called } = createWatched(['notes/n1']);
  expect(called(() => Y.applyUpdate(doc, Y.encodeStateAsUpdate(other)))).toEqual(['notes/n1']);
});

test('one transaction is one call', () => {
  const { doc, called } = createWatched(['lineItems/l1', 'all']);
  const change = (): void => {
    set(doc, 'lineItems', 'l1/name', 'x');
    set(doc, 'lineItems', 'l1/quantity', '1');
  };
  expect(called(change)).toEqual(['lineItems/l1', 'all']);
});

test('what is no cell of ours touches nobody but the readers of everything', () => {
  const { doc, called } = createWatched(['all', 'lineItems/l1']);
  expect(called(() => set(doc, 'lineItems', 'l1', 'x'))).toEqual(['all']);
  expect(called(() => set(doc, 'elsewhere', 'x', 'x'))).toEqual([]);
});

test('a listener hears no more once it has stopped, twice if it likes, or all are closed', () => {
  const { doc, observers, stops, called } = createWatched(['all', 'fields']);
  stops[0]?.();
  stops[0]?.();
  expect(called(() => set(doc, 'fields', 'title', '1'))).toEqual(['fields']);
  observers.close();
  expect(called(() => set(doc, 'fields', 'title', '2'))).toEqual([]);
});
