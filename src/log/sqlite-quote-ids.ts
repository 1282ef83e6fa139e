import type { QuoteId } from '../lib/ids.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

/** Every quote of which the database holds anything, in order: what an audit looks at, whatever the list of quotes says. */
export const readQuoteIds = (db: SqliteDatabase): QuoteId[] =>
  db
    .prepare<[], QuoteId>(
      `WITH RECURSIVE written (id) AS (
         SELECT min(quote_id) FROM session_operations
         UNION ALL
         SELECT (SELECT min(quote_id) FROM session_operations WHERE quote_id > id) FROM written WHERE id IS NOT NULL
       )
       SELECT quote_id FROM entries UNION SELECT id FROM quotes UNION SELECT quote_id FROM checkpoints
       UNION SELECT id FROM written WHERE id IS NOT NULL ORDER BY 1`,
    )
    .pluck()
    .all();
