-- The Slack mirror: cards in channels, what is to be sent, what came in, and who is who. See `src/slack/`.
--
-- `down` forgets all of it: cards stay in Slack as they are, and their buttons are answered no more. Quotes and their log
-- are not touched.
--
-- Times are ms since 1970.

-- up

-- A quote's card in a channel, for one session.
CREATE TABLE slack_mirrors (
  id TEXT NOT NULL PRIMARY KEY,
  quote_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  channel_name TEXT NOT NULL,
  shared_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('live', 'paused', 'ending', 'ended')),
  why TEXT,                        -- of `paused` and `ended`, for a person
  state_at INTEGER NOT NULL,
  root_ts TEXT,                    -- the card's message; NULL until it is posted
  shown_hash TEXT,                 -- of the card as it was sent last
  shown_revision INTEGER,          -- the revision that it showed
  shown_at INTEGER,
  followed_seq INTEGER NOT NULL,   -- notices of entries up to it are made
  followed_total TEXT NOT NULL     -- the quote's total then
) STRICT, WITHOUT ROWID;

-- One that is ending is made final beside the next.
CREATE UNIQUE INDEX slack_mirrors_shown ON slack_mirrors (quote_id, channel_id) WHERE state IN ('live', 'paused');

-- What a person did in a quote since their last notice in a thread, until it is told.
CREATE TABLE slack_batches (
  mirror_id TEXT NOT NULL REFERENCES slack_mirrors (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('edits', 'lost', 'held')),
  opened_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  content TEXT NOT NULL,           -- JSON
  PRIMARY KEY (mirror_id, user_id, kind)
) STRICT, WITHOUT ROWID;

-- Messages on their way, in order within a lane. A key is sent once.
CREATE TABLE slack_outbox (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  lane TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  mirror_id TEXT REFERENCES slack_mirrors (id) ON DELETE SET NULL,
  message TEXT,                    -- JSON; taken away once it is sent or dead
  state TEXT NOT NULL CHECK (state IN ('pending', 'inflight', 'sent', 'dead')),
  attempts INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  done_at INTEGER,
  channel_id TEXT,                 -- where it went
  ts TEXT,
  error TEXT
) STRICT;

CREATE INDEX slack_outbox_waiting ON slack_outbox (lane, id) WHERE state IN ('pending', 'inflight');
CREATE INDEX slack_outbox_done ON slack_outbox (done_at) WHERE done_at IS NOT NULL;

-- What came in, each once, before it is answered.
CREATE TABLE slack_inbox (
  key TEXT NOT NULL PRIMARY KEY,   -- event_id, trigger_id, or view and its hash
  kind TEXT NOT NULL CHECK (kind IN ('event', 'command', 'action', 'submission')),
  body TEXT,                       -- JSON; taken away once it is done
  received_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'dead')),
  answer TEXT                      -- JSON: what a repetition is answered
) STRICT, WITHOUT ROWID;

CREATE INDEX slack_inbox_by_state ON slack_inbox (state, received_at);

-- Which of our people a Slack user is, where they have opened a link that says so.
CREATE TABLE slack_accounts (
  slack_user TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL,
  linked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE slack_link_codes (
  code_hash BLOB NOT NULL PRIMARY KEY CHECK (length(code_hash) = 32),
  slack_user TEXT NOT NULL,
  slack_name TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How much may be sent now, by Slack's limits.
CREATE TABLE slack_budgets (
  name TEXT NOT NULL PRIMARY KEY,
  tokens REAL NOT NULL,
  at INTEGER NOT NULL,
  held_until INTEGER NOT NULL      -- Slack asked to wait until then
) STRICT, WITHOUT ROWID;

-- Why nothing is sent at all; one row at most.
CREATE TABLE slack_stop (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  why TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER quote_tombstones_purge_slack AFTER INSERT ON quote_tombstones
BEGIN
  DELETE FROM slack_outbox WHERE mirror_id IN (SELECT id FROM slack_mirrors WHERE quote_id = NEW.quote_id);
  DELETE FROM slack_mirrors WHERE quote_id = NEW.quote_id;
END;

-- down
DROP TRIGGER quote_tombstones_purge_slack;
DROP TABLE slack_stop;
DROP TABLE slack_budgets;
DROP TABLE slack_link_codes;
DROP TABLE slack_accounts;
DROP TABLE slack_inbox;
DROP TABLE slack_outbox;
DROP TABLE slack_batches;
DROP TABLE slack_mirrors;
