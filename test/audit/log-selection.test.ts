import { describe, expect, test } from 'vitest';
import type { Role } from '../../src/authority/role.ts';
import { present } from '../../src/lib/assert.ts';
import { type CellFilter, parseCellFilter } from '../../src/audit/cell-filter.ts';
import {
  type LogPage,
  type LogQuery,
  type Selectable,
  isNarrowed,
  selectPage,
} from '../../src/audit/log-selection.ts';

/** A log says null of what was accepted, a server says nothing. */
const ROLES: Readonly<Record<string, Role>> = { rita: 'sales_rep', max: 'sales_manager' };
const LOG: readonly Selectable[] = (
  [
    { seq: 1, user: 'rita', writes: [{ cell: 'fields/title' }, { cell: 'lineItems/l1/quantity' }] },
    { seq: 2, user: 'max', writes: [] },
    {
      seq: 3,
      user: 'rita',
      writes: [
        { cell: 'fields/title', reason: 'authority_overridden' },
        { cell: 'lineItems/l10/quantity', reason: null },
      ],
    },
    { seq: 4, user: 'max', writes: [{ cell: 'lineItems/l1/quantity', reason: 'held' }] },
    { seq: 5, user: 'rita', writes: [{ cell: 'fields/title', reason: null }] },
  ] satisfies Omit<Selectable, 'at' | 'role'>[]
).map((entry) => ({ ...entry, at: entry.seq * 1000, role: present(ROLES[entry.user], 'has a role') }));

function cellsOf(text: string): CellFilter {
  const filter = parseCellFilter(text);
  return present(filter.ok ? filter.value : null, text);
}

const view = ({ seq, writes }: Selectable): string => `${seq}: ${writes.map(({ cell }) => cell).join(' ')}`;
const seqOf = ({ seq }: Selectable): number => seq;

async function* batchesOf(
  entries: readonly Selectable[],
  { size = 2, onRead = (_seq: number) => {} } = {},
): AsyncGenerator<readonly Selectable[]> {
  for (let start = 0; start < entries.length; start += size) {
    const batch = entries.slice(start, start + size);
    for (const { seq } of batch) onRead(seq);
    yield batch;
  }
}

/** What a source gives after `after`. */
const readAfter = ({ after }: LogQuery): Selectable[] => LOG.filter(({ seq }) => seq > after);

describe('a query selects', () => {
  const ALL = [
    '1: fields/title lineItems/l1/quantity',
    '2: ',
    '3: fields/title lineItems/l10/quantity',
    '4: lineItems/l1/quantity',
    '5: fields/title',
  ];
  const table: readonly [query: Partial<LogQuery>, narrowed: boolean, page: LogPage<string>][] = [
    [{}, false, { entries: ALL }],
    [{ refused: false }, false, { entries: ALL }],
    [{ after: 5 }, false, { entries: [] }],
    [{ limit: 5 }, false, { entries: ALL }],
    [{ limit: 4 }, false, { entries: ALL.slice(0, 4), next: 4 }],
    [{ limit: 1, after: 3 }, false, { entries: ALL.slice(3, 4), next: 4 }],
    [{ user: 'max' }, true, { entries: ['2: ', '4: lineItems/l1/quantity'] }],
    [{ user: 'max', limit: 1 }, true, { entries: ['2: '], next: 3 }],
    [{ user: 'max', limit: 2 }, true, { entries: ['2: ', '4: lineItems/l1/quantity'] }],
    [{ user: 'ma' }, true, { entries: [] }],
    [{ refused: true }, true, { entries: ['3: fields/title', '4: lineItems/l1/quantity'] }],
    [{ refused: true, user: 'rita' }, true, { entries: ['3: fields/title'] }],
    [{ refused: true, cells: cellsOf('lineItems') }, true, { entries: ['4: lineItems/l1/quantity'] }],
    [{ refused: true, cells: cellsOf('lineItems/l10') }, true, { entries: [] }],
    [
      { cells: cellsOf('fields/title') },
      true,
      { entries: ['1: fields/title', '3: fields/title', '5: fields/title'] },
    ],
    [{ cells: cellsOf('fields/title'), limit: 1 }, true, { entries: ['1: fields/title'], next: 2 }],
    [
      { cells: cellsOf('lineItems/l1') },
      true,
      { entries: ['1: lineItems/l1/quantity', '4: lineItems/l1/quantity'] },
    ],
    [{ cells: cellsOf('field') }, true, { entries: [] }],
    [{ cells: cellsOf('*/l1*/quantity'), user: 'max' }, true, { entries: ['4: lineItems/l1/quantity'] }],
    [{ role: 'sales_manager' }, true, { entries: ['2: ', '4: lineItems/l1/quantity'] }],
    [{ since: 4_000 }, true, { entries: ALL.slice(3) }],
    [{ until: 2_999 }, true, { entries: ALL.slice(0, 2) }],
    [{ until: 2_999, limit: 1 }, true, { entries: ALL.slice(0, 1), next: 1 }],
    [{ since: 2_000, until: 3_000 }, true, { entries: ALL.slice(1, 3) }],
    [{ since: 3_000, until: 2_000 }, true, { entries: [] }],
  ];

  test.each(table)('%j', async (asked, narrowed, page) => {
    const query = { after: 0, limit: 100, ...asked };
    expect(isNarrowed(query)).toBe(narrowed);
    for (const size of [1, 2, 5]) {
      expect(await selectPage(batchesOf(readAfter(query), { size }), query, { view })).toEqual(page);
    }
  });
});

describe('a page with very many writes ends early', () => {
  const table: readonly [writesMax: number, query: Partial<LogQuery>, page: LogPage<number>][] = [
    [1, {}, { entries: [1], next: 1 }],
    [2, {}, { entries: [1, 2], next: 2 }],
    [4, {}, { entries: [1, 2, 3], next: 3 }],
    [6, {}, { entries: [1, 2, 3, 4, 5] }],
    // Only what is shown counts.
    [2, { refused: true }, { entries: [3, 4] }],
    [1, { refused: true }, { entries: [3], next: 3 }],
  ];

  test.each(table)('at most %i with %j', async (writesMax, asked, page) => {
    const query = { after: 0, limit: 100, ...asked };
    expect(await selectPage(batchesOf(LOG), query, { view: seqOf, writesMax })).toEqual(page);
  });
});

test('no more is read than tells that there is another page', async () => {
  const read: number[] = [];
  const batches = batchesOf(LOG, { size: 1, onRead: (seq) => read.push(seq) });
  await selectPage(batches, { after: 0, limit: 2 }, { view });
  expect(read).toEqual([1, 2, 3]);
});
