-- The log of every quote. One table for each kind of record; what was written is never changed.
--
-- Rolling back never drops the log of a quote: `down` takes away only what can be made again from it (checkpoints and
-- the reading view). `quotes`, `entries`, `session_operations` and `policies` stay, with their triggers, and `up`
-- finds them again, which is why it says IF NOT EXISTS.
--
-- Times are ms since 1970. Values of cells are JSON, no value is NULL.

-- up
CREATE TABLE IF NOT EXISTS policies (
  hash TEXT NOT NULL PRIMARY KEY CHECK (length(hash) = 64),  -- SHA-256 of json, hex
  json TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One attempt to change a quote, as the gate saw and decided it.
CREATE TABLE IF NOT EXISTS entries (
  quote_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT NOT NULL,              -- at that time
  permission TEXT NOT NULL,
  session_id TEXT,
  connection_id TEXT,
  origin TEXT NOT NULL,            -- browser, slack, api, system
  kind TEXT NOT NULL,              -- create, update, sync
  clocks TEXT NOT NULL,            -- JSON [[client, clock, length], ...], what was received
  received BLOB NOT NULL,          -- Yjs update
  merged BLOB,                     -- Yjs update, NULL where nothing was merged
  policy_hash TEXT NOT NULL REFERENCES policies (hash),
  gate_version INTEGER NOT NULL,
  seen_kind TEXT NOT NULL,         -- connection, revision
  seen_revision INTEGER NOT NULL,
  active_edits TEXT NOT NULL,      -- JSON [[user, role, cell], ...]
  aliases TEXT NOT NULL,           -- JSON [[clock, cell] or [clock, cell, user, role, seq], ...]
  write_count INTEGER NOT NULL CHECK (write_count >= 0),
  previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (quote_id, seq)
) STRICT;

-- One row for each write of an entry. What the cell's name says is computed from it, so that it cannot disagree.
CREATE TABLE IF NOT EXISTS session_operations (
  quote_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  n INTEGER NOT NULL CHECK (n >= 1),  -- 1 to the entry's write_count
  operation TEXT NOT NULL CHECK (operation IN ('insert', 'update', 'delete')),
  cell TEXT NOT NULL,
  target TEXT AS (
    CASE substr(cell, 1, instr(cell, '/') - 1)
      WHEN 'fields' THEN 'quote_field'
      WHEN 'lineItems' THEN 'line_item'
      WHEN 'discounts' THEN 'discount'
      ELSE 'note'
    END
  ) VIRTUAL,
  target_id TEXT AS (
    CASE
      WHEN cell GLOB 'fields/*' THEN NULL
      WHEN cell GLOB 'note/*' THEN substr(cell, 6)
      WHEN instr(substr(cell, instr(cell, '/') + 1), '/') = 0 THEN NULL
      ELSE substr(cell, instr(cell, '/') + 1, instr(substr(cell, instr(cell, '/') + 1), '/') - 1)
    END
  ) VIRTUAL,
  column_name TEXT AS (
    CASE
      WHEN cell GLOB 'fields/*' THEN substr(cell, 8)
      WHEN cell GLOB 'note/*' THEN 'text'
      ELSE substr(cell, instr(cell, '/') + 1 + instr(substr(cell, instr(cell, '/') + 1), '/'))
    END
  ) VIRTUAL,
  before TEXT,
  offered TEXT,
  applied TEXT,
  verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'refused', 'held')),
  reason TEXT CHECK ((reason IS NULL) = (verdict = 'accepted')),
  by_user_id TEXT,
  by_role TEXT,
  PRIMARY KEY (quote_id, seq, n)
) STRICT, WITHOUT ROWID;

-- The list of quotes: each as its newest entry left it.
CREATE TABLE IF NOT EXISTS quotes (
  id TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  customer TEXT NOT NULL,
  status TEXT NOT NULL,
  owner TEXT NOT NULL,
  currency TEXT NOT NULL,
  total TEXT NOT NULL,
  seq INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  last_change_at INTEGER NOT NULL,
  last_change_by TEXT NOT NULL,
  last_change_cell TEXT,
  search TEXT NOT NULL             -- title, customer and id, made ready for searching
) STRICT;

CREATE INDEX IF NOT EXISTS quotes_by_last_change ON quotes (last_change_at, id);

-- Derived from the log, so that loading need not start at entry 1.
CREATE TABLE IF NOT EXISTS checkpoints (
  quote_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  gate_version INTEGER NOT NULL,
  state BLOB NOT NULL,             -- Yjs update V2, deflated
  state_hash BLOB NOT NULL,
  snapshot TEXT NOT NULL,          -- JSON
  memory BLOB NOT NULL,            -- JSON, deflated
  PRIMARY KEY (quote_id, seq)
) STRICT;

-- Fencing: an entry is the direct successor of its quote's last one, or another writer was here.
-- The last case keeps INSERT OR REPLACE from putting away an old entry by its rowid.
CREATE TRIGGER IF NOT EXISTS entries_follow BEFORE INSERT ON entries
BEGIN
  SELECT CASE
    WHEN NEW.seq <> coalesce((SELECT max(seq) FROM entries WHERE quote_id = NEW.quote_id), 0) + 1
      THEN RAISE(ABORT, 'log_fenced: the entry is not the successor of its quote''s last one')
    WHEN NEW.previous_hash <> coalesce(
        (SELECT hash FROM entries WHERE quote_id = NEW.quote_id AND seq = NEW.seq - 1), zeroblob(32))
      THEN RAISE(ABORT, 'log_fenced: the entry does not name the hash of the one before')
    WHEN NEW.at < (SELECT at FROM entries WHERE quote_id = NEW.quote_id AND seq = NEW.seq - 1)
      THEN RAISE(ABORT, 'an entry is not older than the one before')
    WHEN EXISTS (SELECT 1 FROM entries WHERE rowid = NEW.rowid)
      THEN RAISE(ABORT, 'entries are append-only')
  END;
END;

CREATE TRIGGER IF NOT EXISTS entries_no_update BEFORE UPDATE ON entries
BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;

CREATE TRIGGER IF NOT EXISTS entries_no_delete BEFORE DELETE ON entries
BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;

-- An entry says how many writes it has: they follow it once, and nothing can be added later.
CREATE TRIGGER IF NOT EXISTS session_operations_complete BEFORE INSERT ON session_operations
BEGIN
  SELECT CASE
    WHEN NEW.n > coalesce((SELECT write_count FROM entries WHERE quote_id = NEW.quote_id AND seq = NEW.seq), 0)
      THEN RAISE(ABORT, 'session_operations are append-only: the entry has no such write')
    WHEN EXISTS (SELECT 1 FROM session_operations WHERE quote_id = NEW.quote_id AND seq = NEW.seq AND n = NEW.n)
      THEN RAISE(ABORT, 'session_operations are append-only')
  END;
END;

CREATE TRIGGER IF NOT EXISTS session_operations_no_update BEFORE UPDATE ON session_operations
BEGIN
  SELECT RAISE(ABORT, 'session_operations are append-only');
END;

CREATE TRIGGER IF NOT EXISTS session_operations_no_delete BEFORE DELETE ON session_operations
BEGIN
  SELECT RAISE(ABORT, 'session_operations are append-only');
END;

-- Storing a policy again does nothing, not even with REPLACE.
CREATE TRIGGER IF NOT EXISTS policies_once BEFORE INSERT ON policies
WHEN EXISTS (SELECT 1 FROM policies WHERE hash = NEW.hash)
BEGIN
  SELECT RAISE(IGNORE);
END;

CREATE TRIGGER IF NOT EXISTS policies_no_update BEFORE UPDATE ON policies
BEGIN
  SELECT RAISE(ABORT, 'policies are append-only');
END;

CREATE TRIGGER IF NOT EXISTS policies_no_delete BEFORE DELETE ON policies
BEGIN
  SELECT RAISE(ABORT, 'policies are append-only');
END;

-- For auditors: every write with the time, author and session of its entry.
CREATE VIEW writes AS
SELECT
  o.quote_id,
  o.seq,
  o.n,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.at / 1000.0, 'unixepoch') AS at,
  e.user_id,
  e.role,
  e.permission,
  e.session_id,
  e.origin,
  o.operation,
  o.target,
  o.target_id,
  o.column_name,
  o.cell,
  o.before,
  o.offered,
  o.applied,
  o.verdict,
  o.reason,
  o.by_user_id,
  o.by_role,
  lower(hex(e.hash)) AS entry_hash
FROM session_operations AS o
JOIN entries AS e ON e.quote_id = o.quote_id AND e.seq = o.seq;

-- down
DROP VIEW writes;
DROP TABLE checkpoints;
