import type { Permission, Role } from '../authority/role.ts';
import type { CellId, QuoteId, UserId } from '../lib/ids.ts';
import type { EndReason, ParticipantStatus, SessionState } from '../wire/session-schemas.ts';

/**
 * What is kept of sessions: the session itself with its figures, who took part, who has which cell under edit, and an audit
 * of what happened. Adapters store and fetch; they decide nothing. Times are ms since 1970.
 *
 * None of it is needed to have a quote, or to prove one: that is the log's. So a row may be lost where the power fails, and an
 * edit may not.
 */
export interface SessionStore {
  /**
   * Writes all of it or nothing. Throws `Fault` with code `sessions_unavailable` (retryable) where nothing was stored. A
   * quote has one open session, and audit rows follow each other without holes: anything else is a bug.
   */
  write(changes: SessionChanges): Promise<void>;
  session(id: string): Promise<SessionRecord | null>;
  /** Newest first; `after` is the `next` of the page before. */
  sessions(query: SessionQuery): Promise<{ sessions: SessionRecord[]; next: string | null }>;
  /** All that are not ended. */
  openSessions(): Promise<SessionRecord[]>;
  /** Those who took part in a session, in the order in which they came. */
  participants(session: string): Promise<ParticipantRecord[]>;
  /** Puts another name in the place of a person's, in every session. Gives how many those are. */
  rename(user: UserId, name: string): Promise<number>;
  /** By person and cell. The server knows them from its rooms: they are kept for whoever reads the database. Asked for by tests. */
  activeEdits(session: string): Promise<ActiveEditRecord[]>;
  /** Rows with `n > after` in order, at most `limit`. For `Sessions.audit`; the figures of use are made from the table. */
  audit(session: string, range: AuditRange): Promise<AuditRecord[]>;
  /** Releases the store. May be called twice. */
  close(): Promise<void>;
}

/** Rows as they are now: each replaces the one before it, only audit rows are added. */
export interface SessionChanges {
  readonly sessions: readonly SessionRecord[];
  readonly participants: readonly ParticipantRecord[];
  /** All active edits of the sessions named: those not here are over. */
  readonly activeEdits: readonly { readonly session: string; readonly edits: readonly ActiveEditRecord[] }[];
  readonly audit: readonly AuditRecord[];
}

/** `joined`: its first person came; `created`: a person asked for it; `held`: a conflict wanted one. */
export type StartReason = 'joined' | 'created' | 'held';

export interface SessionRecord {
  readonly id: string;
  readonly quote: QuoteId;
  readonly state: SessionState;
  readonly startedAt: number;
  /** Null: the system. */
  readonly startedBy: UserId | null;
  readonly startedWhy: StartReason;
  readonly lastActivityAt: number;
  /** When its people were told that it is about to end; null where they were not, or something was done since. */
  readonly warnedAt: number | null;
  readonly endedAt: number | null;
  readonly endedBy: UserId | null;
  readonly endedWhy: EndReason | null;
  /** The `n` of its newest audit row. */
  readonly auditCount: number;
  readonly figures: SessionFigures;
}

/** What is counted of a session, for the figures of use. */
export interface SessionFigures {
  /** Writes that stood. */
  readonly edits: number;
  /** The most people at once. */
  readonly peopleMax: number;
  /** WebSockets that came. */
  readonly connections: number;
  /** How long those lasted, together, that are over. */
  readonly connectionMs: number;
  /** Of those, how many ended as nobody wanted, see `session-figures.ts`. */
  readonly unwantedDisconnects: number;
  readonly messages: number;
  readonly bytes: number;
  /** From edit to sight: how many in each bucket, see `latency-histogram.ts`. */
  readonly latency: readonly number[];
}

/** A person in a session, however often they came and went. */
export interface ParticipantRecord {
  readonly session: string;
  readonly user: UserId;
  readonly name: string;
  readonly role: Role;
  readonly permission: Permission;
  readonly status: ParticipantStatus;
  /** When they first came. */
  readonly joinedAt: number;
  readonly lastActivityAt: number;
  /** Null while they are here. */
  readonly leftAt: number | null;
  /** How long they were here, together, until they last left. */
  readonly presentMs: number;
  /** Their writes that stood. */
  readonly edits: number;
}

export interface ActiveEditRecord {
  readonly session: string;
  readonly user: UserId;
  readonly cell: CellId;
  readonly since: number;
}

export interface AuditRecord {
  readonly session: string;
  /** 1, 2, 3 ... within the session. */
  readonly n: number;
  readonly at: number;
  readonly event: string;
  readonly from: SessionState;
  /** The state after it; mostly the same as before. */
  readonly to: SessionState;
  /** Who did it; null: the system. */
  readonly user: UserId | null;
  readonly why: string | null;
  readonly detail: Json;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface SessionQuery {
  readonly quote?: QuoteId;
  readonly open?: boolean;
  readonly limit: number;
  readonly after?: string;
}

export interface AuditRange {
  readonly after: number;
  readonly limit: number;
}
