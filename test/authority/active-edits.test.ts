import { describe, expect, test } from 'vitest';
import { type ActiveEdits, createActiveEdits, viewOf } from '../../src/authority/active-edits.ts';
import type { Author } from '../../src/authority/verdict.ts';
import type { CellId, UserId } from '../../src/lib/ids.ts';

const QUANTITY = 'lineItems/l1/quantity' as CellId;
const NAME = 'lineItems/l1/name' as CellId;
const TITLE = 'fields/title' as CellId;
const vera: Author = { user: 'vera' as UserId, role: 'vp_sales' };
const LEASE = 10_000;

/** Which of the three cells are under edit at a time. */
const editedAt = (edits: ActiveEdits, time: number): CellId[] =>
  [QUANTITY, NAME, TITLE].filter((cell) => edits.at(time).on(cell).length > 0);

describe('[A45] an active edit', () => {
  test('[A45] opens with a presence or a write, and runs out after the last sign of it', () => {
    const edits = createActiveEdits(LEASE);
    edits.wrote('c1', vera, QUANTITY, 0);
    edits.wrote('c1', vera, TITLE, 4_000);
    expect(editedAt(edits, 9_999)).toEqual([QUANTITY, TITLE]);
    expect(editedAt(edits, 10_000)).toEqual([TITLE]);
    edits.wrote('c1', vera, TITLE, 12_000);
    expect(editedAt(edits, 21_999)).toEqual([TITLE]);
    expect(editedAt(edits, 22_000)).toEqual([]);
    edits.present('c1', vera, NAME, 30_000);
    expect(edits.at(39_999).on(NAME)).toEqual([{ ...vera, cell: NAME }]);
    expect(edits.at(40_000).on(NAME)).toEqual([]);
  });

  test('[A45] is found by its row, a field has none', () => {
    const edits = createActiveEdits(LEASE);
    edits.wrote('c1', vera, QUANTITY, 0);
    edits.wrote('c1', vera, TITLE, 0);
    expect(edits.at(1).inRow('lineItems/l1')).toEqual([{ ...vera, cell: QUANTITY }]);
    expect(edits.at(1).inRow('lineItems/l2')).toEqual([]);
    expect(edits.at(1).inRow('fields')).toEqual([]);
  });

  test('[A45] a presence that names a cell governs: all others end, and no write opens another', () => {
    const edits = createActiveEdits(LEASE);
    edits.wrote('c1', vera, QUANTITY, 0);
    edits.wrote('c1', vera, TITLE, 0);
    edits.present('c1', vera, NAME, 1);
    expect(editedAt(edits, 2)).toEqual([NAME]);
    edits.wrote('c1', vera, QUANTITY, 3);
    expect(editedAt(edits, 4)).toEqual([NAME]);
    edits.wrote('c1', vera, NAME, 9_000);
    expect(editedAt(edits, 18_999)).toEqual([NAME]);
    edits.present('c1', vera, null, 10_000);
    expect(editedAt(edits, 10_001)).toEqual([]);
    edits.wrote('c1', vera, QUANTITY, 10_002);
    expect(editedAt(edits, 10_003)).toEqual([]);
  });

  test('[A45] a presence that never named a cell says nothing', () => {
    const edits = createActiveEdits(LEASE);
    edits.present('c1', vera, null, 0);
    edits.wrote('c1', vera, QUANTITY, 1);
    edits.present('c1', vera, null, 2);
    expect(editedAt(edits, 3)).toEqual([QUANTITY]);
  });

  test('[A45] ends with a presence that leaves; one that rests on writes alone runs out', () => {
    const edits = createActiveEdits(LEASE);
    edits.present('c1', vera, QUANTITY, 0);
    edits.wrote('c2', vera, TITLE, 0);
    edits.left('c1');
    edits.left('c2');
    edits.left('nobody');
    expect(editedAt(edits, 1)).toEqual([TITLE]);
    edits.wrote('c1', vera, NAME, 2);
    expect(editedAt(edits, 3)).toEqual([NAME, TITLE]);
  });

  test('[A45] each connection holds its own', () => {
    const edits = createActiveEdits(LEASE);
    const rita: Author = { user: 'rita' as UserId, role: 'sales_rep' };
    edits.present('c1', vera, QUANTITY, 0);
    edits.present('c2', rita, QUANTITY, 0);
    edits.present('c1', vera, null, 1);
    expect(edits.at(2).on(QUANTITY)).toEqual([{ ...rita, cell: QUANTITY }]);
  });

  test('[A45] one connection holds a bounded number, the oldest give way', () => {
    const edits = createActiveEdits(LEASE);
    for (let row = 0; row < 1_000; row++) edits.wrote('c1', vera, `lineItems/r${row}/name` as CellId, row);
    const held = Array.from(
      { length: 1_000 },
      (_, row) => edits.at(1_000).on(`lineItems/r${row}/name` as CellId).length,
    );
    expect(held.reduce((sum, count) => sum + count, 0)).toBe(64);
    expect(held.slice(-64).every((count) => count === 1)).toBe(true);
  });

  test('[A45] a lease of nothing opens none', () => {
    const edits = createActiveEdits(0);
    edits.wrote('c1', vera, QUANTITY, 0);
    edits.present('c1', vera, QUANTITY, 0);
    expect(editedAt(edits, 0)).toEqual([]);
  });

  test('[A45] what an entry recorded is looked at in the same way', () => {
    const view = viewOf([
      { ...vera, cell: QUANTITY },
      { ...vera, cell: 'lineItems/l11/name' as CellId },
    ]);
    expect(view.on(QUANTITY).length).toBe(1);
    expect(view.inRow('lineItems/l1')).toEqual([{ ...vera, cell: QUANTITY }]);
  });
});
