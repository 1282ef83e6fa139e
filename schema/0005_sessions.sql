-- Sessions: periods of live work on a quote, who took part, and what happened in them.
--
-- `down` drops these four tables and nothing else. Quotes stay as they were left, and so does the log, whose entries
-- still name the sessions in which they were made.
--
-- Times are ms since 1970.

-- up
CREATE TABLE quote_sessions (
  id TEXT NOT NULL PRIMARY KEY,
  quote_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('solo', 'collaborative', 'conflicting', 'resolving', 'resolved', 'closed')),
  started_at INTEGER NOT NULL,
  started_by TEXT,                 -- NULL: the system
  started_why TEXT NOT NULL CHECK (started_why IN ('joined', 'created', 'held')),
  last_activity_at INTEGER NOT NULL,
  warned_at INTEGER,
  ended_at INTEGER CHECK ((ended_at IS NULL) = (state <> 'closed')),
  ended_by TEXT,                   -- NULL: the system, or not ended
  ended_why TEXT CHECK ((ended_why IS NULL) = (ended_at IS NULL)),
  audit_count INTEGER NOT NULL,    -- rows of session_audit
  edits INTEGER NOT NULL,          -- writes that stood
  people_max INTEGER NOT NULL,     -- at once
  connection_count INTEGER NOT NULL,
  connection_ms INTEGER NOT NULL,  -- of those that are over
  unwanted_disconnects INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  latency TEXT NOT NULL            -- JSON [count, ...], edit to sight, by bucket
) STRICT;

CREATE UNIQUE INDEX quote_sessions_open ON quote_sessions (quote_id) WHERE ended_at IS NULL;
CREATE INDEX quote_sessions_by_start ON quote_sessions (started_at, id);
CREATE INDEX quote_sessions_by_quote ON quote_sessions (quote_id, started_at, id);

CREATE TABLE session_participants (
  session_id TEXT NOT NULL REFERENCES quote_sessions (id),
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  permission TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('viewing', 'editing', 'idle', 'away')),
  joined_at INTEGER NOT NULL,      -- first
  last_activity_at INTEGER NOT NULL,
  left_at INTEGER,                 -- NULL while they are there
  present_ms INTEGER NOT NULL,     -- until they last left
  edits INTEGER NOT NULL,          -- their writes that stood
  PRIMARY KEY (session_id, user_id)
) STRICT, WITHOUT ROWID;

-- Which cells are under edit now.
CREATE TABLE active_edits (
  session_id TEXT NOT NULL REFERENCES quote_sessions (id),
  user_id TEXT NOT NULL,
  cell TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (session_id, user_id, cell)
) STRICT, WITHOUT ROWID;

-- What happened, who did it and why; the state before and after.
CREATE TABLE session_audit (
  session_id TEXT NOT NULL REFERENCES quote_sessions (id),
  n INTEGER NOT NULL,              -- 1, 2, 3 ... within the session
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  user_id TEXT,                    -- NULL: the system
  why TEXT,
  detail TEXT,                     -- JSON
  PRIMARY KEY (session_id, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER session_audit_follow BEFORE INSERT ON session_audit
WHEN NEW.n <> coalesce((SELECT max(n) FROM session_audit WHERE session_id = NEW.session_id), 0) + 1
BEGIN
  SELECT RAISE(ABORT, 'session_audit is append-only: the row is not the successor of its session''s last one');
END;

CREATE TRIGGER session_audit_no_update BEFORE UPDATE ON session_audit
BEGIN
  SELECT RAISE(ABORT, 'session_audit is append-only');
END;

CREATE TRIGGER session_audit_no_delete BEFORE DELETE ON session_audit
BEGIN
  SELECT RAISE(ABORT, 'session_audit is append-only');
END;

-- down
DROP TABLE session_audit;
DROP TABLE active_edits;
DROP TABLE session_participants;
DROP TABLE quote_sessions;
