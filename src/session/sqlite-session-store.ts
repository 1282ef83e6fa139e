import type Database from 'better-sqlite3';
import { assert } from '../lib/assert.ts';
import { guardSqlite } from './guard-sqlite.ts';
import { formatPlace, parsePlace } from './session-list.ts';
import {
  ACTIVE_EDIT_COLUMNS,
  AUDIT_COLUMNS,
  type ActiveEditRow,
  type AuditRow,
  PARTICIPANT_COLUMNS,
  type ParticipantRow,
  SESSION_COLUMNS,
  type SessionRow,
  activeEditCells,
  activeEditOfRow,
  auditCells,
  auditOfRow,
  participantCells,
  participantOfRow,
  sessionCells,
  sessionOfRow,
} from './session-row.ts';
import type { SessionChanges, SessionQuery, SessionStore } from './session-store.ts';

/**
 * Sessions in SQLite, beside the log (`schema/0005_sessions.sql`); the database is migrated already.
 * Closing it closes the database it was given.
 *
 * A commit here does not wait for the disk (`synchronous = NORMAL`, for that one transaction): what is committed survives the
 * process, however that dies. Only a power cut may take the last rows, and never an edit: the log's own appends wait for the
 * disk, and their sync takes along what was committed before.
 */
export function createSqliteSessionStore(db: Database.Database): SessionStore {
  const sql = prepareStatements(db);
  const guarded = guardSqlite(db, { code: 'sessions_unavailable', what: 'the sessions' });

  const write = db.transaction((changes: SessionChanges) => {
    for (const session of changes.sessions) sql.putSession.run(sessionCells(session));
    for (const participant of changes.participants) sql.putParticipant.run(participantCells(participant));
    for (const { session, edits } of changes.activeEdits) {
      sql.dropActiveEdits.run(session);
      for (const edit of edits) sql.insertActiveEdit.run(activeEditCells(edit));
    }
    for (const row of changes.audit) sql.insertAudit.run(auditCells(row));
  });

  function listSessions(query: SessionQuery): SessionRow[] {
    const place = query.after === undefined ? FIRST_PLACE : parsePlace(query.after);
    if (place === null) return [];
    const conditions = ['(started_at, id) < (@at, @id)'];
    if (query.quote !== undefined) conditions.push('quote_id = @quote');
    if (query.open !== undefined) conditions.push(`ended_at IS ${query.open ? '' : 'NOT '}NULL`);
    return db
      .prepare<[Record<string, unknown>], SessionRow>(
        `SELECT ${SESSION_COLUMNS} FROM quote_sessions WHERE ${conditions.join(' AND ')}
         ORDER BY started_at DESC, id DESC LIMIT @most`,
      )
      .all({ ...place, quote: query.quote, most: query.limit + 1 });
  }

  return {
    write: (changes) =>
      guarded(() => {
        // Not prepared: a prepared one takes effect when it is prepared, not when it runs.
        db.pragma('synchronous = NORMAL');
        try {
          write.immediate(changes);
        } finally {
          db.pragma('synchronous = FULL');
        }
      }),
    session: (id) =>
      guarded(() => {
        const row = sql.session.get(id);
        return row === undefined ? null : sessionOfRow(row);
      }),
    sessions: (query) =>
      guarded(() => {
        const rows = listSessions(query);
        const sessions = rows.slice(0, query.limit).map(sessionOfRow);
        const last = sessions.at(-1);
        return { sessions, next: last !== undefined && rows.length > query.limit ? formatPlace(last) : null };
      }),
    openSessions: () => guarded(() => sql.openSessions.all().map(sessionOfRow)),
    participants: (session) => guarded(() => sql.participants.all(session).map(participantOfRow)),
    rename: (user, name) =>
      guarded(() => {
        // What stood there is overwritten in the file, too; older copies in its pages are not.
        db.pragma('secure_delete = ON');
        return sql.rename.run(name, user).changes;
      }),
    activeEdits: (session) => guarded(() => sql.activeEdits.all(session).map(activeEditOfRow)),
    audit: (session, { after, limit }) => guarded(() => sql.audit.all(session, after, limit).map(auditOfRow)),
    close: () => guarded(() => void db.close()),
  };
}

/** Before all sessions: none starts later. */
const FIRST_PLACE = { at: Number.MAX_SAFE_INTEGER, id: '' };

const prepareStatements = (db: Database.Database) => ({
  putSession: db.prepare<[unknown[]]>(put('quote_sessions', 'id', SESSION_COLUMNS)),
  putParticipant: db.prepare<[unknown[]]>(
    put('session_participants', 'session_id, user_id', PARTICIPANT_COLUMNS),
  ),
  dropActiveEdits: db.prepare<[string]>('DELETE FROM active_edits WHERE session_id = ?'),
  insertActiveEdit: db.prepare<[unknown[]]>(insert('active_edits', ACTIVE_EDIT_COLUMNS)),
  insertAudit: db.prepare<[unknown[]]>(insert('session_audit', AUDIT_COLUMNS)),
  session: db.prepare<[string], SessionRow>(`SELECT ${SESSION_COLUMNS} FROM quote_sessions WHERE id = ?`),
  openSessions: db.prepare<[], SessionRow>(
    `SELECT ${SESSION_COLUMNS} FROM quote_sessions WHERE ended_at IS NULL ORDER BY started_at, id`,
  ),
  participants: db.prepare<[string], ParticipantRow>(
    `SELECT ${PARTICIPANT_COLUMNS} FROM session_participants WHERE session_id = ? ORDER BY joined_at, user_id`,
  ),
  rename: db.prepare<[string, string]>('UPDATE session_participants SET name = ? WHERE user_id = ?'),
  activeEdits: db.prepare<[string], ActiveEditRow>(
    `SELECT ${ACTIVE_EDIT_COLUMNS} FROM active_edits WHERE session_id = ? ORDER BY user_id, cell`,
  ),
  audit: db.prepare<[string, number, number], AuditRow>(
    `SELECT ${AUDIT_COLUMNS} FROM session_audit WHERE session_id = ? AND n > ? ORDER BY n LIMIT ?`,
  ),
});

const insert = (table: string, columns: string): string =>
  `INSERT INTO ${table} (${columns}) VALUES (${columns.replace(/\w+/g, '?')})`;

/** The row in place of the one with its key: not REPLACE, which would be a deletion. */
const put = (table: string, key: string, columns: string): string => {
  assert(columns.startsWith(`${key}, `), `the columns of ${table} begin with its key`);
  const rest = columns.slice(key.length + 1).replace(/\w+/g, '$& = excluded.$&');
  return `${insert(table, columns)} ON CONFLICT (${key}) DO UPDATE SET ${rest}`;
};
