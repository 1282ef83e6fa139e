import type { QuoteId } from '../lib/ids.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

/** Every quote of which the database holds anything, in order: what an audit looks at, whatever the list of quotes says. */
export const readQuoteIds = (db: SqliteDatabase): QuoteId[] =>
  db
    .prepare<[], QuoteId>(
      `SELECT quote_id FROM entries UNION SELECT id FROM quotes UNION SELECT quote_id FROM checkpoints ORDER BY 1`,
    )
    .pluck()
    .all();
