//! Invariants: statements that must find nothing. Features say theirs; `peerhall check` runs them all.

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query};

use super::Conn;

/// Something that must always hold.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// In words.
    pub name: &'static str,
    /// Finds what breaks it, as rows of (subject, stored, counted); understood by both databases.
    pub statement: &'static str,
}

/// A row that breaks an invariant.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Drift {
    /// Which row.
    #[diesel(sql_type = BigInt)]
    pub subject: i64,
    /// What is stored.
    #[diesel(sql_type = Text)]
    pub stored: String,
    /// What a recount says.
    #[diesel(sql_type = Text)]
    pub counted: String,
}

impl Invariant {
    /// What breaks it, at most a hundred rows.
    pub fn broken(&self, c: &mut Conn) -> QueryResult<Vec<Drift>> {
        sql_query(format!("SELECT * FROM ({}) AS drift LIMIT 100", self.statement)).load(c)
    }
}

/// What the ground itself promises.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "each event has one position",
        statement: "SELECT min(id) AS subject, 'position ' || CAST(position AS TEXT) AS stored, \
                    CAST(count(*) AS TEXT) || ' events' AS counted \
                    FROM events WHERE position IS NOT NULL GROUP BY position HAVING count(*) > 1",
    },
    Invariant {
        name: "no follower is beyond the end of the log",
        statement: "SELECT follower_cursors.position AS subject, name AS stored, \
                    'end of the log ' || CAST(coalesce(log_end.position, 0) AS TEXT) AS counted \
                    FROM follower_cursors, (SELECT max(position) AS position FROM events) AS log_end \
                    WHERE follower_cursors.position > coalesce(log_end.position, 0)",
    },
];
