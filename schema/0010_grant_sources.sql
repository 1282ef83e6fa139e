-- Whether somebody has a grant by name, from a host, or by a share link: a link leaves alone what a host gave by name
-- after it was made. Of older grants that is not known; they count as a host's, so that no link undoes one.
--
-- `down` forgets it, and keeps the grants.

-- up
ALTER TABLE grants ADD COLUMN source TEXT NOT NULL DEFAULT 'host' CHECK (source IN ('host', 'link'));

-- down
ALTER TABLE grants DROP COLUMN source;
