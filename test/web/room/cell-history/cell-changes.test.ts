import { expect, test } from 'vitest';
import type { LoggedEntry } from '../../../../src/wire/http-schemas.ts';
import { cellChanges, cellNow } from '../../../../src/web/room/cell-history/cell-changes.ts';

const DISCOUNT = 'lineItems/l1/discountPercent';
const vera = { id: 'vera', name: 'Vera', role: 'vp_sales' } as const;

const entryOf = (seq: number, write: Partial<LoggedEntry['writes'][number]>): LoggedEntry =>
  ({
    seq,
    at: seq * 1_000,
    user: 'rita',
    name: 'Rita',
    role: 'sales_rep',
    origin: 'browser',
    writes: [{ cell: DISCOUNT, operation: 'update', before: null, applied: null, ...write }],
  }) as LoggedEntry;

const changesOf = (...entries: LoggedEntry[]): readonly unknown[] =>
  cellChanges(DISCOUNT, entries, { rowName: () => 'Bolt', locale: 'en' }).map(
    ({ seq, kind, before, after, detail }) => [seq, kind, before, after, detail],
  );

test('changes stand newest first, with both values', () => {
  expect(changesOf(entryOf(1, { applied: '5' }), entryOf(4, { before: '5', applied: '10' }))).toEqual([
    [4, 'done', '5 %', '10 %', null],
    [1, 'done', 'empty', '5 %', null],
  ]);
});

test('what was refused says what was wanted and why; not to whom it is not shown', () => {
  const refused = { before: '30', applied: '30', reason: 'authority_overridden', by: vera } as const;
  expect(changesOf(entryOf(2, { ...refused, offered: '10' }))).toEqual([
    [2, 'refused', '30 %', '10 %', 'Vera (VP Sales) decided here.'],
  ]);
  const [hidden] = changesOf(entryOf(2, refused)) as [unknown[]];
  expect([hidden[1], hidden[3]]).toEqual(['refused', null]);
});

test('who is behind what stands there: of a cell, of the text of a note, of nothing', () => {
  const change = { seq: 7, at: 9, user: 'vera', name: 'Vera', role: 'vp_sales', origin: 'browser' } as const;
  const set = { seq: 7, at: 9, user: vera };
  const blame = { quote: 'q1', revision: 9, cells: [], notes: [] };
  const none = { outvoted: [], outvotedCount: 0 };
  expect(
    cellNow(
      DISCOUNT,
      { ...blame, cells: [{ cell: DISCOUNT, value: '30', set: change, before: null, ...none }] },
      'en',
    ),
  ).toEqual({ value: '30 %', set });
  expect(cellNow('note/n1', { ...blame, notes: [{ note: 'n1', changed: change, ...none }] })).toEqual({
    value: null,
    set,
  });
  expect(cellNow(DISCOUNT, blame)).toEqual({ value: 'empty', set: null });
});
