-- What search keeps besides its index: visits that a found answer ended, queries that found nothing, and saved ones.

-- "This solved it", one per person and question.
CREATE TABLE deflections (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id INTEGER NOT NULL REFERENCES members (id),
  question_id INTEGER NOT NULL REFERENCES posts (id),
  space_id INTEGER NOT NULL REFERENCES spaces (id),
  deflected_at INTEGER NOT NULL,
  UNIQUE (member_id, question_id)
) STRICT;
CREATE INDEX deflections_by_question ON deflections (question_id);

-- Questions nobody has written yet. `spaces` are those the searcher could enter, as a JSON list of ids in order: only who
-- may enter all of them is told.
CREATE TABLE missed_searches (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  query_key TEXT NOT NULL,
  spaces TEXT NOT NULL,
  query TEXT NOT NULL,
  people INTEGER NOT NULL DEFAULT 0,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  dismissed_at INTEGER,
  dismissed_by INTEGER REFERENCES members (id),
  UNIQUE (query_key, spaces)
) STRICT;
CREATE INDEX missed_searches_by_people ON missed_searches (people, last_at) WHERE dismissed_at IS NULL;

CREATE TABLE missed_search_members (
  missed_id INTEGER NOT NULL REFERENCES missed_searches (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  searched_at INTEGER NOT NULL,
  PRIMARY KEY (missed_id, member_id)
) STRICT;

CREATE TABLE saved_searches (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id INTEGER NOT NULL REFERENCES members (id),
  query TEXT NOT NULL,
  notify TEXT NOT NULL DEFAULT 'off' CHECK (notify IN ('off', 'inbox', 'now', 'daily', 'weekly')),
  seen_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (member_id, query)
) STRICT;
