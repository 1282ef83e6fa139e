import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { rowCell } from '../../src/quote/cell.ts';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import type { Entry } from '../../src/log/log.ts';
import { migrateUp } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { type BatchCloser, createBatchCloser } from '../../src/slack/close-batches.ts';
import { createLogFollower } from '../../src/slack/follow-log.ts';
import type { QuoteReader } from '../../src/slack/quote-reader.ts';
import { type SlackStore, createSlackStore } from '../../src/slack/slack-store.ts';
import type { OutboxMessage } from '../../src/slack/sqlite-outbox.ts';

const SECOND_MS = 1_000;
const BEGIN = Date.parse('2026-03-05T14:00:00Z');

interface Notices {
  readonly store: SlackStore;
  readonly reported: unknown[];
  /** What was put on its way, in order. */
  told(): OutboxMessage[];
  edit(quote: string, user: string, seq: number, what?: string): void;
  lose(quote: string, user: string, seq: number): void;
  closer: BatchCloser;
  restart(): void;
  /** Runs on, closing every quarter of a second. */
  run(ms: number): Promise<void>;
  /** Called whenever a quote is read. */
  onRead: (quote: string) => void;
  pass(ms: number): void;
}

/** Mirrors `m1` to `m3` of the quotes `q1` to `q3`. */
function startNotices(): Notices {
  const db = openDatabase(':memory:');
  migrateUp(db);
  onTestFinished(() => void db.close());
  const store = createSlackStore(db);
  let at = BEGIN;
  for (const index of [1, 2, 3]) {
    store.mirrors.add({
      ...{ id: `m${index}`, quote: `q${index}` as QuoteId, session: 's', channel: `C${index}` },
      ...{
        channelName: 'deals',
        sharedBy: 'max' as UserId,
        createdAt: at,
        followedSeq: 1,
        followedTotal: '',
      },
    });
  }
  const reported: unknown[] = [];
  const start = (): BatchCloser =>
    createBatchCloser({
      store,
      reader: readerOf((quote) => notices.onRead(quote)),
      readerOf: async (user) => (user === 'rita' ? 'U1' : null),
      publicUrl: () => 'https://quotes.test',
      now: () => at,
      report: (error) => reported.push(error),
    });
  const put = (quote: string, user: string, seq: number, kind: 'edits' | 'lost', content: unknown): void => {
    const mirror = quote.replace('q', 'm');
    const known = store.mirrors.batch(mirror, user as UserId, kind);
    store.mirrors.putBatch({
      ...{ mirror, user: user as UserId, kind, openedAt: known?.openedAt ?? at, lastAt: at },
      ...{ firstSeq: known?.firstSeq ?? seq, content: JSON.stringify(content) },
    });
  };
  const notices: Notices = {
    store,
    reported,
    closer: start(),
    onRead: () => undefined,
    told: () => toldIn(store),
    edit: (quote, user, seq, what = 'title') =>
      put(quote, user, seq, 'edits', {
        ...{ lines: [], discounts: [], notes: [], fields: [what], cells: [] },
        ...{ totalBefore: '1', totalAfter: '1' },
      }),
    lose: (quote, user, seq) =>
      put(quote, user, seq, 'lost', {
        tells: true,
        edits: [
          {
            ...{ cell: 'fields/title', what: 'Title', by: { name: 'Max Moor', role: 'sales_manager' } },
            ...{ reason: 'authority_overridden', kept: 'A', offered: 'B' },
          },
        ],
      }),
    restart: () => void (notices.closer = start()),
    async run(ms) {
      for (const end = at + ms; at < end; at += 250) await notices.closer.close();
    },
    pass: (ms) => void (at += ms),
  };
  return notices;
}

function readerOf(onRead: (quote: string) => void): QuoteReader {
  return {
    async read(quote) {
      onRead(quote);
      return {
        ...{ revision: 1, total: '1', title: 'Bolts', conflicts: 0 },
        snapshot: { fields: {}, lineItems: [], discounts: [], notes: [] },
      };
    },
    card: async () => null,
    signature: () => ({ all: '', urgent: '' }),
    names: async () => (user) => user,
  };
}

/** Takes them out as delivery does, lane by lane. */
function toldIn({ outbox }: SlackStore): OutboxMessage[] {
  const told: OutboxMessage[] = [];
  for (let heads = outbox.heads(); heads.length > 0; heads = outbox.heads()) {
    for (const { id, message } of heads) {
      told.push(message);
      outbox.sent(id, { channel: '', ts: '', at: 0 });
    }
  }
  return told;
}

const textsOf = (messages: readonly OutboxMessage[]): string[] =>
  messages.map((message) => ('text' in message ? message.text : message.kind));

test('what a person does is told when they pause, and once a minute while they go on', async () => {
  const notices = startNotices();
  notices.edit('q1', 'rita', 2);
  await notices.run(19 * SECOND_MS);
  expect(notices.told()).toEqual([]);
  await notices.run(2 * SECOND_MS);
  expect(notices.told()).toHaveLength(1);
  for (let second = 0; second < 240; second++) {
    notices.edit('q1', 'rita', 10 + second);
    await notices.run(SECOND_MS);
  }
  expect(notices.told().length).toBeLessThanOrEqual(4);
  await notices.run(80 * SECOND_MS);
  expect(notices.told()).toHaveLength(1);
  await notices.run(80 * SECOND_MS);
  expect(notices.told()).toEqual([]);
});

test('what they lost is told at once, in the thread and to them', async () => {
  const notices = startNotices();
  notices.lose('q1', 'rita', 2);
  notices.lose('q1', 'alice', 3);
  await notices.run(SECOND_MS);
  expect(
    notices
      .told()
      .map(({ kind }) => kind)
      .toSorted(),
  ).toEqual(['direct', 'thread', 'thread']);
  for (let second = 0; second < 55; second++) {
    notices.lose('q1', 'rita', 10 + second);
    await notices.run(SECOND_MS);
  }
  expect(notices.told()).toEqual([]);
  await notices.run(10 * SECOND_MS);
  expect(notices.told()).toHaveLength(2);
});

test('what comes in while a notice is made is told by it or by the next, and nothing twice', async () => {
  const notices = startNotices();
  notices.edit('q1', 'rita', 2, 'title');
  let isFirst = true;
  notices.onRead = () => {
    if (isFirst) notices.edit('q1', 'rita', 3, 'customer');
    isFirst = false;
  };
  await Promise.all([notices.run(21 * SECOND_MS), notices.closer.close()]);
  expect(notices.told()).toEqual([]);
  await Promise.all([notices.run(40 * SECOND_MS), notices.closer.close(), notices.closer.close()]);
  expect(textsOf(notices.told())).toEqual(['rita: customer']);
});

test('the end of a session tells all of its mirror, and only of it', async () => {
  const notices = startNotices();
  for (const quote of ['q1', 'q2']) notices.edit(quote, 'rita', 2);
  notices.edit('q1', 'alice', 3);
  await notices.closer.close({ all: 'm1' });
  expect(textsOf(notices.told())).toEqual(['alice: title', 'rita: title']);
});

test('a quote that cannot be read holds up no notice of another, and is told when it can be read', async () => {
  const notices = startNotices();
  for (const quote of ['q1', 'q2', 'q3']) notices.edit(quote, 'rita', 2);
  notices.onRead = (quote) => {
    if (quote === 'q1') throw new Error('it is damaged');
  };
  await notices.run(180 * SECOND_MS);
  expect(notices.told()).toHaveLength(2);
  expect(notices.reported.length).toBeGreaterThan(0);
  expect(notices.reported.length).toBeLessThanOrEqual(3);
  notices.onRead = () => undefined;
  await notices.run(60 * SECOND_MS);
  expect(notices.told()).toHaveLength(1);
});

test('a person who was told just before a restart is told again, of what is new', async () => {
  const notices = startNotices();
  notices.edit('q1', 'rita', 2, 'title');
  await notices.run(21 * SECOND_MS);
  notices.restart();
  notices.edit('q1', 'rita', 3, 'customer');
  await notices.run(21 * SECOND_MS);
  expect(textsOf(notices.told())).toEqual(['rita: title', 'rita: customer']);
});

/** One whose write is held against another's. */
const heldEntry = (seq: number): Entry =>
  ({
    ...{ quote: 'q1', seq, at: BEGIN, kind: 'update', origin: 'client', merged: null },
    actor: { user: `u${seq % 3}`, role: 'sales_rep', permission: 'editor' },
    writes: [
      {
        ...{
          cell: rowCell('lineItems', `l${seq}`, 'quantity'),
          operation: 'set',
          before: null,
          offered: '2',
          applied: null,
          verdict: 'held',
        },
        ...{ reason: 'conflict_held', by: { user: 'u9', role: 'sales_rep' } },
      },
    ],
  }) as unknown as Entry;

test('each entry of the log is told once, whenever the process dies and however many read at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 450 }),
      fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 4 }),
      async (count, dieAfter) => {
        const { store } = startNotices();
        // Each of these is a message of its own.
        const entries = Array.from({ length: count }, (_, index) => ({
          ...heldEntry(index + 2),
          kind: 'expire' as const,
        }));
        const deaths = [...dieAfter];
        let left = deaths.shift() ?? Infinity;
        const dying: SlackStore = {
          ...store,
          outbox: {
            ...store.outbox,
            add(row) {
              if (left-- === 0) throw new Error('the process dies');
              store.outbox.add(row);
            },
          },
        };
        const follower = createLogFollower({
          store: dying,
          log: {
            entries: async (_quote, { after, limit }) =>
              entries.filter(({ seq }) => seq > after).slice(0, limit),
          },
          reader: readerOf(() => undefined),
          now: () => BEGIN,
        });
        const readOn = async (): Promise<boolean> => {
          const mirror = store.mirrors.find('m1');
          return mirror !== null && (await follower.follow(mirror));
        };
        for (let isMore = true; isMore;) {
          const both = await Promise.allSettled([readOn(), readOn()]);
          isMore = both.some((one) => one.status === 'rejected' || one.value);
          if (left < 0) left = deaths.shift() ?? Infinity;
        }
        expect(store.mirrors.find('m1')?.followedSeq).toBe(count + 1);
        expect(store.outbox.counts().pending).toBe(count);
      },
    ),
    { numRuns: 15 },
  );
});
