//! Gurus as others see them: those of a tag, and the tags of a person, within what the viewer may know of.

use std::collections::HashMap;

use diesel::prelude::*;

use super::appointing::may_appoint;
use super::rules::YEAR;
use super::store::Standing;
use crate::clock::Micros;
use crate::db::schema::{guru_standings as rows, members, posts, question_tags, questions, tag_counts, tags};
use crate::db::{Conn, among, fixed};
use crate::posts::{AuthorRow, named_authors};
use crate::questions::tags::in_scope;
use crate::spaces::{self, enterable};
use crate::web::Viewer;

/// The gurus of a tag.
#[derive(Clone, Debug)]
pub struct InTag {
    /// The tag.
    pub tag_id: i64,
    /// Whether the viewer appoints and dismisses.
    pub may_appoint: bool,
    /// In force, the longest first; for those who appoint also what is offered.
    pub gurus: Vec<GuruInTag>,
}

/// A guru of a tag.
#[derive(Clone, Debug)]
pub struct GuruInTag {
    /// The standing.
    pub row: Standing,
    /// Who it is.
    pub person: AuthorRow,
    /// Who appointed them, if anybody did.
    pub by: Option<AuthorRow>,
    /// Answers of theirs accepted or endorsed there within a year, in spaces the viewer may enter.
    pub solved: i64,
}

/// The gurus of a tag; None for a tag the viewer may not know of.
pub fn of_tag(c: &mut Conn, viewer: &Viewer, name: &str, now: Micros) -> QueryResult<Option<InTag>> {
    let may_appoint = may_appoint(c, viewer)?;
    let scope = spaces::scope(c, viewer)?;
    let Some(tag) = in_scope(c, &scope, name)? else { return Ok(None) };
    // A tag of no question is known to those who may appoint somebody there.
    if tag.shown.is_none() && !(may_appoint && scope.all) {
        return Ok(None);
    }
    let standings: Vec<(Standing, AuthorRow)> = rows::table
        .inner_join(members::table)
        .filter(rows::tag_id.eq(tag.id))
        .filter(fixed("guru_standings.state IN ('active', 'paused', 'invited')"))
        .filter(members::merged_into.is_null())
        .order((rows::since, rows::id))
        .limit(300)
        .select((Standing::as_select(), AuthorRow::as_select()))
        .load(c)?;
    let shown: Vec<(Standing, AuthorRow)> =
        standings.into_iter().filter(|(row, _)| may_appoint || row.state().in_force()).collect();
    let ids: Vec<i64> = shown.iter().map(|(_, person)| person.id).collect();
    let by: Vec<i64> = shown.iter().filter_map(|(row, _)| row.by_id).collect();
    let by = if by.is_empty() { HashMap::new() } else { named_authors(c, &by)? };
    let solved = if ids.is_empty() { HashMap::new() } else { solved(c, viewer, tag.id, &ids, now)? };
    let mut gurus: Vec<GuruInTag> = shown
        .into_iter()
        .map(|(row, person)| GuruInTag {
            by: row.by_id.and_then(|id| by.get(&id).cloned()),
            solved: solved.get(&person.id).copied().unwrap_or(0),
            row,
            person,
        })
        .collect();
    gurus.sort_by_key(|guru| (!guru.row.state().in_force(), guru.row.since, guru.row.id));
    Ok(Some(InTag { tag_id: tag.id, may_appoint, gurus }))
}

/// Answers of these members accepted by others or endorsed within a year in a tag, in spaces the viewer may enter.
fn solved(
    c: &mut Conn,
    viewer: &Viewer,
    tag: i64,
    ids: &[i64],
    now: Micros,
) -> QueryResult<HashMap<i64, i64>> {
    let accepted = questions::accepted_id
        .eq(posts::id.nullable())
        .and(questions::accepted_at.gt(now - YEAR))
        .and(questions::author_id.is_null().or(questions::author_id.ne(posts::author_id)));
    let authors: Vec<Option<i64>> = posts::table
        .inner_join(questions::table.on(posts::thread_id.eq(questions::post_id.nullable())))
        .inner_join(question_tags::table.on(question_tags::question_id.eq(questions::post_id)))
        .filter(among(posts::author_id.assume_not_null(), ids))
        .filter(posts::kind.eq("answer"))
        .filter(posts::visibility.eq("open"))
        .filter(posts::deleted_at.is_null())
        .filter(posts::merged_into.is_null())
        .filter(question_tags::tag_id.eq(tag))
        .filter(questions::listed)
        .filter(questions::space_id.eq_any(enterable(viewer)))
        .filter(accepted.assume_not_null().or(posts::endorsed_at.gt(now - YEAR).assume_not_null()))
        .select(posts::author_id)
        .load(c)?;
    let mut counted: HashMap<i64, i64> = HashMap::new();
    for author in authors.into_iter().flatten() {
        *counted.entry(author).or_default() += 1;
    }
    Ok(counted)
}

/// In which tags a person is a guru, as far as the viewer may know of the tags.
pub fn of_people(c: &mut Conn, viewer: &Viewer, member: i64) -> QueryResult<Vec<String>> {
    rows::table
        .inner_join(tags::table)
        .filter(rows::member_id.eq(member))
        .filter(rows::state.eq("active").or(rows::state.eq("paused")))
        .filter(
            rows::member_id.eq(viewer.id).or(diesel::dsl::exists(
                tag_counts::table
                    .filter(tag_counts::tag_id.eq(rows::tag_id))
                    .filter(tag_counts::space_id.eq_any(enterable(viewer))),
            )),
        )
        .order(tags::name)
        .select(tags::name)
        .load(c)
}

/// Whether the viewer may appoint this person.
pub fn may_be_appointed(c: &mut Conn, viewer: &Viewer, member: i64) -> QueryResult<bool> {
    Ok(viewer.id != member && may_appoint(c, viewer)?)
}
