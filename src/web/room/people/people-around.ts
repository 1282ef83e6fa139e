import type { OtherPresence, OwnPresence } from '../../../client/connect-quote.ts';
import type { ParticipantJson } from '../../../wire/session-schemas.ts';
import type { WireUser } from '../../../wire/user-schema.ts';
import { listOfFirst } from '../../words/list-of.ts';
import { activityOf, byName, peopleHere } from './people-here.ts';

/**
 * Everybody else in the session: who is here now, busiest first, and who was here and left, the last to leave first.
 *
 * Presence tells what people do this moment, but knows nobody who has been away for long, nor programs that take part
 * without a page; the server's list of participants does, as of when it was read. Where both know a person, presence counts.
 */
export interface PeopleAround {
  readonly here: readonly PersonAround[];
  readonly earlier: readonly EarlierPerson[];
}

export interface PersonAround {
  readonly user: WireUser;
  readonly presence: OwnPresence;
  /** When they last did something, ms since 1970; null where that is not known yet. */
  readonly lastActivityAt: number | null;
}

export interface EarlierPerson {
  readonly user: WireUser;
  /** ms since 1970 */
  readonly leftAt: number;
}

export function peopleAround(
  others: readonly OtherPresence[],
  participants: readonly ParticipantJson[],
  me: string | null,
): PeopleAround {
  const listed = new Map(participants.map((participant) => [participant.user.id, participant]));
  const seen = peopleHere(others, me);
  const seenIds = new Set(seen.map(({ user }) => user.id));
  const here = seen.map((presence) => ({
    user: presence.user,
    presence: presence as OwnPresence,
    lastActivityAt: listed.get(presence.user.id)?.lastActivityAt ?? null,
  }));
  const earlier: EarlierPerson[] = [];
  for (const participant of participants) {
    const { user, leftAt, lastActivityAt } = participant;
    if (user.id === me || seenIds.has(user.id)) continue;
    if (leftAt === undefined) here.push({ user, presence: presenceOf(participant), lastActivityAt });
    else earlier.push({ user, leftAt });
  }
  return {
    here: here.toSorted((a, b) => activityOf(b.presence) - activityOf(a.presence) || byName(a.user, b.user)),
    earlier: earlier.toSorted((a, b) => b.leftAt - a.leftAt || byName(a.user, b.user)),
  };
}

const presenceOf = ({ status, cell }: ParticipantJson): OwnPresence => ({
  status: status === 'idle' || status === 'away' ? status : null,
  editing: status === 'editing' ? cell : null,
});

/** "Earlier: Ben, left 14:10", "Earlier: Ben and Dana", "Earlier: Ben, Dana and 3 more". */
export function earlierWords(earlier: readonly EarlierPerson[], timeOf: (at: number) => string): string {
  const [first, second] = earlier;
  if (first === undefined) return 'Nobody was here earlier.';
  return second === undefined
    ? `Earlier: ${first.user.name}, left ${timeOf(first.leftAt)}`
    : `Earlier: ${listOfFirst(earlier.map(({ user }) => user.name))}`;
}
