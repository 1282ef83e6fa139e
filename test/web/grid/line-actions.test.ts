import { describe, expect, test } from 'vitest';
import { NEW_ROW, selectRows } from '../../../src/web/grid/selection.ts';
import { openGrid } from './open-grid.ts';

const named = (...names: readonly string[]) => names.map((name) => ({ name }));

describe('lines', () => {
  test('are added at the end, in the group of the last one, and get the cursor', () => {
    const { lines, store, column, at } = openGrid([{ name: 'A' }, { name: 'B', group: 'G' }]);
    at('l1', 'sku');
    lines.add();
    expect([column('name'), column('group')]).toEqual([
      ['A', 'B', null],
      [null, 'G', 'G'],
    ]);
    expect(store.selection()?.head).toEqual({ row: 'l3', column: 'sku' });
  });

  test('the first one of a quote is named first', () => {
    const { lines, store } = openGrid([]);
    lines.add();
    expect(store.selection()?.head).toEqual({ row: 'l1', column: 'name' });
  });

  test('are put in above and below', () => {
    const { lines, quote } = openGrid(named('A', 'B'));
    lines.insert('l2', 'above');
    lines.insert('l2', 'below');
    lines.insert('l1', 'above');
    expect(quote.rowIds('lineItems')).toEqual(['l5', 'l1', 'l3', 'l2', 'l4']);
  });

  test('are duplicated together, below the last of them, as one step', () => {
    const { lines, quote, column, store } = openGrid(named('A', 'B', 'C'));
    lines.duplicate(['l1', 'l2']);
    expect(column('name')).toEqual(['A', 'B', 'A', 'B', 'C']);
    expect(store.selection()).toEqual(selectRows(store.axes(), 'l5', 'l4'));
    quote.undo();
    expect(column('name')).toEqual(['A', 'B', 'C']);
  });

  test('are removed as one step, restored where they stood, and taken back', () => {
    const { lines, quote, column, store, at } = openGrid(named('A', 'B', 'C'));
    at('l1', 'name');
    lines.remove(['l1', 'l2']);
    expect([column('name'), store.selection()?.head.row]).toEqual([['C'], 'l3']);
    lines.restore('l2');
    expect([column('name'), store.selection()?.head.row]).toEqual([['B', 'C'], 'l2']);
    quote.undo();
    quote.undo();
    expect(column('name')).toEqual(['A', 'B', 'C']);
    quote.redo();
    expect(column('name')).toEqual(['C']);
  });

  test('move one further, into the group that they come to, with the cursor', () => {
    const { lines, column, store, at } = openGrid([{ name: 'A' }, { name: 'B', group: 'G' }, { name: 'C' }]);
    at('l1', 'name');
    const seen: unknown[] = [];
    store.observe('cursor', () => seen.push(store.selection()?.head.row));
    lines.nudge(1);
    expect([column('name'), column('group'), seen]).toEqual([['B', 'A', 'C'], ['G', 'G', null], ['l1']]);
    lines.nudge(-1);
    lines.nudge(-1);
    expect(column('name')).toEqual(['A', 'B', 'C']);
    at(NEW_ROW, 'name');
    lines.nudge(-1);
    expect(column('name')).toEqual(['A', 'B', 'C']);
  });

  test('are grouped and made optional; spaces are no name of a group', () => {
    const { lines, column } = openGrid(named('A', 'B'));
    lines.setGroup(['l1', 'l2'], ' G ');
    lines.setOptional(['l2'], true);
    expect([column('group'), column('optional')]).toEqual([
      ['G', 'G'],
      [null, true],
    ]);
    lines.setGroup(['l1'], '  ');
    lines.setOptional(['l2'], false);
    expect([column('group'), column('optional')]).toEqual([
      [null, 'G'],
      [null, null],
    ]);
  });

  test('a line is alone unless it is selected with others', () => {
    const { lines, store } = openGrid(named('A', 'B', 'C'));
    expect(lines.linesWith('l2')).toEqual(['l2']);
    const both = selectRows(store.axes(), 'l1', 'l2');
    if (both !== null) store.select(both);
    expect([lines.linesWith('l2'), lines.linesWith('l3')]).toEqual([['l1', 'l2'], ['l3']]);
  });
});
