import { PERMISSIONS, ROLES } from '../authority/role.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import { ENTRY_KINDS, type Decision } from './log.ts';
import { type NumberedRow, corruptEntry, parseActiveEdits, plainBytes } from './parse-entry-row.ts';

/**
 * A row of `entries` as what was decided. Whoever comes first to a quote waits for thousands of these, and the thread that
 * makes checkpoints reads every entry ever written: they are checked by hand, which is ten times as fast as by a schema.
 */
export interface DecisionRow extends NumberedRow {
  readonly quote_id: QuoteId;
  readonly user_id: unknown;
  readonly role: unknown;
  readonly permission: unknown;
  readonly kind: unknown;
  readonly received: unknown;
  readonly merged: unknown;
  readonly policy_hash: unknown;
  readonly gate_version: unknown;
  readonly seen_kind: unknown;
  readonly seen_revision: unknown;
  readonly active_edits: unknown;
}

const SEEN_KINDS = ['connection', 'revision'] as const;

/** Throws `Fault` with code `log_corrupt`, naming quote, entry and column, where a row has not the form that we write. */
export function decisionOfRow(row: DecisionRow): Decision {
  return {
    seq: row.seq,
    actor: {
      user: text(row, 'user_id') as UserId,
      role: oneOf(row, 'role', ROLES),
      permission: oneOf(row, 'permission', PERMISSIONS),
    },
    kind: oneOf(row, 'kind', ENTRY_KINDS),
    received: bytes(row, 'received'),
    merged: row.merged === null ? null : bytes(row, 'merged'),
    policy: text(row, 'policy_hash'),
    gateVersion: uint(row, 'gate_version'),
    seen: { kind: oneOf(row, 'seen_kind', SEEN_KINDS), revision: uint(row, 'seen_revision') },
    activeEdits: row.active_edits === '[]' ? [] : parseActiveEdits(row.active_edits, row),
  };
}

type Column = keyof DecisionRow;

function text(row: DecisionRow, column: Column): string {
  const value = row[column];
  if (typeof value !== 'string') throw corruptEntry(row, column);
  return value;
}

function uint(row: DecisionRow, column: Column): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw corruptEntry(row, column);
  return value;
}

function bytes(row: DecisionRow, column: Column): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw corruptEntry(row, column);
  return plainBytes(value);
}

function oneOf<T extends string>(row: DecisionRow, column: Column, known: readonly T[]): T {
  const found = known.find((one) => one === row[column]);
  if (found === undefined) throw corruptEntry(row, column);
  return found;
}
