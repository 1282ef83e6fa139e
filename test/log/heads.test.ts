import { expect, test } from 'vitest';
import { createMemoryHeads } from '../../src/log/memory-heads.ts';
import { migrateDown, migrateUp } from '../../src/log/migrate.ts';
import { createSqliteHeads, readNewestEntries } from '../../src/log/sqlite-heads.ts';
import { describeHeadsContract } from '../contract/heads-contract.ts';
import { buildChain, buildSummary, quoteId, storedPolicy } from '../support/build-entry.ts';
import { openMigrated, openSqliteLog } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describeHeadsContract('memory', createMemoryHeads);
describeHeadsContract('SQLite', () => createSqliteHeads(openMigrated(temporaryFolder())));

const HEAD = { n: 1, at: 5, note: 'note' };
const LEAF = { quote: quoteId('q1'), seq: 3, hash: new Uint8Array(32).fill(3) };

test.each([
  "UPDATE heads SET note = 'x'",
  'DELETE FROM heads',
  "INSERT OR REPLACE INTO heads (n, at, note) VALUES (1, 1, 'x')",
  'UPDATE head_leaves SET seq = 1',
  'DELETE FROM head_leaves',
  "INSERT OR REPLACE INTO head_leaves (quote_id, n, seq, hash) VALUES ('q1', 1, 1, zeroblob(32))",
  "INSERT INTO head_leaves (quote_id, n, seq, hash) VALUES ('q2', 2, 1, zeroblob(32))",
])('[L57] heads are append-only: %s', async (tampering) => {
  const db = openMigrated(temporaryFolder());
  await createSqliteHeads(db).append(HEAD, [LEAF]);
  expect(() => db.exec(tampering)).toThrow(/append-only/);
});

test('[L57] rolling back keeps the heads, and migrating up finds them again', async () => {
  const db = openMigrated(temporaryFolder());
  await createSqliteHeads(db).append(HEAD, [LEAF]);
  migrateDown(db, 0);
  expect(() => db.exec('DELETE FROM heads')).toThrow(/append-only/);
  migrateUp(db);
  expect(await createSqliteHeads(db).newest()).toStrictEqual(HEAD);
  expect(await createSqliteHeads(db).leaves(1)).toStrictEqual([LEAF]);
});

test('[L58] the newest entry of every quote is read, in the order of their ids', async () => {
  const { db, log } = openSqliteLog(temporaryFolder());
  expect(readNewestEntries(db)).toEqual([]);
  await log.savePolicy(storedPolicy);
  const chains = [buildChain('q2', 12), buildChain('q1', 2)];
  await log.append(
    chains.flat(),
    ['q1', 'q2'].map((id) => buildSummary(id)),
  );
  const last = chains.toReversed().map((chain) => chain.at(-1));
  expect(readNewestEntries(db)).toStrictEqual(
    last.map((entry) => ({ quote: entry?.quote, seq: entry?.seq, hash: entry?.hash })),
  );
});
