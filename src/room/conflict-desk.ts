import type { Actor } from '../authority/actor.ts';
import { type ConflictChange, type HeldConflict, mayChoose } from '../authority/conflicts.ts';
import type { Author } from '../authority/verdict.ts';
import { unreachable } from '../lib/assert.ts';
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
  /** An entry is durable. True if a conflict is another now. Times are those of the room's steady clock. */
  follow(update: DurableUpdate, at: number): boolean;
  /** As this reader may see them, by number. */
  list(reader: Actor): ConflictJson[];
  find(n: number): HeldConflict | null;
  /** How many are open. */
  count(): number;
  facts(): ConflictFacts;
  /** Somebody who may choose looks at it. A second one takes the place of the first: nobody is locked out. */
  open(n: number, chooser: Author): void;
  /** They let go of it without choosing. False if they did not have it. */
  release(n: number, user: UserId): boolean;
  /** The same of all that a person looked at. */
  releaseAll(user: UserId): boolean;
  /** Those that were open for too long, by `at`. */
  due(at: number): HeldConflict[];
}

/** A conflict that was open when the quote was loaded. */
export interface FoundConflict {
  readonly conflict: HeldConflict;
  /** When the entry that opened it was written. */
  readonly since: number;
}

interface Deps {
  readonly holdMs: number;
  readonly names: Names;
  readonly found: readonly FoundConflict[];
  /** Told of everything that happens to a conflict, after it. */
  readonly happened: (event: ConflictEvent) => void;
}

interface OnDesk extends FoundConflict {
  readonly openedBy: Author | null;
}

export function createConflictDesk({ holdMs, names, found, happened }: Deps): ConflictDesk {
  const byNumber = new Map<number, OnDesk>();
  for (const one of found) byNumber.set(one.conflict.n, { ...one, openedBy: null });

  function put(conflict: HeldConflict, at: number): void {
    const former = byNumber.get(conflict.n);
    byNumber.set(
      conflict.n,
      former === undefined ? { conflict, since: at, openedBy: null } : { ...former, conflict },
    );
  }

  function followChange(
    { kind, conflict }: ConflictChange,
    { actor, origin }: DurableUpdate,
    at: number,
  ): void {
    const { n, cell } = conflict;
    if (kind === 'settled') {
      byNumber.delete(n);
      const by = origin === 'system' ? null : actor.user;
      happened({ kind: 'settled', n, cell, by, ...(by === null && { why: 'nobody chose in time' }) });
      return;
    }
    put(conflict, at);
    happened({ kind: 'held', n, cell, by: actor.user });
  }

  /** Who wrote what is kept may go on writing it. */
  function followKept({ judged, actor }: DurableUpdate): boolean {
    const written = new Map(
      judged.verdicts
        .filter(({ verdict }) => verdict === 'accepted')
        .map(({ cell, applied }) => [cell, applied]),
    );
    let isChanged = false;
    for (const [n, one] of byNumber) {
      const { conflict } = one;
      const value = written.get(conflict.cell);
      if (value === undefined || judged.conflicts.some((change) => change.conflict.n === n)) continue;
      const kept = { ...conflict.kept, seq: judged.seq, user: actor.user, role: actor.role, value };
      byNumber.set(n, { ...one, conflict: { ...conflict, kept } });
      isChanged = true;
    }
    return isChanged;
  }

  function release(n: number, one: OnDesk): void {
    byNumber.set(n, { ...one, openedBy: null });
    happened({ kind: 'released', n, cell: one.conflict.cell, by: one.openedBy?.user ?? null });
  }

  function jsonOf({ conflict, since, openedBy }: OnDesk, reader: Actor): ConflictJson {
    const { n, cell, kept, parked } = conflict;
    const isChooser = mayChoose(reader, conflict);
    return {
      n,
      cell,
      since,
      settlesAt: since + holdMs,
      kept: { by: wireUser(kept, names), value: kept.value, revision: kept.seq },
      parked: parked.map(({ user, role, value, seq }) => ({
        by: wireUser({ user, role }, names),
        ...((isChooser || user === reader.user) && { value }),
        revision: seq,
      })),
      ...(openedBy !== null && { openedBy: wireUser(openedBy, names) }),
      mayChoose: isChooser,
    };
  }

  return {
    follow(update, at) {
      const { conflicts } = update.judged;
      for (const change of conflicts) followChange(change, update, at);
      const isKeptChanged = byNumber.size > 0 && followKept(update);
      return conflicts.length > 0 || isKeptChanged;
    },
    list: (reader) => [...byNumber.values()].map((one) => jsonOf(one, reader)),
    find: (n) => byNumber.get(n)?.conflict ?? null,
    count: () => byNumber.size,
    facts: () => ({
      open: byNumber.size,
      resolving: [...byNumber.values()].filter(({ openedBy }) => openedBy !== null).length,
    }),
    open(n, { user, role }) {
      const one = byNumber.get(n);
      if (one === undefined || one.openedBy?.user === user) return;
      byNumber.set(n, { ...one, openedBy: { user, role } });
      happened({ kind: 'opened', n, cell: one.conflict.cell, by: user });
    },
    release(n, user) {
      const one = byNumber.get(n);
      if (one?.openedBy?.user !== user) return false;
      release(n, one);
      return true;
    },
    releaseAll(user) {
      const own = [...byNumber].filter(([, { openedBy }]) => openedBy?.user === user);
      for (const [n, one] of own) release(n, one);
      return own.length > 0;
    },
    due: (at) =>
      [...byNumber.values()].filter(({ since }) => at - since >= holdMs).map(({ conflict }) => conflict),
  };
}

/** What to write into the cell of a conflict; undefined where the choice names nothing that is parked. */
export function chosenValue(
  { kept, parked }: HeldConflict,
  choice: Choice,
): HeldConflict['kept']['value'] | undefined {
  switch (choice.choose) {
    case 'kept':
      return kept.value;
    case 'value':
      return choice.value;
    case 'parked': {
      const { revision } = choice;
      return (revision === undefined ? parked.at(-1) : parked.find(({ seq }) => seq === revision))?.value;
    }
    default:
      return unreachable(choice);
  }
}

export type Choice =
  | { readonly choose: 'kept' }
  /** The newest, or the one of this entry. */
  | { readonly choose: 'parked'; readonly revision?: number | undefined }
  | { readonly choose: 'value'; readonly value: HeldConflict['kept']['value'] };
