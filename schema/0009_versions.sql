-- Names for what a quote was after one of its entries, see `src/session/named-versions.ts`.
--
-- `down` forgets the names: what they stand for stays in the log.

-- up
CREATE TABLE named_versions (
  id TEXT NOT NULL PRIMARY KEY,
  quote_id TEXT NOT NULL,
  name TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq >= 1),
  at INTEGER NOT NULL,               -- when that entry was made, ms since 1970, as all times here
  named_by TEXT NOT NULL,
  named_at INTEGER NOT NULL,
  UNIQUE (quote_id, name)
) STRICT, WITHOUT ROWID;

-- down
DROP TABLE named_versions;
