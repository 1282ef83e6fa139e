import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import type { Entry } from '../../src/log/log.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { describeLogContract } from '../contract/log-contract.ts';
import { buildChain, buildDraft, buildSummary, quoteId, storedPolicy } from '../support/build-entry.ts';
import { openMigrated, openSqliteLog } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describeLogContract('SQLite', () => openSqliteLog(temporaryFolder()).log);

const q1 = quoteId('q1');
const all = { after: 0, limit: 1_000 };

test('[L22] a full disk is log_unavailable, stores nothing, and the same append goes through later', async () => {
  const { db, log } = openSqliteLog(temporaryFolder());
  await log.savePolicy(storedPolicy);
  const chain = buildChain('q1', 2, { received: new Uint8Array(200_000) });
  db.pragma(`max_page_count = ${String(db.pragma('page_count', { simple: true }))}`);
  await expect(log.append(chain, [buildSummary('q1')])).rejects.toMatchObject({
    name: 'Fault',
    code: 'log_unavailable',
    retryable: true,
    message: expect.stringMatching(/quoteroom\.db.*disk is full: free some space/),
  });
  expect(await log.head(q1)).toBeNull();
  expect(await log.summary(q1)).toBeNull();
  db.pragma('max_page_count = 1000000');
  await log.append(chain, [buildSummary('q1')]);
  expect(await log.entries(q1, all)).toEqual(chain);
});

test('[L22] a database that another connection writes to is log_unavailable', async () => {
  const folder = temporaryFolder();
  const { db, log } = openSqliteLog(folder);
  await log.savePolicy(storedPolicy);
  db.pragma('busy_timeout = 0');
  const other = openMigrated(folder);
  other.exec('BEGIN IMMEDIATE');
  await expect(log.append(buildChain('q1', 1), [])).rejects.toMatchObject({
    code: 'log_unavailable',
    retryable: true,
  });
  other.exec('ROLLBACK');
  await log.append(buildChain('q1', 1), []);
});

test('[L22] a database opened for reading is log_unavailable to an append', async () => {
  const folder = temporaryFolder();
  await openSqliteLog(folder).log.savePolicy(storedPolicy);
  const db = openDatabase(join(folder, 'quoteroom.db'), { readonly: true });
  onTestFinished(() => void db.close());
  await expect(createSqliteLog(db).append(buildChain('q1', 1), [])).rejects.toMatchObject({
    code: 'log_unavailable',
  });
});

test('[L1] two writers with a database each: whoever comes second is refused', async () => {
  const folder = temporaryFolder();
  const one = openSqliteLog(folder).log;
  const two = openSqliteLog(folder).log;
  await one.savePolicy(storedPolicy);
  const [first, second] = buildChain('q1', 2) as [Entry, Entry];
  await one.append([first], []);
  await expect(two.append([first], [])).rejects.toMatchObject({ code: 'log_fenced' });
  await two.append([second], []);
  expect(await one.entries(q1, all)).toEqual([first, second]);
});

test.each([
  ['entries', 'clocks', 'UPDATE entries SET clocks = \'[[1,"x",2]]\''],
  ['entries', 'role', "UPDATE entries SET role = 'emperor'"],
  ['session_operations', 'offered', "UPDATE session_operations SET offered = 'no json'"],
])(
  '[L23] a row of %s with a broken %s is log_corrupt and names quote, entry and column',
  async (table, column, tampering) => {
    const { db, log } = openSqliteLog(temporaryFolder());
    await log.savePolicy(storedPolicy);
    await log.append(buildChain('q1', 1), []);
    db.exec(`DROP TRIGGER ${table}_no_update; ${tampering}`);
    await expect(log.entries(q1, all)).rejects.toMatchObject({
      code: 'log_corrupt',
      message: expect.stringContaining(`entry 1 of quote q1 cannot be read (column ${column})`),
    });
  },
);

test.each([
  ['role', "UPDATE entries SET role = 'emperor'"],
  ['permission', "UPDATE entries SET permission = 'owner'"],
  ['kind', "UPDATE entries SET kind = ''"],
  ['gate_version', 'UPDATE entries SET gate_version = -1'],
  ['seen_kind', "UPDATE entries SET seen_kind = 'all'"],
  ['seen_revision', 'UPDATE entries SET seen_revision = -1'],
  ['active_edits', 'UPDATE entries SET active_edits = \'[["ann"]]\''],
  ['active_edits', "UPDATE entries SET active_edits = 'no json'"],
])('[L23] a broken %s is found, too, where only decisions are read', async (column, tampering) => {
  const { db, log } = openSqliteLog(temporaryFolder());
  await log.savePolicy(storedPolicy);
  await log.append(buildChain('q1', 1), []);
  db.exec(`DROP TRIGGER entries_no_update; ${tampering}`);
  await expect(log.decisions(q1, all)).rejects.toMatchObject({
    code: 'log_corrupt',
    message: expect.stringContaining(`entry 1 of quote q1 cannot be read (column ${column})`),
  });
});

test('[L24] what an append resolved for is there in the next process', async () => {
  const folder = temporaryFolder();
  const before = openSqliteLog(folder).log;
  await before.savePolicy(storedPolicy);
  const chain = [...buildChain('q1', 3)];
  await before.append(chain, [buildSummary('q1')]);
  await before.close();
  const { log } = openSqliteLog(folder);
  expect(await log.entries(q1, all)).toEqual(chain);
  expect(await log.summary(q1)).toEqual(buildSummary('q1'));
  expect(await log.policy(storedPolicy.hash)).toBe(storedPolicy.json);
});

test('[L5] takes an entry without writes and one with many', async () => {
  const { log } = openSqliteLog(temporaryFolder());
  await log.savePolicy(storedPolicy);
  const writes = Array.from({ length: 5_000 }, () => buildDraft().writes).flat();
  const chain = [...buildChain('q1', 1, { writes: [] }), ...buildChain('q2', 1, { writes })];
  await log.append(chain, []);
  expect(await log.entries(q1, all)).toEqual(chain.slice(0, 1));
  expect(await log.entries(quoteId('q2'), all)).toEqual(chain.slice(1));
});
