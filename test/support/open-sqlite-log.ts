import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Log } from '../../src/log/log.ts';
import { migrateUp } from '../../src/log/migrate.ts';
import { type SqliteDatabase, openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';

/** The migrated database of a data folder, closed when the running test ends. */
export function openMigrated(folder: string): SqliteDatabase {
  const db = openDatabase(join(folder, 'quoteroom.db'));
  onTestFinished(() => void db.close());
  migrateUp(db);
  return db;
}

export function openSqliteLog(folder: string): { readonly db: SqliteDatabase; readonly log: Log } {
  const db = openMigrated(folder);
  return { db, log: createSqliteLog(db) };
}
