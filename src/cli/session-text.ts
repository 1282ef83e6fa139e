import type { ParticipantJson, SessionJson } from '../wire/session-schemas.ts';
import { showTime } from './moment.ts';

/** Sessions and their people, as lines of text. */

interface NamedPerson {
  readonly id: string;
  readonly name: string;
  readonly role?: string | undefined;
}

export const describePerson = ({ name, role }: NamedPerson): string =>
  role === undefined ? name : `${name} (${role})`;

export const describeStatus = ({ status, cell, leftAt }: ParticipantJson): string => {
  if (leftAt !== undefined) return 'left';
  return status === 'editing' && cell !== null ? `editing ${cell}` : status;
};

/** Everyone who is there, in one line. */
export const describePeople = (people: readonly ParticipantJson[]): string =>
  people.length === 0 ? 'nobody' : people.map(({ user }) => describePerson(user)).join(', ');

export function describeSession(session: SessionJson): string[] {
  const { id, quoteId, state, startedAt, startedBy, participants, url } = session;
  const starter = startedBy === undefined ? '' : ` by ${describePerson(startedBy)}`;
  return [
    `Session ${id} of quote ${quoteId}: ${state}`,
    `  started ${showTime(startedAt)} UTC${starter}`,
    `  ${describeEnd(session)}`,
    ...(session.endedAt === undefined ? [`  here: ${describePeople(participants)}`, `  ${url}`] : []),
  ];
}

function describeEnd({ endsAt, endedAt, endedBy, why, isWarned }: SessionJson): string {
  if (endedAt === undefined) {
    return `ends ${showTime(endsAt)} UTC, unless something is done in it${isWarned ? ': its people are warned' : ''}`;
  }
  const how = endedBy === undefined ? ` (${why ?? 'inactive'})` : ` by ${describePerson(endedBy)}`;
  return `ended ${showTime(endedAt)} UTC${how}`;
}
