import { closeSync, openSync } from 'node:fs';
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
 * `readonly` it makes file and folder where they are missing, the file readable by its owner only. Readers never wait for the writer, nor it for them.
 * Throws `Fault` with code `database_unusable`.
 */
export function openDatabase(path: string, options: { readonly readonly?: boolean } = {}): SqliteDatabase {
  const isReadonly = options.readonly === true;
  let database: SqliteDatabase | null = null;
  try {
    if (!isReadonly && path !== ':memory:') {
      makeFolder(dirname(path));
      makeFile(path);
    }
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

/** Where it is missing, for its owner's eyes only; SQLite gives the files beside it the same mode. One that is there is left as it is. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
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

/**
 * Writes the file anew, with nothing in it but what the database holds. What is deleted is overwritten only where it stood last
 * (`secure_delete`): SQLite leaves older copies in its pages, of rows that were moved or changed. Takes a moment for each
 * 100 MB, and room for twice the database. Throws `Fault` with code `not_overwritten`; then nothing was lost.
 */
export function overwriteDeleted(db: SqliteDatabase): void {
  try {
    db.exec('VACUUM');
    const found = db.prepare<[], { readonly busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)').get();
    if (found?.busy !== 0) throw new Error('another process is reading it');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault({
      code: 'not_overwritten',
      message:
        `everything was deleted, but may still be found in the bytes of ${db.name}, which could not be written anew (${why}): ` +
        'make room for twice its size, on its disk and on that of temporary files (SQLITE_TMPDIR chooses another), let ' +
        'nobody else read it, and run the same command again',
      retryable: false,
      cause: error,
    });
  }
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
