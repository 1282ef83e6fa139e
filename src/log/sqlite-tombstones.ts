import type { QuoteId } from '../lib/ids.ts';
import { plainBytes } from './parse-entry-row.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import type { Tombstone } from './tombstone.ts';

/** The table of tombstones (`schema/0011_tombstones.sql`), whose triggers purge the quote that one is put in for. */
export interface TombstoneRows {
  put(tombstone: Tombstone): void;
  ofQuote(quote: QuoteId): Tombstone | null;
  /** In the order of the quotes' ids. */
  all(): Tombstone[];
}

export function createTombstoneRows(db: SqliteDatabase): TombstoneRows {
  const columns = 'quote_id AS quote, seq, hash, at, note';
  const put = db.prepare<[Tombstone]>(
    'INSERT INTO quote_tombstones (quote_id, seq, hash, at, note) VALUES (@quote, @seq, @hash, @at, @note)',
  );
  const one = db.prepare<[QuoteId], Tombstone>(`SELECT ${columns} FROM quote_tombstones WHERE quote_id = ?`);
  const all = db.prepare<[], Tombstone>(`SELECT ${columns} FROM quote_tombstones ORDER BY quote_id`);
  const tombstoneOf = (row: Tombstone): Tombstone => ({ ...row, hash: plainBytes(row.hash) });

  return {
    put(tombstone) {
      // Where it stood last; `overwriteDeleted` takes care of what it left elsewhere in the file.
      db.pragma('secure_delete = ON');
      put.run(tombstone);
    },
    ofQuote(quote) {
      const row = one.get(quote);
      return row === undefined ? null : tombstoneOf(row);
    },
    all: () => all.all().map(tombstoneOf),
  };
}
