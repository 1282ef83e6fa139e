import type Database from 'better-sqlite3';
import type { ConflictTotals } from './usage-conflicts.ts';

/**
 * What a server's metrics say of its use, out of its database, so that a restart begins no count again. Who asks again and
 * again has only new sessions and open ones read: those that ended are summed up once. Conflicts are counted by indexes that
 * hold nothing but them.
 */
export interface UsageTotals {
  sessions(): SessionTotals;
  conflicts(): ConflictTotals;
}

export interface SessionTotals {
  readonly endedByHand: number;
  readonly endedInactive: number;
  readonly open: number;
  /** Open ones with somebody in them, and how many people that are. */
  readonly active: number;
  readonly present: number;
  /** Without an unwanted disconnect. */
  readonly stable: number;
  readonly unwantedDisconnects: number;
  readonly edits: number;
  /** In sessions in which two or more people were at once. */
  readonly editsShared: number;
  readonly connections: number;
  /** Of those that are over. */
  readonly connectionMs: number;
  readonly messages: number;
  readonly bytes: number;
}

export function createUsageTotals(db: Database.Database): UsageTotals {
  const sums = db.prepare<[number, number, number], SessionSums>(
    `SELECT
       coalesce(sum(ended_why = 'by_hand'), 0) AS endedByHand,
       coalesce(sum(ended_why = 'inactive'), 0) AS endedInactive,
       coalesce(sum(ended_at IS NULL), 0) AS open,
       coalesce(sum(unwanted_disconnects = 0), 0) AS stable,
       coalesce(sum(unwanted_disconnects), 0) AS unwantedDisconnects,
       coalesce(sum(edits), 0) AS edits,
       coalesce(sum(edits) FILTER (WHERE people_max >= 2), 0) AS editsShared,
       coalesce(sum(connection_count), 0) AS connections,
       coalesce(sum(connection_ms), 0) AS connectionMs,
       coalesce(sum(messages), 0) AS messages,
       coalesce(sum(bytes), 0) AS bytes
     FROM quote_sessions WHERE rowid BETWEEN ? AND ? AND (ended_at IS NOT NULL OR ?)`,
  );
  const newest = db.prepare<[], number>('SELECT coalesce(max(rowid), 0) FROM quote_sessions').pluck();
  const openSince = db
    .prepare<[number], number>('SELECT rowid FROM quote_sessions WHERE rowid > ? AND ended_at IS NULL')
    .pluck();
  const people = db.prepare<[], SessionPeople>(
    `SELECT count(DISTINCT s.id) AS active, count(*) AS present
     FROM quote_sessions AS s CROSS JOIN session_participants AS p ON p.session_id = s.id
     WHERE s.ended_at IS NULL AND p.left_at IS NULL`,
  );
  /** Of all sessions up to the row `known`, but for those in `open`: those that ended change no more. */
  let ended = NO_SUMS;
  let known = 0;
  const open = new Set<number>();

  const sumOf = (from: number, to: number, withOpen: boolean): SessionSums =>
    sums.get(from, to, Number(withOpen)) ?? NO_SUMS;

  function lookAtNewOnes(): void {
    const last = newest.get() ?? 0;
    ended = add(ended, sumOf(known + 1, last, false));
    for (const row of openSince.all(known)) open.add(row);
    known = last;
  }

  function sumUp(): SessionSums {
    let living = NO_SUMS;
    for (const row of open) {
      const sum = sumOf(row, row, true);
      if (sum.open > 0) living = add(living, sum);
      else {
        ended = add(ended, sum);
        open.delete(row);
      }
    }
    return add(ended, living);
  }

  return {
    sessions() {
      lookAtNewOnes();
      return { ...sumUp(), ...(people.get() ?? { active: 0, present: 0 }) };
    },
    conflicts: () => countInLog(db),
  };
}

type SessionPeople = Pick<SessionTotals, 'active' | 'present'>;
type SessionSums = Omit<SessionTotals, keyof SessionPeople>;

const NO_SUMS: SessionSums = {
  endedByHand: 0,
  endedInactive: 0,
  open: 0,
  stable: 0,
  unwantedDisconnects: 0,
  edits: 0,
  editsShared: 0,
  connections: 0,
  connectionMs: 0,
  messages: 0,
  bytes: 0,
};

function add(one: SessionSums, other: SessionSums): SessionSums {
  const sum: Record<keyof SessionSums, number> = { ...one };
  for (const key of Object.keys(sum) as (keyof SessionSums)[]) sum[key] += other[key];
  return sum;
}

interface CountRow {
  readonly reason: 'authority_overridden' | 'held';
  readonly target: string;
  readonly column: string;
  readonly count: number;
}

/** The same as `countConflicts` of every entry. */
function countInLog(db: Database.Database): ConflictTotals {
  const rows = db
    .prepare<[], CountRow>(
      `SELECT reason, target, column_name AS "column", count(*) AS count
       FROM session_operations INDEXED BY session_operations_conflicts
       WHERE reason IN ('authority_overridden', 'held') GROUP BY reason, target, column_name`,
    )
    .all();
  const ofExpired = db
    .prepare<[], CountRow>(
      `SELECT o.reason, o.target, o.column_name AS "column", -1 AS count
       FROM entries AS e INDEXED BY entries_expired
       JOIN session_operations AS o ON o.quote_id = e.quote_id AND o.seq = e.seq
       WHERE e.kind = 'expire' AND o.reason IN ('authority_overridden', 'held')`,
    )
    .all();
  const expired = db
    .prepare(`SELECT count(*) FROM entries INDEXED BY entries_expired WHERE kind = 'expire'`)
    .pluck()
    .get();
  const byField = new Map<string, number>();
  let [refused, held] = [0, 0];
  for (const row of [...rows, ...ofExpired]) {
    if (row.reason === 'held') held += row.count;
    else refused += row.count;
    const field = fieldOfRow(row);
    byField.set(field, (byField.get(field) ?? 0) + row.count);
  }
  for (const [field, count] of byField) if (count === 0) byField.delete(field);
  return { refused, held, expired: Number(expired), byField };
}

/** As `fieldOf` names it. */
function fieldOfRow({ target, column }: CountRow): string {
  switch (target) {
    case 'quote_field':
      return `fields/${column}`;
    case 'line_item':
      return `lineItems/${column}`;
    case 'discount':
      return `discounts/${column}`;
    default:
      return column === 'text' ? 'note' : `notes/${column}`;
  }
}
