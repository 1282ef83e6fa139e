import { z } from 'zod';
import { personSchema, time } from './user-schema.ts';

/** Named versions of a quote, as they go over HTTP: a name for what the quote was after one of its entries. */

export const VERSION_NAME_CHARS_MAX = 100;
const A_NAME = `takes a name of 1 to ${VERSION_NAME_CHARS_MAX} characters`;

/** Nothing that turns the direction of the text around it, or is not seen; but what joins letters and emoji does. */
const ONE_LINE = /^(?:[^\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]|[\u200c\u200d])*$/u;

const name = z
  .string(A_NAME)
  .trim()
  .min(1, A_NAME)
  .max(VERSION_NAME_CHARS_MAX, A_NAME)
  .regex(ONE_LINE, 'takes a name on one line, without control characters');
const A_SEQ = 'takes the number of an entry of this quote';

export const versionPathSchema = z.object({ id: z.string(), version: z.string() });

export const versionBodySchema = z.strictObject({
  name,
  seq: z.int(A_SEQ).min(1, A_SEQ).describe('The entry after which the quote was this version'),
});

export const renamedVersionBodySchema = z.strictObject({ name });

export const versionSchema = z.object({
  id: z.string(),
  name: z.string(),
  seq: z.number().int(),
  at: time.describe('When that entry was made'),
  namedBy: personSchema,
  namedAt: time,
});
export type VersionJson = z.infer<typeof versionSchema>;

export const versionsSchema = z.object({
  /** Newest point of the quote first. */
  versions: z.array(versionSchema),
});
