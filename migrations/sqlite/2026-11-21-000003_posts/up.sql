-- Questions, answers and comments are posts of one table; the thread row is the question's.

CREATE TABLE posts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('question', 'answer', 'comment')),
  thread_id INTEGER REFERENCES posts (id),
  parent_id INTEGER REFERENCES posts (id),
  space_id INTEGER NOT NULL REFERENCES spaces (id),
  author_id INTEGER REFERENCES members (id),
  author_name TEXT,
  language TEXT,
  up INTEGER NOT NULL DEFAULT 0,
  down INTEGER NOT NULL DEFAULT 0,
  visibility TEXT NOT NULL DEFAULT 'open' CHECK (visibility IN ('open', 'hidden', 'private')),
  visibility_reason TEXT,
  visibility_by INTEGER REFERENCES members (id),
  visibility_until INTEGER,
  deleted_at INTEGER,
  deleted_by INTEGER REFERENCES members (id),
  merged_into INTEGER REFERENCES posts (id),
  endorsed_at INTEGER,
  endorsed_by INTEGER REFERENCES members (id),
  origin TEXT NOT NULL CHECK (origin IN ('live', 'import')),
  source TEXT,
  original_id TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  imported_version INTEGER,
  created_at INTEGER NOT NULL,
  edited_at INTEGER,
  edited_by INTEGER REFERENCES members (id),
  editor_name TEXT,
  edit_reason TEXT,
  UNIQUE (source, kind, original_id)
) STRICT;
CREATE INDEX posts_by_thread ON posts (thread_id, id);
CREATE INDEX posts_by_parent ON posts (parent_id);
CREATE INDEX posts_by_author ON posts (author_id, created_at, id);
CREATE INDEX posts_by_space ON posts (space_id);
CREATE INDEX posts_merged_into ON posts (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX posts_hidden_until ON posts (visibility_until) WHERE visibility_until IS NOT NULL;

-- Apart from the row, so that lists and counts never read bodies.
CREATE TABLE post_texts (
  post_id INTEGER NOT NULL PRIMARY KEY REFERENCES posts (id),
  body TEXT NOT NULL,
  body_format TEXT NOT NULL CHECK (body_format IN ('markdown', 'html')),
  body_html TEXT NOT NULL,
  renderer INTEGER NOT NULL
) STRICT;
CREATE INDEX post_texts_by_renderer ON post_texts (renderer, post_id);

-- Texts that an edit replaced; the current one is the post's own. number is the version it had.
CREATE TABLE revisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  post_id INTEGER NOT NULL REFERENCES posts (id),
  number INTEGER NOT NULL,
  title TEXT,
  tags TEXT,
  body TEXT NOT NULL,
  body_format TEXT NOT NULL CHECK (body_format IN ('markdown', 'html')),
  editor_id INTEGER REFERENCES members (id),
  editor_name TEXT,
  reason TEXT,
  made_at INTEGER NOT NULL,
  UNIQUE (post_id, number)
) STRICT;

-- What moderation decides about a question, a space or a member, read by the rules below.
CREATE TABLE restrictions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('question', 'post', 'space', 'member')),
  subject_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  set_by INTEGER REFERENCES members (id),
  starts_at INTEGER NOT NULL,
  ends_at INTEGER,
  undone_at INTEGER,
  undone_by INTEGER REFERENCES members (id)
) STRICT;
CREATE INDEX restrictions_by_subject ON restrictions (scope, subject_id, kind);
CREATE INDEX restrictions_by_end ON restrictions (ends_at) WHERE ends_at IS NOT NULL;

-- Who may open a private post besides its asker and staff.
CREATE TABLE post_readers (
  post_id INTEGER NOT NULL REFERENCES posts (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  PRIMARY KEY (post_id, member_id)
) STRICT;

-- Votes of an import that name no person, by UTC day (its first microsecond).
CREATE TABLE imported_tallies (
  post_id INTEGER NOT NULL REFERENCES posts (id),
  day INTEGER NOT NULL,
  up INTEGER NOT NULL,
  down INTEGER NOT NULL,
  PRIMARY KEY (post_id, day)
) STRICT;

-- "I have this too" of an import that names no person.
CREATE TABLE imported_affected (
  question_id INTEGER NOT NULL PRIMARY KEY REFERENCES posts (id),
  people INTEGER NOT NULL
) STRICT;

CREATE TABLE questions (
  post_id INTEGER NOT NULL PRIMARY KEY REFERENCES posts (id),
  space_id INTEGER NOT NULL REFERENCES spaces (id),
  title TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  fields TEXT NOT NULL DEFAULT '{}',
  author_id INTEGER REFERENCES members (id),
  author_name TEXT,
  created_at INTEGER NOT NULL,
  last_activity_at INTEGER NOT NULL,
  last_actor_id INTEGER REFERENCES members (id),
  last_actor_name TEXT,
  score INTEGER NOT NULL DEFAULT 0,
  answers INTEGER NOT NULL DEFAULT 0,
  answers_by_others INTEGER NOT NULL DEFAULT 0,
  views INTEGER NOT NULL DEFAULT 0,
  affected_people INTEGER NOT NULL DEFAULT 0,
  affected_organisations INTEGER NOT NULL DEFAULT 0,
  affected_imported INTEGER NOT NULL DEFAULT 0,
  followers INTEGER NOT NULL DEFAULT 0,
  accepted_id INTEGER REFERENCES posts (id),
  accepted_at INTEGER,
  endorsed INTEGER NOT NULL DEFAULT 0,
  closed_at INTEGER,
  closed_by INTEGER REFERENCES members (id),
  close_reason TEXT,
  duplicate_of INTEGER REFERENCES posts (id),
  thread_version INTEGER NOT NULL DEFAULT 1,
  cycle INTEGER NOT NULL DEFAULT 1,
  listed INTEGER NOT NULL DEFAULT 1 CHECK (listed IN (0, 1)),
  solved INTEGER NOT NULL DEFAULT 0 CHECK (solved IN (0, 1)),
  unsolved INTEGER NOT NULL DEFAULT 1 CHECK (unsolved IN (0, 1)),
  unanswered INTEGER NOT NULL DEFAULT 1 CHECK (unanswered IN (0, 1)),
  closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1))
) STRICT;
CREATE INDEX questions_newest ON questions (created_at, post_id) WHERE listed;
CREATE INDEX questions_active ON questions (last_activity_at, post_id) WHERE listed;
CREATE INDEX questions_score ON questions (score, post_id) WHERE listed;
CREATE INDEX questions_space_newest ON questions (space_id, created_at, post_id) WHERE listed;
CREATE INDEX questions_space_active ON questions (space_id, last_activity_at, post_id) WHERE listed;
CREATE INDEX questions_unanswered_newest ON questions (created_at, post_id) WHERE listed AND unanswered;
CREATE INDEX questions_unanswered_active ON questions (last_activity_at, post_id) WHERE listed AND unanswered;
CREATE INDEX questions_solved_newest ON questions (created_at, post_id) WHERE listed AND solved;
CREATE INDEX questions_solved_active ON questions (last_activity_at, post_id) WHERE listed AND solved;
CREATE INDEX questions_closed_active ON questions (last_activity_at, post_id) WHERE listed AND closed;
CREATE INDEX questions_by_author ON questions (author_id, created_at, post_id);
CREATE INDEX questions_by_duplicate ON questions (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX questions_by_accepted ON questions (accepted_id) WHERE accepted_id IS NOT NULL;

CREATE TABLE tags (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE question_tags (
  question_id INTEGER NOT NULL REFERENCES posts (id),
  tag_id INTEGER NOT NULL REFERENCES tags (id),
  place INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (question_id, tag_id)
) STRICT;
CREATE INDEX question_tags_by_tag ON question_tags (tag_id, created_at, question_id);
CREATE TABLE tag_counts (
  tag_id INTEGER NOT NULL REFERENCES tags (id),
  space_id INTEGER NOT NULL REFERENCES spaces (id),
  questions INTEGER NOT NULL,
  PRIMARY KEY (tag_id, space_id)
) STRICT;
CREATE INDEX tag_counts_by_space ON tag_counts (space_id, questions, tag_id);

CREATE TABLE member_counts (
  member_id INTEGER NOT NULL REFERENCES members (id),
  space_id INTEGER NOT NULL REFERENCES spaces (id),
  questions INTEGER NOT NULL,
  answers INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  PRIMARY KEY (member_id, space_id)
) STRICT;

CREATE TABLE votes (
  post_id INTEGER NOT NULL REFERENCES posts (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  value INTEGER NOT NULL CHECK (value IN (-1, 1)),
  cast_at INTEGER NOT NULL,
  PRIMARY KEY (post_id, member_id)
) STRICT;
CREATE INDEX votes_by_member ON votes (member_id, cast_at);

CREATE TABLE affected (
  question_id INTEGER NOT NULL REFERENCES posts (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  organisation_key TEXT NOT NULL,
  product_version TEXT,
  platform TEXT,
  note TEXT,
  since INTEGER NOT NULL,
  PRIMARY KEY (question_id, member_id)
) STRICT;
CREATE INDEX affected_by_member ON affected (member_id);

CREATE TABLE follows (
  question_id INTEGER NOT NULL REFERENCES posts (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  since INTEGER NOT NULL,
  PRIMARY KEY (question_id, member_id)
) STRICT;
CREATE INDEX follows_by_member ON follows (member_id);

CREATE TABLE post_links (
  from_id INTEGER NOT NULL REFERENCES posts (id),
  to_id INTEGER NOT NULL REFERENCES posts (id),
  kind TEXT NOT NULL CHECK (kind IN ('linked', 'duplicate')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (from_id, to_id, kind)
) STRICT;
CREATE INDEX post_links_by_target ON post_links (to_id);

CREATE TABLE badges (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id INTEGER NOT NULL REFERENCES members (id),
  name TEXT NOT NULL,
  awarded_at INTEGER NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('live', 'import')),
  source TEXT,
  original_id TEXT,
  UNIQUE (source, original_id)
) STRICT;
CREATE INDEX badges_by_member ON badges (member_id, awarded_at);

-- What the follower of thread counters found to differ from a recount; empty while all is well.
CREATE TABLE counter_drifts (
  question_id INTEGER NOT NULL PRIMARY KEY,
  found_at INTEGER NOT NULL,
  stored TEXT NOT NULL,
  recounted TEXT NOT NULL
) STRICT;
