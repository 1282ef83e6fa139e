-- Signed heads: what this log said of the newest entries of all quotes, signed, at one moment after the other.
--
-- They are proof like the entries: `down` leaves them where they are, with their triggers, and `up` finds them again,
-- which is why it says IF NOT EXISTS.
--
-- Times are ms since 1970.

-- up
CREATE TABLE IF NOT EXISTS heads (
  n INTEGER NOT NULL PRIMARY KEY CHECK (n >= 1),  -- 1, 2, 3 ...
  at INTEGER NOT NULL,
  note TEXT NOT NULL               -- the signed note: its text, an empty line, the line of the signature
) STRICT;

-- The leaves that are new or changed with a head. Of any head the leaves are the newest of each quote up to it.
CREATE TABLE IF NOT EXISTS head_leaves (
  quote_id TEXT NOT NULL,
  n INTEGER NOT NULL REFERENCES heads (n),
  seq INTEGER NOT NULL,            -- the quote's newest entry then
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (quote_id, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS heads_follow BEFORE INSERT ON heads
WHEN NEW.n <> coalesce((SELECT max(n) FROM heads), 0) + 1
BEGIN
  SELECT RAISE(ABORT, 'heads are append-only: the head is not the successor of the newest one');
END;

CREATE TRIGGER IF NOT EXISTS heads_no_update BEFORE UPDATE ON heads
BEGIN
  SELECT RAISE(ABORT, 'heads are append-only');
END;

CREATE TRIGGER IF NOT EXISTS heads_no_delete BEFORE DELETE ON heads
BEGIN
  SELECT RAISE(ABORT, 'heads are append-only');
END;

-- Leaves come with the newest head, one a quote.
CREATE TRIGGER IF NOT EXISTS head_leaves_follow BEFORE INSERT ON head_leaves
BEGIN
  SELECT CASE
    WHEN NEW.n <> (SELECT max(n) FROM heads)
      THEN RAISE(ABORT, 'head_leaves are append-only: they come with the newest head')
    WHEN EXISTS (SELECT 1 FROM head_leaves WHERE quote_id = NEW.quote_id AND n = NEW.n)
      THEN RAISE(ABORT, 'head_leaves are append-only')
  END;
END;

CREATE TRIGGER IF NOT EXISTS head_leaves_no_update BEFORE UPDATE ON head_leaves
BEGIN
  SELECT RAISE(ABORT, 'head_leaves are append-only');
END;

CREATE TRIGGER IF NOT EXISTS head_leaves_no_delete BEFORE DELETE ON head_leaves
BEGIN
  SELECT RAISE(ABORT, 'head_leaves are append-only');
END;

-- down
