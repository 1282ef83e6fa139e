import Database from 'better-sqlite3';
import { Bug } from '../lib/assert.ts';
import { Fault } from '../lib/fault.ts';

/** SQLite's primary result codes that say "not now": the disk, a lock, the operating system. */
const UNAVAILABLE: ReadonlyMap<string, string> = new Map([
  ['FULL', 'the disk is full: free some space'],
  ['BUSY', 'another process is writing to it: stop that one'],
  ['LOCKED', 'another connection is writing to it'],
  ['IOERR', 'the disk failed: check it'],
  ['CANTOPEN', 'the file cannot be opened: check that the data folder is there'],
  ['READONLY', 'it cannot be written: check who owns the file'],
  ['NOMEM', 'memory ran out'],
  ['PROTOCOL', 'locking failed: keep the data folder on a local disk'],
  ['INTERRUPT', 'it was interrupted'],
]);

/**
 * What an error out of SQLite means to the owner of the log. Fencing (the trigger, or an entry's number taken) and an unavailable
 * store become a `Fault`; a damaged file one that no retry heals. Any other broken constraint is a bug
 * of ours, and what is no error of SQLite's stays as it is.
 */
export function sqliteFault(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const code = error.code.replace(/^SQLITE_/, '');
  if (isFencing(code, error.message)) {
    const [, purging] = /^log_fenced: (the tombstone .*|the quote .*)$/.exec(error.message) ?? [];
    const message =
      purging === undefined
        ? `another writer appended to this quote in ${path}: load it from the log again`
        : `${purging}, so nothing was changed in ${path}`;
    return new Fault({ code: 'log_fenced', message, retryable: false, cause: error });
  }
  if (code.startsWith('CONSTRAINT'))
    return new Bug(`broken invariant of the log: ${error.message}`, { cause: error });

  const primary = code.split('_')[0] ?? code;
  const reason = UNAVAILABLE.get(primary);
  if (reason !== undefined) {
    const message = `the database ${path} cannot be used (${code}): ${reason}`;
    return new Fault({ code: 'log_unavailable', message, retryable: true, cause: error });
  }
  if (primary === 'CORRUPT' || primary === 'NOTADB') {
    const message = `the database ${path} is damaged (${code}): restore it from a backup`;
    return new Fault({ code: 'log_corrupt', message, retryable: false, cause: error });
  }
  return error;
}

const isFencing = (code: string, message: string): boolean =>
  code === 'CONSTRAINT_PRIMARYKEY' || (code === 'CONSTRAINT_TRIGGER' && message.startsWith('log_fenced'));
