import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { type SqliteDatabase, openDatabase, overwriteDeleted } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { buildChain, quoteId, storedPolicy } from '../support/build-entry.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('[L24] a database is opened so that a commit survives a power cut', () => {
  const path = join(temporaryFolder(), 'deep', 'data', 'quoteroom.db');
  const db = openDatabase(path);
  onTestFinished(() => void db.close());
  const pragma = (name: string): unknown => db.pragma(name, { simple: true });
  expect(pragma('journal_mode')).toBe('wal');
  expect(pragma('synchronous')).toBe(2);
  expect(pragma('foreign_keys')).toBe(1);
  expect(pragma('busy_timeout')).toBeGreaterThan(0);
});

test('a database is made for its owner only, with the files beside it; one that is there keeps its mode', () => {
  if (process.platform === 'win32') return;
  const mask = process.umask(0);
  onTestFinished(() => void process.umask(mask));
  const folder = temporaryFolder();
  const modesOf = (db: SqliteDatabase): number[] => {
    db.exec('CREATE TABLE t (x)');
    return ['', '-wal', '-shm'].map((end) => statSync(`${db.name}${end}`).mode & 0o777);
  };
  const db = openDatabase(join(folder, 'quoteroom.db'));
  onTestFinished(() => void db.close());
  expect(modesOf(db)).toEqual([0o600, 0o600, 0o600]);

  writeFileSync(join(folder, 'shared.db'), '', { mode: 0o660 });
  const shared = openDatabase(join(folder, 'shared.db'));
  onTestFinished(() => void shared.close());
  expect(modesOf(shared)).toEqual([0o660, 0o660, 0o660]);
});

test('where the file cannot be written anew, it says what to do', () => {
  const folder = temporaryFolder();
  const { db } = openSqliteLog(folder);
  db.exec(`CREATE TABLE t (x); INSERT INTO t VALUES ('a'), ('b')`);
  const reader = openDatabase(db.name, { readonly: true });
  onTestFinished(() => void reader.close());
  db.pragma('busy_timeout = 0');
  reader.exec('BEGIN; SELECT * FROM t');
  db.exec('DELETE FROM t');
  const failed = expect.objectContaining({
    code: 'not_overwritten',
    message: expect.stringMatching(
      /may still be found in the bytes of .*quoteroom\.db, .*\(another process is reading it\): make room .* run the same command again$/,
    ),
  });
  expect(() => overwriteDeleted(db)).toThrow(failed);
  reader.exec('ROLLBACK');
  overwriteDeleted(db);
  expect(statSync(`${db.name}-wal`).size).toBe(0);
});

test('[L25] a reader reads while a writer is writing, sees what is committed, and cannot write', async () => {
  const folder = temporaryFolder();
  const { db, log } = openSqliteLog(folder);
  await log.savePolicy(storedPolicy);
  const chain = buildChain('q1', 2);
  await log.append(chain.slice(0, 1), []);

  const readerDb = openDatabase(join(folder, 'quoteroom.db'), { readonly: true });
  onTestFinished(() => void readerDb.close());
  const reader = createSqliteLog(readerDb);
  db.exec('BEGIN IMMEDIATE');
  db.exec("INSERT INTO checkpoints VALUES ('q1', 1, 1, x'', '', x'', zeroblob(32))");
  expect(await reader.head(quoteId('q1'))).toMatchObject({ seq: 1 });
  expect(await reader.checkpoint(quoteId('q1'))).toBeNull();
  db.exec('COMMIT');
  await log.append(chain.slice(1), []);
  expect(await reader.head(quoteId('q1'))).toMatchObject({ seq: 2 });
  expect(() => readerDb.exec('DROP TABLE checkpoints')).toThrow(/readonly/);
});

test('[L26] what cannot be opened is database_unusable and says what to do', () => {
  const folder = temporaryFolder();
  const missing = join(folder, 'missing.db');
  expect(() => openDatabase(missing, { readonly: true })).toThrow(
    /missing\.db .*: check that this is the data folder/,
  );

  const text = join(folder, 'text.db');
  writeFileSync(text, 'not a database, but long enough to be looked at as one '.repeat(100));
  for (const readonly of [true, false]) {
    expect(() => openDatabase(text, { readonly })).toThrow(
      expect.objectContaining({ name: 'Fault', code: 'database_unusable', retryable: false }),
    );
  }

  mkdirSync(join(folder, 'folder.db'));
  expect(() => openDatabase(join(folder, 'folder.db'))).toThrow(/may write there/);
  expect(() => openDatabase(join(text, 'below.db'))).toThrow(/cannot open the database/);
});
