import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { renderReport } from '../../src/cli/report-text.ts';
import { migrateUp, readMigrations } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { HOLDING, serveFolder } from '../support/served-folder.ts';
import { openMigrated } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, runCommand } from '../support/test-terminal.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const report = (...argv: string[]): Promise<CommandResult> => runCommand({ cwd: folder }, 'report', ...argv);

const ann = ['ann', 'sales_manager'] as const;
const bob = ['bob', 'sales_manager'] as const;

/** Two people in a session, a write that authority refuses, and one that is held. */
async function work(): Promise<void> {
  const served = await serveFolder(folder, HOLDING);
  await served.call(ann, 'POST', '/api/quotes', { id: 'q1', lineItems: [{ id: 'l1', quantity: '2' }] });
  await served.call(ann, 'POST', '/api/quotes', { id: 'quiet' });
  const { session } = (await served.runAs(ann, 'session', 'create', 'q1', '--json')).json();
  const { terminal, ended } = await served.startAs(bob, 'session', 'join', session.id);
  await terminal.untilWritten('Ctrl+C leaves');
  await served.runAs(ann, 'set', 'q1', 'lineItems/l1/quantity', '3');
  const { revision: base } = await served.call(ann, 'GET', '/api/quotes/q1');
  const patch = (person: typeof ann | typeof bob | readonly ['rita'], cell: string, value: string) =>
    served.call(person, 'PATCH', '/api/quotes/q1/cells', { base, writes: [{ cell, value }] });
  await patch(ann, 'fields/paymentTerms', '30 days');
  await patch(bob, 'fields/paymentTerms', '60 days');
  await patch(ann, 'lineItems/l1/quantity', '4');
  await patch(['rita'], 'lineItems/l1/quantity', '5');
  terminal.stop();
  await ended;
  await served.runAs(ann, 'session', 'end', session.id);
  expect(await served.stop()).toBe(0);
}

test('shows each quote and all together, as table and as JSON', async () => {
  await work();
  const { overall, quotes } = (await report('--json')).json();
  expect(quotes.map(({ quote }: { quote: string }) => quote)).toEqual(['q1', 'quiet']);
  expect(overall).toMatchObject({
    sessions: { total: 1, open: 0, active: 0, ended: { byHand: 1 }, stability: 1 },
    presentAtOnce: { peak: 2 },
    conflicts: { total: 2, refused: 1, held: 1, expired: 1, settledAutomatically: 2 },
    edits: { total: 3, inSessions: 3, shared: 3, sharedRatio: 1 },
  });
  expect(overall.conflicts.byField).toEqual({ 'fields/paymentTerms': 1, 'lineItems/quantity': 1 });
  expect(overall.connections.total).toBeGreaterThanOrEqual(2);
  expect(overall.editToSight.count).toBeGreaterThanOrEqual(1);

  const { code, out, err } = await report();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^Figures of use\n\nSessions +1: 0 open .*, 1 ended by hand/);
  expect(out).toMatch(/\nConflicts +2: 1 refused and 0 overridden by authority, 1 held\n/);
  expect(out).toMatch(/\nq1 +1 +100\.0 % .* 3 +100\.0 %\nand 1 in which nothing happened\n$/);
});

test('--since takes a time or how long ago', async () => {
  await work();
  for (const since of ['2100-01-01', '2100-01-01T00:00:00Z']) {
    const { out } = await report('--since', since);
    expect(out).toContain('Figures of use since 2100-01-01 00:00:00 UTC\n');
    expect(out).toContain('Nothing happened');
  }
  expect((await report('--since', '7d', '--json')).json().overall.sessions.total).toBe(1);
  for (const since of ['12', 'soon', '7y']) {
    expect(await report('--since', since)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--since takes a time'),
    });
  }
});

test('works beside a running server, whose metrics go on after a restart with the same numbers', async () => {
  await work();
  const served = await serveFolder(folder, HOLDING);
  const { overall } = (await report('--json')).json();
  const metrics = await (await fetch(`${served.url}/metrics`)).text();
  for (const [name, value] of [
    ['sessions_total{ended="by_hand"}', overall.sessions.ended.byHand],
    ['conflicts_total{kind="refused"}', overall.conflicts.refused],
    ['conflicts_total{kind="held"}', overall.conflicts.held],
    ['conflicts_total{kind="expired"}', overall.conflicts.expired],
    ['session_edits_total', overall.edits.inSessions],
    ['session_edits_shared_total', overall.edits.shared],
    ['session_connections_total', overall.connections.total],
    ['session_messages_total', overall.traffic.messages],
  ]) {
    expect(metrics).toContain(`quoteroom_${name} ${value}\n`);
  }
  expect(await served.stop()).toBe(0);
});

describe('of a folder', () => {
  test('without any quote', async () => {
    openMigrated(join(folder, 'data'));
    expect(await report()).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^Figures of use\n\nSessions +0: [^]*Nothing happened in any quote yet\.\n$/,
      ),
    });
  });

  test('with an older schema: says what to do', async () => {
    const db = openDatabase(join(folder, 'data/quoteroom.db'));
    migrateUp(db, readMigrations().slice(0, 4));
    db.close();
    expect(await report()).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/schema version 4, .* run "quoteroom migrate"/),
    });
  });

  test('that is not there: makes none', async () => {
    expect(await report('--data', 'nowhere')).toMatchObject({ code: 1 });
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test('is read here, and no server asked', async () => {
    expect(await report('--url', 'http://127.0.0.1:1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('without a server'),
    });
  });
});

test('says how far it is, on a screen', async () => {
  openMigrated(join(folder, 'data'));
  const { err } = await runCommand({ cwd: folder, isScreen: true }, 'report');
  expect(err).toBe('\r\u001b[K');
});

test('a latency above the last bucket is told as that', () => {
  const nothing = { peak: 0, mean: null };
  const overall: Parameters<typeof renderReport>[0]['overall'] = {
    sessions: { total: 0, open: 0, active: 0, ended: { byHand: 0, inactive: 0 }, stability: null },
    editingAtOnce: nothing,
    presentAtOnce: nothing,
    editToSight: { count: 4, p50Ms: 25, p95Ms: 5_000, p99Ms: null, slower: 1 },
    conflicts: {
      total: 0,
      settledAutomatically: 0,
      refused: 0,
      overridden: 0,
      held: 0,
      expired: 0,
      settledByPeople: 0,
      byField: {},
    },
    edits: { total: 0, inSessions: 0, shared: 0, sharedRatio: null },
    connections: { total: 0, unwantedDisconnects: 0, meanSeconds: null },
    traffic: { messages: 0, bytes: 0, messagesPerSecond: null, bytesPerSecond: null },
  };
  const lines = renderReport({ since: null, overall, quotes: [] });
  expect(lines.join('\n')).toContain(
    'half within 25 ms, 95 % within 5000 ms, 99 % within more than 5 s (4 edits)',
  );
});
