import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSamePlan, planRows, sumAmounts } from '../../../src/web/grid/row-plan.ts';

const lines = (...groups: string[]) => groups.map((group, at) => ({ id: `l${at + 1}`, group }));
const shown = (...groups: string[]): string[] =>
  planRows(lines(...groups)).map((row) =>
    row.kind === 'line'
      ? `${row.number} ${row.id}`
      : row.kind === 'group'
        ? `[${row.name}] ${row.lines.join(' ')}`
        : '+',
  );

describe('the rows of the grid', () => {
  test('are the lines in their order, with a heading before each run of a group', () => {
    expect(shown('A', 'A', 'B', 'A')).toEqual([
      '[A] l1 l2',
      '1 l1',
      '2 l2',
      '[B] l3',
      '3 l3',
      '[A] l4',
      '4 l4',
      '+',
    ]);
  });

  test('have no heading where there are no groups', () => {
    expect(shown('', '')).toEqual(['1 l1', '2 l2', '+']);
    expect(shown()).toEqual(['+']);
  });

  test('set lines without a group apart from a group above them', () => {
    expect(shown('', 'A', '')).toEqual(['1 l1', '[A] l2', '2 l2', '[] l3', '3 l3', '+']);
  });

  test('hold every line once, numbered in order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('', 'A', 'B')), (groups) => {
        const plan = planRows(lines(...groups));
        const ids = plan.flatMap((row) => (row.kind === 'line' ? [row.id] : []));
        expect(ids).toEqual(lines(...groups).map(({ id }) => id));
        expect(plan.flatMap((row) => (row.kind === 'group' ? row.lines : []))).toHaveLength(
          ids.length -
            (groups.findIndex((group) => group !== '') === -1
              ? ids.length
              : groups.findIndex((group) => group !== '')),
        );
        expect(isSamePlan(plan, planRows(lines(...groups)))).toBe(true);
      }),
    );
  });

  test('are others when a line changes its group', () => {
    expect(isSamePlan(planRows(lines('A', 'A')), planRows(lines('A', 'B')))).toBe(false);
  });
});

test('amounts are added exactly', () => {
  expect(sumAmounts(['0.10', '0.20', '-1000000000000.05'])).toBe('-999999999999.75');
  expect(sumAmounts(['100', '23'])).toBe('123');
  expect(sumAmounts(['0.00'])).toBe('0.00');
  expect(sumAmounts([])).toBe('0');
});
