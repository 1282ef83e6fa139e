import { mayEdit } from '../authority/role.ts';
import { present } from '../lib/assert.ts';
import type { CellId, UserId } from '../lib/ids.ts';
import {
  type Attendance,
  type Connection,
  activeEditsOf,
  attendanceOfRecord,
  isEditing,
  isSamePerson,
  newAttendance,
  participantOf,
  recordOfAttendance,
} from './attendance.ts';
import type { ActiveEditRecord, ParticipantRecord } from './session-store.ts';
import { type Participant, type SaidHere, type SessionPerson, httpConnection } from './sessions.ts';

/**
 * The people of one session: each is here once, over any number of connections, and stays known after having left. What a person
 * does on one connection counts for all of theirs. Stateful, without I/O or clock.
 *
 * A person without a sign is idle and then away; an active edit of theirs is over with that, and comes back with them. One
 * who is away and has no socket has left.
 */
export interface Participants {
  join(connection: string, person: SessionPerson, at: number): Arrival;
  /** Null for a connection that is not here. */
  leave(connection: string, at: number): Departure | null;
  /** Null where that changes nothing. */
  reassign(person: SessionPerson): Reassignment | null;
  /** Whose connection it is; null for one that is not here. */
  said(connection: string, said: SaidHere, at: number): UserId | null;
  wrote(user: UserId, accepted: number, at: number): void;
  /** A sign of somebody who may not be here. */
  sign(user: UserId, at: number): void;
  /** What became of people for want of a sign. */
  fade(at: number): { readonly away: readonly string[]; readonly runOut: readonly UserId[] };
  /** Nobody who was stored is here any more: they left with their last sign. */
  lose(): { readonly user: UserId; readonly at: number }[];
  /** Everyone leaves. */
  leaveAll(at: number): Departure[];
  /** How many are here. */
  count(): number;
  isHere(user: UserId): boolean;
  here(): Participant[];
  all(): Participant[];
  /** What changed since the last call; `activeEdits` null where these did not. */
  takeChanged(): ChangedPeople;
  /** That was not stored: it counts as changed again. */
  giveBack(changed: ChangedPeople): void;
  hasChanged(): boolean;
}

export interface ChangedPeople {
  readonly participants: readonly ParticipantRecord[];
  readonly activeEdits: readonly ActiveEditRecord[] | null;
}

interface Arrival {
  /** They were not here before. */
  readonly isFirst: boolean;
  /** How long they had been gone: 0 where they are here already, Infinity where they never were. */
  readonly goneMs: number;
  /** The connection was not here before. */
  readonly isNewConnection: boolean;
  readonly reassigned: Reassignment | null;
}

export interface Departure {
  readonly user: UserId;
  readonly connection: string;
  /** How long the connection lasted. */
  readonly ms: number;
  /** It was their last. */
  readonly isLast: boolean;
}

export interface Reassignment {
  readonly before: SessionPerson;
  readonly after: SessionPerson;
}

interface Deps {
  readonly session: string;
  readonly idleMs: number;
  readonly awayMs: number;
  /** As they were stored: whoever is here without a connection was here when the process died. */
  readonly stored: readonly ParticipantRecord[];
}

export function createParticipants({ session, idleMs, awayMs, stored }: Deps): Participants {
  const people = new Map<UserId, Attendance>();
  const connections = new Map<string, Connection>();
  const changed = new Set<Attendance>();
  let editsChanged = false;
  let hereCount = 0;
  for (const record of stored) {
    people.set(record.user, attendanceOfRecord(record));
    if (record.leftAt === null) hereCount += 1;
  }

  function arrive(person: SessionPerson, at: number): Attendance {
    const known = people.get(person.user);
    const attendance = known ?? newAttendance(person, at);
    people.set(person.user, attendance);
    attendance.leftAt = null;
    attendance.since = at;
    hereCount += 1;
    return attendance;
  }

  function active(attendance: Attendance, at: number): void {
    if (attendance.quiet !== 'no' && isEditing(attendance)) editsChanged = true;
    attendance.quiet = 'no';
    attendance.lastActivityAt = Math.max(attendance.lastActivityAt, at);
    changed.add(attendance);
  }

  function setEditing(connection: Connection, cell: CellId | null, at: number): void {
    if (connection.editing === cell) return;
    connection.editing = cell;
    connection.editingSince = at;
    editsChanged = true;
  }

  function fadeOne(attendance: Attendance, at: number): boolean {
    const silence = at - attendance.lastActivityAt;
    const quiet = silence >= awayMs ? 'away' : silence >= idleMs ? 'idle' : 'no';
    if (quiet === attendance.quiet) return false;
    attendance.quiet = quiet;
    if (isEditing(attendance)) editsChanged = true;
    changed.add(attendance);
    return quiet === 'away';
  }

  function reassign(person: SessionPerson): Reassignment | null {
    const attendance = people.get(person.user);
    if (attendance === undefined || isSamePerson(attendance.person, person)) return null;
    const before = attendance.person;
    attendance.person = person;
    changed.add(attendance);
    if (!mayEdit(person.permission)) {
      for (const connection of attendance.connections.values())
        setEditing(connection, null, connection.editingSince);
    }
    return { before, after: person };
  }

  function leave(id: string, at: number): Departure | null {
    const connection = connections.get(id);
    if (connection === undefined) return null;
    const { owner, since } = connection;
    setEditing(connection, null, at);
    connections.delete(id);
    owner.connections.delete(id);
    const isLast = owner.connections.size === 0;
    if (isLast) depart(owner, at);
    return { user: owner.person.user, connection: id, ms: Math.max(0, at - since), isLast };
  }

  function depart(attendance: Attendance, at: number): void {
    attendance.leftAt = at;
    attendance.presentMs += Math.max(0, at - attendance.since);
    attendance.quiet = 'no';
    hereCount -= 1;
    changed.add(attendance);
  }

  const here = (): Attendance[] => [...people.values()].filter(({ leftAt }) => leftAt === null);

  return {
    join(id, person, at) {
      const known = people.get(person.user);
      const isFirst = known === undefined || known.connections.size === 0;
      const goneMs = known === undefined ? Infinity : known.leftAt === null ? 0 : at - known.leftAt;
      const reassigned = isFirst ? null : reassign(person);
      const owner = isFirst ? arrive(person, at) : present(known, 'whoever is here is known');
      if (isFirst) owner.person = person;
      const isNewConnection = !connections.has(id);
      if (isNewConnection) {
        const connection = { owner, since: at, editing: null, editingSince: at };
        connections.set(id, connection);
        owner.connections.set(id, connection);
      }
      active(owner, at);
      return { isFirst, isNewConnection, goneMs, reassigned };
    },
    leave,
    reassign,
    said(id, { editing, isActivity }, at) {
      const connection = connections.get(id);
      if (connection === undefined) return null;
      setEditing(connection, mayEdit(connection.owner.person.permission) ? editing : null, at);
      if (isActivity) active(connection.owner, at);
      return connection.owner.person.user;
    },
    wrote(user, accepted, at) {
      const attendance = people.get(user);
      if (attendance === undefined) return;
      attendance.edits += accepted;
      changed.add(attendance);
      if (attendance.leftAt === null) active(attendance, at);
    },
    sign(user, at) {
      const attendance = people.get(user);
      if (attendance !== undefined && attendance.leftAt === null) active(attendance, at);
    },
    fade(at) {
      const away: string[] = [];
      const runOut: UserId[] = [];
      for (const attendance of people.values()) {
        if (attendance.leftAt !== null || !fadeOne(attendance, at)) continue;
        const { user } = attendance.person;
        for (const id of attendance.connections.keys()) if (id !== httpConnection(user)) away.push(id);
        if (attendance.connections.has(httpConnection(user))) runOut.push(user);
      }
      return { away, runOut };
    },
    leaveAll(at) {
      return [...connections.keys()].flatMap((id) => leave(id, at) ?? []);
    },
    lose() {
      const lost = here();
      for (const attendance of lost) depart(attendance, attendance.lastActivityAt);
      editsChanged = true;
      return lost.map(({ person: { user }, lastActivityAt }) => ({ user, at: lastActivityAt }));
    },
    count: () => hereCount,
    isHere: (user) => people.get(user)?.leftAt === null,
    here: () => here().map(participantOf),
    all: () => [...people.values()].map(participantOf),
    takeChanged() {
      const participants = [...changed].map((attendance) => recordOfAttendance(session, attendance));
      const edits = editsChanged ? activeEditsOf(session, connections.values()) : null;
      changed.clear();
      editsChanged = false;
      return { participants, activeEdits: edits };
    },
    giveBack({ participants, activeEdits: edits }) {
      for (const { user } of participants) changed.add(present(people.get(user), 'people stay known'));
      if (edits !== null) editsChanged = true;
    },
    hasChanged: () => changed.size > 0 || editsChanged,
  };
}
