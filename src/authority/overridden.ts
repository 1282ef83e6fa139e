import type { CellId, UserId } from '../lib/ids.ts';
import type { CellValue } from '../quote/cell.ts';
import type { Actor } from './actor.ts';
import type { PastWrite } from './cell-record.ts';
import type { HeldConflict, ParkedWrite } from './conflicts.ts';
import type { Ledger } from './ledger.ts';
import type { Overridden } from './verdict.ts';

/** Gathers who is to be told that their write was put aside. Each write is told of once. */
export interface OverriddenList {
  addAll(cell: CellId, kept: CellValue, writes: readonly PastWrite[]): void;
  add(write: PastWrite, kept: CellValue): void;
  addFor(write: PastWrite, keeper: PastWrite): void;
  addStaysRemoved(removal: PastWrite): void;
  /** One more than can be parked came, and this oldest one left: nobody can choose it any more. */
  addCrowdedOut(write: ParkedWrite, conflict: HeldConflict): void;
  /** A conflict was settled, and this write stands now: those who wanted another value are told, nobody of it twice. */
  addSettled(conflict: HeldConflict, standing: PastWrite): void;
  all(): readonly Overridden[];
}

export function createOverriddenList(ledger: Ledger, { user, role }: Actor): OverriddenList {
  const list: Overridden[] = [];
  const by = { user, role };
  function add(write: PastWrite, kept: CellValue): void {
    if (ledger.noteTold(write))
      list.push({ user: write.user, cell: write.cell, by, kept, yours: write.value });
  }
  return {
    add,
    addAll(cell, kept, writes) {
      if (writes.length === 0) return;
      const rowAuthors = new Set<UserId>();
      for (const write of writes) {
        if (write.cell === cell) add(write, kept);
        else rowAuthors.add(write.user);
      }
      for (const author of rowAuthors) list.push({ user: author, cell, by, kept, yours: null });
    },
    addFor(write, keeper) {
      const keptBy = { user: keeper.user, role: keeper.role };
      list.push({ user: write.user, cell: write.cell, by: keptBy, kept: null, yours: write.value });
    },
    addStaysRemoved(removal) {
      const remover = { user: removal.user, role: removal.role };
      list.push({ user, cell: removal.cell, by: remover, kept: true, yours: null });
    },
    addCrowdedOut({ user: loser, value }, { cell, kept }) {
      const keeper = { user: kept.user, role: kept.role };
      list.push({ user: loser, cell, by: keeper, kept: kept.value, yours: value });
    },
    addSettled({ cell, kept, parked }, standing) {
      const winner = { user: standing.user, role: standing.role };
      const tell = ({ user: loser, value }: ParkedWrite): void =>
        void list.push({ user: loser, cell, by: winner, kept: standing.value, yours: value });
      const hasLost = (write: ParkedWrite): boolean =>
        write.user !== standing.user &&
        write.value !== standing.value &&
        list.every((told) => told.user !== write.user || told.cell !== cell);
      if (hasLost(kept) && ledger.noteTold(kept)) tell(kept);
      for (const write of parked) if (hasLost(write)) tell(write);
    },
    all: () => list,
  };
}
