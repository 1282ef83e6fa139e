import { describe, expect, test } from 'vitest';
import { NEW_ROW } from '../../../src/web/grid/selection.ts';
import { openGrid } from './open-grid.ts';

const bolts = { sku: 'B', name: 'Bolts', quantity: '2' };

describe('typing into a cell', () => {
  test('is one write when it is committed, none before, and goes on', () => {
    const { editing, store, changes, column, at } = openGrid([bolts, bolts]);
    at('l1', 'name');
    editing.open('N');
    editing.type('Nu');
    editing.type('Nuts');
    expect([changes(), column('name')]).toEqual([0, ['Bolts', 'Bolts']]);
    editing.commit('down');
    expect([changes(), column('name')]).toEqual([1, ['Nuts', 'Bolts']]);
    expect(store.selection()?.head).toEqual({ row: 'l2', column: 'name' });
    expect(store.draft()).toBeNull();
  });

  test('is taken back by Escape', () => {
    const { editing, store, changes, at } = openGrid([bolts]);
    at('l1', 'name');
    editing.open();
    editing.type('Nuts');
    expect(editing.cancel()).toBe(true);
    expect([changes(), store.draft(), editing.cancel()]).toEqual([0, null, false]);
  });

  test('what cannot be read stays open and says why, and the cursor with it', () => {
    const { editing, store, changes, at } = openGrid([bolts]);
    at('l1', 'quantity');
    editing.open('two');
    editing.commit('next');
    expect(store.draft()).toMatchObject({ text: 'two', problem: expect.stringMatching(/\w/) });
    expect([changes(), store.selection()?.head.column]).toEqual([0, 'quantity']);
    editing.type('3');
    expect(store.draft()?.problem).toBeNull();
  });

  test('what cannot be read is kept at its cell when the cursor leaves, and opened again there', () => {
    const { editing, store, at } = openGrid([bolts]);
    at('l1', 'quantity');
    editing.open('two');
    editing.leave();
    at('l1', 'name');
    expect([store.draft(), store.keptDraft('lineItems/l1/quantity')?.text]).toEqual([null, 'two']);
    at('l1', 'quantity');
    editing.open();
    expect([store.draft()?.text, store.keptDraft('lineItems/l1/quantity')]).toEqual(['two', null]);
  });

  test('leaving a cell as it was writes nothing', () => {
    const { editing, changes, at } = openGrid([bolts]);
    at('l1', 'quantity');
    editing.open();
    editing.leave();
    expect(changes()).toBe(0);
  });

  test('a cell that an input method opened and then wrote nothing into keeps its value', () => {
    const { editing, store, column, at } = openGrid([bolts]);
    at('l1', 'name');
    editing.open('');
    editing.leave();
    expect([column('name'), store.draft()]).toEqual([['Bolts'], null]);
    editing.open('');
    editing.type('x');
    editing.type('');
    editing.commit('down');
    expect(column('name')).toEqual([null]);
  });

  test('brings its cell into sight', () => {
    const { editing, store, at } = openGrid([bolts]);
    at('l1', 'name');
    let isAsked = false;
    store.observe('cursor', () => (isAsked = true));
    editing.open('x');
    expect(isAsked).toBe(true);
  });
});

test('below the last line typing adds one, in the group of that', () => {
  const { editing, store, column, at } = openGrid([{ ...bolts, group: 'Small' }]);
  at(NEW_ROW, 'name');
  editing.open('Washer');
  editing.commit('next');
  expect([column('name'), column('group')]).toEqual([
    ['Bolts', 'Washer'],
    ['Small', 'Small'],
  ]);
  expect(store.selection()?.head).toEqual({ row: 'l2', column: 'quantity' });
});

test('a yes becomes nothing, and nothing a yes', () => {
  const { editing, column, at } = openGrid([bolts]);
  at('l1', 'optional');
  editing.toggle();
  expect(column('optional')).toEqual([true]);
  editing.toggle();
  expect(column('optional')).toEqual([null]);
});

test('what is only computed is not opened', () => {
  const { editing, store, at } = openGrid([bolts]);
  at('l1', 'net');
  editing.open('5');
  expect(store.draft()).toBeNull();
});
