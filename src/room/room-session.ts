import type { QuoteId, UserId } from '../lib/ids.ts';
import type {
  ConflictEvent,
  ConflictFacts,
  SaidHere,
  Session,
  SessionPerson,
  Sessions,
} from '../session/sessions.ts';
import type { SessionEvent } from '../wire/messages.ts';
import type { Member } from './member.ts';
import type { RoomMetrics } from './room-metrics.ts';
import type { Names } from './verdict-messages.ts';

/**
 * A room's part in the session of its quote: says who comes, goes, and does something. Whoever comes in starts a session where
 * none is open; what is written over HTTP while none is belongs to none.
 */
export interface RoomSession {
  /** The open one's id, or null. */
  currentId(): string | null;
  /** The member takes part in the open session, or in a new one. Gives its id. */
  enter(member: Member): string;
  leave(member: Member, code: number): void;
  reassigned(member: Member): void;
  present(member: Member, said: SaidHere): void;
  /** Writes that stood; once they are durable. */
  wrote(user: UserId, accepted: number): void;
  /** Something happened to a held conflict. Where no session is open, one starts: somebody has to be told, and it has to end. */
  conflicted(event: ConflictEvent, facts: ConflictFacts): void;
  /** What the members are told of it. */
  message(session: Session): SessionEvent;
  /** The same of the open one; null where none is. */
  currentMessage(): SessionEvent | null;
  /** The room's metrics, counted for the session as well. */
  readonly metrics: RoomMetrics;
  /** Hands on what was counted since. */
  tick(): void;
}

interface Deps {
  readonly quote: QuoteId;
  readonly sessions: Sessions;
  readonly names: Names;
  readonly metrics: RoomMetrics;
  /** ms since 1970 when the process began, and never running back since */
  readonly steadyNow: () => number;
}

export function createRoomSession(
  { quote, sessions, names, metrics, steadyNow }: Deps,
  found: ConflictFacts,
): RoomSession {
  /** Where each member takes part: a session that ended may be followed by another in the same room. */
  const sessionOf = new Map<Member, string>();
  let messages = 0;
  let bytes = 0;

  if (found.open > 0) sessions.open(quote, { by: null, why: 'held' }, steadyNow());
  const current = sessions.ofQuote(quote);
  if (current !== null) sessions.conflictsFound(current.id, found, steadyNow());

  function withSession(member: Member, run: (session: string) => void): void {
    const session = sessionOf.get(member);
    if (session !== undefined) run(session);
  }

  const personOf = ({ actor, name }: Member): SessionPerson => ({ ...actor, name });

  const message = ({ id, state, warnedAt, endsAt, endedWhy, endedBy }: Session): SessionEvent => ({
    type: 'session',
    sessionId: id,
    state,
    ...(warnedAt !== null && state !== 'closed' && { endsAt }),
    ...(endedWhy !== null && { why: endedWhy }),
    ...(endedBy !== null && { by: { id: endedBy, name: names.of(endedBy) } }),
  });

  return {
    currentId: () => sessions.idOf(quote),
    enter(member) {
      const at = steadyNow();
      const { id } = sessions.open(quote, { by: member.actor.user, why: 'joined' }, at);
      sessionOf.set(member, id);
      sessions.joined(id, member.id, personOf(member), at);
      return id;
    },
    leave(member, code) {
      withSession(member, (session) => sessions.left(session, member.id, code, steadyNow()));
      sessionOf.delete(member);
    },
    reassigned: (member) =>
      withSession(member, (session) =>
        sessions.reassigned(session, member.id, personOf(member), steadyNow()),
      ),
    present: (member, said) =>
      withSession(member, (session) => sessions.present(session, member.id, said, steadyNow())),
    wrote(user, accepted) {
      const id = sessions.idOf(quote);
      if (id !== null) sessions.wrote(id, user, accepted, steadyNow());
    },
    conflicted(event, facts) {
      const at = steadyNow();
      const { id } = sessions.open(quote, { by: null, why: 'held' }, at);
      sessions.conflicted(id, event, facts, at);
    },
    message,
    currentMessage() {
      const session = sessions.ofQuote(quote);
      return session === null ? null : message(session);
    },
    metrics: {
      ...metrics,
      received(length) {
        metrics.received(length);
        messages += 1;
        bytes += length;
      },
      sent(length, connections) {
        metrics.sent(length, connections);
        messages += connections;
        bytes += length * connections;
      },
      seen(ms) {
        metrics.seen(ms);
        const id = sessions.idOf(quote);
        if (id !== null) sessions.sighted(id, ms);
      },
    },
    tick() {
      const id = messages > 0 ? sessions.idOf(quote) : null;
      if (id !== null) sessions.traffic(id, { messages, bytes });
      messages = 0;
      bytes = 0;
    },
  };
}
