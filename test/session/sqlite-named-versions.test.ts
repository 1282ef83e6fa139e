import { expect, test } from 'vitest';
import { migrateDown, migrateUp } from '../../src/log/migrate.ts';
import { createSqliteNamedVersions } from '../../src/session/sqlite-named-versions.ts';
import { describeNamedVersionsContract, namedVersion } from '../contract/named-versions-contract.ts';
import { buildChain, buildSummary, storedPolicy } from '../support/build-entry.ts';
import { openMigrated, openSqliteLog } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describeNamedVersionsContract('SQLite', () => createSqliteNamedVersions(openMigrated(temporaryFolder())));

test('[NV5] names survive the process', async () => {
  const folder = temporaryFolder();
  const before = openMigrated(folder);
  await createSqliteNamedVersions(before).add(namedVersion());
  before.close();
  const after = createSqliteNamedVersions(openMigrated(folder));
  expect(await after.ofQuote(namedVersion().quote)).toStrictEqual([namedVersion()]);
});

test('[NV5] a database that cannot be written is a fault that may be tried again', async () => {
  const folder = temporaryFolder();
  const db = openMigrated(folder);
  const versions = createSqliteNamedVersions(db);
  db.pragma('busy_timeout = 0');
  const other = openMigrated(folder);
  other.exec('BEGIN IMMEDIATE');
  await expect(versions.add(namedVersion())).rejects.toMatchObject({
    code: 'versions_unavailable',
    retryable: true,
  });
  other.exec('ROLLBACK');
  expect(await versions.add(namedVersion())).toBe('added');
});

test('[NV6] rolling back to before named versions drops the names, and keeps the log', async () => {
  const { db, log } = openSqliteLog(temporaryFolder());
  await log.savePolicy(storedPolicy);
  await log.append(buildChain('q1', 3), [buildSummary('q1', { seq: 3 })]);
  await createSqliteNamedVersions(db).add(namedVersion());
  const tables = (): unknown[] =>
    db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all();
  migrateDown(db, 9);
  const before = tables();
  migrateDown(db, 8);
  expect(before.filter((name) => !tables().includes(name))).toEqual(['named_versions']);
  expect(db.prepare('SELECT count(*) FROM entries').pluck().get()).toBe(3);

  migrateUp(db);
  expect(await createSqliteNamedVersions(db).ofQuote(namedVersion().quote)).toEqual([]);
});
