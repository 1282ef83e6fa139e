-- Checkpoints with one hash over everything in them, memory included; `state_hash` covered the document alone.
--
-- Both ways the checkpoints themselves are dropped: they can be made again from the log, and a quote that has none is
-- decided from its first entry until its next one is made.

-- up
DROP TABLE checkpoints;

-- Derived from the log, so that loading need not start at entry 1.
CREATE TABLE checkpoints (
  quote_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  gate_version INTEGER NOT NULL,
  state BLOB NOT NULL,             -- Yjs update V2, deflated
  snapshot TEXT NOT NULL,          -- JSON
  memory BLOB NOT NULL,            -- JSON, deflated; numbers of struct ranges as differences
  hash BLOB NOT NULL CHECK (length(hash) = 32),  -- SHA-256 over all of the above
  PRIMARY KEY (quote_id, seq)
) STRICT;

-- down
DROP TABLE checkpoints;

CREATE TABLE checkpoints (
  quote_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  gate_version INTEGER NOT NULL,
  state BLOB NOT NULL,
  state_hash BLOB NOT NULL,
  snapshot TEXT NOT NULL,
  memory BLOB NOT NULL,
  PRIMARY KEY (quote_id, seq)
) STRICT;
