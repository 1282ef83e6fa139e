import { assert } from '../lib/assert.ts';
import type { UserId } from '../lib/ids.ts';
import { formatPlace, parsePlace } from './session-list.ts';
import type {
  ActiveEditRecord,
  AuditRecord,
  ParticipantRecord,
  SessionChanges,
  SessionRecord,
  SessionStore,
} from './session-store.ts';

/** Sessions in memory, for tests: all rules of the port, kept until the process ends. */
export function createMemorySessionStore(): SessionStore {
  let sessions = new Map<string, SessionRecord>();
  const participants = new Map<string, Map<UserId, ParticipantRecord>>();
  const activeEdits = new Map<string, readonly ActiveEditRecord[]>();
  const audits = new Map<string, AuditRecord[]>();

  const auditOf = (session: string): AuditRecord[] => audits.get(session) ?? [];

  function check({ sessions: changed, audit }: SessionChanges): Map<string, SessionRecord> {
    const next = new Map(sessions);
    for (const session of changed) next.set(session.id, session);
    const openQuotes = [...next.values()].filter(isOpen).map(({ quote }) => quote);
    assert(new Set(openQuotes).size === openQuotes.length, 'a quote has one open session');
    const counts = new Map<string, number>();
    for (const { session, n } of audit) {
      assert(n === (counts.get(session) ?? auditOf(session).length) + 1, 'audit rows follow each other');
      counts.set(session, n);
    }
    return next;
  }

  return {
    async write(changes) {
      sessions = check(changes);
      for (const participant of changes.participants) {
        const own = participants.get(participant.session) ?? new Map<UserId, ParticipantRecord>();
        participants.set(participant.session, own.set(participant.user, participant));
      }
      for (const { session, edits } of changes.activeEdits) activeEdits.set(session, edits);
      for (const row of changes.audit) audits.set(row.session, [...auditOf(row.session), row]);
    },
    session: async (id) => sessions.get(id) ?? null,
    async sessions({ quote, open, limit, after }) {
      const place = after === undefined ? undefined : parsePlace(after);
      if (place === null) return { sessions: [], next: null };
      const found = [...sessions.values()]
        .filter((session) => quote === undefined || session.quote === quote)
        .filter((session) => open === undefined || isOpen(session) === open)
        .toSorted((a, b) => b.startedAt - a.startedAt || inOrder(b.id, a.id))
        .filter(
          ({ startedAt, id }) =>
            place === undefined || startedAt < place.at || (startedAt === place.at && id < place.id),
        );
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return { sessions: page, next: last !== undefined && found.length > limit ? formatPlace(last) : null };
    },
    openSessions: async () =>
      [...sessions.values()]
        .filter(isOpen)
        .toSorted((a, b) => a.startedAt - b.startedAt || inOrder(a.id, b.id)),
    participants: async (session) =>
      [...(participants.get(session)?.values() ?? [])].toSorted(
        (a, b) => a.joinedAt - b.joinedAt || inOrder(a.user, b.user),
      ),
    async rename(user, name) {
      const found = [...participants.values()].filter((own) => own.has(user));
      for (const own of found) {
        const known = own.get(user);
        if (known !== undefined) own.set(user, { ...known, name });
      }
      return found.length;
    },
    activeEdits: async (session) =>
      (activeEdits.get(session) ?? []).toSorted((a, b) => inOrder(a.user, b.user) || inOrder(a.cell, b.cell)),
    audit: async (session, { after, limit }) =>
      auditOf(session)
        .filter(({ n }) => n > after)
        .slice(0, limit),
    close: async () => {},
  };
}

const isOpen = ({ endedAt }: SessionRecord): boolean => endedAt === null;

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
