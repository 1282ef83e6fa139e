import type { QuoteId } from '../lib/ids.ts';
import type { Decision } from './log.ts';
import { type DecisionRow, decisionOfRow } from './parse-decision-row.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

/** Reads what was decided, and leaves out what only an auditor looks at: rows per write, corrections, clocks and hashes. */
export function createDecisionReader(
  db: SqliteDatabase,
): (quote: QuoteId, range: { readonly after: number; readonly limit: number }) => Decision[] {
  const select = db.prepare<[QuoteId, number, number], DecisionRow>(
    `SELECT quote_id, seq, user_id, role, permission, kind, received, merged, policy_hash, gate_version,
       seen_kind, seen_revision, active_edits
     FROM entries WHERE quote_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
  );
  return (quote, { after, limit }) => select.all(quote, after, limit).map(decisionOfRow);
}
