import type { Alias, Json, WriteVerdict } from '../authority/verdict.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Entry } from './log.ts';

/** An entry as cells of the tables `entries` and `session_operations`; `parse-entry-row.ts` is the way back. */
type Cell = string | number | Uint8Array | null;

export const ENTRY_COLUMNS = `quote_id, seq, at, user_id, role, permission, session_id, connection_id, origin, kind, clocks,
  received, merged, policy_hash, gate_version, seen_kind, seen_revision, active_edits, aliases, write_count,
  previous_hash, hash`;

export const WRITE_COLUMNS = `quote_id, seq, n, cell, operation, before, offered, applied, verdict, reason, by_user_id, by_role`;

/** Values for {@link ENTRY_COLUMNS}. */
export const entryCells = (entry: Entry): Cell[] => [
  entry.quote,
  entry.seq,
  entry.at,
  entry.actor.user,
  entry.actor.role,
  entry.actor.permission,
  entry.session,
  entry.connection,
  entry.origin,
  entry.kind,
  JSON.stringify(entry.clocks.map(({ client, clock, length }) => [client, clock, length])),
  entry.received,
  entry.merged,
  entry.policy,
  entry.gateVersion,
  entry.seen.kind,
  entry.seen.revision,
  JSON.stringify(entry.activeEdits.map(({ user, role, cell }) => [user, role, cell])),
  JSON.stringify(entry.aliases.map(aliasItems)),
  entry.writes.length,
  entry.previousHash,
  entry.hash,
];

const aliasItems = ({ clock, cell, of }: Alias): Json[] =>
  of === null ? [clock, cell] : [clock, cell, of.user, of.role, of.seq];

/** Values for {@link WRITE_COLUMNS}; `n` counts from 1. */
export const writeCells = (entry: Entry, write: WriteVerdict, n: number): Cell[] => [
  entry.quote,
  entry.seq,
  n,
  write.cell,
  write.operation,
  jsonCell(write.before),
  jsonCell(write.offered),
  jsonCell(write.applied),
  write.verdict,
  write.reason,
  write.by?.user ?? null,
  write.by?.role ?? null,
];

const jsonCell = (value: Json): string | null => (value === null ? null : canonicalJson(value));
