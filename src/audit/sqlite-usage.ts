import type Database from 'better-sqlite3';
import type { QuoteId } from '../lib/ids.ts';
import { type AttendanceRow, tallyAttendance } from './usage-attendance.ts';
import { type UsageReport, figuresOf } from './usage-figures.ts';
import { type UsageTally, addCounts, addTally, emptyTally } from './usage-tally.ts';
import { type LoggedWriteRow, type WriteTally, createWriteTally } from './usage-writes.ts';

/**
 * Reads the figures of use out of a database, in one pass over sessions, their audit and the log, as they all were at one
 * moment: a server may go on writing. Sessions that started before `since` are left out, and what was written before it.
 */
export interface UsageQuery {
  /** ms since 1970 */
  readonly since: number | null;
  /** Those of the stored latencies, `LATENCY_BOUNDS_MS`. */
  readonly boundsMs: readonly number[];
  /** Called every now and then with how many entries of the log are read. */
  readonly progress?: ((progress: UsageProgress) => void) | undefined;
}

export interface UsageProgress {
  readonly done: number;
  readonly of: number;
}

export function readUsage(db: Database.Database, { since, boundsMs, progress }: UsageQuery): UsageReport {
  const tallies = new Map<string, UsageTally>();
  const tallyOf = (quote: string): UsageTally => {
    const tally = tallies.get(quote) ?? emptyTally();
    tallies.set(quote, tally);
    return tally;
  };
  const from = since ?? Number.MIN_SAFE_INTEGER;
  db.transaction(() => {
    if (since === null)
      for (const quote of db.prepare<[], string>('SELECT id FROM quotes').pluck().all()) tallyOf(quote);
    const sessions = readSessions(db);
    for (const session of sessions.values())
      if (session.startedAt >= from) tallySession(tallyOf(session.quote), session);
    readAttendance(db, sessions, (session, rows) => {
      if (session.startedAt >= from)
        tallyAttendance(tallyOf(session.quote), rows, session.endedAt ?? session.lastActivityAt);
    });
    readWrites(db, { progress }, (quote) =>
      createWriteTally({ tally: tallyOf(quote), since: from, sessionOf: (id) => sessions.get(id) }),
    );
  })();

  const overall = emptyTally();
  for (const tally of tallies.values()) addTally(overall, tally);
  return {
    since,
    overall: figuresOf(overall, boundsMs),
    quotes: [...tallies]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([quote, tally]) => ({ quote: quote as QuoteId, ...figuresOf(tally, boundsMs) })),
  };
}

interface SessionRow {
  readonly id: string;
  readonly quote: string;
  readonly startedAt: number;
  readonly lastActivityAt: number;
  readonly endedAt: number | null;
  readonly endedWhy: 'by_hand' | 'inactive' | null;
  readonly peopleMax: number;
  readonly peopleNow: number;
  readonly connections: number;
  readonly connectionMs: number;
  readonly unwantedDisconnects: number;
  readonly messages: number;
  readonly bytes: number;
  readonly latency: string;
}

function readSessions(db: Database.Database): Map<string, SessionRow> {
  const rows = db.prepare<[], SessionRow>(
    `SELECT s.id, s.quote_id AS quote, s.started_at AS startedAt, s.last_activity_at AS lastActivityAt,
       s.ended_at AS endedAt, s.ended_why AS endedWhy, s.people_max AS peopleMax,
       s.connection_count AS connections, s.connection_ms AS connectionMs,
       s.unwanted_disconnects AS unwantedDisconnects, s.messages, s.bytes, s.latency,
       (SELECT count(*) FROM session_participants AS p
         WHERE s.ended_at IS NULL AND p.session_id = s.id AND p.left_at IS NULL) AS peopleNow
     FROM quote_sessions AS s`,
  );
  return new Map(rows.all().map((row) => [row.id, row]));
}

function tallySession(tally: UsageTally, session: SessionRow): void {
  tally.sessions += 1;
  if (session.endedWhy === 'by_hand') tally.endedByHand += 1;
  if (session.endedWhy === 'inactive') tally.endedInactive += 1;
  if (session.endedAt === null) tally.openSessions += 1;
  else {
    tally.endedConnections += session.connections;
    tally.endedConnectionMs += session.connectionMs;
  }
  if (session.peopleNow > 0) tally.activeSessions += 1;
  if (session.unwantedDisconnects === 0) tally.stableSessions += 1;
  tally.unwantedDisconnects += session.unwantedDisconnects;
  tally.connections += session.connections;
  tally.messages += session.messages;
  tally.bytes += session.bytes;
  addCounts(tally.latency, JSON.parse(session.latency) as number[]);
}

function readAttendance(
  db: Database.Database,
  sessions: ReadonlyMap<string, SessionRow>,
  each: (session: SessionRow, rows: readonly AttendanceRow[]) => void,
): void {
  const rows = db
    .prepare<[], AttendanceRow & { readonly session: string }>(
      `SELECT session_id AS session, at, event, user_id AS user FROM session_audit
       WHERE event IN ('joined', 'left', 'lost', 'ended') ORDER BY session_id, n`,
    )
    .iterate();
  let current: SessionRow | undefined;
  let gathered: AttendanceRow[] = [];
  const flush = (): void => {
    if (current !== undefined) each(current, gathered);
    gathered = [];
  };
  for (const row of rows) {
    if (row.session !== current?.id) {
      flush();
      current = sessions.get(row.session);
    }
    gathered.push(row);
  }
  flush();
}

/** Rows between two calls of `progress`. */
const ROWS_BETWEEN = 10_000;

function readWrites(
  db: Database.Database,
  { progress }: Pick<UsageQuery, 'progress'>,
  tallyOf: (quote: string) => WriteTally,
): void {
  const of = Number(db.prepare('SELECT count(*) FROM entries').pluck().get());
  const rows = db
    .prepare<[], Omit<LoggedWriteRow, 'isByAuthority'> & { readonly policy: string }>(
      `SELECT e.quote_id AS quote, e.seq, e.at, e.user_id AS user, e.role, e.session_id AS session, e.origin, e.kind,
         e.seen_revision AS seen, e.policy_hash AS policy, o.cell, o.verdict, o.reason
       FROM entries AS e CROSS JOIN session_operations AS o ON o.quote_id = e.quote_id AND o.seq = e.seq
       ORDER BY e.quote_id, e.seq, o.n`,
    )
    .iterate();
  const isByAuthority = readPolicies(db);
  let quote: string | null = null;
  let writes: WriteTally | null = null;
  let [done, before, read] = [0, 0, 0];
  for (const row of rows) {
    if (row.quote !== quote) {
      writes?.end();
      writes = tallyOf(row.quote);
      quote = row.quote;
      done += before;
    }
    before = row.seq;
    read += 1;
    if (read % ROWS_BETWEEN === 0) progress?.({ done: done + row.seq, of });
    writes?.add({ ...row, isByAuthority: isByAuthority.get(row.policy) ?? true });
  }
  writes?.end();
  progress?.({ done: of, of });
}

/** Whether authority decides, by the hash of the policy. */
function readPolicies(db: Database.Database): Map<string, boolean> {
  const policies = db.prepare<[], { hash: string; json: string }>('SELECT hash, json FROM policies').all();
  return new Map(
    policies.map(({ hash, json }) => {
      const { conflict } = JSON.parse(json) as { readonly conflict?: unknown };
      return [hash, conflict !== 'last_write_wins'];
    }),
  );
}
