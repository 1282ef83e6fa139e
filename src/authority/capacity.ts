import type { Ledger } from './ledger.ts';
import type { Policy } from './policy.ts';

/** Counts the rows that an update adds. */
export interface Capacity {
  /** True if the row is there already or there is room for it. */
  takes(row: string | null): boolean;
}

export function createCapacity(ledger: Ledger, { limits }: Policy): Capacity {
  const most: Readonly<Record<string, number>> = {
    lineItems: limits.lineItems,
    discounts: limits.discounts,
    notes: limits.notes,
  };
  const added = new Map<string, number>();
  const taken = new Set<string>();
  return {
    takes(row) {
      if (row === null || ledger.hasRow(row) || taken.has(row)) return true;
      const root = row.slice(0, row.indexOf('/'));
      const count = added.get(root) ?? 0;
      if (ledger.rowCount(root) + count >= (most[root] ?? 0)) return false;
      added.set(root, count + 1);
      taken.add(row);
      return true;
    },
  };
}
