import { describe, expect, test } from 'vitest';
import type { GridClipboard } from '../../../src/web/grid/clipboard/use-clipboard.ts';
import { createGridClipboard } from '../../../src/web/grid/clipboard/use-clipboard.ts';
import { createClipboardNews } from '../../../src/web/grid/clipboard/clipboard-news.ts';
import { gridColumns } from '../../../src/web/grid/grid-columns.ts';
import type { GridCommand } from '../../../src/web/grid/grid-keys.ts';
import { runCommand } from '../../../src/web/grid/run-command.ts';
import { NEW_ROW, selectRows } from '../../../src/web/grid/selection.ts';
import { createMarks } from '../../../src/web/room/marks.ts';
import { openGrid } from './open-grid.ts';

function openKeys(...names: readonly string[]) {
  const grid = openGrid(names.map((name) => ({ name, quantity: '1' })));
  const { quote, store } = grid;
  const clipboard: GridClipboard = createGridClipboard(quote, createClipboardNews(quote), () => {
    const selection = store.selection();
    return selection === null ? null : { axes: store.axes(), selection };
  });
  const opened: string[] = [];
  const deps = {
    ...{ grid, quote, clipboard, marks: createMarks(quote), columns: gridColumns([]), page: 2 },
    openMenu: (line: string) => void opened.push(line),
  };
  return {
    ...grid,
    opened,
    head: () => store.selection()?.head,
    press: (command: GridCommand) => runCommand(deps, command),
  };
}

test('without a cursor every key is left to the browser', () => {
  expect(openKeys('A').press({ kind: 'undo' })).toBe(false);
});

describe('at the cursor', () => {
  test('Tab goes on in the next line, and leaves the grid at the very end', () => {
    const { press, at, head } = openKeys('A');
    at('l1', 'net');
    expect(press({ kind: 'tab', by: 1 })).toBe(true);
    expect(head()).toEqual({ row: NEW_ROW, column: 'sku' });
    at(NEW_ROW, 'net');
    expect(press({ kind: 'tab', by: 1 })).toBe(false);
  });

  test('typing opens a cell, ticks a box, and does nothing to what is computed', () => {
    const { press, at, store, column } = openKeys('A');
    const x: GridCommand = { kind: 'type', text: 'x', isComposing: false };
    at('l1', 'net');
    expect([press(x), store.draft()]).toEqual([false, null]);
    at('l1', 'optional');
    expect([press(x), press({ kind: 'toggle' }), column('optional')]).toEqual([false, true, [true]]);
    at('l1', 'name');
    expect([press(x), store.draft()?.text]).toEqual([true, 'x']);
  });

  test('a key that an input method is at work on is left to it', () => {
    const { press, at, store } = openKeys('A');
    at('l1', 'name');
    expect([press({ kind: 'type', text: '', isComposing: true }), store.draft()?.text]).toEqual([false, '']);
  });

  test('Delete empties cells, and removes whole lines', () => {
    const { press, at, store, column, quote } = openKeys('A', 'B');
    at('l1', 'name');
    press({ kind: 'clear' });
    expect(column('name')).toEqual([null, 'B']);
    const rows = selectRows(store.axes(), 'l1', 'l1');
    if (rows !== null) store.select(rows);
    press({ kind: 'clear' });
    expect(quote.rowIds('lineItems')).toEqual(['l2']);
  });

  test('filling down is one step, and the cursor shows what was taken back', () => {
    const { press, at, store, column, head } = openKeys('A', 'B', 'C');
    at('l1', 'name');
    store.select({ anchor: { row: 'l1', column: 'name' }, head: { row: 'l3', column: 'name' } });
    press({ kind: 'fill_down' });
    expect(column('name')).toEqual(['A', 'A', 'A']);
    at('l1', 'sku');
    press({ kind: 'undo' });
    expect([column('name'), head()]).toEqual([['A', 'B', 'C'], { row: 'l2', column: 'name' }]);
    press({ kind: 'redo' });
    expect(column('name')).toEqual(['A', 'A', 'A']);
    press({ kind: 'redo' });
    expect(store.told()).toBe('There is nothing to redo.');
  });

  test('a line comes below, or at the end; the menu is for lines only', () => {
    const { press, at, quote, opened } = openKeys('A', 'B');
    at('l1', 'name');
    press({ kind: 'insert_below' });
    expect(quote.rowIds('lineItems')).toEqual(['l1', 'l3', 'l2']);
    at(NEW_ROW, 'name');
    press({ kind: 'menu' });
    press({ kind: 'insert_below' });
    expect([quote.rowIds('lineItems').at(-1), opened]).toEqual(['l4', []]);
    press({ kind: 'menu' });
    expect(opened).toEqual(['l4']);
  });

  test('Escape ends one thing at a time, then is left to the browser', () => {
    const { press, at, store, editing } = openKeys('A', 'B');
    at('l1', 'name');
    press({ kind: 'move', direction: 'down', extend: true });
    editing.open('x');
    store.tell('No.');
    const ends = [press({ kind: 'escape' }), store.draft() === null, store.told()];
    expect(ends).toEqual([true, true, 'No.']);
    expect([press({ kind: 'escape' }), store.told()]).toEqual([true, null]);
    expect([press({ kind: 'escape' }), store.selection()?.anchor.row]).toEqual([true, 'l2']);
    expect(press({ kind: 'escape' })).toBe(false);
  });
});
