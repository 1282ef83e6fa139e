import Database from 'better-sqlite3';
import { Bug } from '../lib/assert.ts';
import { Fault } from '../lib/fault.ts';

/**
 * Runs what a store here does in SQLite. A broken constraint is a bug of ours; all else that SQLite refuses is a `Fault` with
 * the store's `code` that may be retried. `what` the store holds is named in the message, as in `the sessions`.
 */
export function guardSqlite(
  db: Database.Database,
  { code, what }: { readonly code: string; readonly what: string },
): <T>(work: () => T) => Promise<T> {
  function translated(error: unknown): unknown {
    if (!(error instanceof Database.SqliteError)) return error;
    if (error.code.startsWith('SQLITE_CONSTRAINT')) {
      return new Bug(`broken invariant of ${what}: ${error.message}`, { cause: error });
    }
    const message = `${what} in ${db.name} cannot be used (${error.code}): check the disk and try again`;
    return new Fault({ code, message, retryable: true, cause: error });
  }

  return async (work) => {
    try {
      return work();
    } catch (error) {
      throw translated(error);
    }
  };
}
