import type { QuoteId, UserId } from '../lib/ids.ts';
import { type Lifecycle, createAuditTrail } from './audit-trail.ts';
import { type Departure, type Reassignment, createParticipants } from './participants.ts';
import { MINUTE_MS, endsAtOf, whatIsDue } from './session-end.ts';
import { createFiguresCount } from './session-figures.ts';
import { type ConflictFacts, type Participant, type Session, httpConnection } from './sessions.ts';
import type {
  ConflictEvent,
  Ending,
  SaidHere,
  SessionChange,
  SessionNote,
  SessionPerson,
  SessionSettings,
} from './sessions.ts';
import type { LifecycleEvent } from './session-state.ts';
import type { ParticipantRecord, SessionChanges, SessionRecord } from './session-store.ts';

/**
 * One open session in memory: its people, its state, its end and its figures. Each call happens at once and whole: first everything
 * changes and is noted for the audit, then `deps.save` hears that there is something to write, then `deps.tell` what happened.
 * What changes many times a second (cells, times, figures) only waits to be written.
 *
 * It is bound to nothing: no store, no clock, no timer.
 */
export interface OpenSession {
  readonly id: string;
  readonly quote: QuoteId;
  snapshot(): Session;
  participants(): Participant[];
  isOver(): boolean;
  isBusy(): boolean;
  isIn(user: UserId): boolean;

  recovered(at: number): void;
  started(at: number): void;
  joined(connection: string, person: SessionPerson, at: number): void;
  left(connection: string, code: number | null, at: number): void;
  reassigned(person: SessionPerson, at: number): void;
  said(connection: string, said: SaidHere, at: number): void;
  wrote(user: UserId, accepted: number, at: number): void;
  conflicted(event: ConflictEvent, facts: ConflictFacts, at: number): void;
  conflictsFound(facts: ConflictFacts, at: number): void;
  keepOpen(by: UserId, at: number): void;
  note(note: SessionNote, at: number): void;
  seen(ms: number): void;
  traffic(messages: number, bytes: number): void;

  /** Lets people fade; gives the connections of those who became away, who left, and whether it is to be warned or ended. */
  due(at: number): {
    readonly away: readonly string[];
    readonly gone: readonly UserId[];
    readonly next: 'warn' | 'end' | null;
  };
  noteWarned(at: number): void;
  end(ending: Ending, at: number): void;

  /** What is not written yet; null where all is. */
  takeUnwritten(): SessionChanges | null;
  /** That was not stored. */
  giveBack(changes: SessionChanges): void;
}

/** Whoever was gone for less is back, and has done nothing by that: a tab that reconnects keeps no session open. */
const GONE_MS = MINUTE_MS;
/** Between two audit rows that say only that somebody wants to go on. */
const KEPT_OPEN_MS = MINUTE_MS;

interface Deps {
  readonly settings: SessionSettings;
  readonly save: (session: OpenSession) => void;
  readonly tell: (session: OpenSession, change: SessionChange) => void;
  /** Told once that audit rows of it are lost. */
  readonly report: (error: unknown) => void;
}

export function createOpenSession(
  deps: Deps,
  stored: SessionRecord,
  storedPeople: readonly ParticipantRecord[],
): OpenSession {
  const { id, quote } = stored;
  const { settings } = deps;
  const participants = createParticipants({
    session: id,
    idleMs: settings.idleMinutes * MINUTE_MS,
    awayMs: settings.awayMinutes * MINUTE_MS,
    stored: storedPeople,
  });
  const figures = createFiguresCount(stored.figures);
  const now = { ...stored };
  const trail = createAuditTrail(stored, deps.report);
  let isRowUnwritten = false;
  let keptOpenAt = -Infinity;
  let news: SessionChange[] = [];

  /** Notes an event for the audit, and what it makes of the state. */
  function happened(note: SessionNote, at: number, event?: LifecycleEvent, conflicts?: ConflictFacts): void {
    const lifecycle = event === undefined ? undefined : lifecycleOf(event, conflicts);
    if (trail.add(note, at, lifecycle)) news.push({ kind: 'state' });
  }

  const lifecycleOf = (event: LifecycleEvent, conflicts?: ConflictFacts): Lifecycle => ({
    event,
    people: participants.count(),
    ...(conflicts !== undefined && { conflicts }),
  });

  function active(at: number, by: UserId | null, why: string): void {
    now.lastActivityAt = Math.max(now.lastActivityAt, at);
    isRowUnwritten = true;
    if (now.warnedAt === null) return;
    now.warnedAt = null;
    happened({ event: 'resumed', by, why }, at);
    news.push({ kind: 'resumed' });
  }

  /** Ends a call. Listeners may call again: by then this one is through. */
  function finish(): void {
    if (trail.hasRows()) deps.save(session);
    if (news.length === 0) return;
    const told = news;
    news = [];
    for (const change of told) deps.tell(session, change);
  }

  function noteReassigned({ before, after }: Reassignment, at: number): void {
    news.push({ kind: 'people' });
    const { role, permission } = after;
    if (role === before.role && permission === before.permission) return;
    const detail = { role, permission, roleBefore: before.role, permissionBefore: before.permission };
    happened({ event: 'reassigned', by: null, detail: { user: after.user, ...detail } }, at);
  }

  function noteDeparture({ user, isLast }: Departure, at: number, why?: string): void {
    if (!isLast) return;
    news.push({ kind: 'people' });
    happened({ event: 'left', by: user, ...(why !== undefined && { why }) }, at, 'left');
  }

  /** True where they are not here over a connection either. */
  function runOut(user: UserId, at: number): boolean {
    const departure = participants.leave(httpConnection(user), at);
    if (departure === null) return false;
    noteDeparture(departure, at, 'no sign');
    return departure.isLast;
  }

  const recordNow = (): SessionRecord => ({
    ...now,
    state: trail.state(),
    auditCount: trail.count(),
    figures: figures.now(),
  });

  const session: OpenSession = {
    id,
    quote,
    snapshot: () => ({
      id,
      quote,
      state: trail.state(),
      startedAt: now.startedAt,
      startedBy: now.startedBy,
      lastActivityAt: now.lastActivityAt,
      warnedAt: now.warnedAt,
      endsAt: endsAtOf(now, settings),
      endedAt: now.endedAt,
      endedBy: now.endedBy,
      endedWhy: now.endedWhy,
      people: participants.here(),
    }),
    participants: () => participants.all(),
    isOver: () => now.endedAt !== null,
    isBusy: () => participants.count() > 0,
    isIn: (user) => participants.isHere(user),

    recovered(at) {
      for (const { user, at: lastSign } of participants.lose()) {
        happened({ event: 'lost', by: user, why: 'the server stopped' }, lastSign, 'left');
      }
      // Whoever looked at a conflict is gone, and the conflict is still there.
      if (trail.state() === 'resolving') {
        const facts = { open: 1, resolving: 0 };
        happened({ event: 'released', by: null, why: 'the server stopped' }, at, 'released', facts);
      }
      finish();
    },
    started(at) {
      isRowUnwritten = true;
      happened({ event: 'started', by: now.startedBy, why: now.startedWhy }, at);
      news.push({ kind: 'started' });
      finish();
    },
    joined(connection, person, at) {
      const { isFirst, isNewConnection, goneMs, reassigned } = participants.join(connection, person, at);
      if (isNewConnection && connection !== httpConnection(person.user)) figures.connected();
      figures.peopled(participants.count());
      isRowUnwritten = true;
      if (goneMs >= GONE_MS) active(at, person.user, 'joined');
      if (reassigned !== null) noteReassigned(reassigned, at);
      if (isFirst) {
        news.push({ kind: 'people' });
        const { role, permission } = person;
        happened({ event: 'joined', by: person.user, detail: { role, permission } }, at, 'joined');
      }
      finish();
    },
    left(connection, code, at) {
      const departure = participants.leave(connection, at);
      if (departure === null) return;
      const { user, ms } = departure;
      isRowUnwritten = true;
      if (connection !== httpConnection(user)) {
        figures.disconnected(code, ms);
        happened({ event: 'disconnected', by: user, detail: { code, ms } }, at);
      }
      noteDeparture(departure, at);
      finish();
    },
    reassigned(person, at) {
      const reassigned = participants.reassign(person);
      if (reassigned !== null) noteReassigned(reassigned, at);
      finish();
    },
    said(connection, said, at) {
      const user = participants.said(connection, said, at);
      if (user === null || !said.isActivity) return;
      active(at, user, 'presence');
      finish();
    },
    wrote(user, accepted, at) {
      participants.wrote(user, accepted, at);
      figures.edited(accepted);
      active(at, user, 'write');
      // In any other state an edit is only counted: this runs for each of them.
      if (accepted > 0 && trail.state() === 'resolved') {
        happened({ event: 'edited', by: user }, at, 'edited');
      }
      finish();
    },
    conflicted({ kind, n, cell, by, why }, facts, at) {
      if (by !== null && kind !== 'released') {
        participants.sign(by, at);
        active(at, by, 'conflict');
      }
      const note = { event: kind, by, detail: { n, cell }, ...(why !== undefined && { why }) };
      happened(note, at, kind, facts);
      finish();
    },
    conflictsFound(facts, at) {
      if (trail.stateAfter(lifecycleOf('found', facts)) === trail.state()) return;
      const detail = { open: facts.open };
      happened({ event: 'found', by: null, why: 'the quote was loaded', detail }, at, 'found', facts);
      finish();
    },
    keepOpen(by, at) {
      participants.sign(by, at);
      if (now.warnedAt !== null || at - keptOpenAt >= KEPT_OPEN_MS) {
        keptOpenAt = at;
        happened({ event: 'kept_open', by }, at);
      }
      active(at, by, 'kept open');
      finish();
    },
    note(note, at) {
      happened(note, at);
      finish();
    },
    seen(ms) {
      figures.seen(ms);
      isRowUnwritten = true;
    },
    traffic(messages, bytes) {
      figures.passed(messages, bytes);
      isRowUnwritten = true;
    },

    due(at) {
      const { away, runOut: users } = participants.fade(at);
      const gone = users.filter((user) => runOut(user, at));
      finish();
      return { away, gone, next: whatIsDue(now, settings, at) };
    },
    noteWarned(at) {
      if (now.warnedAt !== null) return;
      now.warnedAt = at;
      happened({ event: 'warned', by: null, why: 'inactive' }, at);
      news.push({ kind: 'warned' });
      finish();
    },
    end({ by, why }, at) {
      const detail = { people: participants.count() };
      for (const { user, ms, connection } of participants.leaveAll(at)) {
        if (connection !== httpConnection(user)) figures.disconnected(null, ms);
      }
      now.endedAt = at;
      now.endedBy = by;
      now.endedWhy = why;
      happened({ event: 'ended', by, why, detail }, at, 'ended');
      news = [{ kind: 'ended' }];
      finish();
    },

    takeUnwritten() {
      if (!isRowUnwritten && !trail.hasRows() && !participants.hasChanged()) return null;
      const { participants: people, activeEdits } = participants.takeChanged();
      isRowUnwritten = false;
      return {
        sessions: [recordNow()],
        participants: people,
        activeEdits: activeEdits === null ? [] : [{ session: id, edits: activeEdits }],
        audit: trail.takeRows(),
      };
    },
    giveBack(changes) {
      isRowUnwritten = true;
      trail.giveBack(changes.audit);
      participants.giveBack({
        participants: changes.participants,
        activeEdits: changes.activeEdits[0]?.edits ?? null,
      });
    },
  };
  return session;
}
