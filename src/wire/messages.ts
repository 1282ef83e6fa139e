import { z } from 'zod';
import { PERMISSIONS, ROLES } from '../authority/role.ts';
import { REFUSAL_REASONS } from '../authority/verdict.ts';

/**
 * Messages of type 100: what the server tells clients beside y-protocols' sync and awareness. One frame holds the type
 * (varUint 100) and one varString of JSON. Only clients that connect with `events=1` get them; a stock client without
 * them converges all the same. They are sent after the sync frame that they speak of.
 *
 * On a connection: one `hello` first, then any number of the others in any order. `ack.frames` counts the sync step 2
 * and update frames of this connection that are settled, merged durably or refused, and never decreases. A client
 * ignores message types that it does not know.
 */
export const MESSAGE_EVENT = 100;

export const userSchema = z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES) });
export const cellValueSchema = z.union([z.string(), z.boolean(), z.null()]);

export const helloSchema = z.object({
  type: z.literal('hello'),
  user: userSchema,
  permission: z.enum(PERMISSIONS),
  sessionId: z.string(),
  revision: z.number().int(),
  /** ms since 1970 */
  serverTime: z.number().int(),
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

/** The life of the session in which the connection takes part. */
const sessionSchema = z.object({
  type: z.literal('session'),
  sessionId: z.string(),
  state: z.string(),
  /** ms since 1970, where the session will end without activity */
  endsAt: z.number().int().optional(),
});

const permissionSchema = z.object({
  type: z.literal('permission'),
  permission: z.enum(PERMISSIONS),
  role: z.enum(ROLES),
});

export const serverEventSchema = z.discriminatedUnion('type', [
  helloSchema,
  ackSchema,
  refusedSchema,
  overriddenSchema,
  sessionSchema,
  permissionSchema,
]);

export type WireUser = z.infer<typeof userSchema>;
export type ServerEvent = z.infer<typeof serverEventSchema>;
export type Hello = z.infer<typeof helloSchema>;
export type Ack = z.infer<typeof ackSchema>;
export type Refused = z.infer<typeof refusedSchema>;
export type OverriddenEvent = z.infer<typeof overriddenSchema>;
