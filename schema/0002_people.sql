-- Who people are, and what each may do in which quote.
--
-- `down` drops `people`, who come back with their next token, and keeps `grants`: hosts gave them, and
-- without them a quote would come back without a host.

-- up
CREATE TABLE people (
  user_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT,
  role TEXT NOT NULL,
  token_issued_at INTEGER NOT NULL,  -- `iat` of the token that set the role, seconds since 1970
  seen_at INTEGER NOT NULL           -- ms since 1970
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS grants (
  quote_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  permission TEXT NOT NULL CHECK (permission IN ('none', 'viewer', 'editor', 'host')),
  granted_by TEXT NOT NULL,
  at INTEGER NOT NULL,               -- ms since 1970
  PRIMARY KEY (quote_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS grants_by_user ON grants (user_id, quote_id);

-- down
DROP TABLE people;
