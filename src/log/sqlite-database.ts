import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../lib/fault.ts';
import { makeFolder } from './make-folder.ts';

export type SqliteDatabase = Database.Database;

/** How long a statement waits, with the process, for another connection's commit. */
const BUSY_TIMEOUT_MS = 2_000;
/**
 * Pages of 4 KiB in the write-ahead log before SQLite copies them into the database, within a commit. The thread that makes
 * checkpoints does that sooner, where nobody waits for it.
 */
const WAL_PAGES_MAX = 16_000;

/**
 * Opens a SQLite database so that what is committed survives a power cut: write-ahead log, one fsync a commit (the log
 * itself syncs on its own terms, see `sqlite-wal-sync.ts`). Without
 * `readonly` it makes file and folder where they are missing. Readers never wait for the writer, nor it for them.
 * Throws `Fault` with code `database_unusable`.
 */
export function openDatabase(path: string, options: { readonly readonly?: boolean } = {}): SqliteDatabase {
  const isReadonly = options.readonly === true;
  let database: SqliteDatabase | null = null;
  try {
    if (!isReadonly && path !== ':memory:') makeFolder(dirname(path));
    database = new Database(path, {
      readonly: isReadonly,
      fileMustExist: isReadonly,
      timeout: BUSY_TIMEOUT_MS,
    });
    setUp(database, isReadonly);
    return database;
  } catch (error) {
    database?.close();
    throw unusable(path, isReadonly, error);
  }
}

function setUp(database: SqliteDatabase, isReadonly: boolean): void {
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  if (isReadonly) {
    // The first read is what finds a file that is no database.
    database.pragma('schema_version');
    return;
  }
  const mode = database.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal' && !database.memory) throw new Error('the file system allows no write-ahead log');
  database.pragma('synchronous = FULL');
  database.pragma(`wal_autocheckpoint = ${WAL_PAGES_MAX}`);
}

function unusable(path: string, isReadonly: boolean, cause: unknown): Fault {
  const why = cause instanceof Error ? cause.message : String(cause);
  const advice = isReadonly
    ? 'check that this is the data folder of a quoteroom server'
    : 'check that the folder exists on a local disk and that this user may write there';
  return new Fault({
    code: 'database_unusable',
    message: `cannot open the database ${path} (${why}): ${advice}`,
    retryable: false,
    cause,
  });
}
