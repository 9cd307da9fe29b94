//! Comments under questions and answers.

pub mod import;

use serde::Serialize;

use crate::clock::{HOUR, Micros};
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::{self, Kind, NewPost, Refusal, Written};
use crate::questions::Thread;
use crate::web::Viewer;
use crate::web::limits::Limit;

/// Comments a member may post.
pub const LIMIT: Limit = Limit { scope: "comment", most: 120, window: HOUR };

#[derive(Serialize)]
struct CommentPosted {
    comment_id: i64,
    parent_id: i64,
}

impl Fact for CommentPosted {
    const KIND: &'static str = "CommentPosted";
}

/// Comments on a question or an answer and says the comment's id.
///
/// # Errors
/// [`Refusal::NotFound`] (comments have no comments), or [`Refusal::Deleted`].
pub fn post(
    c: &mut Conn,
    viewer: &Viewer,
    parent_id: i64,
    written: &Written,
    now: Micros,
) -> Result<i64, Failure<Refusal>> {
    let found = posts::find(c, viewer, parent_id)?.filter(|found| found.post.kind() != Kind::Comment);
    let found = found.ok_or(Refusal::NotFound)?;
    if found.post.deleted_at.is_some() || found.question.deleted_at.is_some() {
        return Err(Refusal::Deleted.into());
    }
    let thread_id = found.post.thread();
    let id = posts::insert(
        c,
        &NewPost {
            kind: Kind::Comment,
            thread_id: Some(thread_id),
            parent_id: Some(parent_id),
            space_id: found.post.space_id,
            author_id: viewer.id,
            written,
            now,
        },
    )?;
    let mut thread = Thread::load(c, thread_id)?;
    thread.active(Some(viewer.id), now);
    thread.save(c)?;
    let about = About::now(now, Some(viewer.id)).in_thread(thread_id, thread.space_id);
    events::append(c, &about, &CommentPosted { comment_id: id, parent_id })?;
    Ok(id)
}
