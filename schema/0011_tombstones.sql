-- Tombstones: what is left of a quote that was purged, see `src/log/tombstone.ts`.
--
-- Putting one in is what purges: it must name the quote's newest entry, and in the same statement a trigger deletes all
-- that the quote had. So no entry is ever deleted without a tombstone that stands for it, and none is added after it.
--
-- What goes: entries and their writes, checkpoints, the row in the list, and what belongs to the quote alone: sessions with
-- who took part, named versions, share links, grants and announced client ids. What stays: the tombstone, the leaves of
-- signed heads (numbers and hashes), policies and people, which other quotes share.
--
-- `down` makes the log refuse every deletion again and keeps the tombstones, with their triggers: they are proof like the
-- entries that they stand for. An older quoteroom knows nothing of them: to it, a purged quote was cut away, so that it signs no
-- heads.
--
-- Times are ms since 1970.

-- up
CREATE TABLE IF NOT EXISTS quote_tombstones (
  quote_id TEXT NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL CHECK (seq >= 1),  -- of its last entry: it had entries 1 to this one
  hash BLOB NOT NULL CHECK (length(hash) = 32),  -- of its last entry
  at INTEGER NOT NULL,             -- when it was purged
  note TEXT NOT NULL               -- the signed note: its text, an empty line, the line of the signature
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS quote_tombstones_follow BEFORE INSERT ON quote_tombstones
BEGIN
  SELECT CASE
    WHEN EXISTS (SELECT 1 FROM quote_tombstones WHERE quote_id = NEW.quote_id)
      THEN RAISE(ABORT, 'quote_tombstones are append-only')
    WHEN NOT EXISTS (
        SELECT 1 FROM entries WHERE quote_id = NEW.quote_id AND seq = NEW.seq AND hash = NEW.hash
          AND seq = (SELECT max(seq) FROM entries WHERE quote_id = NEW.quote_id))
      THEN RAISE(ABORT, 'log_fenced: the tombstone does not name the newest entry of its quote')
  END;
END;

CREATE TRIGGER IF NOT EXISTS quote_tombstones_no_update BEFORE UPDATE ON quote_tombstones
BEGIN
  SELECT RAISE(ABORT, 'quote_tombstones are append-only');
END;

CREATE TRIGGER IF NOT EXISTS quote_tombstones_no_delete BEFORE DELETE ON quote_tombstones
BEGIN
  SELECT RAISE(ABORT, 'quote_tombstones are append-only');
END;

-- Of a purged quote nothing is left, so the next entry could only be its first: others need not be looked at.
CREATE TRIGGER IF NOT EXISTS entries_not_purged BEFORE INSERT ON entries
WHEN NEW.seq <= 1 AND EXISTS (SELECT 1 FROM quote_tombstones WHERE quote_id = NEW.quote_id)
BEGIN
  SELECT RAISE(ABORT, 'log_fenced: the quote was purged');
END;

DROP TRIGGER IF EXISTS entries_no_delete;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
WHEN NOT EXISTS (SELECT 1 FROM quote_tombstones WHERE quote_id = OLD.quote_id)
BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;

DROP TRIGGER IF EXISTS session_operations_no_delete;
CREATE TRIGGER session_operations_no_delete BEFORE DELETE ON session_operations
WHEN NOT EXISTS (SELECT 1 FROM quote_tombstones WHERE quote_id = OLD.quote_id)
BEGIN
  SELECT RAISE(ABORT, 'session_operations are append-only');
END;

DROP TRIGGER IF EXISTS session_audit_no_delete;
CREATE TRIGGER session_audit_no_delete BEFORE DELETE ON session_audit
WHEN NOT EXISTS (
  SELECT 1 FROM quote_sessions AS s JOIN quote_tombstones AS t ON t.quote_id = s.quote_id WHERE s.id = OLD.session_id)
BEGIN
  SELECT RAISE(ABORT, 'session_audit is append-only');
END;

CREATE TRIGGER quote_tombstones_purge AFTER INSERT ON quote_tombstones
BEGIN
  SELECT RAISE(ABORT, 'log_fenced: the quote has an open session')
  WHERE EXISTS (SELECT 1 FROM quote_sessions WHERE quote_id = NEW.quote_id AND ended_at IS NULL);
  DELETE FROM session_operations WHERE quote_id = NEW.quote_id;
  DELETE FROM entries WHERE quote_id = NEW.quote_id;
  DELETE FROM checkpoints WHERE quote_id = NEW.quote_id;
  DELETE FROM quotes WHERE id = NEW.quote_id;
  DELETE FROM session_audit WHERE session_id IN (SELECT id FROM quote_sessions WHERE quote_id = NEW.quote_id);
  DELETE FROM active_edits WHERE session_id IN (SELECT id FROM quote_sessions WHERE quote_id = NEW.quote_id);
  DELETE FROM session_participants WHERE session_id IN (SELECT id FROM quote_sessions WHERE quote_id = NEW.quote_id);
  DELETE FROM quote_sessions WHERE quote_id = NEW.quote_id;
  DELETE FROM named_versions WHERE quote_id = NEW.quote_id;
  DELETE FROM share_links WHERE quote_id = NEW.quote_id;
  DELETE FROM grants WHERE quote_id = NEW.quote_id;
  DELETE FROM reservations WHERE quote_id = NEW.quote_id;
END;

-- down
DROP TRIGGER quote_tombstones_purge;

DROP TRIGGER session_audit_no_delete;
CREATE TRIGGER session_audit_no_delete BEFORE DELETE ON session_audit
BEGIN
  SELECT RAISE(ABORT, 'session_audit is append-only');
END;

DROP TRIGGER session_operations_no_delete;
CREATE TRIGGER session_operations_no_delete BEFORE DELETE ON session_operations
BEGIN
  SELECT RAISE(ABORT, 'session_operations are append-only');
END;

DROP TRIGGER entries_no_delete;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;
