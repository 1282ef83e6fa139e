import type { AuditRecord } from '../session/session-store.ts';
import type { Participant, Session } from '../session/sessions.ts';
import type { ParticipantJson, SessionAuditRow, SessionJson } from '../wire/session-schemas.ts';
import type { PeopleNames } from './people-names.ts';

/** A session as answers show it. `publicUrl` has no slash at the end. */
export function sessionJson(session: Session, names: PeopleNames, publicUrl: string): SessionJson {
  const { id, quote, state, startedAt, startedBy, lastActivityAt, endsAt, warnedAt } = session;
  const { endedAt, endedBy, endedWhy, people } = session;
  return {
    id,
    quoteId: quote,
    state,
    startedAt,
    ...(startedBy !== null && { startedBy: names.person(startedBy) }),
    lastActivityAt,
    endsAt,
    isWarned: warnedAt !== null && endedAt === null,
    ...(endedAt !== null && { endedAt }),
    ...(endedBy !== null && { endedBy: names.person(endedBy) }),
    ...(endedWhy !== null && { why: endedWhy }),
    participants: people.map(participantJson),
    url: `${publicUrl}/q/${quote}`,
  };
}

export const participantJson = (participant: Participant): ParticipantJson => {
  const { user, name, role, permission, status, cell, joinedAt, lastActivityAt, leftAt } = participant;
  return {
    user: { id: user, name, role },
    permission,
    status,
    cell,
    joinedAt,
    lastActivityAt,
    ...(leftAt !== null && { leftAt }),
  };
};

/** Everyone whom {@link sessionJson} names and who need not be in the session. */
export const peopleNamedIn = ({ startedBy, endedBy }: Session): string[] =>
  [startedBy, endedBy].filter((user) => user !== null);

export const auditRowJson = (record: AuditRecord, names: PeopleNames): SessionAuditRow => {
  const { n, at, event, from, to, user, why, detail } = record;
  return {
    n,
    at,
    event,
    from,
    to,
    ...(user !== null && { by: names.person(user) }),
    ...(why !== null && { why }),
    ...(detail !== null && { detail }),
  };
};

export const peopleNamedInRow = ({ user }: AuditRecord): string[] => (user === null ? [] : [user]);
