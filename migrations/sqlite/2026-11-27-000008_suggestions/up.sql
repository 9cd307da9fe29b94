-- Edits of others' posts that wait for the author, editors or moderators, and what became of them.

-- title, tags (JSON) and body are what is suggested; NULL stays as it was. A row never changes but for its verdict: who
-- suggests anew for the same post withdraws the row before. `version` is the post's that an approval made.
CREATE TABLE suggestions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  post_id INTEGER NOT NULL REFERENCES posts (id),
  author_id INTEGER REFERENCES members (id),
  suggester_id INTEGER NOT NULL REFERENCES members (id),
  base_version INTEGER NOT NULL,
  title TEXT,
  tags TEXT,
  body TEXT,
  reason TEXT,
  made_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'rejected', 'withdrawn')),
  decided_at INTEGER CHECK ((state = 'waiting') = (decided_at IS NULL)),
  decided_by INTEGER REFERENCES members (id),
  verdict TEXT,
  words TEXT,
  version INTEGER CHECK ((state = 'approved') = (version IS NOT NULL)),
  undone_at INTEGER
) STRICT;
CREATE INDEX suggestions_waiting ON suggestions (id) WHERE decided_at IS NULL;
CREATE INDEX suggestions_for_author ON suggestions (author_id, id) WHERE decided_at IS NULL;
CREATE UNIQUE INDEX suggestions_one ON suggestions (suggester_id, post_id) WHERE decided_at IS NULL;
CREATE INDEX suggestions_by_post ON suggestions (post_id, version);
CREATE INDEX suggestions_by_suggester ON suggestions (suggester_id, id);
CREATE INDEX suggestions_by_author ON suggestions (author_id);
CREATE INDEX suggestions_by_decider ON suggestions (decided_by) WHERE decided_by IS NOT NULL;

-- How many of them wait.
ALTER TABLE posts ADD COLUMN suggestions INTEGER NOT NULL DEFAULT 0;
