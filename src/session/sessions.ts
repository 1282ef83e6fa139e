import type { Permission, Role } from '../authority/role.ts';
import type { CellId, QuoteId, UserId } from '../lib/ids.ts';
import type { EndReason, ParticipantStatus, SessionState } from '../wire/session-schemas.ts';
import type { AuditRange, AuditRecord, Json, SessionQuery, StartReason } from './session-store.ts';

/**
 * The open sessions of this process: who is in them, in which state they are, and when they end. Everything is in memory and
 * happens at once; the store is told after it, in order, so that a restart finds the sessions again. What the store does not take
 * is reported and offered again at the next {@link Sessions.due}.
 *
 * Time comes in as `at`, ms since 1970. What is said of a session that ended is ignored: its connections are about to close.
 * Activity is a write, a join, a changed presence or "keep open", never a renewal, nor somebody's return within a minute.
 */
export interface Sessions {
  /** Once, before all else: finds the open sessions again. Whoever was in them when the process died has left. */
  recover(at: number): Promise<void>;
  /** The quote's open session, or a new one: two at once get the same. `by` null: the system. */
  open(quote: QuoteId, opening: Opening, at: number): Session;
  /** The open one. */
  ofQuote(quote: QuoteId): Session | null;
  /** The open one's id, for those who ask at every edit. */
  idOf(quote: QuoteId): string | null;
  /** All open ones. */
  openOnes(): readonly Session[];
  /** Sessions with somebody in them. */
  busyCount(): number;
  /** Sessions with this person in them. */
  busyCountOf(user: UserId): number;
  /** Of the ended ones, too. */
  find(id: string): Promise<Session | null>;
  /** Newest first. */
  list(query: SessionQuery): Promise<{ sessions: Session[]; next: string | null }>;
  /** Present and past, in the order in which they came. */
  participants(id: string): Promise<Participant[]>;
  /** What happened in it, oldest first. */
  audit(id: string, range: AuditRange): Promise<AuditRecord[]>;

  /** A connection came in. A person who comes without one (HTTP, Slack) has {@link httpConnection}; each join is a sign of them, but no activity. */
  joined(id: string, connection: string, person: SessionPerson, at: number): void;
  /** `code`: how the socket ended (1000, 1006, 4410 ...), null where there was none. */
  left(id: string, connection: string, code: number | null, at: number): void;
  /** The person behind a connection has another name, role or permission; once is enough for all of theirs. */
  reassigned(id: string, person: SessionPerson, at: number): void;
  /** A changed presence, cheap enough for each of them. */
  said(id: string, connection: string, said: SaidHere, at: number): void;
  /** Writes that stood, of a person who need not be in the session. Ends the state `resolved`. */
  wrote(id: string, user: UserId, accepted: number, at: number): void;
  /** Something happened to a held conflict; `facts` as they are after it. */
  conflicted(id: string, event: ConflictEvent, facts: ConflictFacts, at: number): void;
  /** The quote was loaded with so many conflicts: the session's state follows, which may come from before a crash. */
  conflictsFound(id: string, facts: ConflictFacts, at: number): void;
  keepOpen(id: string, by: UserId, at: number): void;
  /** Anything else worth an audit row: permissions, links. */
  note(id: string, note: SessionNote, at: number): void;

  /**
   * To be called once a second: people become idle and away, those without a connection run out, and what changed is written.
   * Gives what is for the caller to do.
   */
  due(at: number): Due;
  /** Its people were told that it is about to end. */
  noteWarned(id: string, at: number): void;
  /** Over at once; resolves when that is written, or the store has refused it for now. */
  end(id: string, ending: Ending, at: number): Promise<void>;

  /** An edit was sent to the others so long after it came in. */
  seen(id: string, ms: number): void;
  traffic(id: string, passed: { readonly messages: number; readonly bytes: number }): void;

  /** Calls back for every change of a session, after it happened. Cells and statuses are none: presence shows those. */
  watch(listener: SessionListener): () => void;
  /** Writes what is not written yet; resolves also where the store refuses it. */
  flush(): Promise<void>;
  /** The same, then no more. May be called twice; the store stays open. */
  close(): Promise<void>;
}

export type SessionListener = (session: Session, change: SessionChange) => void;

/** A session as it is at one moment. */
export interface Session {
  readonly id: string;
  readonly quote: QuoteId;
  readonly state: SessionState;
  readonly startedAt: number;
  readonly startedBy: UserId | null;
  readonly lastActivityAt: number;
  readonly warnedAt: number | null;
  /** When it ends unless something is done in it. */
  readonly endsAt: number;
  readonly endedAt: number | null;
  readonly endedBy: UserId | null;
  readonly endedWhy: EndReason | null;
  /** Who is here, in the order in which they came. */
  readonly people: readonly Participant[];
}

export interface Participant {
  readonly user: UserId;
  readonly name: string;
  readonly role: Role;
  readonly permission: Permission;
  /** Of those who left: `away`. */
  readonly status: ParticipantStatus;
  /** The cell under edit, while the status is `editing`. */
  readonly cell: CellId | null;
  readonly joinedAt: number;
  readonly lastActivityAt: number;
  readonly leftAt: number | null;
}

export type SessionChange =
  | { readonly kind: 'started' }
  | { readonly kind: 'state' }
  /** Somebody came or left, or is called, ranked or allowed otherwise. */
  | { readonly kind: 'people' }
  | { readonly kind: 'warned' }
  /** Something was done after the warning: it does not end. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'ended' };

export interface SessionPerson {
  readonly user: UserId;
  readonly name: string;
  readonly role: Role;
  readonly permission: Permission;
}

export interface Opening {
  readonly by: UserId | null;
  readonly why: StartReason;
}

/** What somebody does here, as far as their presence says it. */
export interface SaidHere {
  /** The cell that they are changing; always null for a viewer. */
  readonly editing: CellId | null;
  /** False where nobody did anything: they went idle or away, fell silent, or are shown again as they were. */
  readonly isActivity: boolean;
}

export interface ConflictEvent {
  readonly kind: 'held' | 'opened' | 'released' | 'settled';
  /** The conflict's number in the quote. */
  readonly n: number;
  readonly cell: CellId;
  readonly by: UserId | null;
  readonly why?: string;
}

export interface ConflictFacts {
  /** Held conflicts that are open. */
  readonly open: number;
  /** Those of them that somebody looks at, to choose. */
  readonly resolving: number;
}

export interface SessionNote {
  readonly event: string;
  readonly by: UserId | null;
  readonly why?: string;
  readonly detail?: Json;
}

export interface Due {
  /** To be warned, until {@link Sessions.noteWarned} says that they are. */
  readonly warn: readonly Session[];
  /** To be ended. */
  readonly end: readonly Session[];
  /** Connections of people who became away just now: their presence is to be dropped. */
  readonly away: readonly { readonly quote: QuoteId; readonly connection: string }[];
  /** People without a connection who have left just now, for want of a sign: they look at no conflict any more. */
  readonly gone: readonly { readonly quote: QuoteId; readonly user: UserId }[];
}

export interface Ending {
  readonly by: UserId | null;
  readonly why: EndReason;
}

export interface SessionSettings {
  readonly timeoutMinutes: number;
  readonly warningMinutes: number;
  readonly idleMinutes: number;
  readonly awayMinutes: number;
}

/** The connection of a person who takes part over HTTP or Slack. */
export const httpConnection = (user: UserId): string => `http:${user}`;
