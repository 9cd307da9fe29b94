-- Badges that outcomes earn here stand beside those that an import brought: which one, for which post of which thread, and the
-- figure it was earned by. `fact` names what a member can have once: the badge, or the badge and a post.
ALTER TABLE badges ADD COLUMN badge TEXT;
ALTER TABLE badges ADD COLUMN fact TEXT;
ALTER TABLE badges ADD COLUMN post_id BIGINT REFERENCES posts (id);
ALTER TABLE badges ADD COLUMN question_id BIGINT REFERENCES posts (id);
ALTER TABLE badges ADD COLUMN space_id BIGINT REFERENCES spaces (id);
ALTER TABLE badges ADD COLUMN least BIGINT;
CREATE UNIQUE INDEX badges_once ON badges (member_id, fact) WHERE fact IS NOT NULL;
CREATE INDEX badges_by_thread ON badges (question_id) WHERE question_id IS NOT NULL;
CREATE INDEX badges_by_kind ON badges (badge, awarded_at, id) WHERE badge IS NOT NULL;

-- What badges are counted from: a member's outcomes that stand, votes left out.
CREATE INDEX ledger_outcomes ON ledger (member_id, reason, given_at, by_id)
  WHERE base_id IS NULL AND state = 'given' AND reason IN ('accepted', 'accepting', 'endorsed', 'edit');

-- The few who have no place in leaderboards.
CREATE INDEX members_unranked ON members (id)
  WHERE kind = 'system' OR role IN ('staff', 'admin') OR merged_into IS NOT NULL OR state IN ('forgotten', 'suspended');

-- Who opened a question, and when last; only ever shown as a number.
CREATE TABLE question_readers (
  question_id BIGINT NOT NULL REFERENCES posts (id),
  member_id BIGINT NOT NULL REFERENCES members (id),
  read_at BIGINT NOT NULL,
  PRIMARY KEY (question_id, member_id)
);
