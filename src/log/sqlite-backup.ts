import { existsSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Fault } from '../lib/fault.ts';
import { migrationVersion } from './migrate.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

/**
 * Copies a database, page by page while others may read and write it, into one file that is whole in itself, and reads the
 * copy again: it is sound, and has the same schema version and as many entries. Whoever resolves may rely on it. Throws
 * `Fault` with code `backup_failed`, and then there is no copy.
 */
export async function backupDatabase(db: SqliteDatabase, path: string): Promise<void> {
  if (existsSync(path)) throw backupFault(path, 'there is a file of that name already');
  try {
    await db.backup(path);
    verify(db, path);
  } catch (error) {
    for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
    throw error instanceof Fault ? error : backupFault(path, reasonOf(error), error);
  }
}

function verify(db: SqliteDatabase, path: string): void {
  const copy = new Database(path, { fileMustExist: true });
  try {
    // Without a write-ahead log, so that the one file is all of it.
    copy.pragma('journal_mode = DELETE');
    const found = copy.pragma('integrity_check', { simple: true });
    if (found !== 'ok') throw backupFault(path, `the copy is damaged: ${String(found)}`);
    if (migrationVersion(copy) !== migrationVersion(db) || entryCount(copy) !== entryCount(db))
      throw backupFault(path, 'the copy is not the same as the database');
  } finally {
    copy.close();
  }
}

function entryCount(db: SqliteDatabase): number {
  const table = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'entries'`).get();
  return table === undefined ? 0 : Number(db.prepare('SELECT count(*) FROM entries').pluck().get());
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const backupFault = (path: string, why: string, cause?: unknown): Fault =>
  new Fault({
    code: 'backup_failed',
    message: `the database could not be copied to ${path} (${why}): check the disk, or make a copy by hand and leave this one out with --no-backup`,
    retryable: false,
    cause,
  });
