import { expect, test } from 'vitest';
import { tintsOf } from '../../../src/web/history/tints.ts';
import { byDana, cellDiff, diffOf } from './build-diff.ts';

test('a changed cell is marked, with both values and who it was', () => {
  const { cells } = tintsOf(diffOf({ cells: [cellDiff('lineItems/l1/quantity', ['10', '12'])] }));
  expect([...cells]).toEqual([['lineItems/l1/quantity', { before: '10', after: '12', change: byDana }]]);
});

test('cells of a row that is on the quote at neither point are not', () => {
  expect(
    tintsOf(diffOf({ cells: [cellDiff('lineItems/l1/quantity', ['10', '12'], false)] })).cells.size,
  ).toBe(0);
});

test('a row that came, went or moved is marked itself, not the cells that say so', () => {
  const rows = [
    { kind: 'moved', root: 'lineItems', row: 'l1', change: byDana },
    { kind: 'removed', root: 'lineItems', row: 'l2', change: byDana },
    { kind: 'added', root: 'lineItems', row: 'l3', change: byDana },
  ] as const;
  const cells = [
    cellDiff('lineItems/l1/position', ['a0', 'a5']),
    cellDiff('lineItems/l2/removed', [null, true]),
    cellDiff('lineItems/l2/name', ['Belt', 'Old belt']),
    cellDiff('lineItems/l3/name', [null, 'Roller']),
  ];
  const tints = tintsOf(diffOf({ rows: [...rows], cells }));
  expect([...tints.rows].map(([row, { kind }]) => `${row} ${kind}`)).toEqual([
    'lineItems/l1 moved',
    'lineItems/l2 removed',
    'lineItems/l3 added',
  ]);
  expect([...tints.cells.keys()]).toEqual(['lineItems/l3/name']);
});

test('fields and the text of notes', () => {
  const tints = tintsOf(
    diffOf({
      cells: [cellDiff('fields/customer', ['A', 'B'])],
      notes: [{ note: 'n1', before: 'a', after: 'b', change: byDana }],
    }),
  );
  expect([...tints.cells.keys(), ...tints.notes.keys()]).toEqual(['fields/customer', 'n1']);
});

test('how a quote began marks none of it', () => {
  const tints = tintsOf(diffOf({ from: 0, cells: [cellDiff('fields/customer', [null, 'A'])] }));
  expect([tints.cells.size, tints.rows.size]).toEqual([0, 0]);
});
