import type { Permission, Role } from '../authority/role.ts';
import type { CellId, QuoteId, UserId } from '../lib/ids.ts';
import type { EndReason, ParticipantStatus, SessionState } from '../wire/session-schemas.ts';
import type {
  ActiveEditRecord,
  AuditRecord,
  Json,
  ParticipantRecord,
  SessionRecord,
  StartReason,
} from './session-store.ts';

/** Records of sessions as rows of `schema/0005_sessions.sql`. Columns and values stand in one order. */
type Cells = (string | number | null)[];

export const SESSION_COLUMNS = `id, quote_id, state, started_at, started_by, started_why, last_activity_at, warned_at,
  ended_at, ended_by, ended_why, audit_count, edits, people_max, connection_count, connection_ms, unwanted_disconnects,
  messages, bytes, latency`;

export interface SessionRow {
  readonly id: string;
  readonly quote_id: QuoteId;
  readonly state: SessionState;
  readonly started_at: number;
  readonly started_by: UserId | null;
  readonly started_why: StartReason;
  readonly last_activity_at: number;
  readonly warned_at: number | null;
  readonly ended_at: number | null;
  readonly ended_by: UserId | null;
  readonly ended_why: EndReason | null;
  readonly audit_count: number;
  readonly edits: number;
  readonly people_max: number;
  readonly connection_count: number;
  readonly connection_ms: number;
  readonly unwanted_disconnects: number;
  readonly messages: number;
  readonly bytes: number;
  readonly latency: string;
}

export const sessionCells = (session: SessionRecord): Cells => [
  session.id,
  session.quote,
  session.state,
  session.startedAt,
  session.startedBy,
  session.startedWhy,
  session.lastActivityAt,
  session.warnedAt,
  session.endedAt,
  session.endedBy,
  session.endedWhy,
  session.auditCount,
  session.figures.edits,
  session.figures.peopleMax,
  session.figures.connections,
  session.figures.connectionMs,
  session.figures.unwantedDisconnects,
  session.figures.messages,
  session.figures.bytes,
  JSON.stringify(session.figures.latency),
];

export const sessionOfRow = (row: SessionRow): SessionRecord => ({
  id: row.id,
  quote: row.quote_id,
  state: row.state,
  startedAt: row.started_at,
  startedBy: row.started_by,
  startedWhy: row.started_why,
  lastActivityAt: row.last_activity_at,
  warnedAt: row.warned_at,
  endedAt: row.ended_at,
  endedBy: row.ended_by,
  endedWhy: row.ended_why,
  auditCount: row.audit_count,
  figures: {
    edits: row.edits,
    peopleMax: row.people_max,
    connections: row.connection_count,
    connectionMs: row.connection_ms,
    unwantedDisconnects: row.unwanted_disconnects,
    messages: row.messages,
    bytes: row.bytes,
    latency: JSON.parse(row.latency) as number[],
  },
});

export const PARTICIPANT_COLUMNS = `session_id, user_id, name, role, permission, status, joined_at, last_activity_at,
  left_at, present_ms, edits`;

export interface ParticipantRow {
  readonly session_id: string;
  readonly user_id: UserId;
  readonly name: string;
  readonly role: Role;
  readonly permission: Permission;
  readonly status: ParticipantStatus;
  readonly joined_at: number;
  readonly last_activity_at: number;
  readonly left_at: number | null;
  readonly present_ms: number;
  readonly edits: number;
}

export const participantCells = (participant: ParticipantRecord): Cells => [
  participant.session,
  participant.user,
  participant.name,
  participant.role,
  participant.permission,
  participant.status,
  participant.joinedAt,
  participant.lastActivityAt,
  participant.leftAt,
  participant.presentMs,
  participant.edits,
];

export const participantOfRow = (row: ParticipantRow): ParticipantRecord => ({
  session: row.session_id,
  user: row.user_id,
  name: row.name,
  role: row.role,
  permission: row.permission,
  status: row.status,
  joinedAt: row.joined_at,
  lastActivityAt: row.last_activity_at,
  leftAt: row.left_at,
  presentMs: row.present_ms,
  edits: row.edits,
});

export const ACTIVE_EDIT_COLUMNS = 'session_id, user_id, cell, since';

export interface ActiveEditRow {
  readonly session_id: string;
  readonly user_id: UserId;
  readonly cell: CellId;
  readonly since: number;
}

export const activeEditCells = (edit: ActiveEditRecord): Cells => [
  edit.session,
  edit.user,
  edit.cell,
  edit.since,
];

export const activeEditOfRow = (row: ActiveEditRow): ActiveEditRecord => ({
  session: row.session_id,
  user: row.user_id,
  cell: row.cell,
  since: row.since,
});

export const AUDIT_COLUMNS = 'session_id, n, at, event, from_state, to_state, user_id, why, detail';

export interface AuditRow {
  readonly session_id: string;
  readonly n: number;
  readonly at: number;
  readonly event: string;
  readonly from_state: SessionState;
  readonly to_state: SessionState;
  readonly user_id: UserId | null;
  readonly why: string | null;
  readonly detail: string | null;
}

export const auditCells = (row: AuditRecord): Cells => [
  row.session,
  row.n,
  row.at,
  row.event,
  row.from,
  row.to,
  row.user,
  row.why,
  row.detail === null ? null : JSON.stringify(row.detail),
];

export const auditOfRow = (row: AuditRow): AuditRecord => ({
  session: row.session_id,
  n: row.n,
  at: row.at,
  event: row.event,
  from: row.from_state,
  to: row.to_state,
  user: row.user_id,
  why: row.why,
  detail: row.detail === null ? null : (JSON.parse(row.detail) as Json),
});
