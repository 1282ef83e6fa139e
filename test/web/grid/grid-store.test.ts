import { describe, expect, test } from 'vitest';
import { createGridStore, firstSelection } from '../../../src/web/grid/grid-store.ts';
import { createLineSheet } from '../../../src/web/grid/line-sheet.ts';
import { NEW_ROW, selectCell } from '../../../src/web/grid/selection.ts';
import { priceQuote } from '../../../src/quote/pricing.ts';
import type { Snapshot } from '../../../src/quote/snapshot.ts';

type Lines = Readonly<Record<string, Readonly<Record<string, string | boolean>>>>;

/** A quote of some lines that can be replaced. */
function quoteOf(lines: Lines) {
  let snapshot = snapshotOf(lines);
  const listeners = new Set<() => void>();
  return {
    snapshot: () => snapshot,
    totals: () => priceQuote(snapshot),
    observe(_target: string, listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    become(next: Lines) {
      snapshot = snapshotOf(next);
      for (const listener of listeners) listener();
    },
  };
}

const snapshotOf = (lines: Lines): Snapshot => ({
  fields: { currency: 'EUR' },
  lineItems: Object.entries(lines).map(([id, cells], at) => ({
    id,
    cells: { position: `a${at}`, ...cells },
  })),
  discounts: [],
  notes: [],
});

const a = { group: 'A', unitPrice: '10' };
const b = { group: 'A', unitPrice: '2.5', optional: true };

describe('the sheet', () => {
  test('tells of a net and a subtotal only where they became other ones', () => {
    const quote = quoteOf({ a, b, c: { unitPrice: '1' } });
    const sheet = createLineSheet(quote);
    sheet.start();
    const heard: string[] = [];
    for (const what of ['rows', 'net a', 'net c', 'subtotal a', 'subtotal c']) {
      sheet.observe(what, () => heard.push(what));
    }
    expect([sheet.netOf('a'), sheet.subtotalOf('a'), sheet.netOf('gone')]).toEqual(['10.00', '10.00', '']);

    quote.become({ a: { ...a, quantity: '3' }, b, c: { unitPrice: '1' } });
    expect(heard).toEqual(['net a', 'subtotal a']);
    expect(sheet.subtotalOf('a')).toBe('30.00');

    quote.become({ a: { ...a, quantity: '3' }, b: { ...b, x_color: 'red' }, c: { unitPrice: '1' } });
    expect(heard.at(-1)).toBe('rows');
    expect(sheet.freeColumns()).toEqual(['x_color']);
  });
});

describe('the store', () => {
  function storeOf(lines: Lines) {
    const quote = quoteOf(lines);
    const sheet = createLineSheet(quote);
    const store = createGridStore(sheet);
    store.start();
    sheet.start();
    store.setColumns(['sku', 'name']);
    return { quote, store };
  }

  test('marks the cursor and what is selected with it', () => {
    const { store } = storeOf({ a, b });
    store.select({ anchor: { row: 'a', column: 'sku' }, head: { row: 'b', column: 'name' } });
    expect(store.markOf('b', 'name')).toBe('cursor');
    expect(store.markOf('a', 'name')).toBe('selected');
    expect(store.markOf(NEW_ROW, 'name')).toBe('none');
  });

  test('keeps the cursor on its line, and gives it another one when that is removed', () => {
    const { quote, store } = storeOf({ a, b });
    store.select(selectCell({ row: 'b', column: 'name' }));
    quote.become({ c: {}, a, b });
    expect(store.selection()?.head.row).toBe('b');
    quote.become({ c: {}, a });
    expect(store.selection()?.head.row).toBe(NEW_ROW);
  });

  test('asks for the cursor to be shown when it is put somewhere, not when others add or remove lines', () => {
    const { quote, store } = storeOf({ a, b });
    let asked = 0;
    store.observe('cursor', () => (asked += 1));
    store.select(selectCell({ row: 'b', column: 'name' }));
    store.select(selectCell({ row: 'b', column: 'name' }));
    expect(asked).toBe(2);
    quote.become({ c: {}, a, b });
    quote.become({ c: {}, a });
    store.setColumns(['name']);
    expect(asked).toBe(2);
  });

  test('closes the draft when the cursor goes, and keeps it when others move lines', () => {
    const { quote, store } = storeOf({ a, b });
    store.select(selectCell({ row: 'a', column: 'name' }));
    const draft = { text: 'x', base: null, problem: null };
    store.setDraft(draft);
    quote.become({ b, a });
    expect(store.draft()).toBe(draft);
    store.select(selectCell({ row: 'b', column: 'name' }));
    expect(store.draft()).toBeNull();
  });

  test('begins at the first cell, in an empty quote where a name is typed', () => {
    expect(firstSelection({ rows: ['a', NEW_ROW], columns: ['sku', 'name'] })?.head).toEqual({
      row: 'a',
      column: 'sku',
    });
    expect(firstSelection({ rows: [NEW_ROW], columns: ['sku', 'name'] })?.head.column).toBe('name');
  });
});
