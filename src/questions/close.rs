//! Closing and reopening, by moderators.

use serde::Serialize;

use diesel::prelude::*;

use super::rules::State;
use super::thread::Thread;
use crate::clock::Micros;
use crate::db::schema::post_links;
use crate::db::{Conn, Failure, on};
use crate::events::{self, About, Fact};
use crate::posts::{self, Found, Kind, Refusal};
use crate::text;
use crate::web::{FieldProblem, Viewer};

#[derive(Serialize)]
pub(super) struct QuestionClosed {
    pub(super) duplicate_of: Option<i64>,
}

impl Fact for QuestionClosed {
    const KIND: &'static str = "QuestionClosed";
}

#[derive(Serialize)]
pub(super) struct QuestionReopened {
    pub(super) cycle: i64,
}

impl Fact for QuestionReopened {
    const KIND: &'static str = "QuestionReopened";
}

/// Closes a question, with a reason or as a duplicate of another the moderator may see.
///
/// # Errors
/// [`Refusal::NotModerator`], [`Refusal::Already`], a missing reason, or [`Refusal::NoSuchTarget`].
pub fn close(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    reason: &str,
    duplicate_of: Option<i64>,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    moderated(c, viewer, id)?;
    let mut thread = Thread::load(c, id)?;
    if thread.closed_at.is_some() {
        return Err(Refusal::Already.into());
    }
    let reason = text::clean_title(reason);
    if reason.chars().count() > 300 {
        return Err(too_long(reason.chars().count()).into());
    }
    if reason.is_empty() && duplicate_of.is_none() {
        return Err(Refusal::Fields(vec![FieldProblem::new("reason", "missing")]).into());
    }
    if let Some(target) = duplicate_of {
        let target = posts::find(c, viewer, target)?.filter(|found| found.post.kind() == Kind::Question);
        let target = target.filter(|found| found.post.id != id).ok_or(Refusal::NoSuchTarget)?.post.id;
        link(c, id, target, "duplicate", now)?;
        touch(c, target)?;
    }
    thread.closed_at = Some(now);
    thread.closed_by = Some(viewer.id);
    thread.close_reason = Some(reason).filter(|reason| !reason.is_empty());
    thread.duplicate_of = duplicate_of;
    thread.settled();
    thread.save(c)?;
    let about = About::now(now, Some(viewer.id)).in_thread(id, thread.space_id);
    events::append(c, &about, &QuestionClosed { duplicate_of })?;
    Ok(())
}

/// Reopens a closed question: its next cycle begins.
///
/// # Errors
/// [`Refusal::NotModerator`] or [`Refusal::Already`].
pub fn reopen(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    moderated(c, viewer, id)?;
    let mut thread = Thread::load(c, id)?;
    if thread.state() != State::Closed {
        return Err(Refusal::Already.into());
    }
    if let Some(target) = thread.duplicate_of {
        // No duplicate, but somebody saw that the two have to do with each other; so they stay linked.
        diesel::delete(post_links::table.find((id, target, "duplicate"))).execute(c)?;
        link(c, id, target, "linked", now)?;
        touch(c, target)?;
    }
    thread.closed_at = None;
    thread.closed_by = None;
    thread.close_reason = None;
    thread.duplicate_of = None;
    thread.cycle += 1;
    thread.active(Some(viewer.id), now);
    thread.save(c)?;
    let about = About::now(now, Some(viewer.id)).in_thread(id, thread.space_id);
    events::append(c, &about, &QuestionReopened { cycle: thread.cycle })?;
    Ok(())
}

fn moderated(c: &mut Conn, viewer: &Viewer, id: i64) -> Result<(), Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
    let Found { standing, .. } = found.ok_or(Refusal::NotFound)?;
    if standing.moderates { Ok(()) } else { Err(Refusal::NotModerator.into()) }
}

fn too_long(found: usize) -> Refusal {
    Refusal::Fields(vec![FieldProblem::new("reason", "too-long").with("max", 300).with("found", found)])
}

fn link(c: &mut Conn, from: i64, to: i64, kind: &str, now: Micros) -> QueryResult<()> {
    let row = (
        post_links::from_id.eq(from),
        post_links::to_id.eq(to),
        post_links::kind.eq(kind),
        post_links::created_at.eq(now),
    );
    on!(c, |c| diesel::insert_into(post_links::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The other question shows the link too.
fn touch(c: &mut Conn, id: i64) -> QueryResult<()> {
    Thread::load(c, id)?.save(c)
}
