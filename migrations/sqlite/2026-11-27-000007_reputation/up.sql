-- Reputation: a ledger of points, what has been credited of imports, and votes that a moderator annulled.

-- One row a change of a member's points. A base row (base_id NULL) is what an outcome gave; rows that take it back or bring
-- it back name it in base_id, and the row they undo in reverses. Only a base row's state ever changes: given (its chain
-- adds up to its points), suspended or undone (to nothing); undone is for good. by_id is who caused it and is shown to
-- nobody. outcomes are the votes a base row stands for: an import tells of several in one.
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id INTEGER NOT NULL REFERENCES members (id),
  points INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('answer-up', 'answer-down', 'question-up', 'question-down', 'down-cast',
    'accepted', 'accepting', 'endorsed', 'assist', 'edit', 'removed')),
  post_id INTEGER REFERENCES posts (id),
  question_id INTEGER REFERENCES posts (id),
  space_id INTEGER REFERENCES spaces (id),
  by_id INTEGER REFERENCES members (id),
  subject_id INTEGER,
  settings_id INTEGER NOT NULL,
  outcomes INTEGER NOT NULL,
  state TEXT CHECK (state IN ('given', 'suspended', 'undone')),
  base_id INTEGER REFERENCES ledger (id),
  reverses INTEGER REFERENCES ledger (id),
  given_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_by_member ON ledger (member_id, given_at, id);
CREATE INDEX ledger_by_post ON ledger (post_id, by_id) WHERE base_id IS NULL;
CREATE INDEX ledger_by_base ON ledger (base_id) WHERE base_id IS NOT NULL;
CREATE INDEX ledger_by_subject ON ledger (subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX ledger_by_question ON ledger (question_id, given_at);
CREATE INDEX ledger_by_space ON ledger (space_id, given_at, member_id, points);

-- Outcomes that stand: votes up that counted, accepted, endorsed; votes down that counted, removals.
ALTER TABLE members ADD COLUMN good INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN bad INTEGER NOT NULL DEFAULT 0;
-- Privileges that were taken for a while, as JSON: [[privilege, until or null], …]; the rows of `restrictions` say why.
ALTER TABLE members ADD COLUMN privileges_taken TEXT NOT NULL DEFAULT '';

-- What the ledger has been told of an import: votes by post and day (its first microsecond), and with day −1 a choice.
CREATE TABLE imported_credits (
  post_id INTEGER NOT NULL REFERENCES posts (id),
  day INTEGER NOT NULL,
  up INTEGER NOT NULL,
  down INTEGER NOT NULL,
  PRIMARY KEY (post_id, day)
) STRICT;

-- Votes by one person on another that looked arranged, for a moderator. `votes` is the evidence as JSON: [[post, value, cast_at], …].
CREATE TABLE vote_patterns (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('burst', 'circle', 'organisation')),
  voter_id INTEGER NOT NULL REFERENCES members (id),
  author_id INTEGER NOT NULL REFERENCES members (id),
  votes TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'annulled', 'dismissed')),
  found_at INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by INTEGER REFERENCES members (id),
  reason TEXT
) STRICT;
CREATE INDEX vote_patterns_by_state ON vote_patterns (state, id);
CREATE INDEX vote_patterns_by_pair ON vote_patterns (voter_id, author_id);

-- A vote that was annulled stays its member's, but counts for nothing and cannot be changed while that lasts.
ALTER TABLE votes ADD COLUMN annulled_by INTEGER REFERENCES vote_patterns (id);
CREATE INDEX votes_annulled ON votes (annulled_by) WHERE annulled_by IS NOT NULL;

-- Why a post was taken away, when it was spam or abuse: its votes count no longer.
ALTER TABLE posts ADD COLUMN deleted_why TEXT CHECK (deleted_why IN ('spam', 'abuse'));
