//! Badges: what a member was awarded, once each. Only imported ones until outcomes award some here.

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

/// Writes those that are not here yet, by source and original id.
pub(super) fn insert_absent(c: &mut Conn, rows: &[BadgeRow<'_>]) -> QueryResult<()> {
    for rows in rows.chunks(1_000) {
        on!(c, |c| diesel::insert_into(badges::table).values(rows).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}
