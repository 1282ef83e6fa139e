import { type Policy, canStick } from '../authority/policy.ts';
import type { CellId, UserId } from '../lib/ids.ts';
import { parseCellId, rowOf } from '../quote/cell.ts';
import type { EntriesEvent, RulesEvent } from '../wire/messages.ts';
import type { WireUser } from '../wire/user-schema.ts';

/** Who wrote what stands in the cells whose values can stick: told once by `rules`, and followed by `entries`. */
export interface Standing {
  by(cell: CellId): WireUser | null;
  /** Such cells of a row, `lineItems/l1`. */
  inRow(row: string): Iterable<CellId>;
  replace(standing: RulesEvent['standing']): void;
  /** False where nothing in it is about such cells. */
  follow(policy: Policy, event: EntriesEvent): boolean;
}

export function createStanding(): Standing {
  const authors = new Map<CellId, WireUser>();
  const rows = new Map<string, Set<CellId>>();

  function rowCells(cell: CellId): Set<CellId> | null {
    const parsed = parseCellId(cell);
    const row = parsed === null ? null : rowOf(parsed);
    if (row === null) return null;
    const cells = rows.get(row) ?? new Set();
    rows.set(row, cells);
    return cells;
  }

  function set(cell: CellId, author: WireUser | null): void {
    if (author === null) {
      authors.delete(cell);
      rowCells(cell)?.delete(cell);
    } else {
      authors.set(cell, author);
      rowCells(cell)?.add(cell);
    }
  }

  return {
    by: (cell) => authors.get(cell) ?? null,
    inRow: (row) => rows.get(row) ?? [],
    replace(standing) {
      authors.clear();
      rows.clear();
      for (const { cell, by } of standing) set(cell as CellId, by);
    },
    follow(policy, { entries }) {
      let hasChanged = false;
      for (const { user, writes } of entries) {
        for (const { cell: name, applied, reason } of writes) {
          const cell = name as CellId;
          // What was refused left the author of what stands; but an empty cell has none, however it came to be so.
          if ((reason !== undefined && applied !== null) || !canStick(policy, cell)) continue;
          set(cell, applied === null ? null : user);
          hasChanged = true;
        }
      }
      return hasChanged;
    },
  };
}

/** As people are known by their ids in decisions. */
export const userIdOf = ({ id }: WireUser): UserId => id as UserId;
