//! Answering a question.
//!
//! Promises: a closed question takes no answer; an answer and the thread's counters change together.

pub mod import;

use serde::Serialize;

use crate::clock::{HOUR, Micros};
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::counts::{self, Change};
use crate::posts::{self, Found, Kind, NewPost, Refusal, Written};
use crate::questions::{Thread, take_up};
use crate::web::Viewer;
use crate::web::limits::Limit;

/// Answers a member may post.
pub const LIMIT: Limit = Limit { scope: "answer", most: 60, window: HOUR };

#[derive(Serialize)]
struct AnswerPosted {
    answer_id: i64,
    by_asker: bool,
}

impl Fact for AnswerPosted {
    const KIND: &'static str = "AnswerPosted";
}

/// Answers a question and says the answer's id. The helper follows the question from then on.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Deleted`] or [`Refusal::Closed`].
pub fn post(
    c: &mut Conn,
    viewer: &Viewer,
    question_id: i64,
    written: &Written,
    now: Micros,
) -> Result<i64, Failure<Refusal>> {
    let found = posts::find(c, viewer, question_id)?.filter(|found| found.post.kind() == Kind::Question);
    let Found { post: question, standing, .. } = found.ok_or(Refusal::NotFound)?;
    let mut thread = Thread::load(c, question_id)?;
    may_answer(question.deleted_at.is_some(), thread.closed_at.is_some())?;
    let id = posts::insert(
        c,
        &NewPost {
            kind: Kind::Answer,
            thread_id: Some(question_id),
            parent_id: Some(question_id),
            space_id: question.space_id,
            author_id: viewer.id,
            written,
            now,
        },
    )?;
    let by_asker = question.author_id == Some(viewer.id);
    thread.answers += 1;
    thread.answers_by_others += i64::from(!by_asker);
    thread.active(Some(viewer.id), now);
    thread.answered_by(viewer.id, standing.moderates);
    take_up(c, &mut thread, viewer.id, now)?;
    thread.save(c)?;
    if thread.listed {
        counts::add(c, viewer.id, question.space_id, Change { answers: 1, ..Change::default() })?;
    }
    let about = About::now(now, Some(viewer.id)).in_thread(question_id, question.space_id);
    events::append(c, &about, &AnswerPosted { answer_id: id, by_asker })?;
    Ok(id)
}

/// Whether a question takes answers.
///
/// # Errors
/// [`Refusal::Deleted`] or [`Refusal::Closed`].
pub fn may_answer(deleted: bool, closed: bool) -> Result<(), Refusal> {
    if deleted {
        return Err(Refusal::Deleted);
    }
    if closed { Err(Refusal::Closed) } else { Ok(()) }
}
