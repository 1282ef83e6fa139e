import { expect, test } from 'vitest';
import { createSqliteSessionStore } from '../../src/session/sqlite-session-store.ts';
import { describeSessionStoreContract } from '../contract/session-store-contract.ts';
import { openMigrated } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { auditRow, changes, sessionRecord } from '../support/build-session.ts';

describeSessionStoreContract('SQLite', () => createSqliteSessionStore(openMigrated(temporaryFolder())));

const written = changes({ sessions: [sessionRecord()], audit: [auditRow(1)] });

test('[S6] what is written is seen by others at once, and the next commit waits for the disk again', async () => {
  const folder = temporaryFolder();
  const db = openMigrated(folder);
  await createSqliteSessionStore(db).write(written);
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  expect(await createSqliteSessionStore(openMigrated(folder)).session('s1')).toStrictEqual(sessionRecord());
});

test('[S6] a commit does not wait for the disk', async () => {
  const db = openMigrated(temporaryFolder());
  db.exec(`
    CREATE TEMP TABLE levels (level INTEGER);
    CREATE TEMP TRIGGER look AFTER INSERT ON session_audit
    BEGIN INSERT INTO levels SELECT synchronous FROM pragma_synchronous; END`);
  await createSqliteSessionStore(db).write(written);
  const normal = 1;
  expect(db.prepare('SELECT level FROM levels').pluck().all()).toEqual([normal]);
});

test('[S6] a database that cannot be written is a fault that may be tried again', async () => {
  const folder = temporaryFolder();
  const db = openMigrated(folder);
  const store = createSqliteSessionStore(db);
  db.pragma('busy_timeout = 0');
  const other = openMigrated(folder);
  other.exec('BEGIN IMMEDIATE');
  await expect(store.write(written)).rejects.toMatchObject({ code: 'sessions_unavailable', retryable: true });
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  other.exec('ROLLBACK');
  await store.write(written);
});

test.each([
  'DELETE FROM session_audit',
  `UPDATE session_audit SET why = 'another'`,
  `INSERT OR REPLACE INTO session_audit SELECT * FROM session_audit`,
])('[S3] no statement changes the audit: %s', async (statement) => {
  const db = openMigrated(temporaryFolder());
  const store = createSqliteSessionStore(db);
  await store.write(written);
  expect(() => db.exec(statement)).toThrow(/append-only/);
  expect(await store.audit('s1', { after: 0, limit: 10 })).toStrictEqual(written.audit);
});
