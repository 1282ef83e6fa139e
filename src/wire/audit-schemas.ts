import { z } from 'zod';
import { ORIGINS } from '../authority/actor.ts';
import { ROLES } from '../authority/role.ts';
import { REFUSAL_REASONS } from '../authority/verdict.ts';
import { ROOTS } from '../quote/cell.ts';
import { cellValueSchema } from './user-schema.ts';

/** What goes over HTTP about a quote's past: who is behind each cell, and what differs between two points. */

const revision = z.number().int();

/** Who did something, in which role, when (ms since 1970) and in which entry. */
const changeSchema = z.object({
  seq: revision,
  at: z.number().int(),
  user: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  origin: z.enum(ORIGINS),
});
export type ChangeJson = z.infer<typeof changeSchema>;

const outvotedSchema = {
  outvoted: z.array(
    z.object({
      ...changeSchema.shape,
      verdict: z.enum(['refused', 'held', 'overridden']),
      reason: z.enum(REFUSAL_REASONS).optional(),
      /** Null for the text of a note; left out but for its author, hosts and admins. */
      offered: z.unknown().optional(),
    }),
  ),
  /** How many there were in all: of many only the newest are told. */
  outvotedCount: z.number().int(),
};

const seqIn = (min: number) => {
  const problem = `takes the number of an entry, from ${min}`;
  return z.coerce.number(problem).int(problem).min(min, problem).max(Number.MAX_SAFE_INTEGER, problem);
};

export const blameQuerySchema = z.object({
  cell: z
    .string()
    .optional()
    .describe(
      'Only these cells, as in the policy (`lineItems/*/quantity`), or all of a row or part; also empty ones',
    ),
  at: seqIn(1).optional().describe('As it was after this entry; without it, now'),
});

export const blameSchema = z.object({
  quote: z.string(),
  revision,
  cells: z.array(
    z.object({
      cell: z.string(),
      value: cellValueSchema,
      /** Null where nothing ever stood. */
      set: changeSchema.nullable(),
      /** The last other value that it had. */
      before: cellValueSchema,
      ...outvotedSchema,
    }),
  ),
  notes: z.array(z.object({ note: z.string(), changed: changeSchema.nullable(), ...outvotedSchema })),
});
export type BlameJson = z.infer<typeof blameSchema>;

export const diffQuerySchema = z.object({
  from: seqIn(0).describe('After this entry; 0 is before the first'),
  to: seqIn(0).describe('After this entry'),
});

export const diffSchema = z.object({
  quote: z.string(),
  from: revision,
  to: revision,
  cells: z.array(
    z.object({
      cell: z.string(),
      before: cellValueSchema,
      after: cellValueSchema,
      change: changeSchema,
      /** Its row is on the quote at one of the two points. */
      isSeen: z.boolean(),
    }),
  ),
  rows: z.array(
    z.object({
      kind: z.enum(['added', 'removed', 'restored', 'moved']),
      root: z.enum(ROOTS).exclude(['fields']),
      row: z.string(),
      change: changeSchema,
    }),
  ),
  notes: z.array(z.object({ note: z.string(), before: z.string(), after: z.string(), change: changeSchema })),
});
export type DiffJson = z.infer<typeof diffSchema>;
