import { Fault } from '../../src/lib/fault.ts';
import { createSessions } from '../../src/session/live-sessions.ts';
import { createMemorySessionStore } from '../../src/session/memory-session-store.ts';
import type { AuditRecord, SessionChanges, SessionStore } from '../../src/session/session-store.ts';
import type { Session, SessionChange, SessionPerson, Sessions } from '../../src/session/sessions.ts';
import { userId } from './build-entry.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
/** When tests begin, ms since 1970. */
export const START = 1_700_000_000_000;

export const settings = { timeoutMinutes: 60, warningMinutes: 5, idleMinutes: 2, awayMinutes: 5 };

export const person = (user: string, change: Partial<SessionPerson> = {}): SessionPerson => ({
  user: userId(user),
  name: user,
  role: 'sales_rep',
  permission: 'editor',
  ...change,
});

/** A store whose disk can be full, and that tells what it was asked to write. */
export interface WatchedStore extends SessionStore {
  readonly written: SessionChanges[];
  isFull: boolean;
}

export function createWatchedStore(store = createMemorySessionStore()): WatchedStore {
  const watched: WatchedStore = {
    ...store,
    written: [],
    isFull: false,
    async write(changes) {
      if (watched.isFull) {
        throw new Fault({ code: 'sessions_unavailable', message: 'the disk is full', retryable: true });
      }
      await store.write(changes);
      watched.written.push(changes);
    },
  };
  return watched;
}

export interface SessionProcess {
  readonly sessions: Sessions;
  readonly reported: unknown[];
  /** What watchers heard. */
  readonly heard: { readonly session: Session; readonly change: SessionChange }[];
}

let made = 0;

/** A process that has started on a store, and found what was in it. */
export async function startSessions(store: SessionStore, at = START): Promise<SessionProcess> {
  const reported: unknown[] = [];
  const heard: SessionProcess['heard'] = [];
  const sessions = createSessions({
    store,
    settings,
    newId: () => `s${(made += 1)}`,
    report: (error) => void reported.push(error),
  });
  sessions.watch((session, change) => void heard.push({ session, change }));
  await sessions.recover(at);
  return { sessions, reported, heard };
}

/** All audit rows of a session. */
export const auditOf = (sessions: Sessions, id: string): Promise<AuditRecord[]> =>
  sessions.audit(id, { after: 0, limit: 10_000 });

export const eventsOf = async (sessions: Sessions, id: string): Promise<string[]> =>
  (await auditOf(sessions, id)).map(({ event, from, to }) =>
    from === to ? event : `${event}: ${from} > ${to}`,
  );
