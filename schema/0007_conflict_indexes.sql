-- Which writes were in conflict, and which held conflicts ran out, found without reading the whole log: a server counts
-- them once when it starts, for its metrics. Only these few rows are indexed, so other writes cost nothing more.

-- up
CREATE INDEX session_operations_conflicts ON session_operations (reason, target, column_name)
  WHERE reason IN ('authority_overridden', 'held');

CREATE INDEX entries_expired ON entries (quote_id, seq) WHERE kind = 'expire';

-- down
DROP INDEX entries_expired;
DROP INDEX session_operations_conflicts;
