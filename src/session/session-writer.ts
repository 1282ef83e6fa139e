import { Bug } from '../lib/assert.ts';
import { Fault } from '../lib/fault.ts';
import type { OpenSession } from './open-session.ts';
import type { SessionChanges, SessionStore } from './session-store.ts';

/**
 * Writes what changed in open sessions, behind them: all that one turn of the event loop brings goes into one transaction, one
 * is under way at a time, and they are written in the order in which things happened. What the store cannot take now stays
 * where it was and is reported; until it is tried again, nothing else is.
 *
 * What it will never take is a bug of ours in one session. So that the others go on, each is then written by itself, and the one
 * that is refused is given up: reported, and not written any more.
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
  /** All of the session is written, or it was given up. */
  readonly written: (session: OpenSession) => void;
  readonly report: (error: unknown) => void;
}

export function createSessionWriter({ store, written, report }: Deps): SessionWriter {
  let waiting = new Set<OpenSession>();
  let running: Promise<void> | null = null;
  let hasFailed = false;
  const givenUp = new WeakSet<OpenSession>();

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
      return changes === null || givenUp.has(session) ? [] : [{ session, changes }];
    });
    const refused = await write(taken);
    if (refused.length > 0) {
      hasFailed = true;
      for (const { session, changes } of refused) session.giveBack(changes);
      // In their old order: a quote's ended session is written before its next one.
      waiting = new Set([...refused.map(({ session }) => session), ...waiting]);
    }
    for (const session of sessions) if (!waiting.has(session)) written(session);
  }

  /** Gives what the store cannot take now. */
  async function write(taken: readonly Taken[]): Promise<readonly Taken[]> {
    const [first, second] = taken;
    if (first === undefined) return [];
    try {
      await store.write(allOf(taken.map(({ changes }) => changes)));
      return [];
    } catch (error) {
      if (error instanceof Fault && error.retryable) {
        report(error);
        return taken;
      }
      if (second !== undefined) return writeEach(taken);
      giveUp(first.session, error);
      return [];
    }
  }

  async function writeEach(taken: readonly Taken[]): Promise<readonly Taken[]> {
    for (const [index, one] of taken.entries()) {
      const refused = await write([one]);
      if (refused.length > 0) return taken.slice(index);
    }
    return [];
  }

  function giveUp(session: OpenSession, cause: unknown): void {
    givenUp.add(session);
    const why = cause instanceof Error ? cause.message : String(cause);
    const what = `session ${session.id} of quote ${session.quote} is not written any more (its quote is): ${why}`;
    report(new Bug(`${what}. Restart the server: the session goes on as it was written last`, { cause }));
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

interface Taken {
  readonly session: OpenSession;
  readonly changes: SessionChanges;
}

const allOf = (parts: readonly SessionChanges[]): SessionChanges => ({
  sessions: parts.flatMap(({ sessions }) => sessions),
  participants: parts.flatMap(({ participants }) => participants),
  activeEdits: parts.flatMap(({ activeEdits }) => activeEdits),
  audit: parts.flatMap(({ audit }) => audit),
});
