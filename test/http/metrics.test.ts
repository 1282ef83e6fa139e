import { expect, test } from 'vitest';
import { createUsageTotals } from '../../src/audit/sqlite-usage-totals.ts';
import { readUsage } from '../../src/audit/sqlite-usage.ts';
import type { WriteVerdict } from '../../src/authority/verdict.ts';
import type { CellId } from '../../src/lib/ids.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { GENESIS_HASH, sealEntry } from '../../src/log/entry-hash.ts';
import type { Entry, EntryDraft } from '../../src/log/log.ts';
import type { SqliteDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { LATENCY_BOUNDS_MS } from '../../src/session/latency-histogram.ts';
import { createSqliteSessionStore } from '../../src/session/sqlite-session-store.ts';
import { buildDraft, buildSummary, buildWrite, quoteId, storedPolicy } from '../support/build-entry.ts';
import { changes, participantRecord, sessionRecord } from '../support/build-session.ts';
import { openMigrated } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A server's metrics as far as they come from its database; `sample` gives one number. */
function start(db: SqliteDatabase) {
  const metrics = createMetrics();
  metrics.watchUsage(createUsageTotals(db));
  const log = metrics.timed(createSqliteLog(db));
  const sample = async (name: string): Promise<number> => {
    const text = await metrics.registry.metrics();
    const line = text.split('\n').find((one) => one.startsWith(`quoteroom_${name} `));
    return Number((line ?? ' missing').split(' ').at(-1)?.replace('Nan', 'NaN'));
  };
  const all = async (): Promise<string[]> =>
    (await metrics.registry.metrics())
      .split('\n')
      .filter((line) =>
        /^quoteroom_(?:session|sessions|conflicts|edits|connection_seconds|unwanted)/.test(line),
      );
  return { log, sample, all };
}

const write = (cell: string, reason: WriteVerdict['reason'] = null): WriteVerdict => {
  const verdict = reason === null ? 'accepted' : reason === 'held' ? 'held' : 'refused';
  return buildWrite({ cell: cell as CellId, verdict, reason });
};

function chainOf(changesOfEntries: readonly Partial<EntryDraft>[]): Entry[] {
  const entries: Entry[] = [];
  for (const [index, change] of changesOfEntries.entries()) {
    const draft = buildDraft({ ...change, seq: index + 1 });
    entries.push(sealEntry(draft, entries.at(-1)?.hash ?? GENESIS_HASH));
  }
  return entries;
}

const ENTRIES = chainOf([
  { kind: 'create', writes: [write('fields/title')] },
  { writes: [write('lineItems/l1/unitPrice', 'authority_overridden'), write('lineItems/l2/unitPrice')] },
  { writes: [write('lineItems/l2/unitPrice', 'authority_overridden'), write('notes/n1/audience', 'held')] },
  { writes: [write('note/n1', 'authority_overridden'), write('discounts/d1/value', 'held')] },
  {
    writes: [
      write('fields/x_margin', 'held'),
      write('lineItems/l1/x_a', 'held'),
      write('lineItems/l1/x_b', 'held'),
    ],
  },
  { writes: [write('fields/title', 'locked'), write('fields/title', 'invalid_value')] },
  { kind: 'expire', origin: 'system', writes: [write('fields/paymentTerms', 'authority_overridden')] },
  { kind: 'expire', origin: 'system', writes: [write('fields/paymentTerms')] },
]);
const summary = buildSummary('q1', { seq: ENTRIES.length });

test('a database without sessions has no shares, and counts of 0', async () => {
  const { sample } = start(openMigrated(temporaryFolder()));
  expect(await sample('sessions_active')).toBe(0);
  expect(await sample('session_stability_ratio')).toBeNaN();
  expect(await sample('edits_shared_ratio')).toBeNaN();
  expect(await sample('conflicts_total{kind="held"}')).toBe(0);
});

test('conflicts are counted as they are appended, and a restart finds the same numbers', async () => {
  const db = openMigrated(temporaryFolder());
  const first = start(db);
  await first.log.savePolicy(storedPolicy);
  for (const entry of ENTRIES) await first.log.append([entry], [summary]);
  expect(await first.sample('conflicts_total{kind="refused"}')).toBe(3);
  expect(await first.sample('conflicts_total{kind="held"}')).toBe(5);
  expect(await first.sample('conflicts_total{kind="expired"}')).toBe(2);
  expect(await first.sample('conflicts_by_field_total{field="lineItems/unitPrice"}')).toBe(2);
  expect(await first.sample('conflicts_by_field_total{field="lineItems/x_*"}')).toBe(2);
  expect(await first.sample('conflicts_by_field_total{field="note"}')).toBe(1);
  const again = start(db);
  expect((await again.all()).toSorted()).toEqual((await first.all()).toSorted());

  const { overall } = readUsage(db, { since: null, boundsMs: LATENCY_BOUNDS_MS });
  const { refused, held, expired, byField } = createUsageTotals(db).conflicts();
  expect(overall.conflicts).toMatchObject({ refused, held, expired, byField: Object.fromEntries(byField) });
});

test('an append that fails counts for nothing', async () => {
  const { log, sample } = start(openMigrated(temporaryFolder()));
  await expect(log.append(ENTRIES.slice(1), [summary])).rejects.toThrow();
  expect(await sample('conflicts_total{kind="refused"}')).toBe(0);
});

test('sessions are summed up out of the store, and are the same as in the report', async () => {
  const db = openMigrated(temporaryFolder());
  const store = createSqliteSessionStore(db);
  const closed = { state: 'closed', endedAt: 9_000, endedWhy: 'by_hand' } as const;
  const { figures } = sessionRecord();
  const lonely = { ...figures, edits: 7, peopleMax: 1, unwantedDisconnects: 0 };
  const sessions = [
    sessionRecord({ id: 'a', ...closed }),
    sessionRecord({ id: 'b', ...closed, endedWhy: 'inactive', figures: lonely }),
    sessionRecord({ id: 'c' }),
    sessionRecord({ id: 'd', quote: quoteId('q2') }),
  ];
  const participants = [
    participantRecord({ session: 'a', leftAt: 9_000 }),
    participantRecord({ session: 'c' }),
    participantRecord({ session: 'c', user: 'bob' as never }),
    participantRecord({ session: 'd', leftAt: 2_000 }),
  ];
  await store.write(changes({ sessions, participants }));
  const { sample } = start(db);
  expect(await sample('sessions_active')).toBe(1);
  expect(await sample('sessions_open')).toBe(2);
  expect(await sample('sessions_total{ended="by_hand"}')).toBe(1);
  expect(await sample('sessions_total{ended="inactive"}')).toBe(1);
  expect(await sample('session_participants_mean')).toBe(2);
  expect(await sample('session_edits_total')).toBe(16);
  expect(await sample('edits_shared_ratio')).toBe(9 / 16);
  expect(await sample('connection_seconds_total')).toBe(20);
  const { overall } = readUsage(db, { since: null, boundsMs: LATENCY_BOUNDS_MS });
  expect(await sample('session_stability_ratio')).toBe(overall.sessions.stability);
  expect(await sample('unwanted_disconnects_total')).toBe(overall.connections.unwantedDisconnects);
  expect(await sample('session_messages_total')).toBe(overall.traffic.messages);
  expect(await sample('session_bytes_total')).toBe(overall.traffic.bytes);

  await store.write(
    changes({ sessions: [sessionRecord({ id: 'c', ...closed, figures: { ...figures, edits: 30 } })] }),
  );
  expect(await sample('session_edits_total')).toBe(43);
  expect(await sample('sessions_total{ended="by_hand"}')).toBe(2);
});
