import { Fault } from '../../src/lib/fault.ts';
import type { Entry, Log } from '../../src/log/log.ts';

/** A log whose appends can be made to fail, or to wait, and which remembers what each append was asked to store. */
export interface FlakyLog extends Log {
  /** The next append stores nothing and throws this. */
  failNext(error?: unknown): void;
  /** Appends wait until the returned function is called. */
  hold(): () => void;
  readonly appends: readonly (readonly Entry[])[];
}

export const logUnavailable = (): Fault =>
  new Fault({ code: 'log_unavailable', message: 'the disk is full: free some space', retryable: true });

export function createFlakyLog(log: Log): FlakyLog {
  const failures: unknown[] = [];
  const appends: (readonly Entry[])[] = [];
  let gate: Promise<void> = Promise.resolve();

  return {
    ...log,
    appends,
    append: async (entries, summaries) => {
      appends.push(entries);
      await gate;
      if (failures.length > 0) throw failures.shift();
      await log.append(entries, summaries);
    },
    failNext: (error = logUnavailable()) => void failures.push(error),
    hold: () => {
      let open: () => void = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return () => open();
    },
  };
}
