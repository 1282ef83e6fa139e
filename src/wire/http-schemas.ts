import { z } from 'zod';
import { ORIGINS } from '../authority/actor.ts';
import { DEFAULT_PERMISSIONS, GIVEN_PERMISSIONS, PERMISSIONS, ROLES } from '../authority/role.ts';
import { OPERATIONS, REFUSAL_REASONS } from '../authority/verdict.ts';
import { STATUSES } from '../quote/columns.ts';
import { cellValueSchema, personSchema, time, userSchema } from './user-schema.ts';

/**
 * What goes over HTTP, as JSON. Times are ms since 1970, amounts decimal strings, revisions the numbers of log entries.
 * The body of a new quote is in `quote/new-quote-body.ts`.
 */

/** Every answer that is no success. `details` is there where several things are wrong at once. */
export const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z
      .array(
        z.object({
          /** Its place in the request, `lineItems[0].quantity`. */
          field: z.string().optional(),
          cell: z.string().optional(),
          reason: z.enum(REFUSAL_REASONS).optional(),
          message: z.string(),
        }),
      )
      .optional(),
  }),
});
export type ErrorJson = z.infer<typeof errorSchema>;
export type ProblemDetail = NonNullable<ErrorJson['error']['details']>[number];

const flag = z
  .enum(['0', '1', 'false', 'true'], 'takes 0 or 1')
  .transform((text) => text === '1' || text === 'true');
/** A whole number in an address. */
const wholeNumber = (min: number, max: number = Number.MAX_SAFE_INTEGER) => {
  const problem = `takes a whole number from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ''}`;
  return z.coerce.number(problem).int(problem).min(min, problem).max(max, problem);
};
const id = z.string();
const revision = z.number().int();
const decimal = z.string();

export const meSchema = z.object({ user: z.string(), name: z.string(), role: z.enum(ROLES) });

/** How to sign in: with `serve --dev` as one of a few people, else by a token that the company hands over. */
export const signInSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('demo'),
    people: z.array(z.object({ user: z.string(), name: z.string(), role: z.enum(ROLES), token: z.string() })),
  }),
  z.object({
    kind: z.literal('token'),
    /** Where people get a token; not there where the server was not told. */
    signInUrl: z.string().optional(),
  }),
]);
export type SignInJson = z.infer<typeof signInSchema>;

// Quotes

const rowSchema = z.object({ id }).catchall(cellValueSchema);

const totalsSchema = z.object({
  lines: z.array(
    z.object({
      id,
      optional: z.boolean(),
      quantity: decimal,
      unitPrice: decimal,
      discountPercent: decimal,
      list: decimal,
      net: decimal,
      quoteDiscount: decimal,
      total: decimal,
    }),
  ),
  subtotal: decimal,
  discounts: z.array(z.object({ id, label: z.string(), amount: decimal })),
  total: decimal,
  currency: z.string(),
});

export const quoteSchema = z.object({
  id,
  revision,
  fields: z.record(z.string(), cellValueSchema),
  lineItems: z.array(rowSchema),
  discounts: z.array(rowSchema),
  notes: z.array(z.object({ id, text: z.string() }).catchall(cellValueSchema)),
  totals: totalsSchema,
});
export type QuoteJson = z.infer<typeof quoteSchema>;

export const quotePathSchema = z.object({ id });

export const quoteQuerySchema = z.object({
  at: wholeNumber(1).optional().describe('The revision to show; without it, the newest'),
  removed: flag.optional().describe('Show removed rows too'),
});

// The list

const LIST_LIMIT_MAX = 200;
const SEARCH_CHARS_MAX = 200;

export const listQuerySchema = z.object({
  q: z.string().max(SEARCH_CHARS_MAX).optional().describe('Part of title, customer or id, in any case'),
  status: z.enum(STATUSES, `takes one of ${STATUSES.join(', ')}`).optional(),
  mine: flag.optional().describe('Only those in which you were made editor or host by name'),
  live: flag.optional().describe('Only those with somebody in them'),
  limit: wholeNumber(1, LIST_LIMIT_MAX).default(50),
  after: z.string().optional().describe('`next` of the page before'),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

export const listedQuoteSchema = z.object({
  id,
  title: z.string(),
  customer: z.string(),
  status: z.string(),
  owner: z.string(),
  currency: z.string(),
  total: decimal,
  lastChange: z.object({ at: time, by: personSchema, cell: z.string().nullable() }),
  live: z.array(userSchema),
});
export type ListedQuote = z.infer<typeof listedQuoteSchema>;

export const quoteListSchema = z.object({ quotes: z.array(listedQuoteSchema), next: z.string().optional() });

export const eventsQuerySchema = z.object({
  token: z.string().optional().describe('For `EventSource`, which can send no headers'),
});

// Writes

/** Writes of one request; 2,000 rows of five cells. */
const WRITES_MAX = 10_000;
const CELL_CHARS_MAX = 256;
const AN_OFFER = 'takes text, a number, true, false or null';

export const patchBodySchema = z.strictObject({
  base: z.int('takes the number of a revision').min(0).optional(),
  writes: z
    .array(
      z.strictObject({
        cell: z.string().min(1).max(CELL_CHARS_MAX),
        /** Numbers may be JSON numbers or decimal strings; null empties the cell. */
        value: z.union([z.string(), z.number(), z.boolean(), z.null()], AN_OFFER),
      }),
    )
    .min(1)
    .max(WRITES_MAX),
});
export type PatchBody = z.infer<typeof patchBodySchema>;

const verdictSchema = z.object({
  cell: z.string(),
  accepted: z.boolean(),
  reason: z.enum(REFUSAL_REASONS).optional(),
  by: userSchema.optional(),
  /** What stands in the cell, where the write does not. */
  kept: cellValueSchema.optional(),
  /** More for a person: what the cell takes, the limit that was passed, or that the row is not on the quote. */
  message: z.string().optional(),
});
export type VerdictJson = z.infer<typeof verdictSchema>;

export const patchAnswerSchema = z.object({ revision, verdicts: z.array(verdictSchema) });

// The log

export const LOG_LIMIT_MAX = 1_000;

export const logQuerySchema = z.object({
  after: wholeNumber(0).default(0).describe('Entries after this one'),
  limit: wholeNumber(1, LOG_LIMIT_MAX).default(100),
  user: z.string().optional().describe('Only what this person wrote'),
  role: z
    .enum(ROLES, `takes one of ${ROLES.join(', ')}`)
    .optional()
    .describe('Only what people in this role wrote'),
  cell: z
    .string()
    .optional()
    .describe(
      'Only writes to these cells, as in the policy (`lineItems/*/quantity`), or to all of a row or part',
    ),
  refused: flag.optional().describe('Only writes that were refused or held'),
  since: wholeNumber(0).optional().describe('Only entries not before this time, ms since 1970'),
  until: wholeNumber(0).optional().describe('Only entries not after this time, ms since 1970'),
});

const loggedWriteSchema = z.object({
  cell: z.string(),
  operation: z.enum(OPERATIONS),
  target: z.object({
    kind: z.enum(['line_item', 'quote_field', 'discount', 'note']),
    /** The row's id; null for a field of the quote. */
    id: z.string().nullable(),
    column: z.string(),
  }),
  before: cellValueSchema,
  /** Left out of refused writes but for their author, hosts and admins. */
  offered: z.unknown().optional(),
  applied: cellValueSchema,
  reason: z.enum(REFUSAL_REASONS).optional(),
  by: userSchema.optional(),
});
export type LoggedWrite = z.infer<typeof loggedWriteSchema>;

const loggedEntrySchema = z.object({
  seq: revision,
  at: time,
  user: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  permission: z.enum(PERMISSIONS),
  session: z.string().nullable(),
  origin: z.enum(ORIGINS),
  /** SHA-256 over the entry and the hash before it, hex. */
  hash: z.string(),
  writes: z.array(loggedWriteSchema),
});
export type LoggedEntry = z.infer<typeof loggedEntrySchema>;

export const logPageSchema = z.object({
  entries: z.array(loggedEntrySchema),
  /** `after` of the next page; not there on the last. A page of a narrowed log can be empty and have one. */
  next: revision.optional(),
});

// People

export const personPathSchema = z.object({ id, user: z.string() });

export const grantBodySchema = z.strictObject({
  permission: z.enum(GIVEN_PERMISSIONS, 'takes none, viewer, editor or host'),
});

const grantSchema = z.object({
  user: personSchema,
  permission: z.enum(GIVEN_PERMISSIONS),
  grantedBy: personSchema,
  at: time,
});
export type GrantJson = z.infer<typeof grantSchema>;

export const grantAnswerSchema = grantSchema;

export const peopleSchema = z.object({
  people: z.array(grantSchema),
  /** What everyone else may do. */
  defaultPermission: z.enum(DEFAULT_PERMISSIONS),
});
