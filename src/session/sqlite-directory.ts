import type Database from 'better-sqlite3';
import { present } from '../lib/assert.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import { RESERVATIONS_PER_USER_MAX } from '../lib/limits.ts';
import type { Directory, Erasure, Grant, Person, Reservation } from './directory.ts';
import { guardSqlite } from './guard-sqlite.ts';

/**
 * The directory in SQLite, beside the log (`schema/0002_people.sql`, `0004_reservations.sql`, `0010_grant_sources.sql`); the database is migrated
 * already. Closing it closes the database it was given. What SQLite refuses is thrown as `Fault` with code
 * `directory_unavailable` (retryable).
 */
export function createSqliteDirectory(db: Database.Database): Directory {
  const sql = prepareStatements(db);
  const guarded = guardSqlite(db, { code: 'directory_unavailable', what: 'the people and grants' });

  const see = db.transaction((person: Person): Person => {
    sql.see.run(person);
    return present(sql.person.get(person.user), 'a person just stored is there');
  });

  const erase = db.transaction((erasure: Erasure): Person | null => {
    const known = sql.person.get(erasure.user) ?? null;
    sql.erase.run(erasure);
    return known;
  });

  const reserve = db.transaction((reservation: Reservation): void => {
    const { changes } = sql.reserve.run(reservation);
    if (changes > 0) sql.giveUpOldest.run({ ...reservation, most: RESERVATIONS_PER_USER_MAX });
  });

  return {
    see: (person) => guarded(() => see.immediate(person)),
    person: (user) => guarded(() => sql.person.get(user) ?? null),
    people: (users) => guarded(() => sql.people.all(JSON.stringify(users))),

    byEmail: (email) => guarded(() => sql.byEmail.all(email)),
    everyone: () => guarded(() => sql.everyone.all()),
    erase: (erasure) =>
      guarded(() => {
        // What stood there is overwritten in the file, too; older copies in its pages are not.
        db.pragma('secure_delete = ON');
        return erase.immediate(erasure);
      }),

    grants: (quote) => guarded(() => sql.grants.all(quote)),
    grant: (quote, user) => guarded(() => sql.grant.get(quote, user) ?? null),
    grantsOf: (user) => guarded(() => sql.grantsOf.all(user)),
    setGrant: (grant) => guarded(() => void sql.setGrant.run(grant)),
    deleteGrant: (quote, user) => guarded(() => void sql.deleteGrant.run(quote, user)),

    reserve: (reservation) => guarded(() => reserve.immediate(reservation)),
    reservations: (quote) => guarded(() => sql.reservations.all(quote)),

    close: () => guarded(() => void db.close()),
  };
}

const PERSON = 'user_id AS user, name, email, role, token_issued_at AS tokenIssuedAt, seen_at AS seenAt';
const GRANT = 'quote_id AS quote, user_id AS user, permission, granted_by AS grantedBy, source, at';

const prepareStatements = (db: Database.Database) => ({
  see: db.prepare<[Person]>(
    `INSERT INTO people (user_id, name, email, role, token_issued_at, seen_at)
     VALUES (@user, @name, @email, @role, @tokenIssuedAt, @seenAt)
     ON CONFLICT (user_id) DO UPDATE SET
       name = excluded.name, email = excluded.email, role = excluded.role,
       token_issued_at = excluded.token_issued_at, seen_at = excluded.seen_at
     WHERE excluded.token_issued_at >= people.token_issued_at`,
  ),
  person: db.prepare<[UserId], Person>(`SELECT ${PERSON} FROM people WHERE user_id = ?`),
  people: db.prepare<[string], Person>(
    `SELECT ${PERSON} FROM people WHERE user_id IN (SELECT value FROM json_each(?)) ORDER BY user_id`,
  ),
  byEmail: db.prepare<[string], Person>(
    `SELECT ${PERSON} FROM people WHERE lower(email) = lower(?) ORDER BY user_id`,
  ),
  everyone: db.prepare<[], Person>(`SELECT ${PERSON} FROM people ORDER BY user_id`),
  erase: db.prepare<[Erasure]>(
    `UPDATE people SET name = @name, email = NULL, token_issued_at = max(token_issued_at, @issuedFrom)
     WHERE user_id = @user`,
  ),
  grants: db.prepare<[QuoteId], Grant>(`SELECT ${GRANT} FROM grants WHERE quote_id = ? ORDER BY user_id`),
  grant: db.prepare<[QuoteId, UserId], Grant>(
    `SELECT ${GRANT} FROM grants WHERE quote_id = ? AND user_id = ?`,
  ),
  grantsOf: db.prepare<[UserId], Grant>(`SELECT ${GRANT} FROM grants WHERE user_id = ? ORDER BY quote_id`),
  setGrant: db.prepare<[Grant]>(
    `INSERT INTO grants (quote_id, user_id, permission, granted_by, source, at)
     VALUES (@quote, @user, @permission, @grantedBy, @source, @at)
     ON CONFLICT (quote_id, user_id) DO UPDATE SET
       permission = excluded.permission, granted_by = excluded.granted_by, source = excluded.source,
       at = excluded.at`,
  ),
  deleteGrant: db.prepare<[QuoteId, UserId]>('DELETE FROM grants WHERE quote_id = ? AND user_id = ?'),
  reserve: db.prepare<[Reservation]>(
    `INSERT INTO reservations (quote_id, client_id, user_id, at) VALUES (@quote, @client, @user, @at)
     ON CONFLICT DO NOTHING`,
  ),
  giveUpOldest: db.prepare<[Reservation & { readonly most: number }]>(
    `DELETE FROM reservations WHERE (quote_id, client_id) IN (
       SELECT quote_id, client_id FROM reservations WHERE quote_id = @quote AND user_id = @user
       ORDER BY at DESC, client_id DESC LIMIT -1 OFFSET @most)`,
  ),
  reservations: db.prepare<[QuoteId], Reservation>(
    `SELECT quote_id AS quote, client_id AS client, user_id AS user, at FROM reservations
     WHERE quote_id = ? ORDER BY at, client_id`,
  ),
});
