import { z } from 'zod';
import { REFUSAL_REASONS } from '../authority/verdict.ts';
import { ROLES } from '../authority/role.ts';
import type { CellValue } from '../quote/cell.ts';
import { clip } from './blocks.ts';
import type { LostEdit } from './notices.ts';

/** Edits of one person that lost, until they are told; as JSON. */
const lostSchema = z.object({
  /** Whether its author is told by a direct message: not where they were answered already. */
  tells: z.boolean(),
  edits: z.array(
    z.object({
      cell: z.string(),
      what: z.string(),
      by: z.object({ name: z.string(), role: z.enum(ROLES) }),
      reason: z.enum(REFUSAL_REASONS),
      kept: z.union([z.string(), z.boolean(), z.null()]),
      offered: z.union([z.string(), z.boolean(), z.null()]),
    }),
  ),
});
export interface LostEdits {
  readonly tells: boolean;
  readonly edits: readonly LostEdit[];
}

/** Nobody reads more of them, and hardly anybody loses more within a minute. */
const LOST_MAX = 200;
/** Nor the whole of a long text. */
const VALUE_CHARS_MAX = 200;

export const parseLost = (json: string): LostEdits => lostSchema.parse(JSON.parse(json));

/** Of one cell the newest counts. */
export function addLost(known: LostEdits, more: LostEdits): LostEdits {
  const byCell = new Map(known.edits.map((edit) => [edit.cell, edit]));
  for (const edit of more.edits) {
    // So that the newest is the last.
    byCell.delete(edit.cell);
    byCell.set(edit.cell, { ...edit, kept: shortOf(edit.kept), offered: shortOf(edit.offered) });
  }
  return { tells: known.tells || more.tells, edits: [...byCell.values()].slice(-LOST_MAX) };
}

const shortOf = (value: CellValue): CellValue =>
  typeof value === 'string' ? clip(value, VALUE_CHARS_MAX) : value;
