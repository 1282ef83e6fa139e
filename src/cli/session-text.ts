import type { ConflictJson, ParticipantJson, SessionJson } from '../wire/session-schemas.ts';
import { showTime } from './moment.ts';
import { plainValue } from './plain-text.ts';

/** Sessions, their people and held conflicts, as lines of text. */

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

export function describeConflict({
  n,
  cell,
  settlesAt,
  kept,
  parked,
  openedBy,
  mayChoose,
}: ConflictJson): string[] {
  const chooser = openedBy === undefined ? '' : `, ${describePerson(openedBy)} is choosing`;
  return [
    `${n}  ${cell}: settled by itself at ${showTime(settlesAt)} UTC${chooser}${mayChoose ? '' : ', not yours to choose'}`,
    `    kept    ${plainValue(kept.value)} by ${describePerson(kept.by)}`,
    ...parked.map(({ by, value, revision }) => {
      const what = value === undefined ? 'a value that you may not see' : plainValue(value);
      return `    parked  ${what} by ${describePerson(by)}, revision ${revision}`;
    }),
  ];
}
