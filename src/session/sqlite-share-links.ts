import type Database from 'better-sqlite3';
import type { QuoteId } from '../lib/ids.ts';
import { guardSqlite } from './guard-sqlite.ts';
import { DEAD_LINKS_MAX, LIVING_LINKS_MAX, type ShareLink, type ShareLinks } from './share-links.ts';

/**
 * Share links in SQLite (`schema/0006_share_links.sql`); the database is migrated already, and closed by who opened it.
 * What SQLite refuses is thrown as `Fault` with code `share_links_unavailable` (retryable).
 */
export function createSqliteShareLinks(db: Database.Database): ShareLinks {
  const sql = prepareStatements(db);
  const guarded = guardSqlite(db, { code: 'share_links_unavailable', what: 'the share links' });

  const add = db.transaction((link: ShareLink, tokenHash: Uint8Array): boolean => {
    const { quote, createdAt: now } = link;
    if ((sql.countLiving.get({ quote, now }) ?? 0) >= LIVING_LINKS_MAX) return false;
    sql.giveUpDead.run({ quote, now, most: DEAD_LINKS_MAX });
    sql.add.run({ ...link, tokenHash });
    return true;
  });

  return {
    add: (link, tokenHash) => guarded(() => add.immediate(link, tokenHash)),
    ofQuote: (quote) => guarded(() => sql.ofQuote.all(quote)),
    byTokenHash: (tokenHash) => guarded(() => sql.byTokenHash.get(tokenHash) ?? null),
    revoke: (quote, id, at) => guarded(() => sql.revoke.run({ quote, id, at }).changes > 0),
    noteUse: (id, at) => guarded(() => void sql.noteUse.run({ id, at })),
  };
}

const LINK =
  'id, quote_id AS quote, permission, created_by AS createdBy, created_at AS createdAt, expires_at AS expiresAt, ' +
  'revoked_at AS revokedAt, uses, last_used_at AS lastUsedAt';
/** `isLivingLink` of `wire/link-schemas.ts`. */
const IS_LIVING = '(revoked_at IS NULL AND (expires_at IS NULL OR @now < expires_at))';

interface QuoteNow {
  readonly quote: QuoteId;
  readonly now: number;
}

const prepareStatements = (db: Database.Database) => ({
  countLiving: db
    .prepare<[QuoteNow], number>(`SELECT count(*) FROM share_links WHERE quote_id = @quote AND ${IS_LIVING}`)
    .pluck(),
  giveUpDead: db.prepare<[QuoteNow & { readonly most: number }]>(
    `DELETE FROM share_links WHERE id IN (
       SELECT id FROM share_links WHERE quote_id = @quote AND NOT ${IS_LIVING}
       ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET @most)`,
  ),
  add: db.prepare<[ShareLink & { readonly tokenHash: Uint8Array }]>(
    `INSERT INTO share_links
       (id, quote_id, permission, token_hash, created_by, created_at, expires_at, revoked_at, uses, last_used_at)
     VALUES
       (@id, @quote, @permission, @tokenHash, @createdBy, @createdAt, @expiresAt, @revokedAt, @uses, @lastUsedAt)`,
  ),
  ofQuote: db.prepare<[QuoteId], ShareLink>(
    `SELECT ${LINK} FROM share_links WHERE quote_id = ? ORDER BY created_at DESC, id DESC`,
  ),
  byTokenHash: db.prepare<[Uint8Array], ShareLink>(`SELECT ${LINK} FROM share_links WHERE token_hash = ?`),
  revoke: db.prepare<[{ readonly quote: QuoteId; readonly id: string; readonly at: number }]>(
    'UPDATE share_links SET revoked_at = coalesce(revoked_at, @at) WHERE id = @id AND quote_id = @quote',
  ),
  noteUse: db.prepare<[{ readonly id: string; readonly at: number }]>(
    'UPDATE share_links SET uses = uses + 1, last_used_at = @at WHERE id = @id',
  ),
});
