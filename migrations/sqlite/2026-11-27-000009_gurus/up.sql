-- Gurus: members' standings in tags, questions that somebody claimed or handed over, and by what their load is counted.

-- A member's standing in a tag, as it is now; what it was before stands in the audit. not_before: not invited again until then.
-- ending_at is set while an earned standing's facts are no longer met: it ends then. by_id and reason: who appointed or
-- dismissed, and why. answers, good, bad: the facts when they were last looked at. days are bits, Monday the lowest; hours
-- are minutes of the member's own day, none for all of it; languages are ISO 639-1 codes as JSON, none for all.
CREATE TABLE guru_standings (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id INTEGER NOT NULL REFERENCES members (id),
  tag_id INTEGER NOT NULL REFERENCES tags (id),
  source TEXT NOT NULL CHECK (source IN ('earned', 'appointed')),
  state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'paused', 'declined', 'ended')),
  invited_at INTEGER NOT NULL,
  since INTEGER,
  ending_at INTEGER,
  ended_at INTEGER,
  ended_why TEXT CHECK (ended_why IN ('stepped-down', 'lapsed', 'dismissed', 'withdrawn')),
  not_before INTEGER,
  by_id INTEGER REFERENCES members (id),
  reason TEXT,
  answers INTEGER NOT NULL DEFAULT 0,
  good INTEGER NOT NULL DEFAULT 0,
  bad INTEGER NOT NULL DEFAULT 0,
  days INTEGER NOT NULL DEFAULT 127,
  hours_from INTEGER,
  hours_until INTEGER,
  languages TEXT NOT NULL DEFAULT '[]',
  daily_alerts INTEGER NOT NULL DEFAULT 5,
  UNIQUE (member_id, tag_id)
) STRICT;
CREATE INDEX guru_standings_by_tag ON guru_standings (tag_id, state, member_id);
CREATE INDEX guru_standings_by_state ON guru_standings (state, id);
CREATE INDEX guru_standings_by_actor ON guru_standings (by_id) WHERE by_id IS NOT NULL;

-- Questions a member said are not for them: not shown to them again, and counted nowhere.
CREATE TABLE guru_declines (
  member_id INTEGER NOT NULL REFERENCES members (id),
  question_id INTEGER NOT NULL REFERENCES posts (id),
  declined_at INTEGER NOT NULL,
  PRIMARY KEY (member_id, question_id)
) STRICT;
CREATE INDEX guru_declines_by_question ON guru_declines (question_id);

-- Every hand-over to staff with its word why; the thread's row says which one is in force.
CREATE TABLE hand_overs (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  question_id INTEGER NOT NULL REFERENCES posts (id),
  by_id INTEGER NOT NULL REFERENCES members (id),
  reason TEXT NOT NULL,
  handed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX hand_overs_by_question ON hand_overs (question_id, id);
CREATE INDEX hand_overs_by_member ON hand_overs (by_id, handed_at);

-- Alerts that were sent: what a daily cap is counted by.
CREATE TABLE guru_alerts (
  member_id INTEGER NOT NULL REFERENCES members (id),
  question_id INTEGER NOT NULL REFERENCES posts (id),
  alerted_at INTEGER NOT NULL,
  PRIMARY KEY (member_id, question_id)
) STRICT;
CREATE INDEX guru_alerts_by_member ON guru_alerts (member_id, alerted_at);
CREATE INDEX guru_alerts_by_question ON guru_alerts (question_id);

-- Standings in force: whether the way around the place shows what needs a guru.
ALTER TABLE members ADD COLUMN gurus INTEGER NOT NULL DEFAULT 0;

-- Who is on it and until when, and who handed it over to staff and when.
ALTER TABLE questions ADD COLUMN claimed_by INTEGER REFERENCES members (id);
ALTER TABLE questions ADD COLUMN claimed_at INTEGER;
ALTER TABLE questions ADD COLUMN claimed_until INTEGER;
ALTER TABLE questions ADD COLUMN handed_over_by INTEGER REFERENCES members (id);
ALTER TABLE questions ADD COLUMN handed_over_at INTEGER;
CREATE INDEX questions_by_claimer ON questions (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX questions_handed_over ON questions (handed_over_by) WHERE handed_over_by IS NOT NULL;

-- What was accepted or endorsed lately, whoever wrote it.
CREATE INDEX questions_by_acceptance ON questions (accepted_at) WHERE accepted_id IS NOT NULL;
CREATE INDEX posts_by_endorsement ON posts (endorsed_at) WHERE endorsed_at IS NOT NULL;
