-- Links that let people into a quote, see `src/session/share-links.ts`.
--
-- `down` forgets the links: they let nobody in any more. Who came in by one keeps the grant.

-- up
CREATE TABLE share_links (
  id TEXT NOT NULL PRIMARY KEY,
  quote_id TEXT NOT NULL,
  permission TEXT NOT NULL CHECK (permission IN ('viewer', 'editor')),
  token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),  -- SHA-256 of the token, which is not kept
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,       -- ms since 1970, as all times here
  expires_at INTEGER,                -- NULL: never
  revoked_at INTEGER,
  uses INTEGER NOT NULL CHECK (uses >= 0),
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX share_links_by_quote ON share_links (quote_id, created_at);

-- down
DROP TABLE share_links;
