//! Staff confirm an answer, and take that back.

use diesel::QueryResult;
use serde::Serialize;

use super::thread::Thread;
use crate::clock::Micros;
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::{self, Found, Kind, Refusal};
use crate::reputation::{self, Credit, Done, Place};
use crate::web::{Role, Viewer};

#[derive(Serialize)]
struct AnswerEndorsed {
    answer_id: i64,
    credit: Credit,
}

impl Fact for AnswerEndorsed {
    const KIND: &'static str = "AnswerEndorsed";
}

#[derive(Serialize)]
struct EndorsementWithdrawn {
    answer_id: i64,
}

impl Fact for EndorsementWithdrawn {
    const KIND: &'static str = "EndorsementWithdrawn";
}

/// Endorses an answer: it solves its question. Endorsing it again changes nothing; one's own brings no points.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::NotStaff`] or [`Refusal::Deleted`].
pub fn endorse(c: &mut Conn, viewer: &Viewer, answer_id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let answer = answer(c, viewer, answer_id)?;
    if !answer.is_open() {
        return Err(Refusal::Deleted.into());
    }
    if answer.endorsed_at.is_some() {
        return Ok(());
    }
    posts::mark_endorsed(c, answer_id, Some((viewer.id, now)))?;
    let mut thread = Thread::load(c, answer.thread())?;
    thread.endorsed += 1;
    thread.settled();
    thread.active(Some(viewer.id), now);
    thread.save(c)?;
    let done = Done {
        post_id: answer_id,
        place: Place { question_id: thread.post_id, space_id: thread.space_id },
        author_id: answer.author_id,
        by: viewer.id,
        at: now,
    };
    let credit = reputation::endorsed(c, &done)?;
    let about = About::now(now, Some(viewer.id)).in_thread(thread.post_id, thread.space_id);
    events::append(c, &about, &AnswerEndorsed { answer_id, credit })?;
    Ok(())
}

/// Takes an endorsement back, whoever of staff gave it. Without one it changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] or [`Refusal::NotStaff`].
pub fn unendorse(c: &mut Conn, viewer: &Viewer, answer_id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let answer = answer(c, viewer, answer_id)?;
    if answer.endorsed_at.is_none() {
        return Ok(());
    }
    let mut thread = Thread::load(c, answer.thread())?;
    let about = About::now(now, Some(viewer.id)).in_thread(thread.post_id, thread.space_id);
    withdraw(c, answer_id, &about)?;
    thread.endorsed = Thread::recount(c, thread.post_id)?.2;
    thread.save(c)?;
    Ok(())
}

/// Clears the mark and its points, and says so in the log; the caller counts and saves the thread.
pub(super) fn withdraw(c: &mut Conn, answer_id: i64, about: &About) -> QueryResult<()> {
    posts::mark_endorsed(c, answer_id, None)?;
    reputation::unendorsed(c, answer_id, about.occurred_at)?;
    events::append(c, about, &EndorsementWithdrawn { answer_id })
}

fn answer(c: &mut Conn, viewer: &Viewer, id: i64) -> Result<posts::Post, Failure<Refusal>> {
    let Found { post, .. } = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    if post.kind() != Kind::Answer {
        return Err(Refusal::NotFound.into());
    }
    // Staff enter and finish everywhere; moderators keep threads worth reading.
    if viewer.role < Role::Staff {
        return Err(Refusal::NotStaff.into());
    }
    Ok(post)
}
