import { closeSync, fdatasync, openSync } from 'node:fs';
import { Fault } from '../lib/fault.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

/**
 * Makes commits durable without holding up the event loop. SQLite's own way (`synchronous = FULL`) waits for the disk inside the
 * commit, with an fsync that also writes the file system's journal. Here a commit only writes to the write-ahead log
 * (`NORMAL`, which keeps the database sound whatever happens), and `fdatasync` on that same file, off the event loop,
 * makes it durable before anyone is told: the same promise at less than half the price.
 *
 * If the disk refuses once, what it had taken before cannot be trusted either: from then on nothing more is promised until
 * the process starts anew and reads what is really there.
 */
export interface WalSync {
  /** Runs a transaction whose commit does not wait for the disk. */
  withoutWaiting(run: () => void): void;
  /** Resolves when everything committed so far is durable. Throws `Fault` `log_unavailable`. */
  sync(): Promise<void>;
  /** Resolves when no sync is under way: what can be read then is durable. */
  settled(): Promise<unknown>;
  close(): void;
}

export function createWalSync(db: SqliteDatabase): WalSync {
  const relax = db.prepare('PRAGMA synchronous = NORMAL');
  const insist = db.prepare('PRAGMA synchronous = FULL');
  let file: number | null = null;
  let broken: Fault | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** The file is there once something was written; it stays while a connection is open. */
  function open(): number {
    file ??= openSync(`${db.name}-wal`, 'r+');
    return file;
  }

  async function sync(): Promise<void> {
    if (broken !== null) throw broken;
    try {
      await flush(open());
    } catch (error) {
      broken = diskFault(db.name, error);
      throw broken;
    }
  }

  return {
    withoutWaiting(run) {
      if (broken !== null) throw broken;
      relax.run();
      try {
        run();
      } finally {
        insist.run();
      }
    },
    sync() {
      if (db.memory) return Promise.resolve();
      const synced = sync();
      last = synced.catch(() => undefined);
      return synced;
    },
    settled: () => last,
    close() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

const flush = (file: number): Promise<void> =>
  new Promise((resolve, reject) => {
    fdatasync(file, (error) => (error === null ? resolve() : reject(error)));
  });

const diskFault = (path: string, cause: unknown): Fault =>
  new Fault({
    code: 'log_unavailable',
    message: `the disk did not take what was written to ${path}: check it, then restart the server`,
    retryable: false,
    cause,
  });
