import type Database from 'better-sqlite3';
import type { QuoteId } from '../lib/ids.ts';
import { guardSqlite } from './guard-sqlite.ts';
import { type NamedVersion, type NamedVersions, VERSIONS_MAX } from './named-versions.ts';

/**
 * Named versions in SQLite (`schema/0009_versions.sql`); the database is migrated already, and closed by who opened it.
 * What SQLite refuses is thrown as `Fault` with code `versions_unavailable` (retryable).
 */
export function createSqliteNamedVersions(db: Database.Database): NamedVersions {
  const sql = prepareStatements(db);
  const guarded = guardSqlite(db, { code: 'versions_unavailable', what: 'the named versions' });

  const add = db.transaction((version: NamedVersion): 'added' | 'name_taken' | 'full' => {
    if (sql.idOfName.get(version) !== undefined) return 'name_taken';
    if ((sql.count.get(version.quote) ?? 0) >= VERSIONS_MAX) return 'full';
    sql.add.run(version);
    return 'added';
  });

  const rename = db.transaction((version: Renamed): 'renamed' | 'name_taken' | 'unknown' => {
    if (sql.byId.get(version.quote, version.id) === undefined) return 'unknown';
    if ((sql.idOfName.get(version) ?? version.id) !== version.id) return 'name_taken';
    sql.rename.run(version);
    return 'renamed';
  });

  return {
    add: (version) => guarded(() => add.immediate(version)),
    ofQuote: (quote) => guarded(() => sql.ofQuote.all(quote)),
    byId: (quote, id) => guarded(() => sql.byId.get(quote, id) ?? null),
    rename: (version) => guarded(() => rename.immediate(version)),
    remove: (quote, id) => guarded(() => sql.remove.run(quote, id).changes > 0),
  };
}

type Renamed = Pick<NamedVersion, 'quote' | 'id' | 'name'>;

const VERSION = 'id, quote_id AS quote, name, seq, at, named_by AS namedBy, named_at AS namedAt';

const prepareStatements = (db: Database.Database) => ({
  idOfName: db
    .prepare<[Pick<NamedVersion, 'quote' | 'name'>], string>(
      'SELECT id FROM named_versions WHERE quote_id = @quote AND name = @name',
    )
    .pluck(),
  count: db.prepare<[QuoteId], number>('SELECT count(*) FROM named_versions WHERE quote_id = ?').pluck(),
  add: db.prepare<[NamedVersion]>(
    `INSERT INTO named_versions (id, quote_id, name, seq, at, named_by, named_at)
     VALUES (@id, @quote, @name, @seq, @at, @namedBy, @namedAt)`,
  ),
  ofQuote: db.prepare<[QuoteId], NamedVersion>(
    `SELECT ${VERSION} FROM named_versions WHERE quote_id = ? ORDER BY seq DESC, named_at DESC, id DESC`,
  ),
  byId: db.prepare<[QuoteId, string], NamedVersion>(
    `SELECT ${VERSION} FROM named_versions WHERE quote_id = ? AND id = ?`,
  ),
  rename: db.prepare<[Renamed]>(
    'UPDATE named_versions SET name = @name WHERE quote_id = @quote AND id = @id',
  ),
  remove: db.prepare<[QuoteId, string]>('DELETE FROM named_versions WHERE quote_id = ? AND id = ?'),
});
