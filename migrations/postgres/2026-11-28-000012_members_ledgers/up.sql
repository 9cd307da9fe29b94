-- A member's ledger is summed from its index alone: what it is about is looked up only among the few posts that are not open.
DROP INDEX ledger_by_member;
CREATE INDEX ledger_by_member ON ledger (member_id, given_at, id) INCLUDE (points, reason, post_id, question_id, space_id);
