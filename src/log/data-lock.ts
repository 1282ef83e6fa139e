import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../lib/fault.ts';
import { makeFolder } from './make-folder.ts';

/**
 * One process at a time owns a data folder for writing. The lock is an open write transaction on `quoteroom.lock`, a SQLite
 * file of its own: the operating system ends it with the process, however that dies, so no stale lock needs
 * breaking. The transaction blocks other writers and no readers, so that whoever comes second can read who is first.
 *
 * Those who only read the database need no lock.
 */
export interface DataLock {
  /** May be called twice. */
  release(): void;
}

/** How long to wait for another process that is just asking, too. */
const WAIT_MS = 200;

/** Throws `Fault` with code `data_locked`, naming the owner, or `data_unusable`. */
export function lockDataFolder(folder: string): DataLock {
  let file: Database.Database | null = null;
  try {
    makeFolder(folder);
    file = new Database(join(folder, 'quoteroom.lock'), { timeout: WAIT_MS });
    file.pragma('synchronous = OFF');
    file.exec('CREATE TABLE IF NOT EXISTS owner (process INTEGER, host TEXT, since TEXT)');
    writeOwner(file);
    file.exec('BEGIN IMMEDIATE');
    const held = file;
    return { release: () => void held.close() };
  } catch (error) {
    const fault = refusal(folder, file, error);
    file?.close();
    throw fault;
  }
}

/** Whether a process owns the folder just now: a server, whose people wait for the machine. Takes nothing, and makes no file. */
export function isDataHeld(folder: string): boolean {
  let file: Database.Database | null = null;
  try {
    file = new Database(join(folder, 'quoteroom.lock'), { timeout: 0, fileMustExist: true });
    file.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch (error) {
    return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
  } finally {
    file?.close();
  }
}

/** Committed before the lock is taken: others see only what is committed. */
function writeOwner(file: Database.Database): void {
  file
    .transaction(() => {
      file.exec('DELETE FROM owner');
      file
        .prepare(`INSERT INTO owner VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))`)
        .run(process.pid, hostname());
    })
    .immediate();
}

function refusal(folder: string, file: Database.Database | null, cause: unknown): Fault {
  if (file !== null && cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) {
    return new Fault({
      code: 'data_locked',
      message: `the data folder ${folder} is in use by ${ownerOf(file)}: stop it first`,
      retryable: false,
      cause,
    });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Fault({
    code: 'data_unusable',
    message: `cannot use the data folder ${folder} (${why}): check that this user may write there`,
    retryable: false,
    cause,
  });
}

function ownerOf(file: Database.Database): string {
  try {
    const owner = file
      .prepare<[], { process: number; host: string; since: string }>('SELECT * FROM owner')
      .get();
    if (owner !== undefined) return `process ${owner.process} on ${owner.host}, started ${owner.since}`;
  } catch {
    // It is being written in this moment.
  }
  return 'another process';
}
