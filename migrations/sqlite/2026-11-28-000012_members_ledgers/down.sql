DROP INDEX ledger_by_member;
CREATE INDEX ledger_by_member ON ledger (member_id, given_at, id);
