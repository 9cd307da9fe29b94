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
use crate::posts::{self, Refusal, rules};
use crate::questions::{self, Prepared};
use crate::reputation::rules::Privilege;
use crate::reputation::{self, Credit, Edit};
use crate::web::{FieldProblem, Viewer};

#[derive(Serialize)]
struct SuggestionApproved {
    suggestion_id: i64,
    post_id: i64,
    editor_id: i64,
    approver_id: i64,
    /// The suggester's; the decider's where nothing was taken as it was suggested.
    version: i64,
    /// Whether the decider changed what was suggested before it stood.
    improved: bool,
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

/// What approving a suggestion saves: each version is its own writer's, so that nobody is said to have written what another
/// did.
#[derive(Clone, Debug)]
pub struct Approval {
    /// What the suggestion makes of the post; None where nothing is taken of it as it is.
    pub(super) suggested: Option<Prepared>,
    /// What the decider makes of that; None where they changed nothing.
    pub(super) improved: Option<Prepared>,
    /// The version the decider saw.
    pub(super) seen: i64,
    /// The version the suggestion was put together with.
    pub(super) merged_with: i64,
}

/// Saves what the decider saw of a suggestion as its suggester's version, and what they changed of it as their own on top.
/// Answers the version that stands for the suggestion.
///
/// # Errors
/// [`Refusal::NotFound`]; `suggestion-decider`; [`Refusal::Already`]; [`Refusal::Deleted`]; [`Refusal::Stale`] where the
/// post changed since the decider looked; the field `body` where nothing would change; what is missing of the privilege where
/// tags change and changing them was taken from the decider.
pub fn approve(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    new: &Approval,
    now: Micros,
) -> Result<i64, Failure<Refusal>> {
    let Seen { row, found, earned, .. } = to_decide(c, viewer, id)?;
    let post = &found.post;
    if post.deleted_at.is_some() {
        return Err(Refusal::Deleted.into());
    }
    rules::is_current(new.seen, post.version)?;
    rules::is_current(new.merged_with, post.version)?;
    let (mut last, mut version, mut improved) = (post.clone(), None, false);
    for (text, editor) in [(&new.suggested, row.suggester_id), (&new.improved, viewer.id)] {
        let Some(text) = text else { continue };
        if earned.tags_taken && questions::changes(c, &last, text)?.tags {
            reputation::require(c, viewer, Privilege::EditTags)?;
        }
        let written = questions::write(c, &last, text, editor, now)?;
        if written != last.version {
            last = posts::find(c, viewer, post.id)?.ok_or(Refusal::NotFound)?.post;
            improved |= editor == viewer.id;
            version.get_or_insert(written);
        }
    }
    let Some(version) = version else {
        return Err(Refusal::Fields(vec![FieldProblem::new("body", "nothing-to-approve")]).into());
    };
    questions::tell_edited(c, post, last.version, viewer.id, now)?;
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
        improved,
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
