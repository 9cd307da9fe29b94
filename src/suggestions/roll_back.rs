//! Rolling a post back: an older version's title, tags and text as a new version.

use diesel::prelude::*;
use serde::Serialize;

use super::suggest::about;
use crate::clock::Micros;
use crate::db::schema::suggestions;
use crate::db::{Conn, Failure};
use crate::events::{self, Fact};
use crate::posts::{self, Refusal, Way, rules};
use crate::questions::{self, Prepared};
use crate::reputation::{self, rules::Privilege};
use crate::web::Viewer;

#[derive(Serialize)]
struct EditRolledBack {
    post_id: i64,
    version: i64,
    to: i64,
}

impl Fact for EditRolledBack {
    const KIND: &'static str = "EditRolledBack";
}

#[derive(Serialize)]
struct SuggestionUndone {
    suggestion_id: i64,
    post_id: i64,
}

impl Fact for SuggestionUndone {
    const KIND: &'static str = "SuggestionUndone";
}

/// A version to go back to, rendered before the transaction.
#[derive(Clone, Debug)]
pub struct Back {
    /// Its number.
    pub to: i64,
    /// What it says; its own version is the one the viewer saw.
    pub text: Prepared,
}

/// Makes an older version's text the next version, and takes the points back of approved suggestions that came after it.
/// Answers the new version.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Deleted`]; [`Refusal::NotYours`] or what is missing of the privilege;
/// [`Refusal::Stale`]; [`Refusal::Already`] where the text is that already.
pub fn roll_back(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    back: &Back,
    now: Micros,
) -> Result<i64, Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    let post = &found.post;
    match questions::way_to_edit(c, viewer, &found)? {
        Way::Directly => {}
        Way::Text if questions::changes(c, post, &back.text)?.fit(Way::Text) => {}
        way => {
            let missing = if way == Way::Text { Privilege::EditTags } else { Privilege::Edit };
            reputation::require(c, viewer, missing)?;
            return Err(Refusal::NotYours.into());
        }
    }
    rules::is_current(back.text.version(), post.version)?;
    let version = questions::put(c, post, &back.text, viewer.id, now)?;
    if version == post.version {
        return Err(Refusal::Already.into());
    }
    let about = about(post, viewer, now);
    events::append(c, &about, &EditRolledBack { post_id: id, version, to: back.to })?;
    let undone: Vec<i64> = suggestions::table
        .filter(suggestions::post_id.eq(id))
        .filter(suggestions::version.gt(back.to))
        .filter(suggestions::undone_at.is_null())
        .order(suggestions::id)
        .select(suggestions::id)
        .load(c)?;
    for suggestion_id in undone {
        diesel::update(suggestions::table.find(suggestion_id))
            .set(suggestions::undone_at.eq(now))
            .execute(c)?;
        events::append(c, &about, &SuggestionUndone { suggestion_id, post_id: id })?;
        reputation::edit_undone(c, suggestion_id, now)?;
    }
    Ok(version)
}
