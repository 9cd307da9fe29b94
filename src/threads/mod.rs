//! The question page: one thread with everything its reader may see and do, composed from the rooms below.
//!
//! It owns `/questions/{id}/…` and `/posts/{id}/…`, as pages and in the API; it writes no table of its own.
//! Promises: one reader ([`view::load`]) serves page and API alike; its number of statements is fixed.

pub mod api;
mod compose;
pub mod rerender;
pub mod routes;
pub mod schema;
pub mod view;

pub use view::View;

use crate::text;

/// The canonical path of a question.
pub fn question_url(id: i64, title: &str) -> String {
    format!("/questions/{id}/{}", text::slug(title))
}

/// The path of a post on its question's page.
pub fn post_url(question_id: i64, title: &str, kind: crate::posts::Kind, id: i64) -> String {
    let page = question_url(question_id, title);
    match kind {
        crate::posts::Kind::Question => page,
        crate::posts::Kind::Answer => format!("{page}#answer-{id}"),
        crate::posts::Kind::Comment => format!("{page}#comment-{id}"),
    }
}
