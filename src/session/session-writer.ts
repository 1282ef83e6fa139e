import type { OpenSession } from './open-session.ts';
import type { SessionChanges, SessionStore } from './session-store.ts';

/**
 * Writes what changed in open sessions, behind them: all that one turn of the event loop brings goes into one transaction, one
 * is under way at a time, and they are written in the order in which things happened. What the store does not take stays
 * where it was and is reported; until it is tried again, nothing else is.
 */
export interface SessionWriter {
  /** The session has something to be written now. */
  save(session: OpenSession): void;
  /** Tries again what failed. */
  retry(): void;
  /** Resolves when all that was to be saved is written, or was refused. */
  flush(): Promise<void>;
}

interface Deps {
  readonly store: Pick<SessionStore, 'write'>;
  /** All of the session is written. */
  readonly written: (session: OpenSession) => void;
  readonly report: (error: unknown) => void;
}

export function createSessionWriter({ store, written, report }: Deps): SessionWriter {
  let waiting = new Set<OpenSession>();
  let running: Promise<void> | null = null;
  let hasFailed = false;

  function start(): void {
    if (hasFailed || waiting.size === 0) return;
    running ??= run().finally(() => (running = null));
  }

  async function run(): Promise<void> {
    // The rest of this turn comes along.
    await Promise.resolve();
    while (waiting.size > 0 && !hasFailed) await writeWaiting();
  }

  async function writeWaiting(): Promise<void> {
    const sessions = [...waiting];
    waiting.clear();
    const taken = sessions.flatMap((session) => {
      const changes = session.takeUnwritten();
      return changes === null ? [] : [{ session, changes }];
    });
    try {
      if (taken.length > 0) await store.write(allOf(taken.map(({ changes }) => changes)));
    } catch (error) {
      hasFailed = true;
      for (const { session, changes } of taken) session.giveBack(changes);
      // In their old order: a quote's ended session is written before its next one.
      waiting = new Set([...sessions, ...waiting]);
      report(error);
      return;
    }
    for (const session of sessions) if (!waiting.has(session)) written(session);
  }

  function retry(): void {
    hasFailed = false;
    start();
  }

  return {
    save(session) {
      waiting.add(session);
      start();
    },
    retry,
    async flush() {
      // What is under way may fail for a reason that is gone by now.
      await running;
      retry();
      await running;
    },
  };
}

const allOf = (parts: readonly SessionChanges[]): SessionChanges => ({
  sessions: parts.flatMap(({ sessions }) => sessions),
  participants: parts.flatMap(({ participants }) => participants),
  activeEdits: parts.flatMap(({ activeEdits }) => activeEdits),
  audit: parts.flatMap(({ audit }) => audit),
});
