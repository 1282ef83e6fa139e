import type { QuoteId } from '../lib/ids.ts';
import { policyHash } from '../log/entry-hash.ts';
import { searchTextOf } from '../log/quote-list.ts';
import type { SqliteDatabase } from '../log/sqlite-database.ts';
import type { Finding } from './finding.ts';

/**
 * Rows that nobody comes across who reads a quote's entries from 1 on, since they belong to none, and the columns that no hash
 * covers because they follow from others. Read in slices, so that no read is long.
 */
export interface StrayRows {
  /** What is wrong with the rows of a quote. */
  ofQuote(quote: QuoteId): Iterable<Finding>;
  /** Is anything of the quote left, in any of the tables that a purge clears? */
  isLeft(quote: QuoteId): boolean;
  /** Policies that are not what they were when they were stored, whether an entry names them or not. */
  policies(): readonly PolicyFinding[];
}

export interface PolicyFinding {
  /** SHA-256 in hex, under which it is stored. */
  readonly policy: string;
  readonly message: string;
}

const ROWS_AT_ONCE = 2_000;

/** The tables that `quote_tombstones_purge` clears, with their columns that name the quote. Those of sessions go by their session. */
const TABLES_OF_QUOTE = [
  ['session_operations', 'quote_id'],
  ['entries', 'quote_id'],
  ['checkpoints', 'quote_id'],
  ['quotes', 'id'],
  ['quote_sessions', 'quote_id'],
  ['named_versions', 'quote_id'],
  ['share_links', 'quote_id'],
  ['grants', 'quote_id'],
  ['reservations', 'quote_id'],
] as const;

interface WriteCount {
  readonly seq: number;
  /** Null where there is no such entry. */
  readonly told: number | null;
  readonly found: number;
  /** The numbers of the first write and the last; 1 and 0 without any. */
  readonly first: number;
  readonly last: number;
}

export function createStrayRows(db: SqliteDatabase): StrayRows {
  const sql = prepareStatements(db);

  function* slices(select: typeof sql.countsOfEntries, quote: QuoteId): Generator<WriteCount> {
    for (let after = Number.NEGATIVE_INFINITY; ;) {
      const slice = select.all({ quote, after, limit: ROWS_AT_ONCE });
      const last = slice.at(-1);
      // Numbers too large for a double come out as the same one again.
      if (last === undefined || last.seq <= after) return;
      yield* slice;
      after = last.seq;
    }
  }

  return {
    *ofQuote(quote) {
      for (const counts of slices(sql.countsOfEntries, quote)) yield* checkCounts(counts);
      for (const { seq, told, found } of slices(sql.countsOfWrites, quote)) {
        if (told !== null) continue;
        const message = `${rows(found)} in session_operations say that they belong to entry ${seq}, which is not there`;
        yield { seq, kind: 'rows', message };
      }
      for (const seq of sql.checkpointsBefore.all(quote)) {
        yield {
          seq,
          kind: 'checkpoint',
          message: `there is a checkpoint after entry ${seq}, and no such entry can be`,
        };
      }
      const listed = sql.search.get(quote);
      if (listed !== undefined && listed.search !== searchTextOf(listed)) {
        yield {
          seq: listed.seq,
          kind: 'list',
          message: `the list of quotes finds ${quote} by another text than its title, customer and id: ${JSON.stringify(listed.search)}`,
        };
      }
    },
    isLeft: (quote) => sql.isLeft.some((statement) => statement.get(quote) !== undefined),
    policies: () =>
      sql.policies
        .all()
        .filter(({ hash, json }) => policyHash(json) !== hash)
        .map(({ hash }) => ({
          policy: hash,
          message: `the policy ${hash} was changed after it was stored`,
        })),
  };
}

function* checkCounts({ seq, told, found, first, last }: WriteCount): Generator<Finding> {
  if (seq < 1) {
    yield { seq, kind: 'number', message: `there is an entry ${seq}; the first entry of a quote is 1` };
  }
  if (told !== found || first !== 1 || last !== found) {
    const numbered = first === 1 && last === found ? '' : `, numbered from ${first} to ${last}`;
    yield {
      seq,
      kind: 'rows',
      message: `entry ${seq} says it has ${told ?? 0} writes, and there are ${rows(found)} of it in session_operations${numbered}`,
    };
  }
}

const rows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);

interface SliceOf {
  readonly quote: QuoteId;
  readonly after: number;
  readonly limit: number;
}

const prepareStatements = (db: SqliteDatabase) => ({
  countsOfEntries: db.prepare<[SliceOf], WriteCount>(
    `SELECT e.seq, e.write_count AS told, count(o.n) AS found,
       coalesce(min(o.n), 1) AS first, coalesce(max(o.n), 0) AS last
     FROM (SELECT quote_id, seq, write_count FROM entries
           WHERE quote_id = @quote AND seq > @after ORDER BY seq LIMIT @limit) AS e
     LEFT JOIN session_operations AS o ON o.quote_id = e.quote_id AND o.seq = e.seq
     GROUP BY e.seq ORDER BY e.seq`,
  ),
  countsOfWrites: db.prepare<[SliceOf], WriteCount>(
    `SELECT o.seq, count(*) AS found, min(o.n) AS first, max(o.n) AS last,
       (SELECT e.write_count FROM entries AS e WHERE e.quote_id = o.quote_id AND e.seq = o.seq) AS told
     FROM session_operations AS o WHERE o.quote_id = @quote AND o.seq > @after
     GROUP BY o.seq ORDER BY o.seq LIMIT @limit`,
  ),
  checkpointsBefore: db
    .prepare<[QuoteId], number>('SELECT seq FROM checkpoints WHERE quote_id = ? AND seq < 1')
    .pluck(),
  search: db.prepare<[QuoteId], SearchRow>(
    'SELECT id, seq, title, customer, search FROM quotes WHERE id = ?',
  ),
  isLeft: TABLES_OF_QUOTE.map(([table, column]) =>
    db.prepare<[QuoteId]>(`SELECT 1 FROM ${table} WHERE ${column} = ? LIMIT 1`),
  ),
  policies: db.prepare<[], { readonly hash: string; readonly json: string }>(
    'SELECT hash, json FROM policies ORDER BY hash',
  ),
});

interface SearchRow {
  readonly id: QuoteId;
  readonly seq: number;
  readonly title: string;
  readonly customer: string;
  readonly search: string;
}
