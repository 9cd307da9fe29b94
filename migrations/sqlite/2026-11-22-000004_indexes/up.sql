-- Nobody looks posts up by these, and each cost a page per post that was written.
DROP INDEX posts_by_parent;
DROP INDEX posts_by_space;

-- The closed ones, newest first, were sorted for each page.
CREATE INDEX questions_closed_newest ON questions (created_at, post_id) WHERE listed AND closed;
