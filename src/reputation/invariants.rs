//! What `peerhall check` recounts of points: members' sums against the ledger, and the ledger against the event log.

use diesel::QueryResult;

use super::replay::{By, Sum, replay, stored};
use crate::db::Conn;
use crate::db::invariants::{Drift, Invariant};

/// What must hold of the ledger itself.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "a member's points and outcomes are those of the ledger",
        statement: "SELECT members.id AS subject, \
                    CAST(members.reputation AS TEXT) || ' ' || CAST(members.good AS TEXT) || '/' || \
                    CAST(members.bad AS TEXT) AS stored, \
                    CAST(coalesce(sums.points, 0) AS TEXT) || ' ' || CAST(coalesce(sums.good, 0) AS TEXT) || '/' || \
                    CAST(coalesce(sums.bad, 0) AS TEXT) AS counted FROM members \
                    LEFT JOIN (SELECT member_id, sum(points) AS points, \
                      sum(CASE WHEN state = 'given' AND reason IN ('answer-up', 'question-up', 'accepted', 'endorsed') \
                          THEN outcomes ELSE 0 END) AS good, \
                      sum(CASE WHEN state = 'given' AND reason IN ('answer-down', 'question-down', 'removed') \
                          THEN outcomes ELSE 0 END) AS bad \
                      FROM ledger GROUP BY member_id) AS sums ON sums.member_id = members.id \
                    WHERE members.reputation <> coalesce(sums.points, 0) OR members.good <> coalesce(sums.good, 0) \
                       OR members.bad <> coalesce(sums.bad, 0)",
    },
    Invariant {
        name: "each chain of the ledger adds up to what its first row's state says",
        statement: "SELECT bases.id AS subject, bases.state || ' ' || CAST(bases.points AS TEXT) AS stored, \
                    CAST(bases.points + coalesce(rest.points, 0) AS TEXT) AS counted FROM ledger AS bases \
                    LEFT JOIN (SELECT base_id, sum(points) AS points FROM ledger WHERE base_id IS NOT NULL \
                      GROUP BY base_id) AS rest ON rest.base_id = bases.id \
                    WHERE bases.base_id IS NULL AND (bases.state IS NULL OR bases.points + coalesce(rest.points, 0) <> \
                      CASE WHEN bases.state = 'given' THEN bases.points ELSE 0 END)",
    },
];

/// Name of what [`replayed`] compares.
pub const REPLAYED: &str = "members' points are those that the event log gives when it is read again";

/// Where members' sums are not those of a replay; at most a hundred. One snapshot must be open.
pub fn replayed(c: &mut Conn) -> QueryResult<Vec<Drift>> {
    let sums = replay(c, &By::Recorded)?;
    let differing = stored(c)?.into_iter().filter_map(|member| {
        let counted = sums.get(&member.id).copied().unwrap_or_default();
        let drift = || Drift { subject: member.id, stored: said(member.sum), counted: said(counted) };
        (member.sum != counted).then(drift)
    });
    Ok(differing.take(100).collect())
}

fn said(sum: Sum) -> String {
    format!("{} {}/{}", sum.points, sum.good, sum.bad)
}
