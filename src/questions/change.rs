//! Taking posts away and bringing them back: what that does to the thread, its tags and its people's counts.

use diesel::prelude::*;
use serde::Serialize;

use super::choose::withdraw;
use super::tags;
use super::thread::Thread;
use crate::clock::Micros;
use crate::db::schema::posts as post_rows;
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::counts::{self, Change};
use crate::posts::{self, Found, Kind, Refusal, rules};
use crate::web::Viewer;

#[derive(Serialize)]
struct PostDeleted {
    post_id: i64,
}

impl Fact for PostDeleted {
    const KIND: &'static str = "PostDeleted";
}

#[derive(Serialize)]
struct PostUndeleted {
    post_id: i64,
}

impl Fact for PostUndeleted {
    const KIND: &'static str = "PostUndeleted";
}

/// Takes a post of any kind away. Taking the accepted answer away withdraws the acceptance.
///
/// # Errors
/// See [`rules::may_delete`].
pub fn remove(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let Found { post, standing, .. } = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    let mut thread = Thread::load(c, post.thread())?;
    rules::may_delete(
        standing,
        post.kind(),
        post.author_id,
        post.deleted_at.is_some(),
        thread.answers_by_others,
    )?;
    if post.kind() == Kind::Answer && thread.accepted_id == Some(id) {
        withdraw(c, &mut thread)?;
    }
    if post.kind() == Kind::Question && thread.listed {
        list(c, &mut thread, false)?;
    }
    posts::mark_deleted(c, id, viewer.id, now)?;
    if post.kind() == Kind::Answer {
        recount(c, &mut thread, &post, -1)?;
    }
    thread.save(c)?;
    let about = About::now(now, Some(viewer.id)).in_thread(thread.post_id, thread.space_id);
    events::append(c, &about, &PostDeleted { post_id: id })?;
    Ok(())
}

/// Brings a deleted post back.
///
/// # Errors
/// See [`rules::may_undelete`].
pub fn restore(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let Found { post, standing, .. } = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    rules::may_undelete(standing, post.author_id, post.deleted_by, post.deleted_at.is_some())?;
    let mut thread = Thread::load(c, post.thread())?;
    posts::unmark_deleted(c, id)?;
    match post.kind() {
        Kind::Question if post.visibility == "open" => list(c, &mut thread, true)?,
        Kind::Answer => recount(c, &mut thread, &post, 1)?,
        _ => {}
    }
    thread.save(c)?;
    let about = About::now(now, Some(viewer.id)).in_thread(thread.post_id, thread.space_id);
    events::append(c, &about, &PostUndeleted { post_id: id })?;
    Ok(())
}

/// Puts a thread into the lists or takes it out, with the counts of its tags and people.
fn list(c: &mut Conn, thread: &mut Thread, listed: bool) -> QueryResult<()> {
    let by = if listed { 1 } else { -1 };
    thread.listed = listed;
    tags::count(c, thread.post_id, thread.space_id, by)?;
    if let Some(asker) = thread.author_id {
        counts::add(c, asker, thread.space_id, Change { questions: by, ..Change::default() })?;
    }
    let answers: Vec<(i64, Option<i64>)> = post_rows::table
        .filter(post_rows::thread_id.eq(thread.post_id))
        .filter(post_rows::kind.eq("answer"))
        .filter(post_rows::visibility.eq("open"))
        .filter(post_rows::deleted_at.is_null())
        .filter(post_rows::merged_into.is_null())
        .select((post_rows::id, post_rows::author_id))
        .load(c)?;
    for (id, author) in answers {
        if let Some(author) = author {
            let accepted = if thread.accepted_id == Some(id) { by } else { 0 };
            counts::add(c, author, thread.space_id, Change { answers: by, accepted, ..Change::default() })?;
        }
    }
    Ok(())
}

fn recount(c: &mut Conn, thread: &mut Thread, answer: &posts::Post, by: i64) -> QueryResult<()> {
    (thread.answers, thread.answers_by_others, thread.endorsed) = Thread::recount(c, thread.post_id)?;
    match answer.author_id {
        Some(author) if thread.listed && answer.visibility == "open" => {
            counts::add(c, author, thread.space_id, Change { answers: by, ..Change::default() })
        }
        _ => Ok(()),
    }
}
