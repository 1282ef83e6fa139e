import Database from 'better-sqlite3';
import { Fault } from '../lib/fault.ts';
import type { HeadLeaf } from './head-tree.ts';
import { type Heads, type StoredHead, headsFenced } from './heads.ts';
import { plainBytes } from './parse-entry-row.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { createWalSync } from './sqlite-wal-sync.ts';

/**
 * Signed heads in SQLite (`schema/0008_heads.sql`); the database is migrated already, and closed by who opened it. A head is durable
 * when its append resolves, and the event loop, where edits are, does not wait for the disk.
 */
export interface SqliteHeads extends Heads {
  /** To be called before the database is closed. */
  close(): Promise<void>;
}

export function createSqliteHeads(db: SqliteDatabase): SqliteHeads {
  const sql = prepareStatements(db);
  const wal = createWalSync(db);

  async function guarded<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      throw faultOf(error, db.name);
    }
  }

  const append = db.transaction((head: StoredHead, changed: readonly HeadLeaf[]): void => {
    if (head.n !== (sql.newest.get()?.n ?? 0) + 1) throw headsFenced(head.n);
    sql.append.run(head);
    for (const leaf of changed) sql.appendLeaf.run({ ...leaf, n: head.n });
  });

  return {
    async append(head, changed) {
      await guarded(() => wal.withoutWaiting(() => append.immediate(head, changed)));
      await wal.sync();
    },
    newest: () => guarded(() => sql.newest.get() ?? null),
    leaves: (n) =>
      guarded(() => sql.leaves.all({ n }).map((leaf) => ({ ...leaf, hash: plainBytes(leaf.hash) }))),
    async close() {
      await wal.settled().catch(() => undefined);
      wal.close();
    },
  };
}

/** The newest entry of every quote, in the order of their ids: what a head made now would cover. */
export const readNewestEntries = (db: SqliteDatabase): HeadLeaf[] =>
  db
    .prepare<[], HeadLeaf>(
      `${quotesOf('entries')}
       SELECT quotes.id AS quote, e.seq, e.hash FROM quotes
       JOIN entries AS e ON e.quote_id = quotes.id
         AND e.seq = (SELECT max(seq) FROM entries WHERE quote_id = quotes.id)
       ORDER BY quotes.id`,
    )
    .all()
    .map((leaf) => ({ ...leaf, hash: plainBytes(leaf.hash) }));

/** Leaps from quote to quote in the table's index, instead of going through all of its rows. */
const quotesOf = (table: 'entries' | 'head_leaves'): string => `
  WITH RECURSIVE quotes (id) AS (
    SELECT min(quote_id) FROM ${table}
    UNION ALL
    SELECT (SELECT min(quote_id) FROM ${table} WHERE quote_id > quotes.id) FROM quotes WHERE quotes.id IS NOT NULL
  )`;

const prepareStatements = (db: SqliteDatabase) => ({
  append: db.prepare<[StoredHead]>('INSERT INTO heads (n, at, note) VALUES (@n, @at, @note)'),
  appendLeaf: db.prepare<[HeadLeaf & { readonly n: number }]>(
    'INSERT INTO head_leaves (quote_id, n, seq, hash) VALUES (@quote, @n, @seq, @hash)',
  ),
  newest: db.prepare<[], StoredHead>('SELECT n, at, note FROM heads ORDER BY n DESC LIMIT 1'),
  leaves: db.prepare<[{ readonly n: number }], HeadLeaf>(
    `${quotesOf('head_leaves')}
     SELECT quotes.id AS quote, l.seq, l.hash FROM quotes
     JOIN head_leaves AS l ON l.quote_id = quotes.id
       AND l.n = (SELECT max(n) FROM head_leaves WHERE quote_id = quotes.id AND n <= @n)
     ORDER BY quotes.id`,
  ),
});

function faultOf(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  return new Fault({
    code: 'heads_unavailable',
    message: `the signed heads in ${path} cannot be used (${error.code}): check the disk and try again`,
    retryable: true,
    cause: error,
  });
}
