-- What every room stands on: settings, the event log, followers, leases, timed rows, audit.

CREATE TABLE setting_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  set_by INTEGER,
  set_at INTEGER NOT NULL
) STRICT;
CREATE INDEX setting_versions_by_name ON setting_versions (name, id);

CREATE TABLE site_secrets (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;

-- Counters that caches compare: 'people' changes when a shown name or badge changes.
CREATE TABLE content_versions (
  name TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL
) STRICT;
INSERT INTO content_versions (name, version) VALUES ('people', 1), ('tags', 1);

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  position INTEGER,
  kind TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('live', 'import')),
  actor_id INTEGER,
  question_id INTEGER,
  space_id INTEGER,
  payload TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_position ON events (position);
CREATE INDEX events_unnumbered ON events (id) WHERE position IS NULL;
CREATE INDEX events_by_question ON events (question_id, id);

-- One writer at a time: the order of ids is the order of commits, so the position is the id.
CREATE TRIGGER events_number AFTER INSERT ON events WHEN NEW.position IS NULL
BEGIN
  UPDATE events SET position = NEW.id WHERE id = NEW.id;
END;

CREATE TABLE follower_cursors (
  name TEXT NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL,
  moved_at INTEGER NOT NULL
) STRICT;

CREATE TABLE leases (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT;

CREATE TABLE timed (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  payload TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  UNIQUE (kind, subject_id)
) STRICT;
CREATE INDEX timed_by_due ON timed (due_at, id);

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  occurred_at INTEGER NOT NULL,
  actor_id INTEGER,
  act TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id INTEGER,
  reason TEXT,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject_kind, subject_id, id);

CREATE TABLE rate_counters (
  scope TEXT NOT NULL,
  subject TEXT NOT NULL,
  window_start INTEGER NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (scope, subject, window_start)
) STRICT;
CREATE INDEX rate_counters_by_window ON rate_counters (window_start);
