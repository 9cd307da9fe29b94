//! Approving and rejecting a suggested edit.

use diesel::prelude::*;
use serde::Serialize;

use super::rules::Verdict;
use super::store::{self, Seen};
use super::suggest::{about, recount};
use crate::clock::Micros;
use crate::db::schema::suggestions;
use crate::db::{Conn, Failure};
use crate::events::{self, Fact};
use crate::posts::{Refusal, rules};
use crate::questions::{self, Prepared};
use crate::reputation::{self, Credit, Edit};
use crate::web::{FieldProblem, Viewer};

#[derive(Serialize)]
struct SuggestionApproved {
    suggestion_id: i64,
    post_id: i64,
    editor_id: i64,
    approver_id: i64,
    version: i64,
    credit: Credit,
}

impl Fact for SuggestionApproved {
    const KIND: &'static str = "SuggestionApproved";
}

#[derive(Serialize)]
struct SuggestionRejected {
    suggestion_id: i64,
    post_id: i64,
}

impl Fact for SuggestionRejected {
    const KIND: &'static str = "SuggestionRejected";
}

/// Why a suggestion is rejected: a named reason, words, or both.
#[derive(Clone, Debug)]
pub struct Rejection {
    verdict: Verdict,
    words: Option<String>,
}

impl Rejection {
    /// Checks what was said.
    ///
    /// # Errors
    /// The field `verdict` where neither is given, `words` where they are too long.
    pub fn new(verdict: Option<Verdict>, words: Option<&str>) -> Result<Rejection, FieldProblem> {
        let words = words.map(crate::text::clean_title).filter(|words| !words.is_empty());
        if let Some(found) = words.as_ref().map(|words| words.chars().count()).filter(|found| *found > 500) {
            return Err(FieldProblem::new("words", "too-long").with("max", 500).with("found", found));
        }
        match (verdict, &words) {
            (None | Some(Verdict::Other), None) => Err(FieldProblem::new("verdict", "missing")),
            (verdict, _) => Ok(Rejection { verdict: verdict.unwrap_or(Verdict::Other), words }),
        }
    }
}

/// Saves what the decider saw of a suggestion as the post's next version, its suggester's. Answers that version.
///
/// # Errors
/// [`Refusal::NotFound`]; `suggestion-decider`; [`Refusal::Already`]; [`Refusal::Deleted`]; [`Refusal::Stale`] where the
/// post changed since the decider looked; the field `body` where nothing would change.
pub fn approve(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    new: &Prepared,
    now: Micros,
) -> Result<i64, Failure<Refusal>> {
    let Seen { row, found, .. } = to_decide(c, viewer, id)?;
    let post = &found.post;
    if post.deleted_at.is_some() {
        return Err(Refusal::Deleted.into());
    }
    rules::is_current(new.version(), post.version)?;
    if !questions::changes(c, post, new)?.any() {
        return Err(Refusal::Fields(vec![FieldProblem::new("body", "nothing-to-approve")]).into());
    }
    let version = questions::put(c, post, new, (row.suggester_id, viewer.id), now)?;
    diesel::update(suggestions::table.find(id))
        .set((
            suggestions::state.eq("approved"),
            suggestions::decided_at.eq(now),
            suggestions::decided_by.eq(viewer.id),
            suggestions::version.eq(version),
        ))
        .execute(c)?;
    recount(c, post)?;
    let credit = reputation::edit_approved(
        c,
        &Edit {
            suggestion_id: id,
            post_id: post.id,
            question_id: post.thread(),
            space_id: post.space_id,
            editor_id: row.suggester_id,
            approver_id: viewer.id,
            now,
        },
    )?;
    let fact = SuggestionApproved {
        suggestion_id: id,
        post_id: post.id,
        editor_id: row.suggester_id,
        approver_id: viewer.id,
        version,
        credit,
    };
    events::append(c, &about(post, viewer, now), &fact)?;
    Ok(version)
}

/// Rejects a suggestion.
///
/// # Errors
/// [`Refusal::NotFound`]; `suggestion-decider`; [`Refusal::Already`].
pub fn reject(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    why: &Rejection,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let Seen { found, .. } = to_decide(c, viewer, id)?;
    diesel::update(suggestions::table.find(id))
        .set((
            suggestions::state.eq("rejected"),
            suggestions::decided_at.eq(now),
            suggestions::decided_by.eq(viewer.id),
            suggestions::verdict.eq(why.verdict.as_str()),
            suggestions::words.eq(&why.words),
        ))
        .execute(c)?;
    recount(c, &found.post)?;
    let fact = SuggestionRejected { suggestion_id: id, post_id: found.post.id };
    Ok(events::append(c, &about(&found.post, viewer, now), &fact)?)
}

fn to_decide(c: &mut Conn, viewer: &Viewer, id: i64) -> Result<Seen, Failure<Refusal>> {
    let seen = store::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    if !seen.decides {
        return Err(Refusal::Suggestion("suggestion-decider").into());
    }
    if !seen.row.waits() {
        return Err(Refusal::Already.into());
    }
    Ok(seen)
}
