import { unreachable } from '../lib/assert.ts';
import type { SessionState } from '../wire/session-schemas.ts';

/**
 * In which state a session is, derived from what happens in it:
 *
 *        solo <--- joined, left ---> collaborative        by people: 0 or 1, 2 or more
 *          |                              ^
 *          '--- held -----.      edited   |
 *                         v               |
 *     .-----------> conflicting       resolved <--- settled, and no conflict is left
 *     | released          | opened        ^
 *     |                   v               |
 *     '-------------- resolving ----------'
 *
 *     resolved --- held ---> conflicting or resolving
 *     any --- ended ---> closed, for good
 *
 * A held conflict weighs more than who is there, one that somebody looks at more than one that waits. `resolved` stays until the
 * next edit or conflict, so that everyone sees it.
 */
export type LifecycleEvent =
  | 'joined'
  | 'left'
  /** A conflict was held for a person to choose. */
  | 'held'
  /** Somebody looks at one to choose, */
  | 'opened'
  /** or lets go of it without choosing. */
  | 'released'
  | 'settled'
  /** The quote was loaded, with whatever conflicts it has. */
  | 'found'
  | 'edited'
  | 'ended';

/** As they are after the event. */
export interface LifecycleFacts {
  readonly people: number;
  /** Held conflicts that are open; told of only with events of conflicts. */
  readonly open: number;
  /** Those of them that somebody looks at. */
  readonly resolving: number;
}

/** Conflicts wait for a choice. */
export const hasHeld = (state: SessionState): boolean => state === 'conflicting' || state === 'resolving';

export function nextState(state: SessionState, event: LifecycleEvent, facts: LifecycleFacts): SessionState {
  if (event === 'ended') return 'closed';
  switch (state) {
    case 'closed':
      return 'closed';
    case 'resolved':
      if (event === 'edited') return byPeople(facts);
      return isOfConflicts(event) ? (byConflicts(facts) ?? 'resolved') : 'resolved';
    case 'conflicting':
    case 'resolving':
      return isOfConflicts(event) ? afterConflict(event, facts) : state;
    case 'solo':
    case 'collaborative':
      return isOfConflicts(event) ? afterConflict(event, facts) : byPeople(facts);
    default:
      return unreachable(state);
  }
}

type ConflictLifecycle = 'held' | 'opened' | 'released' | 'settled' | 'found';

const isOfConflicts = (event: LifecycleEvent): event is ConflictLifecycle =>
  event === 'held' || event === 'opened' || event === 'released' || event === 'settled' || event === 'found';

const afterConflict = (event: ConflictLifecycle, facts: LifecycleFacts): SessionState =>
  byConflicts(facts) ?? (event === 'settled' ? 'resolved' : byPeople(facts));

const byConflicts = ({ open, resolving }: LifecycleFacts): SessionState | null => {
  if (open === 0) return null;
  return resolving > 0 ? 'resolving' : 'conflicting';
};

const byPeople = ({ people }: LifecycleFacts): SessionState => (people > 1 ? 'collaborative' : 'solo');
