-- Members, organisations, entitlements, spaces and the ways in.

CREATE TABLE products (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  external_id TEXT UNIQUE,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE organisations (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  external_id TEXT UNIQUE,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE entitlements (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  external_id TEXT UNIQUE,
  organisation_id INTEGER NOT NULL REFERENCES organisations (id),
  product_id INTEGER NOT NULL REFERENCES products (id),
  tier TEXT,
  ends_at INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (organisation_id, product_id)
) STRICT;
CREATE INDEX entitlements_by_product ON entitlements (product_id);

CREATE TABLE spaces (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  product_id INTEGER REFERENCES products (id),
  ask_fields TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX spaces_by_product ON spaces (product_id);

CREATE TABLE members (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'bot', 'system')),
  role TEXT NOT NULL CHECK (role IN ('customer', 'moderator', 'staff', 'admin')),
  handle TEXT NOT NULL,
  handle_key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  email TEXT,
  email_key TEXT UNIQUE,
  password_hash TEXT,
  organisation_id INTEGER REFERENCES organisations (id),
  about TEXT NOT NULL DEFAULT '',
  locale TEXT NOT NULL DEFAULT 'en',
  time_zone TEXT NOT NULL DEFAULT 'UTC',
  state TEXT NOT NULL CHECK (state IN ('active', 'unclaimed', 'suspended', 'forgotten')),
  suspended_until INTEGER,
  suspended_reason TEXT,
  suspended_by INTEGER REFERENCES members (id),
  merged_into INTEGER REFERENCES members (id),
  reputation INTEGER NOT NULL DEFAULT 0,
  origin TEXT NOT NULL CHECK (origin IN ('live', 'import')),
  source TEXT,
  original_id TEXT,
  created_at INTEGER NOT NULL,
  seen_at INTEGER,
  UNIQUE (source, original_id)
) STRICT;
CREATE INDEX members_by_name ON members (name_key, id);
CREATE INDEX members_by_organisation ON members (organisation_id);
CREATE INDEX members_by_role ON members (role, id);
CREATE INDEX members_suspended_by ON members (suspended_by) WHERE suspended_by IS NOT NULL;
CREATE INDEX members_merged_into ON members (merged_into) WHERE merged_into IS NOT NULL;

-- People who are not members: the sender of a letter, the caller on the phone.
CREATE TABLE contacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  email_key TEXT UNIQUE,
  organisation_id INTEGER REFERENCES organisations (id),
  member_id INTEGER REFERENCES members (id),
  external_id TEXT UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE space_grants (
  space_id INTEGER NOT NULL REFERENCES spaces (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  granted_by INTEGER REFERENCES members (id),
  reason TEXT NOT NULL,
  granted_at INTEGER NOT NULL,
  ends_at INTEGER,
  PRIMARY KEY (member_id, space_id)
) STRICT;
CREATE INDEX space_grants_by_space ON space_grants (space_id);

-- A moderator with rows here moderates these spaces only.
CREATE TABLE moderated_spaces (
  member_id INTEGER NOT NULL REFERENCES members (id),
  space_id INTEGER NOT NULL REFERENCES spaces (id),
  PRIMARY KEY (member_id, space_id)
) STRICT;

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  member_id INTEGER NOT NULL REFERENCES members (id),
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_member ON sessions (member_id);
CREATE INDEX sessions_by_end ON sessions (ends_at);

CREATE TABLE api_tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  member_id INTEGER NOT NULL REFERENCES members (id),
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX api_tokens_by_member ON api_tokens (member_id);

CREATE TABLE idempotent_answers (
  token_id INTEGER NOT NULL REFERENCES api_tokens (id),
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER,
  content_type TEXT,
  location TEXT,
  body TEXT,
  begun_at INTEGER NOT NULL,
  PRIMARY KEY (token_id, key)
) STRICT;
CREATE INDEX idempotent_answers_by_begin ON idempotent_answers (begun_at);

CREATE TABLE invitations (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  email TEXT,
  space_id INTEGER REFERENCES spaces (id),
  claim_member_id INTEGER REFERENCES members (id),
  uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
  ends_at INTEGER NOT NULL,
  created_by INTEGER REFERENCES members (id),
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE TABLE invitation_uses (
  invitation_id INTEGER NOT NULL REFERENCES invitations (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  used_at INTEGER NOT NULL,
  PRIMARY KEY (invitation_id, member_id)
) STRICT;

-- Set-up, password reset, address confirmation: used once, then gone.
CREATE TABLE one_time_links (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  purpose TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  member_id INTEGER REFERENCES members (id),
  payload TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX one_time_links_by_end ON one_time_links (ends_at);
