//! Badges: what a member was awarded, once each. Only imported ones until outcomes award some here.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::badges;
use crate::db::{Conn, on};

/// A badge to be written.
#[derive(Insertable)]
#[diesel(table_name = badges, treat_none_as_default_value = false)]
pub(super) struct BadgeRow<'a> {
    pub(super) member_id: i64,
    pub(super) name: &'a str,
    pub(super) awarded_at: Micros,
    pub(super) origin: &'static str,
    pub(super) source: Option<&'a str>,
    pub(super) original_id: Option<&'a str>,
}

/// Writes those that are not here yet, by source and original id. The rows are of one source.
pub(super) fn insert_absent(c: &mut Conn, rows: Vec<BadgeRow<'_>>) -> QueryResult<()> {
    // Looked up first: an insert that does nothing would still use up an id.
    let ids: Vec<&str> = rows.iter().filter_map(|row| row.original_id).collect();
    let here: Vec<Option<String>> = badges::table
        .filter(badges::source.eq(rows.first().and_then(|row| row.source)))
        .filter(badges::original_id.eq_any(ids))
        .select(badges::original_id)
        .load(c)?;
    let here: HashSet<String> = here.into_iter().flatten().collect();
    let is_absent = |row: &BadgeRow<'_>| row.original_id.is_none_or(|id| !here.contains(id));
    let absent: Vec<BadgeRow<'_>> = rows.into_iter().filter(is_absent).collect();
    for rows in absent.chunks(1_000) {
        on!(c, |c| diesel::insert_into(badges::table).values(rows).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}
