//! What a notice is about, as letters and the inbox show it: titles, addresses, who, and what was written.
//!
//! It takes no viewer: only for those who were found to see it.

use std::collections::HashMap;

use diesel::prelude::*;

use super::targets::Told;
use crate::db::schema::{members, posts, questions, spaces};
use crate::db::{Conn, among};
use crate::gurus::hand_over_reason;
use crate::posts::{Kind as PostKind, text_of};
use crate::questions::{post_url, question_url};
use crate::suggestions;
use crate::text::{SafeHtml, excerpt, html_to_markdown, in_mail};

/// Characters of a post that a letter shows.
const SHOWN: usize = 1_500;

/// One post in its thread.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) question_id: i64,
    pub(super) post_id: i64,
    pub(super) title: String,
    /// Paths.
    pub(super) question_url: String,
    pub(super) post_url: String,
    /// The space: key and name.
    pub(super) space: (String, String),
    /// Who did it, by name.
    pub(super) by: Option<String>,
    /// What was written, cut.
    pub(super) text: String,
    /// The same for the HTML part.
    pub(super) html: Option<SafeHtml>,
    /// Why the question was closed, where it is and that was said.
    pub(super) closed_for: Option<String>,
    /// The suggested edit it is about.
    pub(super) suggestion: Option<suggestions::Entry>,
    /// Why it was handed over to staff, where that is told.
    pub(super) handed_over_for: Option<String>,
}

/// Looks at what is told; None where a post is gone altogether.
pub(super) fn load(c: &mut Conn, told: &Told, site: &str) -> QueryResult<Option<Look>> {
    let row: Option<(String, String, String, Option<String>)> = questions::table
        .inner_join(spaces::table)
        .filter(questions::post_id.eq(told.question_id))
        .select((questions::title, spaces::key, spaces::name, questions::close_reason))
        .first(c)
        .optional()?;
    let kind: Option<String> = posts::table.find(told.post_id).select(posts::kind).first(c).optional()?;
    let (Some((title, key, name, closed_for)), Some(kind)) = (row, kind) else { return Ok(None) };
    let by = match told.actor_id {
        Some(actor) => members::table.find(actor).select(members::name).first(c).optional()?,
        None => None,
    };
    let handed_over_for = match told.what {
        "handed-over" => hand_over_reason(c, told.question_id)?,
        _ => None,
    };
    let text = text_of(c, told.post_id)?;
    let text = if text.body_format == "html" { html_to_markdown(&text.body_html) } else { text.body };
    let text = cut(&text);
    let post_kind = PostKind::stored(&kind);
    Ok(Some(Look {
        question_id: told.question_id,
        post_id: told.post_id,
        question_url: question_url(told.question_id, &title),
        post_url: post_url(told.question_id, &title, post_kind, told.post_id),
        title,
        space: (key, name),
        by,
        html: in_mail(&text, site),
        text,
        closed_for: closed_for.filter(|reason| !reason.trim().is_empty()),
        suggestion: match told.suggestion_id {
            Some(id) => suggestions::told(c, id)?,
            None => None,
        },
        handed_over_for,
    }))
}

/// The beginning of a text, its lines kept.
fn cut(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let mut shown: String = text.chars().take(SHOWN).collect();
    let end = shown.rfind(char::is_whitespace).unwrap_or(shown.len());
    shown.truncate(end);
    format!("{} …", shown.trim_end())
}

/// Titles of some questions.
pub(super) fn titles(c: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> = questions::table
        .filter(among(questions::post_id, ids))
        .select((questions::post_id, questions::title))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// Names of some members.
pub(super) fn names(c: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> =
        members::table.filter(among(members::id, ids)).select((members::id, members::name)).load(c)?;
    Ok(rows.into_iter().collect())
}

/// The beginning of what was written in some posts, on one line each.
pub(super) fn beginnings(c: &mut Conn, ids: &[i64], most: usize) -> QueryResult<HashMap<i64, String>> {
    use crate::db::schema::post_texts;
    let rows: Vec<(i64, String)> = post_texts::table
        .filter(among(post_texts::post_id, ids))
        .select((post_texts::post_id, post_texts::body_html))
        .load(c)?;
    let begin = |html: String| excerpt(&crate::text::visible_text(&html), most);
    Ok(rows.into_iter().map(|(id, html)| (id, begin(html))).collect())
}
