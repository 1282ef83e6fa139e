import { z } from 'zod';
import { PERMISSIONS } from '../authority/role.ts';
import { cellValueSchema, personSchema, time, userSchema } from './user-schema.ts';

/**
 * Sessions and held conflicts, as HTTP answers and messages show them. Times are ms since 1970, revisions the numbers of log
 * entries.
 */

/** What a session is in, see `session/session-state.ts`. */
export const SESSION_STATES = [
  'solo',
  'collaborative',
  'conflicting',
  'resolving',
  'resolved',
  'closed',
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export const PARTICIPANT_STATUSES = ['viewing', 'editing', 'idle', 'away'] as const;
export type ParticipantStatus = (typeof PARTICIPANT_STATUSES)[number];

/** `by_hand`: a host or an admin ended it. `inactive`: nothing was done in it for `session.timeoutMinutes`. */
export const END_REASONS = ['by_hand', 'inactive'] as const;
export type EndReason = (typeof END_REASONS)[number];

const revision = z.number().int();

export const participantSchema = z.object({
  user: userSchema,
  permission: z.enum(PERMISSIONS),
  status: z.enum(PARTICIPANT_STATUSES),
  /** The cell under edit, while the status is `editing`. */
  cell: z.string().nullable(),
  joinedAt: time,
  lastActivityAt: time,
  /** Set once they left. */
  leftAt: time.optional(),
});
export type ParticipantJson = z.infer<typeof participantSchema>;

/**
 * A cell with `tie: hold` into which two people of one role wrote without having seen each other: the first value is kept, the
 * others are parked until a person chooses.
 */
export const conflictSchema = z.object({
  /** 1, 2, 3 ... within the quote. */
  n: z.number().int(),
  cell: z.string(),
  since: time,
  /** When it is settled for the latest by itself. */
  settlesAt: time,
  /** `at`: when it was written, where that is known. */
  kept: z.object({ by: userSchema, value: cellValueSchema, revision, at: time.optional() }),
  /** Oldest first, one for each person. `value` is told to its author, and to those who may choose. */
  parked: z.array(
    z.object({ by: userSchema, value: cellValueSchema.optional(), revision, at: time.optional() }),
  ),
  /** Who looks at it to choose, and since when. */
  openedBy: userSchema.optional(),
  /** Whether the reader may open and settle it: editors of at least its role, and hosts of at least its role. */
  mayChoose: z.boolean(),
});
export type ConflictJson = z.infer<typeof conflictSchema>;

export const sessionSchema = z.object({
  id: z.string(),
  quoteId: z.string(),
  state: z.enum(SESSION_STATES),
  startedAt: time,
  /** Not there where the server started it by itself. */
  startedBy: personSchema.optional(),
  lastActivityAt: time,
  /** When it ends, or would have, without activity. */
  endsAt: time,
  /** Its people were told that it is about to end. */
  isWarned: z.boolean(),
  endedAt: time.optional(),
  /** Not there where it ended by itself. */
  endedBy: personSchema.optional(),
  why: z.enum(END_REASONS).optional(),
  /** Who is here. */
  participants: z.array(participantSchema),
  /** Where a browser joins it. */
  url: z.string(),
});
export type SessionJson = z.infer<typeof sessionSchema>;

/** The same after its end. */
export const endedSessionSchema = sessionSchema.extend({
  /** Who was in it; not there where it had ended already. */
  letGo: z.array(participantSchema).optional(),
});

export const sessionBodySchema = z.strictObject({ quoteId: z.string() });
export const sessionPathSchema = z.object({ id: z.string() });

const SESSIONS_LIMIT_MAX = 200;

export const sessionsQuerySchema = z.object({
  quote: z.string().optional(),
  open: z
    .enum(['0', '1'], 'takes 0 or 1')
    .transform((text) => text === '1')
    .optional()
    .describe('1: only open ones, 0: only ended ones'),
  limit: z.coerce.number().int().min(1).max(SESSIONS_LIMIT_MAX).default(50),
  after: z.string().optional().describe('`next` of the page before'),
});

export const sessionsSchema = z.object({ sessions: z.array(sessionSchema), next: z.string().optional() });

const AUDIT_LIMIT_MAX = 1_000;

export const sessionAuditQuerySchema = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('Rows after this one'),
  limit: z.coerce.number().int().min(1).max(AUDIT_LIMIT_MAX).default(100),
});

const sessionAuditRowSchema = z.object({
  /** 1, 2, 3 ... within the session. */
  n: z.number().int(),
  at: time,
  /** `joined`, `disconnected`, `left`, `held`, `settled`, `permission_given`, `ended` ... */
  event: z.string(),
  /** The state before it and after it; mostly the same. */
  from: z.enum(SESSION_STATES),
  to: z.enum(SESSION_STATES),
  /** Who did it; not there where the server did. */
  by: personSchema.optional(),
  why: z.string().optional(),
  detail: z.unknown().optional(),
});
export type SessionAuditRow = z.infer<typeof sessionAuditRowSchema>;

export const sessionAuditSchema = z.object({
  rows: z.array(sessionAuditRowSchema),
  /** `after` of the next page; not there on the last. */
  next: z.number().int().optional(),
});

export const participantsSchema = z.object({ participants: z.array(participantSchema) });

export const conflictsAnswerSchema = z.object({ conflicts: z.array(conflictSchema) });
export const conflictPathSchema = z.object({
  id: z.string(),
  n: z.coerce.number('takes the number of a conflict').int('takes the number of a conflict'),
});
