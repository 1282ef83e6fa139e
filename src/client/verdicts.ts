import type { OverriddenEvent, Refused } from '../wire/messages.ts';

/** What became of one write of this user: it was refused, or stood and was later put aside by a higher role. */
export type Verdict =
  | ({ readonly kind: 'refused'; readonly revision: number; readonly at: number } & Readonly<
      Refused['writes'][number]
    >)
  | ({ readonly kind: 'overridden'; readonly revision: number; readonly at: number } & Readonly<
      OverriddenEvent['writes'][number]
    >);

/** Verdicts that a client keeps; older ones are in the quote's log. */
export const VERDICTS_KEPT_MAX = 100;

export interface Verdicts {
  /** Takes in one message, received at `at` (ms since 1970). */
  add(event: Refused | OverriddenEvent, at: number): void;
  /** Newest last; the same array until another one arrives. */
  list(): readonly Verdict[];
}

export function createVerdicts(): Verdicts {
  let kept: readonly Verdict[] = [];
  return {
    add(event, at) {
      kept = [...kept, ...verdictsOf(event, at)].slice(-VERDICTS_KEPT_MAX);
    },
    list: () => kept,
  };
}

function verdictsOf(event: Refused | OverriddenEvent, at: number): Verdict[] {
  const { revision } = event;
  return event.type === 'refused'
    ? event.writes.map((write) => ({ kind: 'refused', revision, at, ...write }))
    : event.writes.map((write) => ({ kind: 'overridden', revision, at, ...write }));
}
