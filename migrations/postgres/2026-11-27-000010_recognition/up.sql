-- What recognition leaves out is little and found by itself: posts that not every reader of their space sees, questions that
-- no list shows, and points that tell of no outcome of one's own.
CREATE INDEX posts_not_open ON posts (thread_id, id)
  WHERE visibility <> 'open' OR deleted_at IS NOT NULL OR merged_into IS NOT NULL;
CREATE INDEX questions_unlisted ON questions (post_id) WHERE NOT listed;
CREATE INDEX ledger_not_counted ON ledger (space_id, given_at) WHERE reason IN ('down-cast', 'removed');

-- Accepted answers of a time.
CREATE INDEX questions_by_space_acceptance ON questions (space_id, accepted_at) WHERE accepted_id IS NOT NULL;
