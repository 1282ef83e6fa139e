import { z } from 'zod';
import { Fault } from '../lib/fault.ts';
import type { CellId, QuoteId, UserId } from '../lib/ids.ts';
import { ORIGINS } from '../authority/actor.ts';
import { PERMISSIONS, ROLES } from '../authority/role.ts';
import {
  type ActiveEdit,
  type Alias,
  type Author,
  type Json,
  OPERATIONS,
  REFUSAL_REASONS,
  type WriteVerdict,
} from '../authority/verdict.ts';
import { ENTRY_KINDS, type Entry } from './log.ts';

/**
 * Rows of the tables `entries` and `session_operations` as an entry again. The form of everything is checked, since years may
 * lie between, and other hands; whether it is what was written, only the hash can tell.
 */

const text = z.string();
const uint = z.int().nonnegative();
const role = z.enum(ROLES);
const user = text.transform((id) => id as UserId);
const cellId = text.transform((id) => id as CellId);
/** Without Node's Buffer around it: what is read back equals what was written. */
export const plainBytes = (blob: Uint8Array): Uint8Array =>
  new Uint8Array(blob.buffer, blob.byteOffset, blob.byteLength);
const bytes = z.instanceof(Uint8Array).transform(plainBytes);

const json = text.transform((value, context): Json => {
  try {
    return JSON.parse(value) as Json;
  } catch {
    context.addIssue('not JSON');
    return z.NEVER;
  }
});

const clocksSchema = json.pipe(
  z.array(z.tuple([uint, uint, uint]).transform(([client, clock, length]) => ({ client, clock, length }))),
);

const activeEditsSchema = json.pipe(
  z.array(
    z
      .tuple([user, role, cellId])
      .transform((items): ActiveEdit => ({ user: items[0], role: items[1], cell: items[2] })),
  ),
);

const aliasesSchema = json.pipe(
  z.array(
    z.union([
      z.tuple([uint, text]).transform(([clock, cell]): Alias => ({ clock, cell, of: null })),
      z.tuple([uint, text, user, role, uint]).transform((items): Alias => ({
        clock: items[0],
        cell: items[1],
        of: { user: items[2], role: items[3], seq: items[4] },
      })),
    ]),
  ),
);

const entryRowSchema = z.object({
  quote_id: text.transform((id) => id as QuoteId),
  seq: uint,
  at: uint,
  user_id: user,
  role,
  permission: z.enum(PERMISSIONS),
  session_id: text.nullable(),
  connection_id: text.nullable(),
  origin: z.enum(ORIGINS),
  kind: z.enum(ENTRY_KINDS),
  clocks: clocksSchema,
  received: bytes,
  merged: bytes.nullable(),
  policy_hash: text,
  gate_version: uint,
  seen_kind: z.enum(['connection', 'revision']),
  seen_revision: uint,
  active_edits: activeEditsSchema,
  aliases: aliasesSchema,
  previous_hash: bytes,
  hash: bytes,
});

const cellValue = json.pipe(z.union([text, z.boolean()])).nullable();

const writeRowSchema = z.object({
  cell: cellId,
  operation: z.enum(OPERATIONS),
  before: cellValue,
  offered: json.nullable(),
  applied: cellValue,
  verdict: z.enum(['accepted', 'refused', 'held']),
  reason: z.enum(REFUSAL_REASONS).nullable(),
  by_user_id: user.nullable(),
  by_role: role.nullable(),
});

/** What both kinds of row are asked for before they are parsed. */
export interface NumberedRow {
  readonly quote_id: string;
  readonly seq: number;
}

/** Throws `Fault` with code `log_corrupt`, naming quote and entry, where a row has not the form that we write. */
export function entryOfRows(entryRow: NumberedRow, writeRows: readonly NumberedRow[]): Entry {
  const row = parse(entryRowSchema, entryRow, entryRow);
  return {
    quote: row.quote_id,
    seq: row.seq,
    at: row.at,
    actor: { user: row.user_id, role: row.role, permission: row.permission },
    session: row.session_id,
    connection: row.connection_id,
    origin: row.origin,
    kind: row.kind,
    clocks: row.clocks,
    received: row.received,
    merged: row.merged,
    policy: row.policy_hash,
    gateVersion: row.gate_version,
    seen: { kind: row.seen_kind, revision: row.seen_revision },
    activeEdits: row.active_edits,
    aliases: row.aliases,
    writes: writeRows.map((writeRow) => writeOfRow(entryRow, writeRow)),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

function writeOfRow(entry: NumberedRow, writeRow: unknown): WriteVerdict {
  const { by_user_id: byUser, by_role: byRole, ...write } = parse(writeRowSchema, writeRow, entry);
  // A role of nobody, or a person without a role, is no winner that we write.
  if ((byUser === null) !== (byRole === null)) throw corruptEntry(entry, 'by_user_id, by_role');
  const by: Author | null = byUser === null || byRole === null ? null : { user: byUser, role: byRole };
  return { ...write, by };
}

function parse<T>(schema: z.ZodType<T>, row: unknown, entry: NumberedRow): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw corruptEntry(entry, parsed.error.issues.map(({ path }) => String(path[0])).join(', '));
}

export const parseActiveEdits = (cell: unknown, entry: NumberedRow): readonly ActiveEdit[] =>
  parse(z.object({ active_edits: activeEditsSchema }), { active_edits: cell }, entry).active_edits;

/** Its cause is the row, so that who reads on knows its number. */
export const corruptEntry = (entry: NumberedRow, columns: string): Fault =>
  new Fault({
    code: 'log_corrupt',
    message:
      `entry ${entry.seq} of quote ${entry.quote_id} cannot be read (column ${columns}): ` +
      'the database was changed by something else, restore it from a backup',
    retryable: false,
    cause: entry,
  });
