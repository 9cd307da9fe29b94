//! What `peerhall check` recounts of the inbox.

use crate::db::invariants::Invariant;

/// What must hold of notices.
pub const INVARIANTS: &[Invariant] = &[Invariant {
    name: "a member's number of unread notices is that of their notices",
    statement: "SELECT members.id AS subject, CAST(members.unread AS TEXT) AS stored, \
                CAST(coalesce(own.n, 0) AS TEXT) AS counted \
                FROM members LEFT JOIN (\
                  SELECT member_id, count(*) AS n FROM notices WHERE read_at IS NULL GROUP BY member_id\
                ) AS own ON own.member_id = members.id \
                WHERE members.unread <> coalesce(own.n, 0)",
}];
