import type { CellId, UserId } from '../lib/ids.ts';
import type { ParticipantStatus } from '../wire/session-schemas.ts';
import type { ActiveEditRecord, ParticipantRecord } from './session-store.ts';
import type { Participant, SessionPerson } from './sessions.ts';

/** A person in a session as it is kept in memory, changed in place, and as others see it. */
export interface Attendance {
  person: SessionPerson;
  readonly joinedAt: number;
  lastActivityAt: number;
  leftAt: number | null;
  /** Since when they are here, this time. */
  since: number;
  /** The times before. */
  presentMs: number;
  edits: number;
  quiet: 'no' | 'idle' | 'away';
  readonly connections: Map<string, Connection>;
}

export interface Connection {
  readonly owner: Attendance;
  readonly since: number;
  editing: CellId | null;
  editingSince: number;
}

export const newAttendance = (person: SessionPerson, at: number): Attendance => ({
  person,
  joinedAt: at,
  lastActivityAt: at,
  leftAt: null,
  since: at,
  presentMs: 0,
  edits: 0,
  quiet: 'no',
  connections: new Map(),
});

export const attendanceOfRecord = (record: ParticipantRecord): Attendance => ({
  person: { user: record.user, name: record.name, role: record.role, permission: record.permission },
  joinedAt: record.joinedAt,
  lastActivityAt: record.lastActivityAt,
  leftAt: record.leftAt,
  since: record.lastActivityAt,
  presentMs: record.presentMs,
  edits: record.edits,
  quiet: 'no',
  connections: new Map(),
});

export function recordOfAttendance(session: string, attendance: Attendance): ParticipantRecord {
  const { person, joinedAt, lastActivityAt, leftAt, edits } = attendance;
  // Up to the last sign: it stays true if the process dies.
  const now = leftAt === null ? Math.max(0, lastActivityAt - attendance.since) : 0;
  return {
    session,
    ...person,
    status: statusOf(attendance),
    joinedAt,
    lastActivityAt,
    leftAt,
    presentMs: attendance.presentMs + now,
    edits,
  };
}

export function participantOf(attendance: Attendance): Participant {
  const { person, joinedAt, lastActivityAt, leftAt } = attendance;
  const status = statusOf(attendance);
  const cell = status === 'editing' ? (newestEdit(attendance)?.editing ?? null) : null;
  return { ...person, status, cell, joinedAt, lastActivityAt, leftAt };
}

export const isSamePerson = (a: SessionPerson, b: SessionPerson): boolean =>
  a.name === b.name && a.role === b.role && a.permission === b.permission;

export const isEditing = (attendance: Attendance): boolean => newestEdit(attendance) !== null;

/** The cells under edit, each person's once, in however many tabs. */
export function activeEditsOf(session: string, connections: Iterable<Connection>): ActiveEditRecord[] {
  const edits = new Map<string, ActiveEditRecord>();
  for (const { owner, editing: cell, editingSince: since } of connections) {
    if (cell === null || owner.quiet !== 'no') continue;
    const { user } = owner.person;
    const key = keyOf(user, cell);
    const known = edits.get(key);
    if (known === undefined || known.since > since) edits.set(key, { session, user, cell, since });
  }
  return [...edits.values()];
}

function statusOf(attendance: Attendance): ParticipantStatus {
  if (attendance.leftAt !== null) return 'away';
  if (attendance.quiet !== 'no') return attendance.quiet;
  return isEditing(attendance) ? 'editing' : 'viewing';
}

function newestEdit({ connections }: Attendance): Connection | null {
  let newest: Connection | null = null;
  for (const connection of connections.values()) {
    if (connection.editing === null) continue;
    if (newest === null || connection.editingSince >= newest.editingSince) newest = connection;
  }
  return newest;
}

/** User ids hold no space. */
const keyOf = (user: UserId, cell: CellId): string => `${user} ${cell}`;
