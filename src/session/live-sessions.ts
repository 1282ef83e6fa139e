import { assert } from '../lib/assert.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import { type OpenSession, createOpenSession } from './open-session.ts';
import { endsAtOf } from './session-end.ts';
import { noFigures } from './session-figures.ts';
import { createSessionWriter } from './session-writer.ts';
import type { ParticipantRecord, SessionRecord, SessionStore } from './session-store.ts';
import type {
  Opening,
  Participant,
  Session,
  SessionListener,
  SessionSettings,
  Sessions,
} from './sessions.ts';

interface Deps {
  readonly store: SessionStore;
  readonly settings: SessionSettings;
  readonly newId: () => string;
  /** Told of what the store refused, which is tried again, and of what is lost. */
  readonly report: (error: unknown) => void;
}

/** The sessions of this process, see {@link Sessions}. An ended one stays in memory until its end is written. */
export function createSessions({ store, settings, newId, report }: Deps): Sessions {
  const sessions = new Map<string, OpenSession>();
  const byQuote = new Map<QuoteId, OpenSession>();
  const listeners = new Set<SessionListener>();
  let isRecovered = false;
  let isClosed = false;

  const writer = createSessionWriter({
    store,
    report,
    written(session) {
      if (session.isOver()) sessions.delete(session.id);
    },
  });

  function keep(record: SessionRecord, people: readonly ParticipantRecord[]): OpenSession {
    const session = createOpenSession(
      {
        settings,
        report,
        save(changed) {
          if (!isClosed) writer.save(changed);
        },
        tell(changed, change) {
          if (listeners.size === 0) return;
          const snapshot = changed.snapshot();
          for (const listener of listeners) listener(snapshot, change);
        },
      },
      record,
      people,
    );
    sessions.set(session.id, session);
    byQuote.set(session.quote, session);
    return session;
  }

  /** Null for one that is over: what is still said of it is ignored. */
  function live(id: string): OpenSession | null {
    const session = sessions.get(id);
    return session === undefined || session.isOver() ? null : session;
  }

  function saveAll(): void {
    for (const session of sessions.values()) writer.save(session);
  }

  const snapshotOf = (record: SessionRecord): Session =>
    sessions.get(record.id)?.snapshot() ?? storedSession(record, settings);

  async function flush(): Promise<void> {
    if (!isClosed) saveAll();
    await writer.flush();
  }

  return {
    async recover(at) {
      assert(!isRecovered && sessions.size === 0, 'sessions are recovered once, before all else');
      for (const record of await store.openSessions()) {
        keep(record, await store.participants(record.id)).recovered(at);
      }
      isRecovered = true;
      await writer.flush();
    },
    open(quote, opening, at) {
      assert(isRecovered, 'the open sessions were recovered before one is opened');
      const known = byQuote.get(quote);
      if (known !== undefined) return known.snapshot();
      const session = keep(newRecord({ id: newId(), quote }, opening, at), []);
      session.started(at);
      return session.snapshot();
    },
    ofQuote: (quote) => byQuote.get(quote)?.snapshot() ?? null,
    idOf: (quote) => byQuote.get(quote)?.id ?? null,
    openOnes: () => [...byQuote.values()].map((session) => session.snapshot()),
    busyCount() {
      let count = 0;
      for (const session of byQuote.values()) if (session.isBusy()) count += 1;
      return count;
    },
    busyCountOf(user) {
      let count = 0;
      for (const session of byQuote.values()) if (session.isIn(user)) count += 1;
      return count;
    },
    async find(id) {
      const session = sessions.get(id);
      if (session !== undefined) return session.snapshot();
      const record = await store.session(id);
      return record === null ? null : snapshotOf(record);
    },
    async list(query) {
      await flush();
      const page = await store.sessions(query);
      return { sessions: page.sessions.map(snapshotOf), next: page.next };
    },
    async participants(id) {
      const session = sessions.get(id);
      return session?.participants() ?? (await store.participants(id)).map(storedParticipant);
    },
    async audit(id, range) {
      await flush();
      return store.audit(id, range);
    },

    joined: (id, connection, person, at) => live(id)?.joined(connection, person, at),
    left: (id, connection, code, at) => live(id)?.left(connection, code, at),
    reassigned: (id, person, at) => live(id)?.reassigned(person, at),
    said: (id, connection, said, at) => live(id)?.said(connection, said, at),
    wrote: (id, user, accepted, at) => live(id)?.wrote(user, accepted, at),
    conflicted: (id, event, facts, at) => live(id)?.conflicted(event, facts, at),
    conflictsFound: (id, facts, at) => live(id)?.conflictsFound(facts, at),
    keepOpen: (id, by, at) => live(id)?.keepOpen(by, at),
    note: (id, note, at) => live(id)?.note(note, at),

    due(at) {
      const warn: Session[] = [];
      const end: Session[] = [];
      const away: { quote: QuoteId; connection: string }[] = [];
      const gone: { quote: QuoteId; user: UserId }[] = [];
      for (const session of byQuote.values()) {
        const due = session.due(at);
        for (const connection of due.away) away.push({ quote: session.quote, connection });
        for (const user of due.gone) gone.push({ quote: session.quote, user });
        if (due.next === 'warn') warn.push(session.snapshot());
        if (due.next === 'end') end.push(session.snapshot());
      }
      if (!isClosed) saveAll();
      writer.retry();
      return { warn, end, away, gone };
    },
    noteWarned: (id, at) => live(id)?.noteWarned(at),
    async end(id, ending, at) {
      const session = live(id);
      if (session !== null) {
        byQuote.delete(session.quote);
        session.end(ending, at);
      }
      await writer.flush();
    },

    seen: (id, ms) => live(id)?.seen(ms),
    traffic: (id, { messages, bytes }) => live(id)?.traffic(messages, bytes),

    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    flush,
    async close() {
      await flush();
      isClosed = true;
    },
  };
}

const newRecord = (
  { id, quote }: Pick<SessionRecord, 'id' | 'quote'>,
  { by, why }: Opening,
  at: number,
): SessionRecord => ({
  id,
  quote,
  state: 'solo',
  startedAt: at,
  startedBy: by,
  startedWhy: why,
  lastActivityAt: at,
  warnedAt: null,
  endedAt: null,
  endedBy: null,
  endedWhy: null,
  auditCount: 0,
  figures: noFigures(),
});

/** An ended one: nobody is in it. */
function storedSession(record: SessionRecord, settings: SessionSettings): Session {
  const { startedWhy: _why, auditCount: _count, figures: _figures, ...session } = record;
  return { ...session, endsAt: endsAtOf(record, settings), people: [] };
}

const storedParticipant = (record: ParticipantRecord): Participant => {
  const { session: _session, presentMs: _presentMs, edits: _edits, ...participant } = record;
  return { ...participant, cell: null };
};
