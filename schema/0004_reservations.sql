-- Whose a Yjs client id is, from when it was announced until something is written under it: after that the log says it.
--
-- `down` forgets the announcements: whoever was away with edits that they have not sent is told when they come back.

-- up
CREATE TABLE reservations (
  quote_id TEXT NOT NULL,
  client_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  at INTEGER NOT NULL,               -- ms since 1970
  PRIMARY KEY (quote_id, client_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX reservations_by_user ON reservations (quote_id, user_id, at);

-- down
DROP TABLE reservations;
