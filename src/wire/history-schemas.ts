import { z } from 'zod';
import { ORIGINS } from '../authority/actor.ts';
import { ROLES } from '../authority/role.ts';
import { time } from './user-schema.ts';

/** What goes over HTTP for the page of a quote's history: all its points at a glance, and whether its log is sound. */

const seq = z.number().int();
const count = z.number().int().min(0);

/** Points on a page. */
export const TIMELINE_POINTS_MAX = 10_000;

export const timelineQuerySchema = z.object({
  after: z.coerce
    .number('takes the number of an entry')
    .int('takes the number of an entry')
    .min(0, 'takes the number of an entry')
    .max(Number.MAX_SAFE_INTEGER, 'takes the number of an entry')
    .default(0)
    .describe('Entries after this one'),
});

/** One entry, as short as it gets: a quote may have 100,000. */
const pointSchema = z.object({
  seq,
  at: time,
  person: count.describe('Their place in `people`'),
  role: z.enum(ROLES),
  origin: z.enum(ORIGINS),
  kind: z
    .string()
    .optional()
    .describe('What the entry is, where it is no ordinary write: `settle`, `expire` and the like'),
  writes: count.describe('Writes that were accepted'),
  refused: count.describe('Writes that were refused or held'),
});
export type TimelinePoint = z.infer<typeof pointSchema>;

export const timelineSchema = z.object({
  quote: z.string(),
  /** The newest entry, on this page or after it. */
  revision: seq,
  people: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Oldest first. */
  points: z.array(pointSchema),
  /** `after` of the next page; not there on the last. */
  next: seq.optional(),
});
export type TimelineJson = z.infer<typeof timelineSchema>;

/** A signed head that covers entries of the quote and agrees with its log. */
const vouchingHeadSchema = z.object({
  n: seq,
  at: time,
  keyId: z.string(),
  covers: seq.describe('It vouches for entries 1 to this one'),
});

export const verificationSchema = z.object({
  quote: z.string(),
  /** The newest entry that was checked. */
  revision: seq,
  /** When it was checked, ms since 1970. */
  at: time,
  /** Entries that were checked. */
  entries: count,
  /** None in a sound log. */
  problems: z.array(z.object({ seq, kind: z.string(), message: z.string() })),
  /** Null where none covers this quote, or where the newest that does contradicts the log: then `problems` says so. */
  head: vouchingHeadSchema.nullable(),
});
export type VerificationJson = z.infer<typeof verificationSchema>;
