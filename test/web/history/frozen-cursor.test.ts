import { expect, test } from 'vitest';
import { cellAfterKey } from '../../../src/web/history/frozen-cursor.ts';

const grid = { lines: ['l1', 'l2', 'l3'], columns: ['sku', 'name', 'net'], selected: 'lineItems/l2/name' };
const after = (key: string, more: { ctrlKey?: boolean; selected?: string | null } = {}): string | null =>
  cellAfterKey(
    { key, ctrlKey: more.ctrlKey === true, metaKey: false },
    { ...grid, selected: more.selected === undefined ? grid.selected : more.selected },
  );

test('arrows, Home and End move the cursor and stay in the grid', () => {
  expect(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'].map((key) => after(key))).toEqual(
    [
      'lineItems/l1/name',
      'lineItems/l3/name',
      'lineItems/l2/sku',
      'lineItems/l2/net',
      'lineItems/l2/sku',
      'lineItems/l2/net',
    ],
  );
  expect(after('PageDown')).toBe('lineItems/l3/name');
  expect(after('End', { ctrlKey: true })).toBe('lineItems/l3/net');
  expect(after('ArrowUp', { selected: 'lineItems/l1/sku' })).toBe('lineItems/l1/sku');
});

test('other keys mean nothing, and an empty grid has no cell', () => {
  expect(after('x')).toBeNull();
  expect(cellAfterKey({ key: 'ArrowUp', ctrlKey: false, metaKey: false }, { ...grid, lines: [] })).toBeNull();
});
