//! How much there is of everything: to show that something changed nothing.

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use peerhall::db::{Db, Error};

/// Tables that may change by themselves: who was seen when, how often something was tried, who follows how far.
const RESTLESS: &[&str] = &["rate_counters", "follower_cursors", "leases", "timed"];

/// A count, and of what.
#[derive(QueryableByName, Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// A table, or a sum with a name.
    #[diesel(sql_type = Text)]
    pub what: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}

/// Rows of every table, and the versions of what can change in place.
pub fn state(db: &Db) -> Vec<Count> {
    let schema = include_str!("../../src/db/schema.rs");
    let tables = schema.split("diesel::table! {").skip(1).filter_map(|table| table.split('(').next());
    let counts = tables
        .map(str::trim)
        .filter(|table| !RESTLESS.contains(table))
        .map(|table| format!("SELECT '{table}' AS what, count(*) AS n FROM {table}"));
    let sums = [
        "SELECT 'versions' AS what, CAST(coalesce(sum(version), 0) AS BIGINT) AS n FROM posts",
        "SELECT 'thread versions' AS what, CAST(coalesce(sum(thread_version), 0) AS BIGINT) AS n FROM questions",
        "SELECT 'scores' AS what, CAST(coalesce(sum(abs(score)), 0) AS BIGINT) AS n FROM questions",
        "SELECT 'active members' AS what, count(*) AS n FROM members WHERE state = 'active'",
        "SELECT 'last event' AS what, coalesce(max(id), 0) AS n FROM events",
    ];
    let statement =
        counts.chain(sums.map(str::to_owned)).collect::<Vec<_>>().join(" UNION ALL ") + " ORDER BY what";
    db.read_now(move |c| Ok::<_, Error>(sql_query(statement).load::<Count>(c)?)).unwrap()
}
