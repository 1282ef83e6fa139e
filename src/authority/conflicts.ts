import type { CellId, UserId } from '../lib/ids.ts';
import type { CellValue } from '../quote/cell.ts';
import type { Actor } from './actor.ts';
import type { PastWrite } from './cell-record.ts';
import { type Role, mayEdit, rankOf } from './role.ts';

/**
 * A cell with `tie: hold` into which equals wrote without having seen each other. The first value is kept, and nobody but its
 * author and higher roles can change it; what the others offer is parked beside it until a person chooses.
 *
 * All of it belongs to the gate's memory: the same log always leads to the same conflicts. Nothing changes in place.
 */
export interface HeldConflict extends OpenConflict {
  /** What stands. Its author may go on writing it. */
  readonly kept: PastWrite;
}

/** What is remembered of a conflict: what it keeps is in the cell's record. */
export interface OpenConflict {
  /** 1, 2, 3 ... within the quote, for good. */
  readonly n: number;
  readonly cell: CellId;
  /** The entry that opened it. */
  readonly seq: number;
  /** Oldest first, one for each person, never empty. All are of the role of what is kept. */
  readonly parked: readonly ParkedWrite[];
}

export interface ParkedWrite {
  readonly seq: number;
  readonly user: UserId;
  readonly role: Role;
  readonly value: CellValue;
}

/**
 * What an entry did to a conflict: as it is after it, or, where it was settled, as it was before. `held`: it came to be; `kept`:
 * the author of what is kept wrote again.
 */
export interface ConflictChange {
  readonly kind: 'held' | 'parked' | 'kept' | 'settled';
  readonly conflict: HeldConflict;
}

/** May this person look at it to choose, and choose? */
export const mayChoose = ({ role, permission }: Actor, { kept }: HeldConflict): boolean =>
  mayEdit(permission) && rankOf(role) >= rankOf(kept.role);

/** The open conflicts of one quote. */
export interface OpenConflicts {
  readonly count: number;
  /** The `n` of the newest, open or not; 0 where there was none. */
  readonly last: number;
  on(cell: CellId): OpenConflict | null;
  /** By `n`. */
  all(): Iterable<OpenConflict>;
  /** Parks a write in the cell's conflict, which is opened where there is none. False where there is no room for another. */
  park(cell: CellId, write: ParkedWrite): boolean;
  end(cell: CellId): void;
  /** Null while there was never one, as in quotes of version 1 of the gate. */
  remember(): ConflictMemory | null;
}

export interface ConflictMemory {
  /** The `n` of the newest. */
  readonly last: number;
  readonly open: readonly OpenConflict[];
}

/** Writes parked in one conflict; with one more the oldest leaves. */
export const PARKED_MAX = 16;
/** Conflicts open at a time in one quote. What is held beyond them is refused, and waits for nobody. */
export const CONFLICTS_MAX = 256;

export function createOpenConflicts(memory?: ConflictMemory): OpenConflicts {
  const byCell = new Map<CellId, OpenConflict>();
  for (const conflict of memory?.open ?? []) byCell.set(conflict.cell, conflict);
  let last = memory?.last ?? 0;

  return {
    get count() {
      return byCell.size;
    },
    get last() {
      return last;
    },
    on: (cell) => byCell.get(cell) ?? null,
    all: () => byCell.values(),
    park(cell, write) {
      const open = byCell.get(cell);
      if (open !== undefined) {
        const others = open.parked.filter(({ user }) => user !== write.user);
        byCell.set(cell, { ...open, parked: [...others, write].slice(-PARKED_MAX) });
        return true;
      }
      if (byCell.size >= CONFLICTS_MAX) return false;
      last += 1;
      byCell.set(cell, { n: last, cell, seq: write.seq, parked: [write] });
      return true;
    },
    end: (cell) => void byCell.delete(cell),
    remember: () => (last === 0 ? null : { last, open: [...byCell.values()] }),
  };
}
