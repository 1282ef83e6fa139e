import { parseCellId } from '../../../quote/cell.ts';
import type { RestoreScope } from '../../../quote/plan-restore.ts';
import type { Snapshot } from '../../../quote/snapshot.ts';

/** What somebody wants back, and from when. */
export interface RestoreAsked {
  readonly scope: RestoreScope;
  /** What the quote was, with its removed rows. */
  readonly past: Snapshot;
  /** "the quote", "Roller", "Discount of Roller" */
  readonly what: string;
  /** "entry 12, 14:32" */
  readonly when: string;
}

/** The row of a cell, to be restored as one. Null for a field. */
export function rowScopeOf(cell: string): Extract<RestoreScope, { kind: 'row' }> | null {
  const parsed = parseCellId(cell);
  if (parsed === null || parsed.row === null) return null;
  return { kind: 'row', root: parsed.root, row: parsed.row };
}
