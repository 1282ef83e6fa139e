import { expect, test } from 'vitest';
import type { LoggedEntry, LoggedWrite } from '../../../src/wire/http-schemas.ts';
import { pointWords, spokenPoint } from '../../../src/web/history/point-words.ts';
import { pointAt } from '../../../src/web/history/timeline.ts';
import { byDana } from './build-diff.ts';
import { timelineOf } from './build-timeline.ts';

const now = byDana.at + 1_000;
const base = pointAt(timelineOf('rrrrrrd'), 7) ?? expect.fail('there are seven');
const point = { ...base, at: byDana.at };
const person = { name: 'Dana' };
const describing = {
  now,
  locale: 'en-GB',
  rowName: (_root: string, row: string) => (row === 'l3' ? 'line 3' : null),
};

const write = (cell: string, before: string | null, applied: string | null): LoggedWrite => ({
  cell,
  operation: 'update',
  target: { kind: 'line_item', id: 'l3', column: 'discountPercent' },
  before,
  offered: applied,
  applied,
});

const entryOf = (writes: LoggedWrite[]): LoggedEntry => ({
  seq: 7,
  at: byDana.at,
  user: 'dana',
  name: 'Dana',
  role: 'vp_sales',
  permission: 'editor',
  session: null,
  origin: 'browser',
  hash: '00',
  writes,
});

const spoken = (entry: LoggedEntry | null, over: Partial<typeof point> = {}): string =>
  spokenPoint(pointWords({ point: { ...point, ...over }, person, entry }, describing));

test('who, when, and what: before and after', () => {
  expect(spoken(entryOf([write('lineItems/l3/discountPercent', '10', '12')]))).toBe(
    'Dana (VP Sales), 14:32, Discount of line 3: 10 % → 12 %',
  );
});

test('of several things the first, and how many more', () => {
  const entry = entryOf([write('fields/customer', null, 'Acme'), write('fields/title', 'A', 'B')]);
  expect(spoken(entry)).toBe('Dana (VP Sales), 14:32, Customer: empty → Acme, and 1 more');
});

test('what was refused says so, and what stays', () => {
  const refused: LoggedWrite = {
    ...write('lineItems/l3/discountPercent', '10', '10'),
    offered: '80',
    reason: 'authority_overridden',
  };
  expect(spoken(entryOf([refused]))).toBe(
    'Dana (VP Sales), 14:32, Refused: Discount of line 3: 80 %, stays 10 %',
  );
});

test('until its entry is there, what the timeline knows', () => {
  expect(spoken(null)).toBe('Dana (VP Sales), 14:32, 1 change');
  expect(spoken(null, { writes: 0, refused: 2 })).toBe('Dana (VP Sales), 14:32, 2 changes refused');
  expect(spoken(null, { seq: 1 })).toBe('Dana (VP Sales), 14:32, Created the quote');
});
