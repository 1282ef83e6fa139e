import type { Entry } from '../log/log.ts';

/** What the log says of conflicts without being read in order: who had seen what does not matter here. */
export interface ConflictTotals {
  refused: number;
  held: number;
  expired: number;
  /** By field, see {@link fieldOf}. */
  readonly byField: Map<string, number>;
}

export const noConflicts = (): ConflictTotals => ({ refused: 0, held: 0, expired: 0, byField: new Map() });

type CountedEntry = Pick<Entry, 'kind' | 'writes'>;

/** Adds an entry's conflicts. Where nobody chose in time, the write that settles it is no conflict of its own. */
export function countConflicts(totals: ConflictTotals, { kind, writes }: CountedEntry): void {
  if (kind === 'expire') {
    totals.expired += 1;
    return;
  }
  for (const { reason, cell } of writes) {
    if (reason === 'held') totals.held += 1;
    else if (reason === 'authority_overridden') totals.refused += 1;
    else continue;
    const field = fieldOf(cell);
    totals.byField.set(field, (totals.byField.get(field) ?? 0) + 1);
  }
}

/** A cell without its row: `lineItems/l1/quantity` is `lineItems/quantity`, and text of a note `note`. */
export function fieldOf(cell: string): string {
  const [root = '', row, column] = cell.split('/');
  if (root === 'fields') return cell;
  return column === undefined || row === undefined ? root : `${root}/${column}`;
}
