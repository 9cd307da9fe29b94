//! The asker's choice: accept an answer, change it, take it back.

use diesel::QueryResult;
use serde::Serialize;

use super::rules::may_accept;
use super::thread::Thread;
use crate::clock::Micros;
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::counts::{self, Change};
use crate::posts::{self, Kind, Refusal};
use crate::reputation::{self, Credit, Done, Place};
use crate::web::Viewer;

#[derive(Serialize)]
pub(super) struct AnswerAccepted {
    pub(super) answer_id: i64,
    /// None for an import's, which is credited at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credit: Option<Credit>,
}

impl Fact for AnswerAccepted {
    const KIND: &'static str = "AnswerAccepted";
}

#[derive(Serialize)]
pub(super) struct AcceptanceWithdrawn {
    pub(super) answer_id: i64,
}

impl Fact for AcceptanceWithdrawn {
    const KIND: &'static str = "AcceptanceWithdrawn";
}

/// Accepts an answer; another one that was accepted no longer is. Accepting it again changes nothing.
///
/// # Errors
/// See [`may_accept`].
pub fn accept(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    answer_id: i64,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
    let question = found.ok_or(Refusal::NotFound)?.post;
    let answer = posts::find(c, viewer, answer_id)?.map(|found| found.post);
    let answer = answer.filter(|post| post.kind() == Kind::Answer && post.thread() == id && post.is_open());
    may_accept(viewer.id, question.author_id, answer.is_some())?;
    let Some(answer) = answer else { return Err(Refusal::NotAnAnswer.into()) };
    let mut thread = Thread::load(c, id)?;
    if thread.accepted_id == Some(answer_id) {
        return Ok(());
    }
    let about = About::now(now, Some(viewer.id)).in_thread(id, thread.space_id);
    withdraw(c, &mut thread, &about)?;
    thread.accepted_id = Some(answer_id);
    thread.accepted_at = Some(now);
    thread.settled();
    thread.active(Some(viewer.id), now);
    if let Some(author) = answer.author_id.filter(|_| thread.listed) {
        counts::add(c, author, thread.space_id, Change { accepted: 1, ..Change::default() })?;
    }
    thread.save(c)?;
    let done = Done {
        post_id: answer_id,
        place: Place { question_id: id, space_id: thread.space_id },
        author_id: answer.author_id,
        by: viewer.id,
        at: now,
    };
    let credit = Some(reputation::accepted(c, &done)?);
    events::append(c, &about, &AnswerAccepted { answer_id, credit })?;
    Ok(())
}

/// Takes the choice back. Without a choice it changes nothing.
///
/// # Errors
/// [`Refusal::NotAsker`].
pub fn unaccept(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
    let question = found.ok_or(Refusal::NotFound)?.post;
    may_accept(viewer.id, question.author_id, true)?;
    let mut thread = Thread::load(c, id)?;
    let about = About::now(now, Some(viewer.id)).in_thread(id, thread.space_id);
    if withdraw(c, &mut thread, &about)?.is_some() {
        thread.save(c)?;
    }
    Ok(())
}

/// Clears the choice on a loaded thread, with its author's count and points, and says so in the log; the caller saves the
/// thread.
pub(super) fn withdraw(c: &mut Conn, thread: &mut Thread, about: &About) -> QueryResult<Option<i64>> {
    let Some(answer_id) = thread.accepted_id.take() else { return Ok(None) };
    thread.accepted_at = None;
    let author = posts::author_of(c, answer_id)?;
    if let Some(author) = author.filter(|_| thread.listed) {
        counts::add(c, author, thread.space_id, Change { accepted: -1, ..Change::default() })?;
    }
    reputation::unaccepted(c, answer_id, about.occurred_at)?;
    events::append(c, about, &AcceptanceWithdrawn { answer_id })?;
    Ok(Some(answer_id))
}
