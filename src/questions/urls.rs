//! Addresses of questions and their posts: the same in pages, lists and API.

use crate::posts::Kind;
use crate::text;

/// The canonical path of a question.
pub fn question_url(id: i64, title: &str) -> String {
    format!("/questions/{id}/{}", text::slug(title))
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
