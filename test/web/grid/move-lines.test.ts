import { describe, expect, test } from 'vitest';
import { moveWrites, placeBefore } from '../../../src/web/grid/move-lines.ts';
import { planRows } from '../../../src/web/grid/row-plan.ts';

const line = (id: string, position: string, group?: string) => ({
  id,
  cells: { position, ...(group !== undefined && { group }) },
});
const lines = [line('a', 'a0', 'A'), line('b', 'a1', 'A'), line('c', 'a2', 'B'), line('d', 'a2', 'B')];
const plan = planRows(lines.map(({ id, cells }) => ({ id, group: cells.group ?? '' })));

/** The order after the writes. */
function after(ids: readonly string[], place: { after: string | null; group: string }): string {
  const writes = moveWrites(lines, ids, place);
  const cellsOf = (id: string) =>
    Object.fromEntries(
      writes
        .filter(({ cell }) => cell.startsWith(`lineItems/${id}/`))
        .map(({ cell, value }) => [cell.split('/')[2] ?? '', value]),
    );
  return lines
    .map(({ id, cells }) => ({ id, ...cells, ...cellsOf(id) }))
    .toSorted((x, y) => (x.position < y.position ? -1 : x.position > y.position ? 1 : x.id < y.id ? -1 : 1))
    .map(({ id, group }) => `${id}${group ?? ''}`)
    .join(' ');
}

describe('lines that are moved', () => {
  test('stand behind another, in the order given, in its group', () => {
    expect(after(['a', 'b'], { after: 'd', group: 'B' })).toBe('cB dB aB bB');
    expect(after(['d'], { after: null, group: 'A' })).toBe('dA aA bA cB');
    expect(after(['d'], { after: 'a', group: 'A' })).toBe('aA dA bA cB');
  });

  test('are not written where they stand already', () => {
    expect(moveWrites(lines, ['b'], { after: 'a', group: 'A' })).toEqual([]);
    expect(moveWrites(lines, ['b'], { after: 'a', group: '' })).toEqual([
      { cell: 'lineItems/b/group', value: null },
    ]);
  });

  test('pass lines that share a position', () => {
    expect(after(['a'], { after: 'c', group: 'B' })).toBe('bA cB dB aB');
  });

  test('come into the group that they are let go in', () => {
    // [A] a b [B] c d +
    expect(placeBefore(plan, 3, ['c'])).toEqual({ after: 'b', group: 'A' });
    expect(placeBefore(plan, 4, ['a'])).toEqual({ after: 'b', group: 'B' });
    expect(placeBefore(plan, 2, ['a'])).toEqual({ after: null, group: 'A' });
    expect(placeBefore(plan, 0, ['c'])).toEqual({ after: null, group: '' });
  });
});

test('a line goes before one that leaves no place behind it', () => {
  const end = line('end', 'z'.repeat(256));
  const writes = moveWrites([...lines, end], ['a'], { after: 'end', group: 'A' });
  const [position] = writes.map(({ value }) => String(value));
  expect(position?.length).toBeLessThan(256);
  expect([position, 'a2', end.cells.position].toSorted()).toEqual(['a2', position, end.cells.position]);
});
