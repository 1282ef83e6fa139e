import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { present } from '../../src/lib/assert.ts';
import { defaultLimits } from '../../src/lib/limits.ts';
import { type CellValue, type RowRoot, noteRootName, parseCellId } from '../../src/quote/cell.ts';
import { parseCellValue } from '../../src/quote/columns.ts';
import { type RestorePlan, isEmptyPlan, planRestore } from '../../src/quote/plan-restore.ts';
import { type Snapshot, readSnapshot } from '../../src/quote/snapshot.ts';

const ALL = { removed: true };

function set(doc: Y.Doc, cells: Readonly<Record<string, CellValue>>): void {
  for (const [id, value] of Object.entries(cells)) {
    const { root, key } = present(parseCellId(id), `${id} is a cell`);
    doc.getMap(root).set(key, value);
  }
}

function snapshotWith(cells: Readonly<Record<string, CellValue>>, texts = {}): Snapshot {
  const doc = new Y.Doc();
  set(doc, cells);
  for (const [note, text] of Object.entries<string>(texts)) doc.getText(noteRootName(note)).insert(0, text);
  return readSnapshot(doc, ALL);
}

/** Each step and text checked to be what really stands, and what a column takes. */
function carryOut(doc: Y.Doc, { steps, texts }: RestorePlan): void {
  for (const { cell: id, from, to } of steps) {
    const { root, key } = present(parseCellId(id), `${id} is a cell`);
    expect([id, doc.getMap(root).get(key) ?? null]).toEqual([id, from]);
    expect(parseCellValue(id, to, defaultLimits.cellBytes)).toMatchObject({ ok: true });
    set(doc, { [id]: to });
  }
  for (const { note, from, to } of texts) {
    const text = doc.getText(noteRootName(note));
    expect(text.toString()).toBe(from);
    text.delete(0, text.length);
    text.insert(0, to);
  }
}

const L1 = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Desk' };

describe('planRestore', () => {
  test('sets, changes and empties fields, free ones too', () => {
    const then = snapshotWith({ 'fields/title': 'Old', 'fields/currency': 'EUR', 'fields/x_po': '7' });
    const now = snapshotWith({ 'fields/title': 'New', 'fields/customer': 'ACME', 'fields/x_team': 'A' });
    expect(planRestore(now, then)).toEqual({
      steps: [
        { cell: 'fields/title', from: 'New', to: 'Old' },
        { cell: 'fields/customer', from: 'ACME', to: null },
        { cell: 'fields/currency', from: null, to: 'EUR' },
        { cell: 'fields/x_po', from: null, to: '7' },
        { cell: 'fields/x_team', from: 'A', to: null },
      ],
      texts: [],
    });
  });

  test('removes a row that came later, and leaves its other cells', () => {
    const later = { 'lineItems/l2/position': 'a1', 'lineItems/l2/name': 'Lamp' };
    expect(planRestore(snapshotWith({ ...L1, ...later }), snapshotWith(L1)).steps).toEqual([
      { cell: 'lineItems/l2/removed', from: null, to: true },
    ]);
  });

  test('brings a removed row back, with the cells that it had', () => {
    const now = snapshotWith({
      ...L1,
      'lineItems/l1/removed': true,
      'lineItems/l1/name': 'Chair',
      'lineItems/l1/quantity': '2',
    });
    expect(planRestore(now, snapshotWith(L1)).steps).toEqual([
      { cell: 'lineItems/l1/removed', from: true, to: null },
      { cell: 'lineItems/l1/name', from: 'Chair', to: 'Desk' },
      { cell: 'lineItems/l1/quantity', from: '2', to: null },
    ]);
  });

  test('removes a row that was removed then and came back since; one that is still removed stays as it is', () => {
    const then = snapshotWith({ ...L1, 'lineItems/l1/removed': true });
    expect(planRestore(snapshotWith({ ...L1, 'lineItems/l1/name': 'Chair' }), then).steps).toEqual([
      { cell: 'lineItems/l1/removed', from: null, to: true },
    ]);
    const still = snapshotWith({ ...L1, 'lineItems/l1/removed': true, 'lineItems/l1/name': 'Chair' });
    expect(isEmptyPlan(planRestore(still, then))).toBe(true);
  });

  test('a status that was empty becomes the one that it read as, since it cannot be emptied', () => {
    const sent = snapshotWith({ 'fields/status': 'sent' });
    expect(planRestore(sent, snapshotWith({})).steps).toEqual([
      { cell: 'fields/status', from: 'sent', to: 'draft' },
    ]);
    expect(isEmptyPlan(planRestore(snapshotWith({ 'fields/status': 'draft' }), snapshotWith({})))).toBe(true);
  });

  test('a note gets its text back with its cells; the text of one that was removed then is left', () => {
    const note = { 'notes/n1/position': 'a0', 'notes/n1/author': 'Ann', 'notes/n1/audience': 'customer' };
    const then = snapshotWith(note, { n1: 'Call back.' });
    const now = snapshotWith({ ...note, 'notes/n1/audience': 'internal' }, { n1: 'Done.' });
    expect(planRestore(now, then)).toEqual({
      steps: [{ cell: 'notes/n1/audience', from: 'internal', to: 'customer' }],
      texts: [{ note: 'n1', from: 'Done.', to: 'Call back.' }],
    });
    const removed = snapshotWith({ ...note, 'notes/n1/removed': true }, { n1: 'Call back.' });
    expect(planRestore(now, removed)).toEqual({
      steps: [{ cell: 'notes/n1/removed', from: null, to: true }],
      texts: [],
    });
  });

  test('of a row that came later a cell has nothing to go back to', () => {
    const now = snapshotWith(L1);
    const none = snapshotWith({});
    expect(isEmptyPlan(planRestore(now, none, { kind: 'cell', cell: 'lineItems/l1/name' }))).toBe(true);
    expect(isEmptyPlan(planRestore(now, none, { kind: 'cell', cell: 'nonsense' }))).toBe(true);
    expect(planRestore(now, none, { kind: 'row', root: 'lineItems', row: 'l1' }).steps).toEqual([
      { cell: 'lineItems/l1/removed', from: null, to: true },
    ]);
  });
});

const ROWS: Readonly<Record<RowRoot, Readonly<Record<string, readonly CellValue[]>>>> = {
  lineItems: {
    name: ['Desk', 'Lamp', null],
    quantity: ['1', '2.50', null],
    optional: [true, false, null],
    x_color: ['red', true, null],
  },
  discounts: {
    kind: ['percent', 'amount', null],
    value: ['5', '500', null],
    appliesTo: ['quote', 'r1', null],
  },
  notes: { author: ['Ann', null], audience: ['internal', 'customer', null] },
};

const position = fc.constantFrom<CellValue>('a0', 'a1', 'a1V', 'Zz', 'a2');

const rowWrite = (root: RowRoot) =>
  fc.oneof(
    fc.tuple(fc.constant('position'), position),
    fc.tuple(fc.constant('removed'), fc.constantFrom<CellValue>(true, null)),
    ...Object.entries(ROWS[root]).map(([column, values]) =>
      fc.tuple(fc.constant(column), fc.constantFrom(...values)),
    ),
  );

const arbitraryEdit = fc.oneof(
  fc.constantFrom<[string, CellValue]>(
    ...(['A', 'B', null] as const).map((value): [string, CellValue] => ['fields/title', value]),
    ...(['EUR', 'USD', null] as const).map((value): [string, CellValue] => ['fields/currency', value]),
    ...(['draft', 'sent'] as const).map((value): [string, CellValue] => ['fields/status', value]),
    ...(['1', false, null] as const).map((value): [string, CellValue] => ['fields/x_po', value]),
  ),
  fc
    .constantFrom<RowRoot>('lineItems', 'discounts', 'notes')
    .chain((root) =>
      fc
        .tuple(fc.constantFrom('r1', 'r2', 'r3', 'r4'), rowWrite(root))
        .map(([id, [column, value]]): [string, CellValue] => [`${root}/${id}/${column}`, value]),
    ),
  fc
    .tuple(fc.constantFrom('r1', 'r2', 'r3'), fc.constantFrom('', 'Call.', 'Call \u{1F600} back.'))
    .map(([id, text]): [string, CellValue] => [`note/${id}`, text]),
);
const arbitraryEdits = fc.array(arbitraryEdit, { maxLength: 60 });

/** As the gate lets them: a row begins with its position, and a position is never emptied. */
function make(doc: Y.Doc, edits: readonly [string, CellValue][]): void {
  for (const [id, value] of edits) {
    if (id.startsWith('note/')) {
      const text = doc.getText(id);
      text.delete(0, text.length);
      text.insert(0, String(value));
    } else set(doc, { [id]: value });
  }
}

/** A quote as it was at some time, and a while later. */
function course(before: [string, CellValue][], since: [string, CellValue][]) {
  const doc = new Y.Doc();
  make(doc, before);
  const [then, seenThen] = [readSnapshot(doc, ALL), readSnapshot(doc)];
  make(doc, since);
  return { doc, then, seenThen, now: readSnapshot(doc, ALL) };
}

const withStatus = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  fields: { status: 'draft', ...snapshot.fields },
});

describe('after whatever edits', () => {
  test('carrying the whole plan out gives the quote as it was, and then there is nothing left to do', () => {
    fc.assert(
      fc.property(arbitraryEdits, arbitraryEdits, (before, since) => {
        const { doc, then, seenThen, now } = course(before, since);
        carryOut(doc, planRestore(now, then));
        expect(withStatus(readSnapshot(doc))).toEqual(withStatus(seenThen));
        expect(planRestore(readSnapshot(doc, ALL), then)).toEqual({ steps: [], texts: [] });
      }),
    );
  });

  test('a plan between equal snapshots is empty, whatever the scope', () => {
    fc.assert(
      fc.property(arbitraryEdits, arbitraryEdit, (before, [cell]) => {
        const { doc, then } = course(before, []);
        const same = readSnapshot(doc, ALL);
        expect(isEmptyPlan(planRestore(same, then))).toBe(true);
        expect(isEmptyPlan(planRestore(same, then, { kind: 'cell', cell }))).toBe(true);
        expect(isEmptyPlan(planRestore(same, then, { kind: 'row', root: 'notes', row: 'r1' }))).toBe(true);
      }),
    );
  });

  test('of a row the plan has what the whole plan has of that row, and nothing else', () => {
    const arbitraryRow = fc.tuple(
      fc.constantFrom<RowRoot>('lineItems', 'discounts', 'notes'),
      fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r9'),
    );
    fc.assert(
      fc.property(arbitraryEdits, arbitraryEdits, arbitraryRow, (before, since, [root, row]) => {
        const { then, now } = course(before, since);
        const whole = planRestore(now, then);
        expect(planRestore(now, then, { kind: 'row', root, row })).toEqual({
          steps: whole.steps.filter(({ cell }) => cell.startsWith(`${root}/${row}/`)),
          texts: whole.texts.filter(({ note }) => root === 'notes' && note === row),
        });
      }),
    );
  });

  test('of a cell the plan is one step or none: the cell is as it was, and nothing else is touched', () => {
    fc.assert(
      fc.property(arbitraryEdits, arbitraryEdits, arbitraryEdit, (before, since, [id]) => {
        const { doc, then, now } = course(before, since);
        const plan = planRestore(now, then, { kind: 'cell', cell: id });
        expect(plan.steps.length).toBeLessThanOrEqual(1);
        expect(plan.texts).toEqual([]);
        for (const { cell } of plan.steps) expect(cell).toBe(id);
        carryOut(doc, plan);
        const after = readSnapshot(doc, ALL);
        expect(isEmptyPlan(planRestore(after, then, { kind: 'cell', cell: id }))).toBe(true);
      }),
    );
  });
});
