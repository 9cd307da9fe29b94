//! Addresses of questions and their posts: the same in pages, lists and API.

use crate::posts::Kind;
use crate::text;

/// Words that name acts in the place of a slug; a title that becomes one of them gets another slug.
const ACTS: &[&str] = &[
    "accept",
    "affected",
    "answers",
    "candidates",
    "claim",
    "close",
    "decline",
    "follow",
    "hand-over",
    "release",
    "reopen",
    "unaccept",
    "unaffected",
    "unfollow",
];

/// The canonical path of a question.
pub fn question_url(id: i64, title: &str) -> String {
    let slug = text::slug(title);
    let ending = if ACTS.contains(&slug.as_str()) { "-question" } else { "" };
    format!("/questions/{id}/{slug}{ending}")
}

/// The path of a post on its question's page.
pub fn post_url(question_id: i64, title: &str, kind: Kind, id: i64) -> String {
    let page = question_url(question_id, title);
    match kind {
        Kind::Question => page,
        Kind::Answer => format!("{page}#answer-{id}"),
        Kind::Comment => format!("{page}#comment-{id}"),
    }
}
