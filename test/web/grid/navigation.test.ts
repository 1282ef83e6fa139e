import { describe, expect, test } from 'vitest';
import { type Direction, moved, placeOfMove, tabbed } from '../../../src/web/grid/navigation.ts';
import { type GridPoint, NEW_ROW, selectCell } from '../../../src/web/grid/selection.ts';

const axes = { rows: ['a', 'b', 'c', NEW_ROW], columns: ['sku', 'name', 'net'] };
const at = (text: string): GridPoint => {
  const [row = '', column = ''] = text.split(' ');
  return { row, column };
};
const go = (from: string, direction: Direction): string => {
  const { head } = moved(selectCell(at(from)), axes, { direction, extend: false, page: 2 });
  return `${head.row} ${head.column}`;
};

describe('the cursor', () => {
  test.each<[string, Direction, string]>([
    ['b name', 'up', 'a name'],
    ['a name', 'up', 'a name'],
    ['c name', 'down', '+ name'],
    ['+ name', 'down', '+ name'],
    ['b name', 'left', 'b sku'],
    ['b net', 'right', 'b net'],
    ['b net', 'row_start', 'b sku'],
    ['b sku', 'row_end', 'b net'],
    ['c net', 'start', 'a sku'],
    ['a sku', 'end', 'c net'],
    ['a name', 'column_end', 'c name'],
    ['c name', 'page_up', 'a name'],
    ['a name', 'page_down', 'c name'],
  ])('from %s goes %s to %s', (from, direction, to) => {
    expect(go(from, direction)).toBe(to);
  });

  test('with Shift takes the selection along, but not into the row that adds a line', () => {
    const extended = moved(selectCell(at('b name')), axes, { direction: 'down', extend: true, page: 1 });
    expect(extended).toEqual({ anchor: at('b name'), head: at('c name') });
    expect(moved(extended, axes, { direction: 'down', extend: true, page: 1 })).toBe(extended);
  });

  test('by Tab goes on in the next row, and out of the grid at its ends', () => {
    expect(tabbed(at('a net'), axes, 1)?.head).toEqual(at('b sku'));
    expect(tabbed(at('b sku'), axes, -1)?.head).toEqual(at('a net'));
    expect(tabbed(at('a sku'), axes, -1)).toBeNull();
    expect(tabbed(at('+ net'), axes, 1)).toBeNull();
  });
});

describe('lines that are moved by a key', () => {
  test('pass one line, all of them together', () => {
    const rows = { anchor: at('a sku'), head: at('b sku') };
    expect(placeOfMove(rows, axes, 1)).toEqual({ rows: ['a', 'b'], after: 'c' });
    expect(placeOfMove(rows, axes, -1)).toBeUndefined();
    expect(placeOfMove(selectCell(at('b sku')), axes, -1)).toEqual({ rows: ['b'], after: null });
    expect(placeOfMove(selectCell(at('c sku')), axes, -1)).toEqual({ rows: ['c'], after: 'a' });
    expect(placeOfMove(selectCell(at('c sku')), axes, 1)).toBeUndefined();
  });
});
