//! "I have this too": one per member, counted as people and as organisations. The asker has it anyway.

use std::collections::HashSet;

use diesel::prelude::*;
use serde::Serialize;

use super::thread::Thread;
use crate::accounts::colleagues::organisation_key;
use crate::clock::Micros;
use crate::db::schema::{affected, members};
use crate::db::{Conn, Failure, on};
use crate::events::{self, About, Fact};
use crate::posts::{self, Kind, Refusal};
use crate::text;
use crate::web::{FieldProblem, Viewer};

/// What somebody says about their own case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AffectedBy {
    /// Version of the product.
    pub product_version: Option<String>,
    /// Platform.
    pub platform: Option<String>,
    /// Anything else, short.
    pub note: Option<String>,
}

#[derive(Serialize)]
pub(super) struct AffectedCounted {
    pub(super) people: i64,
    pub(super) organisations: i64,
}

impl Fact for AffectedCounted {
    const KIND: &'static str = "AffectedCounted";
}

impl AffectedBy {
    /// Cleans and checks what was typed.
    ///
    /// # Errors
    /// Fields longer than 200 characters.
    pub fn checked(self) -> Result<AffectedBy, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut check = |name: &'static str, value: Option<String>| {
            let value = value.map(|value| text::clean_title(&value)).filter(|value| !value.is_empty());
            let found = value.as_ref().map_or(0, |value| value.chars().count());
            if found > 200 {
                problems.push(FieldProblem::new(name, "too-long").with("max", 200).with("found", found));
            }
            value
        };
        let checked = AffectedBy {
            product_version: check("product_version", self.product_version),
            platform: check("platform", self.platform),
            note: check("note", self.note),
        };
        if problems.is_empty() { Ok(checked) } else { Err(problems) }
    }
}

/// Counts the viewer among those who have it too; again: replaces what they said.
///
/// # Errors
/// [`Refusal::NotFound`] or, for the asker, [`Refusal::OwnPost`].
pub fn count_me(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    case: &AffectedBy,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    not_mine(c, viewer, id)?;
    let email: Option<String> = members::table.find(viewer.id).select(members::email).first(c)?;
    let key = organisation_key(viewer.id, viewer.organisation_id, email.as_deref());
    let details = (
        affected::product_version.eq(&case.product_version),
        affected::platform.eq(&case.platform),
        affected::note.eq(&case.note),
    );
    let row = (
        affected::question_id.eq(id),
        affected::member_id.eq(viewer.id),
        affected::organisation_key.eq(key),
        affected::since.eq(now),
        details,
    );
    on!(c, |c| diesel::insert_into(affected::table)
        .values(row)
        .on_conflict((affected::question_id, affected::member_id))
        .do_update()
        .set(details)
        .execute(c))?;
    recount(c, viewer, id, now)
}

/// Takes the viewer out again.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn uncount_me(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
    found.ok_or(Refusal::NotFound)?;
    if diesel::delete(affected::table.find((id, viewer.id))).execute(c)? > 0 {
        recount(c, viewer, id, now)?;
    }
    Ok(())
}

fn not_mine(c: &mut Conn, viewer: &Viewer, id: i64) -> Result<(), Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
    let question = found.ok_or(Refusal::NotFound)?.post;
    if question.deleted_at.is_some() {
        return Err(Refusal::Deleted.into());
    }
    if question.author_id == Some(viewer.id) { Err(Refusal::OwnPost.into()) } else { Ok(()) }
}

fn recount(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let mut thread = Thread::load(c, id)?;
    (thread.affected_people, thread.affected_organisations) = counted(c, id)?;
    thread.save(c)?;
    let about = About::now(now, Some(viewer.id)).in_thread(id, thread.space_id);
    let fact =
        AffectedCounted { people: thread.affected_people, organisations: thread.affected_organisations };
    events::append(c, &about, &fact)?;
    Ok(())
}

/// (people, organisations) who have it too.
pub(super) fn counted(c: &mut Conn, id: i64) -> QueryResult<(i64, i64)> {
    let keys: Vec<String> =
        affected::table.filter(affected::question_id.eq(id)).select(affected::organisation_key).load(c)?;
    let organisations: HashSet<&String> = keys.iter().collect();
    Ok((keys.len() as i64, organisations.len() as i64))
}
