import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isHidden,
  layOut,
  noPrefs,
  orderOf,
  parsePrefs,
  withMoved,
} from '../../../src/web/grid/column-prefs.ts';
import { gridColumns } from '../../../src/web/grid/grid-columns.ts';

const columns = gridColumns(['x_color']);
const shown = columns.filter((column) => !isHidden(noPrefs, column));
const sum = (widths: readonly number[]): number => widths.reduce((a, b) => a + b, 0);

describe('the columns of a person', () => {
  test('are in their order; one that is new comes after the one that it follows by itself', () => {
    const prefs = { ...noPrefs, order: ['net', 'name', 'sku', 'gone', 'name'] };
    const order = orderOf(prefs, columns);
    expect(order.slice(0, 3)).toEqual(['net', 'name', 'description']);
    expect(order).toContain('x_color');
    expect(order.toSorted()).toEqual(columns.map(({ id }) => id).toSorted());
    expect(orderOf(noPrefs, columns)).toEqual(columns.map(({ id }) => id));
  });

  test('can be put elsewhere', () => {
    expect(withMoved(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b']);
    expect(withMoved(['a', 'b', 'c'], 'a', null)).toEqual(['b', 'c', 'a']);
    expect(withMoved(['a', 'b'], 'a', 'gone')).toEqual(['a', 'b']);
  });

  test('are remembered only where what was kept makes sense', () => {
    expect(parsePrefs(null)).toBe(noPrefs);
    expect(parsePrefs('{')).toBe(noPrefs);
    expect(parsePrefs('{"order":[],"widths":{"sku":-4},"hidden":{}}')).toBe(noPrefs);
    const kept = { order: ['sku'], widths: { sku: 90 }, hidden: { unit: true } };
    expect(parsePrefs(JSON.stringify(kept))).toEqual(kept);
  });
});

describe('widths', () => {
  test('fill the grid', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1200, max: 3000 }),
        fc.subarray(shown, { minLength: 1 }),
        (available, some) => {
          const widths = layOut(some, {}, available);
          if (sum(some.map(({ width }) => width)) <= available) expect(sum(widths)).toBe(available);
        },
      ),
    );
  });

  test('give what is left to the last column once the person has sized the elastic ones', () => {
    const sized = Object.fromEntries(shown.map(({ id }) => [id, 100]));
    expect(layOut(shown, sized, 2000).slice(0, -1)).toEqual(shown.slice(0, -1).map(() => 100));
    expect(sum(layOut(shown, sized, 2000))).toBe(2000);
  });

  test('of the elastic columns give way first, the last before the first', () => {
    const widths = layOut(shown, {}, sum(shown.map(({ width }) => width)) - 50);
    expect(widths[shown.findIndex(({ id }) => id === 'name')]).toBe(200);
    expect(widths[shown.findIndex(({ id }) => id === 'description')]).toBe(110);
    expect(Math.min(...layOut(shown, {}, 0))).toBeGreaterThan(40);
  });
});
