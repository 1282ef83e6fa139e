import { z } from 'zod';
import { PERMISSIONS, ROLES } from '../authority/role.ts';
import { ORIGINS } from '../authority/actor.ts';
import { OPERATIONS, REFUSAL_REASONS } from '../authority/verdict.ts';
import { END_REASONS, SESSION_STATES, conflictSchema } from './session-schemas.ts';
import { cellValueSchema, userSchema } from './user-schema.ts';

/**
 * Messages of type 100: what the server tells clients beside y-protocols' sync and awareness. One frame holds the type
 * (varUint 100) and one varString of JSON. Only clients that connect with `events=1` get them; a stock client without
 * them converges all the same. They are sent after the sync frame that they speak of.
 *
 * `entries` and `rules` go only to those that connect with `entries=1` as well.
 *
 * On a connection: one `hello` first, then any number of the others in any order. `ack.frames` counts the sync step 2
 * and update frames of this connection that are settled, merged durably or refused, and never decreases. A client
 * ignores message types that it does not know.
 */
export const MESSAGE_EVENT = 100;

export const helloSchema = z.object({
  type: z.literal('hello'),
  user: userSchema,
  permission: z.enum(PERMISSIONS),
  sessionId: z.string(),
  revision: z.number().int(),
  /** ms since 1970 */
  serverTime: z.number().int(),
  /** Whoever edits where only one person may at a time: the reader is a viewer until they leave. */
  penWith: userSchema.optional(),
});

export const ackSchema = z.object({
  type: z.literal('ack'),
  frames: z.number().int(),
  revision: z.number().int(),
});

export const refusedSchema = z.object({
  type: z.literal('refused'),
  revision: z.number().int(),
  writes: z.array(
    z.object({
      cell: z.string(),
      reason: z.enum(REFUSAL_REASONS),
      by: userSchema.optional(),
      kept: cellValueSchema,
      offered: z.json(),
      /** Says more to a person: what the cell takes, or the limit that was passed and the lowest role that may. */
      message: z.string().optional(),
    }),
  ),
});

export const overriddenSchema = z.object({
  type: z.literal('overridden'),
  revision: z.number().int(),
  writes: z.array(
    z.object({ cell: z.string(), by: userSchema, kept: cellValueSchema, yours: cellValueSchema }),
  ),
});

/** The session in which the connection takes part: after `hello`, and whenever something of it changes. */
const sessionEventSchema = z.object({
  type: z.literal('session'),
  sessionId: z.string(),
  state: z.enum(SESSION_STATES),
  /** A warning: without activity it ends then, ms since 1970. Not there: it is not about to end, or no longer. */
  endsAt: z.number().int().optional(),
  /** Why it ended, with the state `closed`; the connection is closed with 4410 right after. */
  why: z.enum(END_REASONS).optional(),
  /** Who ended it, where a person did. */
  by: userSchema.pick({ id: true, name: true }).optional(),
});

/** All held conflicts of the quote that are open: replaces what was told before. Sent after `hello`, and at each change. */
const conflictsSchema = z.object({ type: z.literal('conflicts'), conflicts: z.array(conflictSchema) });

const permissionSchema = z.object({
  type: z.literal('permission'),
  permission: z.enum(PERMISSIONS),
  role: z.enum(ROLES),
  /** As in `hello`. */
  penWith: userSchema.optional(),
});

/** What became durable, in order: one message for all that came to be so together. For those who asked with `entries=1`. */
const entriesSchema = z.object({
  type: z.literal('entries'),
  entries: z.array(
    z.object({
      seq: z.number().int(),
      /** ms since 1970 */
      at: z.number().int(),
      /** With the role in which it was written. */
      user: userSchema,
      origin: z.enum(ORIGINS),
      /** One for each cell; empty where there are very many, see `writeCount`. */
      writes: z.array(
        z.object({
          cell: z.string(),
          operation: z.enum(OPERATIONS),
          before: cellValueSchema,
          /** Of a refused write, for its author, hosts and admins. */
          offered: z.json().optional(),
          /** What stands now. */
          applied: cellValueSchema,
          /** Set where it was refused or held. */
          reason: z.enum(REFUSAL_REASONS).optional(),
          /** Who won, where a person won. */
          by: userSchema.optional(),
        }),
      ),
      /** Set where there are too many writes to send them unasked: they are in the log. */
      writeCount: z.number().int().optional(),
      /** Ids of the notes whose text it changed. */
      notes: z.array(z.string()).optional(),
    }),
  ),
});

/** What the gate goes by, so that a client can foresee what it would say: replaces what was told before. */
const rulesSchema = z.object({
  type: z.literal('rules'),
  /** All up to this is in `standing`; later writes come as `entries`. */
  revision: z.number().int(),
  /** The policy's canonical text. */
  policy: z.string(),
  /** Who wrote what stands in cells whose values can stick; without empty cells and values that were imported. */
  standing: z.array(z.object({ cell: z.string(), by: userSchema })),
});

export const serverEventSchema = z.discriminatedUnion('type', [
  helloSchema,
  ackSchema,
  refusedSchema,
  overriddenSchema,
  sessionEventSchema,
  conflictsSchema,
  permissionSchema,
  entriesSchema,
  rulesSchema,
]);

export type ServerEvent = z.infer<typeof serverEventSchema>;
export type Hello = z.infer<typeof helloSchema>;
export type Ack = z.infer<typeof ackSchema>;
export type Refused = z.infer<typeof refusedSchema>;
export type EntriesEvent = z.infer<typeof entriesSchema>;
export type SessionEvent = z.infer<typeof sessionEventSchema>;
export type ConflictsEvent = z.infer<typeof conflictsSchema>;
export type RulesEvent = z.infer<typeof rulesSchema>;
export type OverriddenEvent = z.infer<typeof overriddenSchema>;
