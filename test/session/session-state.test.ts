import { describe, expect, test } from 'vitest';
import { type LifecycleEvent, type LifecycleFacts, nextState } from '../../src/session/session-state.ts';
import type { SessionState } from '../../src/wire/session-schemas.ts';

/**
 * The state after an event, as [alone, with two people]. `*` stands for solo or collaborative, by the people. For events of
 * conflicts there are three rows: none is left open, one is, and somebody looks at it.
 */
type Row = Record<LifecycleEvent, string>;
type Conflicts = 'none' | 'open' | 'opened';

const FACTS: Record<Conflicts, Pick<LifecycleFacts, 'open' | 'resolving'>> = {
  none: { open: 0, resolving: 0 },
  open: { open: 1, resolving: 0 },
  opened: { open: 2, resolving: 1 },
};

const closed: Row = {
  joined: 'closed',
  left: 'closed',
  edited: 'closed',
  held: 'closed',
  opened: 'closed',
  released: 'closed',
  settled: 'closed',
  found: 'closed',
  ended: 'closed',
};
/** Without a conflict. */
const free: Row = { ...closed, joined: '*', left: '*', edited: '*', held: '*', opened: '*', released: '*' };
const ofFree: Row = { ...free, settled: 'resolved', found: '*' };
const conflicting: Row = {
  ...closed,
  joined: 'conflicting',
  left: 'conflicting',
  edited: 'conflicting',
  held: 'conflicting',
  opened: 'conflicting',
  released: 'conflicting',
  settled: 'conflicting',
  found: 'conflicting',
};
const ofConflicts = (state: SessionState): Row => ({
  ...conflicting,
  held: state,
  opened: state,
  released: state,
  settled: state,
  found: state,
});
/** Facts of conflicts say nothing where the event is none of theirs. */
const withPeople = (row: Row, others: string): Row => ({
  ...row,
  joined: others,
  left: others,
  edited: others,
});

const TABLE: Record<SessionState, Record<Conflicts, Row>> = {
  solo: {
    none: ofFree,
    open: withPeople(ofConflicts('conflicting'), '*'),
    opened: withPeople(ofConflicts('resolving'), '*'),
  },
  collaborative: {
    none: ofFree,
    open: withPeople(ofConflicts('conflicting'), '*'),
    opened: withPeople(ofConflicts('resolving'), '*'),
  },
  conflicting: {
    none: withPeople(ofFree, 'conflicting'),
    open: conflicting,
    opened: withPeople(ofConflicts('resolving'), 'conflicting'),
  },
  resolving: {
    none: withPeople(ofFree, 'resolving'),
    open: withPeople(ofConflicts('conflicting'), 'resolving'),
    opened: withPeople(ofConflicts('resolving'), 'resolving'),
  },
  resolved: {
    none: { ...withPeople(ofConflicts('resolved'), 'resolved'), edited: '*' },
    open: { ...withPeople(ofConflicts('conflicting'), 'resolved'), edited: '*' },
    opened: { ...withPeople(ofConflicts('resolving'), 'resolved'), edited: '*' },
  },
  closed: { none: closed, open: closed, opened: closed },
};

describe.each(Object.entries(TABLE))('%s', (state, byConflicts) => {
  const rows = Object.entries(byConflicts).flatMap(([conflicts, row]) =>
    Object.entries(row).map(([event, to]) => ({ conflicts, event, to })),
  );
  test.each(rows)('[S7] with conflicts: $conflicts, $event gives $to', ({ conflicts, event, to }) => {
    for (const people of [0, 1, 2, 100]) {
      const byPeople = people < 2 ? 'solo' : 'collaborative';
      const facts = { people, ...FACTS[conflicts as Conflicts] };
      expect(nextState(state as SessionState, event as LifecycleEvent, facts)).toBe(
        to === '*' ? byPeople : to,
      );
    }
  });
});
