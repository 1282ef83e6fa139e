import { closeSync, linkSync, lstatSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import { isSameBytes } from '../lib/bytes.ts';
import { Fault } from '../lib/fault.ts';
import type { HeadLeaf } from './head-tree.ts';
import { migrationVersion } from './migrate.ts';
import { pauseAfter } from './pause.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { readNewestEntries } from './sqlite-heads.ts';
import { syncFile, syncFolder } from './sync-file.ts';

/** What a copy holds. */
export interface Backup {
  readonly bytes: number;
  readonly quotes: number;
  readonly entries: number;
}

export interface BackupOptions {
  /** What to do where there can be no copy, for whoever reads the message. */
  readonly advice?: string;
  /** Pages of the database. */
  readonly onProgress?: ((progress: { readonly done: number; readonly of: number }) => void) | undefined;
  /** Ends the copying, as a failure. */
  readonly stop?: AbortSignal | undefined;
}

/** 256 KiB. After each the copy goes to the disk: all of it at once would hold up the syncs of a server for as long as it takes. */
const PAGES_AT_ONCE = 64;

/**
 * Copies a database as it is at one moment, while others may read and write it, into one file that is whole in itself, and reads
 * the copy again: it is sound, has the same schema version, and of each quote the same newest entry, by its hash. Until
 * then the file has another name, so whoever sees it may rely on it; a file that is there already is never touched. Throws
 * `Fault` with code `backup_failed`, and then there is no copy.
 *
 * The copying is one read transaction, without which it would begin again with every edit. Nobody waits for it, but the
 * write-ahead log cannot become shorter meanwhile.
 */
export async function backupDatabase(
  db: SqliteDatabase,
  path: string,
  { advice = 'check the disk, and that there is room on it', onProgress, stop }: BackupOptions = {},
): Promise<Backup> {
  const unfinished = `${path}.unfinished`;
  if (isThere(path)) throw takenFault(path);
  makeUnfinished(path, unfinished, advice);
  try {
    const newest = await copyPages(db, unfinished, { onProgress, stop });
    stop?.throwIfAborted();
    const backup = verify(db, unfinished, newest);
    syncFile(unfinished, 'r+');
    giveName(unfinished, path);
    syncFolder(dirname(path));
    return backup;
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (stop?.aborted === true) throw stoppedFault(path);
    throw backupFault(path, error, advice);
  } finally {
    for (const file of [unfinished, `${unfinished}-wal`, `${unfinished}-shm`, `${unfinished}-journal`])
      rmSync(file, { force: true });
  }
}

/** Gives the newest entry of each quote at the moment that the copy is of. */
async function copyPages(
  db: SqliteDatabase,
  path: string,
  { onProgress, stop }: Pick<BackupOptions, 'onProgress' | 'stop'>,
): Promise<readonly HeadLeaf[]> {
  db.exec('BEGIN');
  try {
    const newest = newestIn(db);
    let stepAt = performance.now();
    const { totalPages } = await db.backup(path, {
      progress({ totalPages: of, remainingPages }) {
        stop?.throwIfAborted();
        onProgress?.({ done: of - remainingPages, of });
        syncFile(path, 'r+');
        pauseAfter(performance.now() - stepAt);
        stepAt = performance.now();
        return PAGES_AT_ONCE;
      },
    });
    onProgress?.({ done: totalPages, of: totalPages });
    return newest;
  } finally {
    db.exec('ROLLBACK');
  }
}

function verify(db: SqliteDatabase, path: string, newest: readonly HeadLeaf[]): Backup {
  const copy = new Database(path, { fileMustExist: true });
  try {
    // Without a write-ahead log, so that the one file is all of it.
    copy.pragma('journal_mode = DELETE');
    const found = copy.pragma('integrity_check', { simple: true });
    if (found !== 'ok') throw new Error(`the copy is damaged: ${String(found)}`);
    if (migrationVersion(copy) !== migrationVersion(db)) throw new Error('the copy has another schema');
    const copied = newestIn(copy);
    requireSame(newest, copied);
    const entries = copied.length === 0 ? 0 : copy.prepare('SELECT count(*) FROM entries').pluck().get();
    return { bytes: statSync(path).size, quotes: copied.length, entries: Number(entries) };
  } finally {
    copy.close();
  }
}

/** Of each quote; none where the schema has no entries yet. */
const newestIn = (db: SqliteDatabase): readonly HeadLeaf[] =>
  db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'entries'`).get() === undefined
    ? []
    : readNewestEntries(db);

function requireSame(newest: readonly HeadLeaf[], copied: readonly HeadLeaf[]): void {
  if (newest.length !== copied.length)
    throw new Error(`the copy has ${copied.length} quotes, and the database ${newest.length}`);
  newest.forEach(({ quote, seq, hash }, index) => {
    const other = copied[index];
    if (other?.quote === quote && other.seq === seq && isSameBytes(other.hash, hash)) return;
    throw new Error(`entry ${seq}, the newest of quote ${quote}, is not the newest in the copy`);
  });
}

/** Without taking the place of a file that came to be there meanwhile. */
function giveName(unfinished: string, path: string): void {
  try {
    linkSync(unfinished, path);
  } catch (error) {
    // A file system without links can only rename, which asks nobody.
    if (isThere(path)) throw takenFault(path);
    if (codeOf(error) === 'ENOENT') throw error;
    renameSync(unfinished, path);
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** A link to nowhere is there, too. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** For its owner's eyes only, before anything is in it; follows no link. */
function makeUnfinished(path: string, unfinished: string, advice: string): void {
  try {
    closeSync(openSync(unfinished, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw unfinishedFault(path, unfinished);
    throw backupFault(path, error, advice);
  }
}

const takenFault = (path: string): Fault =>
  new Fault({
    code: 'backup_failed',
    message: `the database was not copied: there is a file of that name already, ${path}; give another name`,
    retryable: false,
  });

const unfinishedFault = (path: string, unfinished: string): Fault =>
  new Fault({
    code: 'backup_failed',
    message:
      `the database was not copied to ${path}: ${unfinished} is there, of a copy that is being made or was broken off; ` +
      'delete it if none is being made',
    retryable: false,
  });

const stoppedFault = (path: string): Fault =>
  new Fault({
    code: 'backup_failed',
    message: `stopped before the copy was finished: there is no ${path}`,
    retryable: false,
  });

function backupFault(path: string, cause: unknown, advice: string): Fault {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Fault({
    code: 'backup_failed',
    message: `the database could not be copied to ${path} (${why}): ${advice}`,
    retryable: false,
    cause,
  });
}
