//! Badges that an import brings: once each, by their id there. They are shown apart from those earned here.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::accounts::import::People;
use crate::clock::Micros;
use crate::db::schema::badges;
use crate::db::{Conn, on};

/// A badge that was awarded elsewhere.
#[derive(Clone, Debug)]
pub struct ImportedBadge {
    /// Its id there.
    pub original_id: String,
    /// Who has it: their id there.
    pub member: String,
    /// Its name.
    pub name: String,
    /// When it was awarded.
    pub awarded_at: Micros,
}

#[derive(Insertable)]
#[diesel(table_name = badges, treat_none_as_default_value = false)]
struct BadgeRow<'a> {
    member_id: i64,
    name: &'a str,
    awarded_at: Micros,
    origin: &'static str,
    source: Option<&'a str>,
    original_id: Option<&'a str>,
}

/// Writes badges of those who are members, and answers the original ids of badges of others.
pub fn bring(c: &mut Conn, source: &str, badges: &[ImportedBadge]) -> QueryResult<Vec<String>> {
    let people = People::find(c, source, badges.iter().map(|badge| badge.member.as_str()))?;
    let mut orphans = Vec::new();
    let mut rows = Vec::with_capacity(badges.len());
    for badge in badges {
        match people.get(&badge.member) {
            Some(member_id) => rows.push(BadgeRow {
                member_id,
                name: &badge.name,
                awarded_at: badge.awarded_at,
                origin: "import",
                source: Some(source),
                original_id: Some(&badge.original_id),
            }),
            None => orphans.push(badge.original_id.clone()),
        }
    }
    insert_absent(c, rows)?;
    Ok(orphans)
}

/// Writes those that are not here yet, by source and original id. The rows are of one source.
fn insert_absent(c: &mut Conn, rows: Vec<BadgeRow<'_>>) -> QueryResult<()> {
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
