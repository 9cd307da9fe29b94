//! Suggesting an edit, and withdrawing it.

use diesel::prelude::*;
use serde::Serialize;

use super::{LIMIT, WAITING, rules, store};
use crate::clock::Micros;
use crate::db::schema::suggestions;
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::{self, Found, Post, Refusal};
use crate::questions::{self, Prepared, Thread};
use crate::web::limits::within;
use crate::web::{FieldProblem, Problem, Viewer};

/// What became of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Saved, as this version.
    Saved(i64),
    /// Waiting, as this suggestion.
    Suggested(i64),
}

#[derive(Serialize)]
struct EditSuggested {
    suggestion_id: i64,
    post_id: i64,
}

impl Fact for EditSuggested {
    const KIND: &'static str = "EditSuggested";
}

#[derive(Serialize)]
struct SuggestionWithdrawn {
    suggestion_id: i64,
    post_id: i64,
}

impl Fact for SuggestionWithdrawn {
    const KIND: &'static str = "SuggestionWithdrawn";
}

/// Saves an edit where the viewer may, and suggests it where it is another member's question or answer.
///
/// # Errors
/// What [`questions::edit`] refuses but for that; `suggestion-hidden`; `suggestions-full`; the field `body` where nothing
/// changes; too often.
pub fn edit_or_suggest(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    new: &Prepared,
    limited: bool,
    now: Micros,
) -> Result<Outcome, Failure<Problem>> {
    match questions::edit(c, viewer, id, new, now) {
        Ok(version) => Ok(Outcome::Saved(version)),
        Err(Failure::Refused(Refusal::NotYours)) => {
            within(c, Some(LIMIT).filter(|_| limited), &viewer.id.to_string(), now, |c| {
                let suggested = suggest(c, viewer, id, new, now);
                suggested.map(Outcome::Suggested).map_err(|failure| failure.map(Problem::from))
            })
        }
        Err(failure) => Err(failure.map(Problem::from)),
    }
}

fn suggest(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    new: &Prepared,
    now: Micros,
) -> Result<i64, Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    // Comments stay refused.
    questions::way_to_edit(c, viewer, &found)?;
    let Found { post, question, .. } = &found;
    rules::may_suggest(
        post.deleted_at.is_some() || question.deleted_at.is_some(),
        [post, question].iter().any(|post| post.visibility == "hidden"),
    )?;
    posts::rules::is_current(new.version(), post.version)?;
    let changes = questions::changes(c, post, new)?;
    if !changes.any() {
        return Err(Refusal::Fields(vec![FieldProblem::new("body", "nothing-suggested")]).into());
    }
    // Whoever suggests anew for the same post means it instead.
    match store::waiting_of(c, viewer.id, id)? {
        Some(before) => close(c, viewer, post, before, now)?,
        None => {
            if store::waiting_by(c, viewer)? >= WAITING {
                return Err(Refusal::Suggestion("suggestions-full").into());
            }
        }
    }
    let tags = new.tags().filter(|_| changes.tags).map(|tags| serde_json::Value::from(tags).to_string());
    let suggestion_id: i64 = diesel::insert_into(suggestions::table)
        .values((
            suggestions::post_id.eq(id),
            suggestions::author_id.eq(post.author_id),
            suggestions::suggester_id.eq(viewer.id),
            suggestions::base_version.eq(new.version()),
            suggestions::title.eq(new.title().filter(|_| changes.title)),
            suggestions::tags.eq(tags),
            suggestions::body.eq(new.body().filter(|_| changes.body)),
            suggestions::reason.eq(new.reason()),
            suggestions::made_at.eq(now),
        ))
        .returning(suggestions::id)
        .get_result(c)?;
    recount(c, post)?;
    events::append(c, &about(post, viewer, now), &EditSuggested { suggestion_id, post_id: id })?;
    Ok(suggestion_id)
}

/// Takes one's own suggestion back while it waits.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::NotYours`], or [`Refusal::Already`] once it was decided.
pub fn withdraw(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let seen = store::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    if seen.row.suggester_id != viewer.id {
        return Err(Refusal::Suggestion("suggestion-not-own").into());
    }
    if !seen.row.waits() {
        return Err(Refusal::Already.into());
    }
    close(c, viewer, &seen.found.post, id, now)?;
    recount(c, &seen.found.post)?;
    Ok(())
}

fn close(c: &mut Conn, viewer: &Viewer, post: &Post, id: i64, now: Micros) -> QueryResult<()> {
    diesel::update(suggestions::table.find(id))
        .set((
            suggestions::state.eq("withdrawn"),
            suggestions::decided_at.eq(now),
            suggestions::decided_by.eq(viewer.id),
        ))
        .execute(c)?;
    let fact = SuggestionWithdrawn { suggestion_id: id, post_id: post.id };
    events::append(c, &about(post, viewer, now), &fact)
}

/// Counts what waits on a post anew, and moves its thread's version: the page shows the number.
pub(super) fn recount(c: &mut Conn, post: &Post) -> QueryResult<()> {
    let waiting = store::waiting_on(c, post.id)?;
    posts::set_suggestions(c, post.id, waiting)?;
    Thread::load(c, post.thread())?.save(c)
}

pub(super) fn about(post: &Post, viewer: &Viewer, now: Micros) -> About {
    About::now(now, Some(viewer.id)).in_thread(post.thread(), post.space_id)
}
