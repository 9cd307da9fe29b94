//! Taking posts away and bringing them back: what that does to the thread, its tags and its people's counts.

use diesel::prelude::*;
use serde::Serialize;

use super::choose::withdraw;
use super::endorse;
use super::tags;
use super::thread::Thread;
use crate::clock::Micros;
use crate::db::schema::posts as post_rows;
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::counts::{self, Change};
use crate::posts::{self, Found, Kind, Post, Refusal, Why, rules};
use crate::reputation::{self, Credit, Done, Place};
use crate::web::Viewer;

#[derive(Serialize)]
struct PostDeleted {
    post_id: i64,
    /// When it was removed as spam or abuse: which, and what that cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<Credit>,
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
    let thread = Thread::load(c, post.thread())?;
    rules::may_delete(
        standing,
        post.kind(),
        post.author_id,
        post.deleted_at.is_some(),
        thread.answers_by_others,
    )?;
    take_away(c, viewer, &post, thread, None, now)
}

/// Removes a question or an answer as spam or abuse, deleted already or not: its votes count no longer, and its author
/// loses points until it is brought back. Acceptance and endorsement are withdrawn for good. Comments have none of that; they
/// are taken away.
///
/// # Errors
/// See [`rules::may_remove_as`].
pub fn remove_as(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    why: Why,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let Found { post, standing, .. } = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    rules::may_remove_as(standing, post.kind(), post.author_id, post.gone())?;
    let thread = Thread::load(c, post.thread())?;
    take_away(c, viewer, &post, thread, Some(why), now)
}

fn take_away(
    c: &mut Conn,
    viewer: &Viewer,
    post: &Post,
    mut thread: Thread,
    why: Option<Why>,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let id = post.id;
    let about = About::now(now, Some(viewer.id)).in_thread(thread.post_id, thread.space_id);
    let place = Place { question_id: thread.post_id, space_id: thread.space_id };
    if post.kind() == Kind::Answer && thread.accepted_id == Some(id) {
        withdraw(c, &mut thread, &about)?;
    }
    if why.is_some() && post.endorsed_at.is_some() {
        endorse::withdraw(c, id, &about)?;
    }
    if post.kind() == Kind::Question && thread.listed {
        list(c, &mut thread, false)?;
    }
    let why = why.filter(|_| post.kind() != Kind::Comment);
    posts::mark_deleted(c, id, viewer.id, why, now)?;
    // What was only deleted before was counted out then.
    if post.kind() == Kind::Answer && post.deleted_at.is_none() {
        recount(c, &mut thread, post, -1)?;
    }
    thread.save(c)?;
    let credit = match why {
        Some(_) => {
            let done = Done { post_id: id, place, author_id: post.author_id, by: viewer.id, at: now };
            Some(reputation::removed(c, &done)?)
        }
        None => None,
    };
    events::append(c, &about, &PostDeleted { post_id: id, why: why.map(Why::as_str), credit })?;
    Ok(())
}

/// Brings a deleted post back. With one that was removed as spam or abuse come what its votes gave and what removing it
/// cost; that it was accepted or endorsed has to be said again.
///
/// # Errors
/// See [`rules::may_undelete`].
pub fn restore(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let Found { post, standing, .. } = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    rules::may_undelete(standing, post.author_id, post.gone())?;
    let mut thread = Thread::load(c, post.thread())?;
    posts::unmark_deleted(c, id)?;
    match post.kind() {
        Kind::Question if post.visibility == "open" => list(c, &mut thread, true)?,
        Kind::Answer => recount(c, &mut thread, &post, 1)?,
        _ => {}
    }
    thread.save(c)?;
    if post.deleted_why.is_some() {
        reputation::restored(c, id, now)?;
    }
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
