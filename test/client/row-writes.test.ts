import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { writeCells } from '../../src/client/cell-store.ts';
import { type Place, addRowsWrites, moveRowWrites, removedWrite } from '../../src/client/row-writes.ts';
import { readSnapshot } from '../../src/quote/snapshot.ts';

function createRows() {
  const doc = new Y.Doc();
  const write = (writes: ReturnType<typeof addRowsWrites>): string | null => {
    if (!writes.ok) return writes.reason;
    const written = writeCells(doc, writes.value);
    return written.ok ? null : written.reason;
  };
  return {
    doc,
    order: () => readSnapshot(doc).lineItems.map(({ id }) => id),
    add: (id: string, place: Place = {}) =>
      write(addRowsWrites(doc, { root: 'lineItems', rows: [{ id, cells: {} }] }, place)),
    move: (id: string, place: Place) => write(moveRowWrites(doc, 'lineItems', id, place)),
    remove: (id: string) => write(removedWrite(doc, 'lineItems', id, true)),
    restore: (id: string) => write(removedWrite(doc, 'lineItems', id, null)),
    place: (id: string, position: string) =>
      writeCells(doc, [{ cell: `lineItems/${id}/position`, value: position }]),
  };
}

describe('rows', () => {
  test('are added at the end, at the beginning and after another', () => {
    const rows = createRows();
    rows.add('a');
    rows.add('b');
    rows.add('first', { after: null });
    rows.add('between', { after: 'a' });
    expect(rows.order()).toEqual(['first', 'a', 'between', 'b']);
  });

  test('come before a row behind which no position is left', () => {
    const rows = createRows();
    rows.add('a');
    rows.add('last');
    rows.place('last', 'z'.repeat(256));
    expect(rows.add('b')).toBeNull();
    expect(rows.add('c', { after: 'last' })).toBeNull();
    expect(rows.move('a', {})).toBeNull();
    expect(rows.order()).toEqual(['b', 'c', 'a', 'last']);
  });

  test('are not added, and it is said why, where no position is left at all', () => {
    const rows = createRows();
    rows.add('a');
    rows.place('a', `A${'0'.repeat(26)}${'0'.repeat(228)}1`);
    expect(rows.add('b', { after: null })).toMatch(/no place left/);
    expect(rows.order()).toEqual(['a']);
  });

  test('are written without their empty cells', () => {
    const { doc } = createRows();
    const cells = { name: 'Seat', quantity: null, position: 'zz' };
    const writes = addRowsWrites(doc, { root: 'lineItems', rows: [{ id: 'a', cells }] }, {});
    expect(writes).toEqual({
      ok: true,
      value: [
        { cell: 'lineItems/a/name', value: 'Seat' },
        { cell: 'lineItems/a/position', value: 'a0' },
      ],
    });
  });

  test('keep their place while removed', () => {
    const rows = createRows();
    for (const id of ['a', 'b', 'c']) rows.add(id);
    rows.remove('b');
    rows.add('d', { after: 'a' });
    expect(rows.order()).toEqual(['a', 'd', 'c']);
    rows.restore('b');
    expect(rows.order()).toEqual(['a', 'd', 'b', 'c']);
  });

  test('are moved, and not written when they are there already', () => {
    const rows = createRows();
    for (const id of ['a', 'b', 'c']) rows.add(id);
    expect(moveRowWrites(rows.doc, 'lineItems', 'b', { after: 'a' })).toEqual({ ok: true, value: [] });
    expect(moveRowWrites(rows.doc, 'lineItems', 'a', { after: null })).toEqual({ ok: true, value: [] });
    expect(moveRowWrites(rows.doc, 'lineItems', 'c', {})).toEqual({ ok: true, value: [] });
    rows.move('c', { after: null });
    rows.move('a', {});
    expect(rows.order()).toEqual(['c', 'b', 'a']);
  });

  test('that share a position are passed together', () => {
    const rows = createRows();
    rows.place('a', 'a0');
    rows.place('b', 'a0');
    rows.place('c', 'a1');
    rows.add('new', { after: 'a' });
    expect(rows.order()).toEqual(['a', 'b', 'new', 'c']);
  });

  test('that do not exist cannot be removed, moved or followed', () => {
    const rows = createRows();
    rows.add('a');
    expect(rows.remove('x')).toContain('no row lineItems/x');
    expect(rows.move('x', {})).toContain('no row lineItems/x');
    expect(rows.add('b', { after: 'x' })).toContain('no row lineItems/x');
    expect(rows.add('a')).toContain('already');
    expect(rows.move('a', { after: 'a' })).toContain('itself');
  });

  test('land exactly where they were sent, among distinct positions', () => {
    const place = fc.option(fc.nat(), { nil: null });
    const action = fc.record({
      kind: fc.constantFrom('add' as const, 'move' as const),
      row: fc.nat(),
      place,
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        const rows = createRows();
        let expected: string[] = [];
        actions.forEach(({ kind, row, place: seed }, n) => {
          const id =
            kind === 'add' || expected.length === 0 ? `r${n}` : (expected[row % expected.length] ?? '');
          const others = expected.filter((other) => other !== id);
          const after = seed === null || others.length === 0 ? null : (others[seed % others.length] ?? null);
          if (expected.includes(id)) rows.move(id, { after });
          else rows.add(id, { after });
          const at = after === null ? 0 : others.indexOf(after) + 1;
          expected = others.toSpliced(at, 0, id);
          expect(rows.order()).toEqual(expected);
        });
      }),
      { numRuns: 50 },
    );
  });
});
