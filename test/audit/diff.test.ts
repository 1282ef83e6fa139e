import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { type QuoteDiff, diffQuote } from '../../src/audit/diff.ts';
import { record, playSession } from '../support/recorded-quote.ts';
import { type Star, createStar, policyOf } from '../support/star.ts';
import { memoryLogOf } from '../support/store-recorded.ts';

const recorded = record(playSession());
const last = recorded.entries.length;

const diff = async (from: number, to: number): Promise<QuoteDiff> =>
  diffQuote(await memoryLogOf(recorded), recorded.quote, { from, to });

test('each cell with both values and the last write that stood', async () => {
  expect(await diff(1, 4)).toEqual({
    quote: 'q1',
    from: 1,
    to: 4,
    cells: [
      {
        cell: 'fields/title',
        before: 'Bolts',
        after: 'Bolts for ACME',
        change: expect.objectContaining({
          seq: 2,
          user: 'max',
          role: 'sales_manager',
          at: 1_700_000_002_000,
        }),
        isSeen: true,
      },
    ],
    rows: [],
    notes: [],
  });
});

test('from before the first entry, all that is there', async () => {
  const { cells, rows, notes } = await diff(0, last);
  expect(cells.every(({ before }) => before === null)).toBe(true);
  expect(cells.find(({ cell }) => cell === 'lineItems/l1/quantity')).toMatchObject({ after: '3' });
  expect(rows.map(({ kind, root, row }) => `${kind} ${root}/${row}`)).toEqual([
    'added lineItems/l1',
    'added discounts/d1',
    'added notes/n1',
  ]);
  expect(notes).toMatchObject([{ note: 'n1', before: '', after: 'call them', change: { user: 'rita' } }]);
});

test('nothing between a point and itself, nor where a value came back', async () => {
  const nothing = { cells: [], rows: [], notes: [] };
  for (const at of [0, 3, last]) expect(await diff(at, at)).toMatchObject(nothing);
});

/** Two lines and a discount, then what the test does, as one entry for each step. */
async function changesBy(...steps: readonly Readonly<Record<string, unknown>>[]): Promise<QuoteDiff> {
  const star = createStar({ policy: policyOf() });
  const max = star.join({ user: 'max', role: 'deal_desk', clientId: 12 });
  const set = (cells: Readonly<Record<string, unknown>>): void => {
    max.doc.transact(() => {
      for (const [cell, value] of Object.entries(cells)) {
        const [root = '', ...key] = cell.split('/');
        max.doc.getMap(root).set(key.join('/'), value);
      }
    });
    star.settle();
  };
  set({
    'lineItems/l1/position': 'a0',
    'lineItems/l1/name': 'Bolt',
    'lineItems/l2/position': 'a1',
    'lineItems/gone/position': 'a2',
    'lineItems/gone/removed': true,
  });
  for (const step of steps) set(step);
  return diffOf(star, 1);
}

async function diffOf(star: Star, from: number): Promise<QuoteDiff> {
  const { quote, entries, ...rest } = record(star);
  const log = await memoryLogOf({ quote, entries, ...rest });
  return diffQuote(log, quote, { from, to: entries.length });
}

test.each([
  ['added', 'l3', { 'lineItems/l3/position': 'a3' }],
  ['removed', 'l1', { 'lineItems/l1/removed': true }],
  ['restored', 'gone', { 'lineItems/gone/removed': null }],
  ['moved', 'l1', { 'lineItems/l1/position': 'a1V' }],
])('a row was %s', async (kind, row, step) => {
  const { rows } = await changesBy(step);
  expect(rows).toMatchObject([{ kind, root: 'lineItems', row, change: { user: 'max', seq: 2 } }]);
});

test('a row that came and went is no change of rows, and none of its cells is seen', async () => {
  const { rows, cells } = await changesBy(
    { 'lineItems/l3/position': 'a3', 'lineItems/l3/name': 'Nut' },
    { 'lineItems/l3/removed': true },
  );
  expect(rows).toEqual([]);
  expect(cells.map(({ cell, isSeen }) => [cell, isSeen])).toEqual([
    ['lineItems/l3/position', false],
    ['lineItems/l3/removed', false],
    ['lineItems/l3/name', false],
  ]);
});

test('what came back to the same value is left out; the last write of the others is told', async () => {
  const { cells } = await changesBy(
    { 'lineItems/l1/name': 'Nut', 'fields/title': 'One' },
    { 'lineItems/l1/name': 'Bolt', 'fields/title': 'Two' },
  );
  expect(cells).toMatchObject([{ cell: 'fields/title', before: null, after: 'Two', change: { seq: 3 } }]);
});

test('rows per write that do not say who wrote what stands there are a fault that names the cell', async () => {
  const log = await memoryLogOf(recorded);
  const silent = {
    ...log,
    entries: async (...args: Parameters<typeof log.entries>) =>
      (await log.entries(...args)).map((entry) => ({ ...entry, writes: [] })),
  };
  await expect(diffQuote(silent, recorded.quote, { from: 1, to: 2 })).rejects.toMatchObject({
    code: 'log_corrupt',
    message: expect.stringContaining('fields/title'),
  });
});

test('texts of notes, by the last entry that changed them', async () => {
  const star = createStar({ policy: policyOf() });
  const [ann, bob] = ['ann', 'bob'].map((user, index) =>
    star.join({ user, role: 'sales_rep', clientId: 11 + index }),
  );
  const write = (doc: Y.Doc | undefined, text: string): void => {
    doc?.getText('note/n1').insert(0, text);
    star.settle();
  };
  write(ann?.doc, 'one');
  write(bob?.doc, 'two ');
  expect((await diffOf(star, 1)).notes).toMatchObject([
    { note: 'n1', before: 'one', after: 'two one', change: { user: 'bob', seq: 2 } },
  ]);
});
