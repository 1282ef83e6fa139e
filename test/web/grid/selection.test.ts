import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  NEW_ROW,
  isRange,
  rangeOf,
  selectAll,
  selectCell,
  selectRows,
  selectionWithin,
  selectsWholeRows,
} from '../../../src/web/grid/selection.ts';

const axes = { rows: ['a', 'b', 'c', NEW_ROW], columns: ['sku', 'name', 'net'] };

describe('a selection', () => {
  test('is the rectangle between its points, whichever way it was drawn', () => {
    const selection = { anchor: { row: 'c', column: 'net' }, head: { row: 'b', column: 'name' } };
    expect(rangeOf(selection, axes)).toEqual({ rows: ['b', 'c'], columns: ['name', 'net'] });
    expect(isRange(selection)).toBe(true);
  });

  test('never holds the row that adds a line', () => {
    expect(rangeOf(selectCell({ row: NEW_ROW, column: 'sku' }), axes).rows).toEqual([]);
    expect(rangeOf(selectAll(axes) ?? selectCell({ row: '', column: '' }), axes).rows).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  test('of whole lines is known as such', () => {
    const rows = selectRows(axes, 'c', 'b');
    expect(rows && selectsWholeRows(rows, axes)).toBe(true);
    expect(selectsWholeRows(selectCell({ row: 'a', column: 'sku' }), axes)).toBe(false);
    expect(selectAll({ rows: [NEW_ROW], columns: ['sku'] })).toBeNull();
  });

  test('goes to the line that took the place of a removed one', () => {
    const at = (row: string) => selectCell({ row, column: 'name' });
    const without = (row: string) => ({ ...axes, rows: axes.rows.filter((one) => one !== row) });
    expect(selectionWithin(at('b'), without('b'), axes)).toEqual(at('c'));
    expect(selectionWithin(at('c'), without('c'), axes)).toEqual(at(NEW_ROW));
    const kept = at('a');
    expect(selectionWithin(kept, without('b'), axes)).toBe(kept);
  });

  test('goes to the first column when its own is hidden', () => {
    const hidden = { ...axes, columns: ['sku', 'net'] };
    expect(selectionWithin(selectCell({ row: 'a', column: 'name' }), hidden, axes).head.column).toBe('sku');
  });

  test('stays on lines that are there, whatever comes and goes', () => {
    const ids = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 });
    fc.assert(
      fc.property(ids, ids, fc.nat(), (before, after, at) => {
        const row = before[at % before.length] ?? '';
        const fitted = selectionWithin(
          selectCell({ row, column: 'x' }),
          { rows: after, columns: ['x'] },
          { rows: before, columns: ['x'] },
        );
        expect(after).toContain(fitted.head.row);
        if (after.includes(row)) expect(fitted.head.row).toBe(row);
      }),
    );
  });
});
