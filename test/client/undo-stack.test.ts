import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type UndoStack,
  UNDO_STEPS_MAX,
  emptyUndoStack,
  planStep,
  withStep,
  withTaken,
  withoutRefused,
} from '../../src/client/undo-stack.ts';
import type { CellValue } from '../../src/quote/cell.ts';

/** A sheet of cells with one user's undo, as the client has it, without a document. */
function createSheet() {
  const cells = new Map<string, CellValue>();
  let stack = emptyUndoStack;
  const read = (cell: string): CellValue => cells.get(cell) ?? null;
  const take = (direction: 'undo' | 'redo'): readonly string[] => {
    const step = stack[direction].at(-1);
    if (step === undefined) return [];
    const { writes, skipped } = planStep(step, direction, read);
    for (const { cell, value } of writes) cells.set(cell, value);
    stack = withTaken(
      stack,
      direction,
      writes.map(({ cell }) => cell),
    );
    return skipped;
  };
  return {
    read,
    stack: (): UndoStack => stack,
    set(writes: Readonly<Record<string, CellValue>>): void {
      const changes = Object.entries(writes).map(([cell, after]) => ({ cell, before: read(cell), after }));
      for (const { cell, after } of changes) cells.set(cell, after);
      stack = withStep(stack, { kind: 'cells', changes, rows: [] });
    },
    addRows(rows: readonly string[], writes: Readonly<Record<string, CellValue>>): void {
      const changes = Object.entries(writes).map(([cell, after]) => ({ cell, before: read(cell), after }));
      for (const { cell, after } of changes) cells.set(cell, after);
      for (const row of rows) cells.set(`${row}/position`, 'a0');
      stack = withStep(stack, {
        kind: 'cells',
        changes,
        rows: rows.map((row) => ({ row, position: 'a0' })),
      });
    },
    addRow(row: string, position: string): void {
      cells.set(`${row}/position`, position);
      stack = withStep(stack, { kind: 'cells', changes: [], rows: [{ row, position }] });
    },
    other: (cell: string, value: CellValue): void => void cells.set(cell, value),
    refuse(cell: string, kept: CellValue, offered: CellValue = read(cell)): void {
      cells.set(cell, kept);
      stack = withoutRefused(stack, { cell, offered, kept });
    },
    undo: () => take('undo'),
    redo: () => take('redo'),
  };
}

const A = 'lineItems/l1/quantity';
const B = 'lineItems/l2/quantity';

describe('undo of cells', () => {
  test('takes back one step at a time, and does it again', () => {
    const sheet = createSheet();
    sheet.set({ [A]: '1' });
    sheet.set({ [A]: '2', [B]: '5' });
    sheet.undo();
    expect([sheet.read(A), sheet.read(B)]).toEqual(['1', null]);
    sheet.undo();
    expect(sheet.read(A)).toBe(null);
    sheet.redo();
    sheet.redo();
    expect([sheet.read(A), sheet.read(B)]).toEqual(['2', '5']);
  });

  test('skips, and names, a cell that somebody else has changed', () => {
    const sheet = createSheet();
    sheet.set({ [A]: '1', [B]: '1' });
    sheet.other(A, '9');
    expect(sheet.undo()).toEqual([A]);
    expect([sheet.read(A), sheet.read(B)]).toEqual(['9', null]);
    sheet.redo();
    expect([sheet.read(A), sheet.read(B)]).toEqual(['9', '1']);
  });

  test('a step whose cells all changed is gone', () => {
    const sheet = createSheet();
    sheet.set({ [A]: '1' });
    sheet.other(A, '9');
    sheet.undo();
    expect(sheet.stack()).toMatchObject({ undo: [], redo: [] });
  });

  test('redo skips what was changed after the undo', () => {
    const sheet = createSheet();
    sheet.set({ [A]: '1' });
    sheet.undo();
    sheet.other(A, '9');
    expect(sheet.redo()).toEqual([A]);
    expect(sheet.read(A)).toBe('9');
  });

  test('something new leaves nothing to redo', () => {
    const sheet = createSheet();
    sheet.set({ [A]: '1' });
    sheet.undo();
    sheet.set({ [B]: '1' });
    expect(sheet.stack().redo).toEqual([]);
  });

  test('remembers so many steps and no more', () => {
    const sheet = createSheet();
    for (let n = 0; n <= UNDO_STEPS_MAX; n += 1) sheet.set({ [A]: String(n) });
    expect(sheet.stack().undo).toHaveLength(UNDO_STEPS_MAX);
  });
});

describe('undo of a new row', () => {
  test('removes it, and brings it back', () => {
    const sheet = createSheet();
    sheet.addRow('lineItems/l1', 'a0');
    sheet.undo();
    expect(sheet.read('lineItems/l1/removed')).toBe(true);
    sheet.redo();
    expect(sheet.read('lineItems/l1/removed')).toBe(null);
  });

  test('a row that the server did not take is no step', () => {
    const sheet = createSheet();
    sheet.addRow('lineItems/l1', 'a0');
    sheet.refuse('lineItems/l1/position', null);
    expect(sheet.stack().undo).toEqual([]);
  });

  test('a refused cell of a new row leaves the row a step', () => {
    const sheet = createSheet();
    sheet.addRow('lineItems/l1', 'a0');
    sheet.refuse('lineItems/l1/discountPercent', null, '50');
    sheet.undo();
    expect(sheet.read('lineItems/l1/removed')).toBe(true);
  });
});

describe('undo of many rows with cells', () => {
  const sheetWithRows = () => {
    const sheet = createSheet();
    sheet.addRows(['lineItems/l1', 'lineItems/l2'], { [B]: '1' });
    return sheet;
  };

  test('is one step, of rows and cells', () => {
    const sheet = sheetWithRows();
    sheet.undo();
    expect(['l1', 'l2'].map((id) => sheet.read(`lineItems/${id}/removed`))).toEqual([true, true]);
    expect(sheet.read(B)).toBe(null);
    sheet.redo();
    expect(['l1', 'l2'].map((id) => sheet.read(`lineItems/${id}/removed`))).toEqual([null, null]);
    expect(sheet.read(B)).toBe('1');
  });

  test('leaves out the row that the server did not take', () => {
    const sheet = sheetWithRows();
    sheet.refuse('lineItems/l2/position', null);
    sheet.undo();
    expect(['l1', 'l2'].map((id) => sheet.read(`lineItems/${id}/removed`))).toEqual([true, null]);
  });
});

describe('refused writes', () => {
  test('leave the stack', () => {
    const sheet = createSheet();
    sheet.set({ [A]: '1' });
    sheet.set({ [A]: '2' });
    sheet.refuse(A, '9');
    expect(sheet.undo()).toEqual([A]);
    expect(sheet.read(A)).toBe('9');
    expect(sheet.stack()).toMatchObject({ undo: [], redo: [] });
  });

  test('leave other cells of their step', () => {
    const sheet = createSheet();
    sheet.set({ [A]: '1', [B]: '1' });
    sheet.refuse(A, '9');
    expect(sheet.undo()).toEqual([]);
    expect([sheet.read(A), sheet.read(B)]).toEqual(['9', null]);
  });

  test('what was written on top of one goes back to the winner', () => {
    const sheet = createSheet();
    sheet.set({ [A]: '10' });
    sheet.set({ [A]: '50' });
    sheet.set({ [A]: '20' });
    sheet.refuse(A, '10', '50');
    sheet.other(A, '20');
    sheet.undo();
    expect(sheet.read(A)).toBe('10');
    sheet.undo();
    expect(sheet.read(A)).toBe(null);
  });

  test('a refused undo cannot be redone', () => {
    const sheet = createSheet();
    sheet.set({ [A]: '1' });
    sheet.set({ [A]: '2' });
    sheet.undo();
    sheet.refuse(A, '9');
    expect(sheet.stack().redo).toEqual([]);
    expect(sheet.stack().undo).toHaveLength(1);
  });

  test('of nothing that is known change nothing', () => {
    const sheet = createSheet();
    sheet.set({ [A]: '1' });
    const before = sheet.stack();
    sheet.refuse(B, '9', '3');
    expect(sheet.stack()).toBe(before);
  });
});

describe('properties', () => {
  const cell = fc.constantFrom(A, B, 'fields/title');
  const value = fc.constantFrom<CellValue>('1', '2', '3', null);
  const writes = fc.dictionary(cell, value, { minKeys: 1 });

  test('alone, undo of everything is the beginning, and redo of everything the end', () => {
    fc.assert(
      fc.property(fc.array(writes, { maxLength: 20 }), (steps) => {
        const sheet = createSheet();
        for (const step of steps) sheet.set(step);
        const all = (): CellValue[] => [A, B, 'fields/title'].map(sheet.read);
        const end = all();
        while (sheet.stack().undo.length > 0) sheet.undo();
        expect(all()).toEqual([null, null, null]);
        while (sheet.stack().redo.length > 0) sheet.redo();
        expect(all()).toEqual(end);
      }),
    );
  });

  test('a value that only others ever wrote is never overwritten', () => {
    const foreign = fc.record({ kind: fc.constant('other' as const), cell });
    const mine = fc.record({ kind: fc.constant('mine' as const), writes });
    const refusal = fc.record({ kind: fc.constant('refuse' as const), cell });
    const take = fc.constantFrom({ kind: 'undo' as const }, { kind: 'redo' as const });
    fc.assert(
      fc.property(fc.array(fc.oneof(foreign, mine, refusal, take, take), { maxLength: 40 }), (steps) => {
        const sheet = createSheet();
        let others = 0;
        for (const step of steps) {
          const before = new Map([A, B, 'fields/title'].map((name) => [name, sheet.read(name)]));
          if (step.kind === 'mine') sheet.set(step.writes);
          else if (step.kind === 'other') sheet.other(step.cell, `other ${(others += 1)}`);
          else if (step.kind === 'refuse') sheet.refuse(step.cell, `winner ${(others += 1)}`);
          else {
            sheet[step.kind]();
            for (const [name, value] of before) {
              const isForeign = String(value).startsWith('other') || String(value).startsWith('winner');
              if (isForeign && !wasMine(sheet.stack(), name, value)) expect(sheet.read(name)).toBe(value);
            }
          }
        }
      }),
    );
  });

  /** Undo may have put a foreign value back where this user had overwritten it; redo may then take it again. */
  function wasMine(stack: UndoStack, name: string, value: CellValue | undefined): boolean {
    return [...stack.undo, ...stack.redo].some(
      (step) =>
        step.kind === 'cells' &&
        step.changes.some((change) => change.cell === name && change.before === value),
    );
  }
});
