import type { Actor } from '../authority/actor.ts';
import { type ConflictChange, type HeldConflict, mayChoose } from '../authority/conflicts.ts';
import type { Author } from '../authority/verdict.ts';
import type { UserId } from '../lib/ids.ts';
import type { ConflictEvent, ConflictFacts } from '../session/sessions.ts';
import type { ConflictJson } from '../wire/session-schemas.ts';
import type { DurableUpdate } from './durable-update.ts';
import { type Names, wireUser } from './verdict-messages.ts';

/**
 * The held conflicts of a quote as people see them: as far as they are durable, since when, and who looks at which to choose.
 * The gate decides what becomes of them.
 *
 * What was parked is content that was not accepted: its author is shown it, and those who may choose. Nobody else's screen has it.
 */
export interface ConflictDesk {
  /** An entry is durable. Gives what happened to conflicts by it. `at` by the room's steady clock. */
  follow(update: DurableUpdate, at: number): readonly ConflictEvent[];
  /** As this reader may see them, by number. */
  list(reader: Actor): ConflictJson[];
  /** Readers of the same view are shown the same list. */
  viewOf(reader: Actor): string;
  find(n: number): HeldConflict | null;
  /** How many are open. */
  count(): number;
  facts(): ConflictFacts;
  /** Somebody who may choose looks at it. A second one takes the place of the first: nobody is locked out. Null where they did before. */
  lookAt(n: number, chooser: Author): ConflictEvent | null;
  /** They let go of it without choosing. Null where they did not look at it. */
  letGo(n: number, user: UserId): ConflictEvent | null;
  /** What a person looks at, by number. */
  lookedAtBy(user: UserId): readonly number[];
  /** Those that were open for too long, by `at`. */
  due(at: number): HeldConflict[];
}

/** A conflict that was open when the quote was loaded. */
export interface FoundConflict {
  readonly conflict: HeldConflict;
  /** When its first held write was written. */
  readonly since: number;
  /** When the entries of what is kept and parked were written, as far as that is known. */
  readonly times: ReadonlyMap<number, number>;
}

interface Deps {
  readonly holdMs: number;
  readonly names: Names;
  readonly found: readonly FoundConflict[];
}

interface OnDesk extends FoundConflict {
  readonly chooser: Author | null;
}

export function createConflictDesk({ holdMs, names, found }: Deps): ConflictDesk {
  const byNumber = new Map<number, OnDesk>();
  for (const one of found) byNumber.set(one.conflict.n, { ...one, chooser: null });

  function followChange(
    { kind, conflict }: ConflictChange,
    update: DurableUpdate,
    at: number,
  ): ConflictEvent | null {
    const { n, cell } = conflict;
    const { actor, origin, writtenAt } = update;
    if (kind === 'settled') {
      byNumber.delete(n);
      return origin === 'system'
        ? { kind: 'settled', n, cell, by: null, why: 'nobody chose in time' }
        : { kind: 'settled', n, cell, by: actor.user };
    }
    const former = byNumber.get(n) ?? { since: at, chooser: null, times: new Map<number, number>() };
    byNumber.set(n, {
      ...former,
      conflict,
      times: new Map(former.times).set(update.judged.seq, writtenAt),
    });
    return kind === 'kept' ? null : { kind: 'held', n, cell, by: actor.user };
  }

  function jsonOf({ conflict, since, chooser, times }: OnDesk, reader: Actor): ConflictJson {
    const { n, cell, kept, parked } = conflict;
    const isChooser = mayChoose(reader, conflict);
    return {
      n,
      cell,
      since,
      settlesAt: since + holdMs,
      kept: {
        by: wireUser(kept, names),
        value: kept.value,
        revision: kept.seq,
        ...atOf(times, kept.seq),
      },
      parked: parked.map(({ user, role, value, seq }) => ({
        by: wireUser({ user, role }, names),
        ...((isChooser || user === reader.user) && { value }),
        revision: seq,
        ...atOf(times, seq),
      })),
      ...(chooser !== null && { openedBy: wireUser(chooser, names) }),
      mayChoose: isChooser,
    };
  }

  return {
    follow(update, at) {
      const { conflicts } = update.judged;
      // Most entries have none.
      if (conflicts.length === 0) return NO_EVENTS;
      return conflicts.map((change) => followChange(change, update, at)).filter((event) => event !== null);
    },
    list: (reader) => [...byNumber.values()].map((one) => jsonOf(one, reader)),
    viewOf({ user, role, permission }) {
      const hasParked = [...byNumber.values()].some(({ conflict }) =>
        conflict.parked.some((parked) => parked.user === user),
      );
      return `${role} ${permission}${hasParked ? ` ${user}` : ''}`;
    },
    find: (n) => byNumber.get(n)?.conflict ?? null,
    count: () => byNumber.size,
    facts: () => ({
      open: byNumber.size,
      resolving: [...byNumber.values()].filter(({ chooser }) => chooser !== null).length,
    }),
    lookAt(n, { user, role }) {
      const one = byNumber.get(n);
      if (one === undefined || one.chooser?.user === user) return null;
      byNumber.set(n, { ...one, chooser: { user, role } });
      return { kind: 'opened', n, cell: one.conflict.cell, by: user };
    },
    letGo(n, user) {
      const one = byNumber.get(n);
      if (one?.chooser?.user !== user) return null;
      byNumber.set(n, { ...one, chooser: null });
      return { kind: 'released', n, cell: one.conflict.cell, by: user };
    },
    lookedAtBy: (user) => [...byNumber].filter(([, { chooser }]) => chooser?.user === user).map(([n]) => n),
    due: (at) =>
      [...byNumber.values()].filter(({ since }) => at - since >= holdMs).map(({ conflict }) => conflict),
  };
}

const NO_EVENTS: readonly ConflictEvent[] = [];

const atOf = (times: ReadonlyMap<number, number>, seq: number): { at?: number } => {
  const at = times.get(seq);
  return at === undefined ? {} : { at };
};
