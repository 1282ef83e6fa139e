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
  said(member: Member, said: SaidHere): void;
  /** Writes that stood; once they are durable. */
  wrote(user: UserId, accepted: number): void;
  /** Something happened to a held conflict. Where no session is open, one starts: somebody has to be told, and it has to end. */
  conflicted(event: ConflictEvent, facts: ConflictFacts): void;
  /** What the members are told of it. */
  message(session: Session): SessionEvent;
  /** The same of the open one; null where none is. */
  currentMessage(): SessionEvent | null;
  /** The quote was loaded with so many conflicts: where there are any, a session is open from now on. */
  found(facts: ConflictFacts): void;
}

interface Deps {
  readonly quote: QuoteId;
  readonly sessions: Sessions;
  readonly names: Names;
  /** ms since 1970 when the process began, and never running back since */
  readonly steadyNow: () => number;
}

export function createRoomSession({ quote, sessions, names, steadyNow }: Deps): RoomSession {
  /** Where each member takes part: a session that ended may be followed by another in the same room. */
  const sessionOf = new Map<Member, string>();

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
      withSession(member, (session) => sessions.reassigned(session, personOf(member), steadyNow())),
    said: (member, said) =>
      withSession(member, (session) => sessions.said(session, member.id, said, steadyNow())),
    wrote(user, accepted) {
      if (accepted === 0) return;
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
    found(facts) {
      if (facts.open > 0) sessions.open(quote, { by: null, why: 'held' }, steadyNow());
      const id = sessions.idOf(quote);
      if (id !== null) sessions.conflictsFound(id, facts, steadyNow());
    },
  };
}
