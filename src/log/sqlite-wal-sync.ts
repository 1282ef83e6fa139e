import { closeSync, fdatasync, openSync } from 'node:fs';
import { Fault } from '../lib/fault.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

/**
 * Makes commits durable without holding up the event loop. SQLite's own way (`synchronous = FULL`) waits for the disk inside the
 * commit, with an fsync that also writes the file system's journal. Here a commit only writes to the write-ahead log
 * (`NORMAL`, which keeps the database sound whatever happens), and `fdatasync` on that same file, off the event loop,
 * makes it durable before anyone is told: the same promise at less than half the price.
 *
 * If the disk refuses once, what it had taken before cannot be trusted either: from then on nothing is promised, and nothing
 * shown, until the process starts anew and reads what is really there.
 */
export interface WalSync {
  /** Runs a transaction whose commit does not wait for the disk. Call `sync` right after it. */
  withoutWaiting(run: () => void): void;
  /** Resolves when everything committed so far is durable. Rejects with `Fault` `log_untrusted` once the disk has refused. */
  sync(): Promise<void>;
  /** The same for what was read: resolves when the syncs under way are through. */
  settled(): Promise<void>;
  close(): void;
}

/** Writes what the operating system holds of a file to the disk, as `fs.fdatasync` does. */
export type FlushFile = (file: number, done: (error: Error | null) => void) => void;

export function createWalSync(db: SqliteDatabase, flushFile: FlushFile = fdatasync): WalSync {
  const relax = db.prepare('PRAGMA synchronous = NORMAL');
  const insist = db.prepare('PRAGMA synchronous = FULL');
  let file: number | null = null;
  let broken: Fault | null = null;
  let last: Promise<void> = Promise.resolve();

  /** The file is there once something was written; it stays while a connection is open. */
  function open(): number {
    file ??= openSync(`${db.name}-wal`, 'r+');
    return file;
  }

  async function flush(): Promise<void> {
    if (broken !== null) throw broken;
    try {
      const opened = open();
      await new Promise<void>((resolve, reject) => {
        flushFile(opened, (error) => (error === null ? resolve() : reject(error)));
      });
    } catch (error) {
      broken ??= diskFault(db.name, error);
    }
    if (broken !== null) throw broken;
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
      const before = last;
      const synced = flush();
      last = Promise.all([before, synced]).then(() => undefined);
      // Whoever waits is told; nobody may be waiting.
      last.catch(() => undefined);
      return synced;
    },
    settled: () => last,
    close() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

const diskFault = (path: string, cause: unknown): Fault =>
  new Fault({
    code: 'log_untrusted',
    message: `the disk did not take what was written to ${path}: check it, then restart the server`,
    retryable: false,
    cause,
  });
