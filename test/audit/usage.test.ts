import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readUsage } from '../../src/audit/sqlite-usage.ts';
import type { UsageFigures, UsageReport } from '../../src/audit/usage-figures.ts';
import { latencyFigures } from '../../src/audit/usage-latency.ts';
import type { WriteVerdict } from '../../src/authority/verdict.ts';
import type { Role } from '../../src/authority/role.ts';
import type { CellId } from '../../src/lib/ids.ts';
import { GENESIS_HASH, policyHash, sealEntry } from '../../src/log/entry-hash.ts';
import type { Entry, EntryDraft } from '../../src/log/log.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { LATENCY_BOUNDS_MS, countLatency, emptyHistogram } from '../../src/session/latency-histogram.ts';
import type { AuditRecord, SessionFigures, SessionRecord } from '../../src/session/session-store.ts';
import { createSqliteSessionStore } from '../../src/session/sqlite-session-store.ts';
import {
  buildDraft,
  buildSummary,
  buildWrite,
  quoteId,
  storedPolicy,
  userId,
} from '../support/build-entry.ts';
import { auditRow, changes, participantRecord, sessionRecord } from '../support/build-session.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MINUTE = 60_000;
const figures = (some: Partial<SessionFigures> = {}): SessionFigures => ({
  edits: 0,
  peopleMax: 1,
  connections: 0,
  connectionMs: 0,
  unwantedDisconnects: 0,
  messages: 0,
  bytes: 0,
  latency: emptyHistogram(),
  ...some,
});

type Given = Partial<Omit<SessionRecord, 'figures'>> & { readonly figures?: Partial<SessionFigures> };
type Happened = readonly [at: number, event: string, user?: string];

interface Story {
  readonly sessions?: readonly { readonly session: Given; readonly audit?: readonly Happened[] }[];
  readonly entries?: readonly Partial<EntryDraft>[];
  readonly policy?: string;
  readonly here?: readonly (readonly [session: string, user: string])[];
}

/** A database in which this happened. Entries are of `q1` unless they say otherwise. */
async function usageOf(story: Story, since: number | null = null): Promise<UsageReport> {
  const folder = temporaryFolder();
  const { db, log } = openSqliteLog(folder);
  const json = story.policy ?? '{"conflict":"authority"}';
  const policy = { hash: policyHash(json), json, at: 1 };
  await log.savePolicy(policy);
  const heads = new Map<string, Entry>();
  for (const change of story.entries ?? []) {
    const quote = change.quote ?? quoteId('q1');
    const before = heads.get(quote);
    const seq = (before?.seq ?? 0) + 1;
    const draft = buildDraft({ at: seq * 1_000, ...change, quote, seq, policy: policy.hash });
    const entry = sealEntry(draft, before?.hash ?? GENESIS_HASH);
    heads.set(quote, entry);
    await log.append([entry], [buildSummary(quote, { seq })]);
  }
  const store = createSqliteSessionStore(db);
  for (const { session, audit = [] } of story.sessions ?? []) {
    const record = sessionRecord({ ...session, figures: figures(session.figures) } as Partial<SessionRecord>);
    const rows = audit.map(([at, event, user], index): AuditRecord => {
      const who = user === undefined ? null : userId(user);
      return auditRow(index + 1, { session: record.id, at, event, user: who });
    });
    await store.write(changes({ sessions: [record], audit: rows }));
  }
  for (const [session, user] of story.here ?? [])
    await store.write(changes({ participants: [participantRecord({ session, user: userId(user) })] }));
  const reader = openDatabase(join(folder, 'quoteroom.db'), { readonly: true });
  onTestFinished(() => void reader.close());
  return readUsage(reader, { since, boundsMs: LATENCY_BOUNDS_MS });
}

const overallOf = async (story: Story, since?: number): Promise<UsageFigures> =>
  (await usageOf(story, since ?? null)).overall;

const closed = { state: 'closed', endedAt: 10 * MINUTE, endedWhy: 'by_hand' } as const;
const actor = (user: string, role: Role = 'sales_rep'): EntryDraft['actor'] => ({
  user: userId(user),
  role,
  permission: 'editor',
});
const saw = (revision: number): EntryDraft['seen'] => ({ kind: 'connection', revision });
const refusedFor = (
  reason: NonNullable<WriteVerdict['reason']>,
  cell = 'lineItems/l1/unitPrice',
): WriteVerdict =>
  buildWrite({ cell: cell as CellId, verdict: reason === 'held' ? 'held' : 'refused', reason });

test('an empty database has figures of nothing', async () => {
  const { overall, quotes } = await usageOf({});
  expect(quotes).toEqual([]);
  expect(overall).toMatchObject({
    sessions: { total: 0, open: 0, active: 0, stability: null },
    editingAtOnce: { peak: 0, mean: null },
    presentAtOnce: { peak: 0, mean: null },
    editToSight: { count: 0, p50Ms: null, p95Ms: null, p99Ms: null, slower: 0 },
    conflicts: { total: 0, byField: {} },
    edits: { total: 0, sharedRatio: null },
    connections: { total: 0, meanSeconds: null },
    traffic: { messagesPerSecond: null, bytesPerSecond: null },
  });
});

test('a quote that was never in a session has its edits and conflicts', async () => {
  const { quotes } = await usageOf({
    entries: [
      { session: null, kind: 'create' },
      { session: null },
      { session: null, writes: [refusedFor('held')] },
    ],
  });
  expect(quotes).toMatchObject([
    {
      quote: 'q1',
      sessions: { total: 0, stability: null },
      editingAtOnce: { peak: 0, mean: null },
      edits: { total: 1, inSessions: 0, shared: 0, sharedRatio: null },
      conflicts: { total: 1, held: 1 },
    },
  ]);
});

describe('sessions', () => {
  test('are counted with how they ended, and stable without an unwanted disconnect', async () => {
    const { sessions, connections } = await overallOf({
      sessions: [
        { session: { id: 'a', ...closed, figures: { connections: 3, connectionMs: 90_000 } } },
        {
          session: {
            id: 'b',
            ...closed,
            endedWhy: 'inactive',
            figures: { unwantedDisconnects: 2, connections: 1 },
          },
        },
        { session: { id: 'c', quote: quoteId('q2'), figures: { connections: 5, connectionMs: 1_000 } } },
        { session: { id: 'd', quote: quoteId('q3') } },
      ],
      here: [['c', 'ann']],
    });
    expect(sessions).toEqual({
      total: 4,
      open: 2,
      active: 1,
      ended: { byHand: 1, inactive: 1 },
      stability: 3 / 4,
    });
    // Only connections of sessions that ended are all over.
    expect(connections).toEqual({ total: 9, unwantedDisconnects: 2, meanSeconds: 90 / 4 });
  });

  test('people at once: the peak, and the mean over the time in which somebody was there', async () => {
    const audit: Happened[] = [
      [0, 'joined', 'ann'],
      [2 * MINUTE, 'joined', 'bob'],
      [3 * MINUTE, 'left', 'bob'],
      [4 * MINUTE, 'left', 'ann'],
      [8 * MINUTE, 'joined', 'bob'],
      [10 * MINUTE, 'ended'],
    ];
    const { presentAtOnce, traffic } = await overallOf({
      sessions: [{ session: { ...closed, startedAt: 0, figures: { messages: 720, bytes: 7_200 } }, audit }],
    });
    expect(presentAtOnce).toEqual({ peak: 2, mean: (2 + 2 + 1 + 2) / 6 });
    expect(traffic).toMatchObject({ messagesPerSecond: 2, bytesPerSecond: 20 });
  });

  test('of a server that crashed: people were there until their last sign, found again or not', async () => {
    const joined: Happened[] = [
      [0, 'joined', 'ann'],
      [0, 'joined', 'bob'],
    ];
    const session: Given = { startedAt: 0, lastActivityAt: 4 * MINUTE };
    const crashed = await overallOf({ sessions: [{ session, audit: joined }] });
    expect(crashed.presentAtOnce).toEqual({ peak: 2, mean: 2 });
    // Written after the crash, in another order than that of the times.
    const audit: Happened[] = [...joined, [4 * MINUTE, 'lost', 'bob'], [2 * MINUTE, 'lost', 'ann']];
    const found = await overallOf({ sessions: [{ session, audit }] });
    expect(found.presentAtOnce).toEqual({ peak: 2, mean: 6 / 4 });
  });

  test('editing at once: authors of writes that stood within the same five minutes', async () => {
    const at = (minute: number): number => 1_000 + minute * MINUTE;
    const { editingAtOnce, edits } = await overallOf({
      sessions: [{ session: { ...closed, startedAt: 1_000, figures: { peopleMax: 3 } } }],
      entries: [
        { at: at(0), actor: actor('ann') },
        { at: at(4), actor: actor('bob') },
        { at: at(4), actor: actor('cem'), writes: [refusedFor('locked')] },
        { at: at(5), actor: actor('bob') },
        { at: at(6), actor: actor('bob') },
        { at: at(30), actor: actor('ann') },
        { at: at(31), actor: actor('bob') },
        { at: at(32), actor: actor('dan') },
      ],
    });
    expect(editingAtOnce).toEqual({ peak: 3, mean: (2 + 1 + 3) / 3 });
    expect(edits).toEqual({ total: 7, inSessions: 7, shared: 7, sharedRatio: 1 });
  });

  test('edits are shared in sessions of two or more people', async () => {
    const { edits } = await overallOf({
      sessions: [
        { session: { id: 's1', ...closed, figures: { peopleMax: 1 } } },
        { session: { id: 's2', ...closed, figures: { peopleMax: 2 } } },
      ],
      entries: [
        { kind: 'create' },
        { session: 's1' },
        { session: 's2', writes: [buildWrite(), buildWrite({ cell: 'fields/title' as CellId })] },
        { session: 's2', origin: 'system', kind: 'expire' },
        { session: null },
        { session: 'dropped' },
      ],
    });
    expect(edits).toEqual({ total: 5, inSessions: 3, shared: 2, sharedRatio: 2 / 3 });
  });
});

describe('conflicts', () => {
  test('are refused or overridden by authority, or held; other refusals are none', async () => {
    const { conflicts } = await overallOf({
      entries: [
        { actor: actor('ann'), kind: 'create' },
        // Vera had not seen Ann's second value; Ann herself and Bob, an equal, put nobody aside.
        { actor: actor('ann'), seen: saw(1) },
        { actor: actor('vera', 'vp_sales'), seen: saw(1) },
        { actor: actor('ann'), seen: saw(2), writes: [refusedFor('authority_overridden')] },
        { actor: actor('max', 'sales_manager'), writes: [refusedFor('not_permitted'), refusedFor('locked')] },
        { actor: actor('ada', 'admin'), seen: saw(3) },
        { writes: [refusedFor('held', 'fields/paymentTerms'), refusedFor('held', 'fields/paymentTerms')] },
        { origin: 'system', kind: 'expire', writes: [buildWrite({ cell: 'fields/paymentTerms' as CellId })] },
        { kind: 'settle', writes: [buildWrite({ cell: 'fields/paymentTerms' as CellId })] },
      ],
    });
    expect(conflicts).toEqual({
      total: 4,
      refused: 1,
      overridden: 1,
      held: 2,
      expired: 1,
      settledByPeople: 1,
      settledAutomatically: 3,
      byField: { 'fields/paymentTerms': 2, 'lineItems/quantity': 1, 'lineItems/unitPrice': 1 },
    });
    expect(Object.keys(conflicts.byField)[0]).toBe('fields/paymentTerms');
  });

  test('where the last write wins, nothing is overridden by authority', async () => {
    const entries = [
      { actor: actor('ann'), seen: saw(0) },
      { actor: actor('vera', 'vp_sales' as const), seen: saw(0) },
    ];
    expect((await overallOf({ entries })).conflicts.overridden).toBe(1);
    const policy = '{"conflict":"last_write_wins"}';
    expect((await overallOf({ entries, policy })).conflicts.total).toBe(0);
  });
});

test('--since leaves out older sessions and older writes, and still knows what those wrote', async () => {
  const story: Story = {
    sessions: [
      { session: { id: 'old', ...closed, startedAt: 1_000, figures: { peopleMax: 2 } } },
      { session: { id: 'new', ...closed, startedAt: 50_000 } },
    ],
    entries: [
      { at: 2_000, session: 'old', actor: actor('ann'), seen: saw(0) },
      { at: 60_000, session: 'old', actor: actor('vera', 'vp_sales'), seen: saw(0) },
    ],
  };
  const recent = await usageOf(story, 50_000);
  expect(recent).toMatchObject({
    since: 50_000,
    overall: { sessions: { total: 1 }, edits: { total: 1, shared: 1 }, conflicts: { overridden: 1 } },
  });
  expect(await overallOf(story, 100_000)).toMatchObject({ sessions: { total: 0 }, edits: { total: 0 } });
});

test('overall adds quotes up, and of peaks has the highest', async () => {
  const audit: Happened[] = [
    [0, 'joined', 'ann'],
    [60_000, 'ended'],
  ];
  const { overall, quotes } = await usageOf({
    sessions: [
      { session: { id: 'a', ...closed, endedAt: 60_000, startedAt: 0 }, audit },
      { session: { id: 'b', ...closed, endedAt: 60_000, startedAt: 0, quote: quoteId('q2') }, audit },
    ],
    entries: [{ session: 'a' }, { session: 'b', quote: quoteId('q2') }],
  });
  expect(quotes.map(({ quote, edits }) => [quote, edits.total])).toEqual([
    ['q1', 1],
    ['q2', 1],
  ]);
  expect(overall).toMatchObject({
    edits: { total: 2 },
    presentAtOnce: { peak: 1, mean: 1 },
    editingAtOnce: { peak: 1, mean: 1 },
  });
});

test('latencies: a quantile is the bound of the bucket that it lies in', () => {
  const sample = fc.array(fc.double({ min: 0, max: 8_000, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(sample, (times) => {
      const histogram = emptyHistogram();
      for (const ms of times) countLatency(histogram, ms);
      const { count, p95Ms, slower } = latencyFigures(histogram, LATENCY_BOUNDS_MS);
      const exact = times.toSorted((a, b) => a - b)[Math.ceil(0.95 * times.length) - 1] ?? 0;
      expect(count).toBe(times.length);
      expect(p95Ms).toBe(LATENCY_BOUNDS_MS.find((bound) => exact <= bound) ?? null);
      expect(slower).toBe(times.filter((ms) => ms > 5_000).length);
    }),
  );
});

test('says how far it is', async () => {
  const { db, log } = openSqliteLog(temporaryFolder());
  await log.savePolicy(storedPolicy);
  const said: unknown[] = [];
  readUsage(db, { since: null, boundsMs: LATENCY_BOUNDS_MS, progress: (one) => said.push(one) });
  expect(said).toEqual([{ done: 0, of: 0 }]);
});
