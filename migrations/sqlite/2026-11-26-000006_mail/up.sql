-- The inbox, who is told what and how, and e-mail in both directions.

-- E-mails on their way out. `fact` is what one tells, so that nothing is told twice. `secret` ones carry a link that
-- opens something: their texts are wiped once they are sent or over. `urgent` ones go before all others. `shown` is a JSON
-- list of the posts an e-mail of many names.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  fact TEXT NOT NULL UNIQUE,
  message_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  member_id INTEGER REFERENCES members (id),
  post_id INTEGER REFERENCES posts (id),
  notice_id INTEGER,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  body_text TEXT NOT NULL,
  body_html TEXT NOT NULL,
  headers TEXT NOT NULL,
  secret INTEGER NOT NULL CHECK (secret IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'suppressed', 'withdrawn')),
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  ends_at INTEGER,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  problem TEXT,
  urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
  first_put_off_at INTEGER,
  shown TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (urgent, due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_by_state ON outbox (state, id);
CREATE INDEX outbox_by_member ON outbox (member_id, kind, id);
CREATE INDEX outbox_by_created ON outbox (created_at);

-- Addresses that nothing is sent to any more, because it comes back.
CREATE TABLE mail_suppressions (
  address_key TEXT NOT NULL PRIMARY KEY,
  address TEXT NOT NULL,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;

-- E-mails that came in, by a fingerprint of their Message-ID (or of the whole). Its text is kept only while a
-- person has to look at it, or it is to be told from one that repeats it.
CREATE TABLE received_mails (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('posted', 'quarantined', 'bounce', 'automatic', 'dismissed')),
  reason TEXT NOT NULL,
  member_id INTEGER REFERENCES members (id),
  post_id INTEGER REFERENCES posts (id),
  text TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  handled_at INTEGER,
  handled_by INTEGER REFERENCES members (id)
) STRICT;
CREATE INDEX received_mails_by_outcome ON received_mails (outcome, id);
CREATE INDEX received_mails_by_time ON received_mails (received_at);
CREATE INDEX received_mails_by_member ON received_mails (member_id, received_at);

-- What the inbox shows. `fact` is what a notice tells: one per member and fact.
CREATE TABLE notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id INTEGER NOT NULL REFERENCES members (id),
  fact TEXT NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  question_id INTEGER REFERENCES posts (id),
  post_id INTEGER REFERENCES posts (id),
  actor_id INTEGER REFERENCES members (id),
  detail TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('inbox', 'now', 'daily', 'weekly')),
  created_at INTEGER NOT NULL,
  read_at INTEGER,
  told_at INTEGER,
  UNIQUE (member_id, fact)
) STRICT;
CREATE INDEX notices_by_member ON notices (member_id, id);
CREATE INDEX notices_unread ON notices (member_id, question_id) WHERE read_at IS NULL;
CREATE INDEX notices_for_digest ON notices (member_id, level, id) WHERE told_at IS NULL AND read_at IS NULL;
CREATE INDEX notices_by_created ON notices (created_at);

-- How a member wants to hear of a kind of notice; none: as the kind has it by itself.
CREATE TABLE notice_levels (
  member_id INTEGER NOT NULL REFERENCES members (id),
  kind TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('off', 'inbox', 'now', 'daily', 'weekly')),
  PRIMARY KEY (member_id, kind)
) STRICT;

-- Quiet hours, minutes after midnight in the member's time zone, and the digest.
CREATE TABLE notice_times (
  member_id INTEGER NOT NULL PRIMARY KEY REFERENCES members (id),
  quiet_from INTEGER,
  quiet_until INTEGER,
  digest TEXT NOT NULL CHECK (digest IN ('off', 'daily', 'weekly'))
) STRICT;

-- Tags and spaces that are followed, and how.
CREATE TABLE subscriptions (
  member_id INTEGER NOT NULL REFERENCES members (id),
  scope TEXT NOT NULL CHECK (scope IN ('tag', 'space')),
  subject_id INTEGER NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('off', 'inbox', 'now', 'daily', 'weekly')),
  since INTEGER NOT NULL,
  PRIMARY KEY (member_id, scope, subject_id)
) STRICT;
CREATE INDEX subscriptions_by_subject ON subscriptions (scope, subject_id, member_id);

-- How one thread that is followed is to be heard of; none: as the kinds say.
ALTER TABLE follows ADD COLUMN level TEXT CHECK (level IN ('off', 'inbox', 'now', 'daily', 'weekly'));

-- Events that many are to be told of, told in pieces: who was told up to `after_member`.
CREATE TABLE fanouts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  event_id INTEGER NOT NULL UNIQUE REFERENCES events (id),
  after_member INTEGER NOT NULL
) STRICT;

-- Unread notices, for the number in the head of every page.
ALTER TABLE members ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;

-- What visitors asked for by an address, answered out of their sight, so that nobody learns who is a member.
CREATE TABLE address_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('reset', 'join')),
  email TEXT NOT NULL,
  detail TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;

-- Requests to join, for a person to decide.
CREATE TABLE join_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  name TEXT NOT NULL,
  organisation TEXT NOT NULL,
  message TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'declined')),
  created_at INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by INTEGER REFERENCES members (id)
) STRICT;
CREATE UNIQUE INDEX join_requests_waiting ON join_requests (email_key) WHERE state = 'waiting';
CREATE INDEX join_requests_by_state ON join_requests (state, id);
CREATE INDEX join_requests_by_email ON join_requests (email_key);
CREATE INDEX one_time_links_by_member ON one_time_links (member_id, purpose);

-- What happened before there were notices is told to nobody.
INSERT INTO follower_cursors (name, position, moved_at)
SELECT name, (SELECT coalesce(max(position), 0) FROM events), 0
FROM (SELECT 'notices' AS name UNION ALL SELECT 'reminders') AS followers;
