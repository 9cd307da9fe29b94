-- Nobody looks posts up by these, and each cost a page per post that was written.
DROP INDEX posts_by_parent;
DROP INDEX posts_by_space;
