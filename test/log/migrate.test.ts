import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Bug } from '../../src/lib/assert.ts';
import {
  type Migration,
  migrateDown,
  migrateUp,
  migrationVersion,
  readMigrations,
  requireSchema,
} from '../../src/log/migrate.ts';
import { type SqliteDatabase, openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { createSqliteDirectory } from '../../src/session/sqlite-directory.ts';
import { createSqliteSessionStore } from '../../src/session/sqlite-session-store.ts';
import {
  buildChain,
  buildCheckpoint,
  buildSummary,
  quoteId,
  storedPolicy,
  userId,
} from '../support/build-entry.ts';
import { activeEdit, auditRow, participantRecord, sessionRecord } from '../support/build-session.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const newest = readMigrations().length;
const q1 = quoteId('q1');

function openEmpty(): SqliteDatabase {
  const db = openDatabase(join(temporaryFolder(), 'quoteroom.db'));
  onTestFinished(() => void db.close());
  return db;
}

const schemaOf = (db: SqliteDatabase): unknown =>
  db
    .prepare(
      `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name <> 'schema_migrations' ORDER BY name`,
    )
    .all();

const refusalOf = (code: string, message: RegExp) =>
  expect.objectContaining({ name: 'Fault', code, retryable: false, message: expect.stringMatching(message) });

test('[L27] migrating up brings an empty database to the newest version, and again changes nothing', () => {
  const db = openEmpty();
  expect(migrationVersion(db)).toBe(0);
  migrateUp(db);
  expect(migrationVersion(db)).toBe(newest);
  const schema = schemaOf(db);
  migrateUp(db);
  expect(schemaOf(db)).toEqual(schema);
  expect(db.prepare('SELECT version FROM schema_migrations').pluck().all()).toHaveLength(newest);
  requireSchema(db);
});

const good: Migration = { version: 1, name: 'good', up: 'CREATE TABLE a (x);', down: 'DROP TABLE a;' };

test('[L28] a migration that fails leaves nothing behind, and those before it stay', () => {
  const db = openEmpty();
  const bad: Migration = {
    version: 2,
    name: 'bad',
    up: 'CREATE TABLE b (x); nonsense;',
    down: 'DROP TABLE a; nonsense;',
  };
  expect(() => migrateUp(db, [good, bad])).toThrow(/nonsense/);
  expect(migrationVersion(db)).toBe(1);
  expect(schemaOf(db)).toMatchObject([{ name: 'a' }]);

  migrateUp(db, [good, { ...bad, up: 'CREATE TABLE b (x);' }]);
  expect(() => migrateDown(db, 0, [good, bad])).toThrow(/nonsense/);
  expect(migrationVersion(db)).toBe(2);
  expect(schemaOf(db)).toMatchObject([{ name: 'a' }, { name: 'b' }]);
});

test('[L29] rolling back, one step at a time or to nothing, keeps the log, and migrating up finds it again', async () => {
  for (let to = newest; to >= 0; to -= 1) {
    const { db, log } = openSqliteLog(temporaryFolder());
    await log.savePolicy(storedPolicy);
    const chain = buildChain('q1', 3);
    await log.append(chain, [buildSummary('q1', { seq: 3 })]);
    await log.saveCheckpoint(buildCheckpoint('q1', 3));
    const directory = createSqliteDirectory(db);
    const grant = {
      quote: q1,
      user: userId('ann'),
      permission: 'host',
      grantedBy: userId('ann'),
      source: 'host',
      at: 1,
    } as const;
    await directory.setGrant(grant);
    const schema = schemaOf(db);

    migrateDown(db, to);
    expect(migrationVersion(db)).toBe(to);
    expect(db.prepare('SELECT count(*) FROM entries').pluck().get()).toBe(3);
    expect(db.prepare('SELECT count(*) FROM session_operations').pluck().get()).toBe(3);
    expect(() => db.exec('DELETE FROM entries')).toThrow(/append-only/);

    migrateUp(db);
    expect(schemaOf(db)).toEqual(schema);
    const again = createSqliteLog(db);
    expect(await again.entries(q1, { after: 0, limit: 10 })).toEqual(chain);
    expect(await again.summary(q1)).toEqual(buildSummary('q1', { seq: 3 }));
    expect(await again.policy(storedPolicy.hash)).toBe(storedPolicy.json);
    expect(await createSqliteDirectory(db).grants(q1)).toEqual([grant]);
  }
});

test('[D16] grants from before it was kept where they come from count as given by a host', async () => {
  const { db } = openSqliteLog(temporaryFolder());
  migrateDown(db, 9);
  const insert = 'INSERT INTO grants (quote_id, user_id, permission, granted_by, at) VALUES (?, ?, ?, ?, ?)';
  db.prepare(insert).run('q1', 'bob', 'viewer', 'ann', 1);
  migrateUp(db);
  expect(await createSqliteDirectory(db).grants(q1)).toMatchObject([{ user: 'bob', source: 'host' }]);
});

test('[S27] rolling back to before sessions drops their four tables, and nothing else', async () => {
  const { db, log } = openSqliteLog(temporaryFolder());
  await log.savePolicy(storedPolicy);
  await log.append(buildChain('q1', 3), [buildSummary('q1', { seq: 3 })]);
  const store = createSqliteSessionStore(db);
  await store.write({
    sessions: [sessionRecord()],
    participants: [participantRecord()],
    activeEdits: [{ session: 's1', edits: [activeEdit()] }],
    audit: [auditRow(1)],
  });
  const tables = (): unknown[] =>
    db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all();
  migrateDown(db, 5);
  const before = tables();
  migrateDown(db, 4);
  const dropped = ['active_edits', 'quote_sessions', 'session_audit', 'session_participants'];
  expect(before.filter((name) => !tables().includes(name))).toEqual(dropped);
  expect(db.prepare('SELECT count(*) FROM session_operations').pluck().get()).toBe(3);

  migrateUp(db);
  expect(await createSqliteSessionStore(db).openSessions()).toEqual([]);
});

test('[L30] a database of a newer quoteroom is refused, unchanged, with what to do', () => {
  const db = openEmpty();
  const three: Migration[] = [
    good,
    { ...good, version: 2, up: '', down: '' },
    { ...good, version: 3, up: '', down: '' },
  ];
  migrateUp(db, three);
  const schema = schemaOf(db);
  const refusal = refusalOf(
    'schema_newer',
    /quoteroom\.db has schema version 3, .* up to 1: run the newer quoteroom, or roll .*: quoteroom migrate --down-to 1$/,
  );
  for (const attempt of [
    () => migrateUp(db, [good]),
    () => migrateDown(db, 0, [good]),
    () => requireSchema(db, [good]),
  ]) {
    expect(attempt).toThrow(refusal);
  }
  expect(migrationVersion(db)).toBe(3);
  expect(schemaOf(db)).toEqual(schema);
});

test('[L31] who does not migrate is told that the database is too old', () => {
  const db = openEmpty();
  expect(() => createSqliteLog(db)).toThrow(
    refusalOf('schema_older', /schema version 0, .*start its server once/),
  );
});

test('[L28] migration files have a number without a gap, an up and a down', () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, '0001_one.sql'),
    '-- why\n\n-- up\nCREATE TABLE a (x);\n\n-- down\nDROP TABLE a;\n',
  );
  writeFileSync(join(folder, 'README.md'), 'not a migration');
  expect(readMigrations(folder)).toEqual([
    { version: 1, name: 'one', up: '\nCREATE TABLE a (x);\n\n', down: '\nDROP TABLE a;\n' },
  ]);
  writeFileSync(join(folder, '0003_three.sql'), '-- up\n-- down\n');
  expect(() => readMigrations(folder)).toThrow(Bug);
  writeFileSync(join(folder, '0002_two.sql'), '-- up\n');
  expect(() => readMigrations(folder)).toThrow(/0002_two\.sql has a line "-- up"/);
  writeFileSync(join(folder, '0002_two.sql'), '-- up\n-- down\n');
  expect(readMigrations(folder)).toHaveLength(3);
});
