import type { SessionEvent } from '../../../wire/messages.ts';
import type { ConflictJson, SessionState } from '../../../wire/session-schemas.ts';
import { listOf } from '../../words/list-of.ts';
import { clockTime } from '../../words/time-ago.ts';
import { whoChooses } from '../conflicts/conflict-words.ts';

/** How the session stands, in a few words; null where there is nothing to say. */
export function sessionWords(state: SessionState, { people, conflicts, me }: SessionFacts): string | null {
  switch (state) {
    case 'solo':
    case 'collaborative':
      return people > 1 ? `${people} people here` : 'Only you';
    case 'conflicting':
      return valuesToChoose(conflicts);
    case 'resolving':
      return whoChooses(conflicts, me) ?? 'Somebody is choosing';
    case 'resolved':
      return 'Settled';
    case 'closed':
      return null;
    default:
      return state satisfies never;
  }
}

export interface SessionFacts {
  /** With the reader. */
  readonly people: number;
  readonly conflicts: readonly ConflictJson[];
  readonly me: string | null;
}

function valuesToChoose(conflicts: readonly ConflictJson[]): string {
  const [only] = conflicts;
  return only !== undefined && conflicts.length === 1
    ? `${only.parked.length + 1} values to choose between`
    : `${conflicts.length} cells to choose in`;
}

/** Before it ends by itself. */
export const endsWords = (endsAt: number, now: number): string =>
  `This session ends at ${clockTime(endsAt, now)} because nothing happens in it.`;

/** After it has ended: what the page that stands in its place says. */
export function endedWords(
  session: SessionEvent | null,
  me: string | null,
): { readonly title: string; readonly how: string } {
  if (session?.state !== 'closed') return { title: 'This session was ended', how: '' };
  if (session.why === 'inactive')
    return {
      title: 'This session has ended',
      how: 'Nothing was done in it for a while, so it ended by itself.',
    };
  const { by } = session;
  if (by === undefined) return { title: 'This session was ended', how: '' };
  return by.id === me
    ? { title: 'You ended this session', how: 'It ended for everyone who was here.' }
    : { title: 'This session was ended', how: `${by.name} ended it for everyone.` };
}

/** Before a host ends it. */
export function endQuestion({
  others,
  conflicts,
}: {
  readonly others: readonly string[];
  readonly conflicts: number;
}): string {
  const [only] = others;
  const names = others.length > 2 ? [only ?? '', `${others.length - 1} others`] : others;
  const who =
    only === undefined
      ? 'Nobody else is here; the page closes for you.'
      : `The page closes for ${listOf([...names, 'you'])}.`;
  const waiting =
    conflicts === 0
      ? ''
      : ` ${conflicts === 1 ? 'The cell' : `The ${conflicts} cells`} in which values wait ${conflicts === 1 ? 'takes' : 'take'} the newest one.`;
  return `${who} All that was saved stays, and its log too.${waiting} Whoever may open the quote can open it again at once.`;
}
