import { describe, expect, test } from 'vitest';
import { type CellFilter, parseCellFilter } from '../../src/audit/cell-filter.ts';
import type { LogQuery } from '../../src/audit/log-selection.ts';
import { viewLog } from '../../src/audit/log-view.ts';
import { seqAt } from '../../src/audit/seq-at.ts';
import { present } from '../../src/lib/assert.ts';
import { logOf, playSession, record } from '../support/recorded-quote.ts';

const recorded = record(playSession());
const log = logOf(recorded);
const view = (query: Partial<LogQuery> = {}) =>
  viewLog(log, recorded.quote, { after: 0, limit: 100, ...query });

test('every entry with who, when and what, before and after', async () => {
  const { entries, next } = await view();
  expect(next).toBeUndefined();
  expect(entries).toHaveLength(recorded.entries.length);
  expect(entries[0]).toMatchObject({
    seq: 1,
    at: 1_700_000_001_000,
    user: 'rita',
    role: 'sales_rep',
    permission: 'editor',
    session: 's1',
    origin: 'browser',
    hash: Buffer.from(present(recorded.entries[0], 'there are entries').hash).toString('hex'),
  });
  expect(entries[0]?.writes.find(({ cell }) => cell === 'lineItems/l1/quantity')).toEqual({
    cell: 'lineItems/l1/quantity',
    operation: 'insert',
    target: { kind: 'line_item', id: 'l1', column: 'quantity' },
    verdict: 'accepted',
    before: null,
    offered: '2',
    applied: '2',
  });
});

test('a page has 5,000 writes, or one entry that has more', async () => {
  const [first] = recorded.entries;
  const [write] = present(first, 'there are entries').writes;
  const writes = (count: number) => Array.from({ length: count }, () => present(write, 'and writes'));
  const counts = [1, 20_000, 3_000, 1_999, 2, ...Array.from({ length: 40 }, () => 1)];
  const entries = counts.map((count, index) => ({
    ...present(first, 'there are entries'),
    seq: index + 1,
    writes: writes(count),
  }));
  const asked: number[] = [];
  const large = {
    head: () =>
      Promise.resolve({ seq: entries.length, hash: present(first, 'there are entries').hash, at: 0 }),
    entries: (_quote: unknown, { after, limit }: { after: number; limit: number }) => {
      asked.push(limit);
      return Promise.resolve(entries.slice(after, after + limit));
    },
  };
  const pages: number[][] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page = await viewLog(large, recorded.quote, { after, limit: 100 });
    pages.push(page.entries.map(({ seq }) => seq));
    after = page.next;
  }
  expect(pages.slice(0, 3)).toEqual([[1], [2], [3, 4]]);
  expect(pages.flat()).toEqual(entries.map(({ seq }) => seq));
  expect(Math.max(...asked)).toBeLessThanOrEqual(32);
});

test('refusals name reason and winner', async () => {
  const { entries } = await view({ refused: true });
  const writes = entries.flatMap((entry) => entry.writes);
  expect(writes.every(({ verdict }) => verdict !== 'accepted')).toBe(true);
  expect(writes[0]).toMatchObject({
    cell: 'fields/title',
    offered: 'Nuts',
    applied: 'Bolts for ACME',
    reason: 'authority_overridden',
    by: { id: 'max', role: 'sales_manager' },
  });
  expect(writes.map(({ reason }) => reason)).toContain('not_permitted');
});

function filterOf(cell: string): CellFilter {
  const filter = parseCellFilter(cell);
  return present(filter.ok ? filter.value : null, cell);
}

test('by person, by cell, by row, by root', async () => {
  expect((await view({ user: 'max' })).entries.every(({ user }) => user === 'max')).toBe(true);
  const cells = async (cell: string): Promise<Set<string>> =>
    new Set(
      (await view({ cells: filterOf(cell) })).entries.flatMap(({ writes }) =>
        writes.map((write) => write.cell),
      ),
    );
  expect(await cells('fields/title')).toEqual(new Set(['fields/title']));
  expect(await cells('discounts/d1')).toEqual(new Set(['discounts/d1/position', 'discounts/d1/value']));
  expect(await cells('fields')).toEqual(new Set(['fields/title', 'fields/currency', 'fields/customer']));
  expect(await cells('field')).toEqual(new Set());
});

test('pages go on where the one before ended', async () => {
  const seqs: number[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page = await view({ after, limit: 3 });
    expect(page.entries.length).toBeLessThanOrEqual(3);
    seqs.push(...page.entries.map(({ seq }) => seq));
    after = page.next;
  }
  expect(seqs).toEqual(recorded.entries.map(({ seq }) => seq));
});

describe('a quote at a moment', () => {
  const head = present(recorded.entries.at(-1), 'there are entries');

  test('by time: the last entry that is not later', async () => {
    const at = async (time: number) =>
      seqAt(log, { quote: recorded.quote, head }, { kind: 'time', at: time });
    for (const { seq, at: time } of recorded.entries) {
      expect(await at(time)).toBe(seq);
      expect(await at(time - 1)).toBe(seq - 1);
    }
    expect(await at(0)).toBe(0);
    expect(await at(Number.MAX_SAFE_INTEGER)).toBe(head.seq);
  });

  test('by number: null beyond the last', async () => {
    expect(await seqAt(log, { quote: recorded.quote, head }, { kind: 'seq', seq: 3 })).toBe(3);
    expect(await seqAt(log, { quote: recorded.quote, head }, { kind: 'seq', seq: head.seq + 1 })).toBeNull();
  });
});
