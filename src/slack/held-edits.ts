import { z } from 'zod';

/** Cells in which somebody met another of their role, until it is told; as JSON. */
const heldSchema = z.object({
  cells: z.array(
    z.object({
      cell: z.string(),
      /** "Payment terms" */
      what: z.string(),
      /** Who was first. */
      first: z.string(),
    }),
  ),
});
export type HeldEdits = z.infer<typeof heldSchema>;

/** Nobody reads more of them. */
const HELD_MAX = 50;

export const parseHeld = (json: string): HeldEdits => heldSchema.parse(JSON.parse(json));

/** A cell is there once, however often it was offered. */
export function addHeld(known: HeldEdits, more: HeldEdits): HeldEdits {
  const byCell = new Map([...known.cells, ...more.cells].map((one) => [one.cell, one]));
  return { cells: [...byCell.values()].slice(-HELD_MAX) };
}
