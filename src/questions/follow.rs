//! Following a question.

use diesel::prelude::*;

use super::thread::Thread;
use crate::clock::Micros;
use crate::db::schema::follows;
use crate::db::{Conn, Failure, on};
use crate::posts::{self, Kind, Refusal};
use crate::web::Viewer;

/// Follows a question; doing it again changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn follow(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    exists(c, viewer, id)?;
    let mut thread = Thread::load(c, id)?;
    if take_up(c, &mut thread, viewer.id, now)? {
        thread.save(c)?;
    }
    Ok(())
}

/// Lets a member follow a thread that is being changed and will be saved; says whether they did not before.
pub fn take_up(c: &mut Conn, thread: &mut Thread, member_id: i64, now: Micros) -> QueryResult<bool> {
    let row =
        (follows::question_id.eq(thread.post_id), follows::member_id.eq(member_id), follows::since.eq(now));
    let new =
        on!(c, |c| diesel::insert_into(follows::table).values(row).on_conflict_do_nothing().execute(c))?;
    thread.followers += new as i64;
    Ok(new > 0)
}

/// Stops following.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn unfollow(c: &mut Conn, viewer: &Viewer, id: i64) -> Result<(), Failure<Refusal>> {
    exists(c, viewer, id)?;
    if diesel::delete(follows::table.find((id, viewer.id))).execute(c)? > 0 {
        let mut thread = Thread::load(c, id)?;
        thread.followers -= 1;
        thread.save(c)?;
    }
    Ok(())
}

fn exists(c: &mut Conn, viewer: &Viewer, id: i64) -> Result<(), Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
    let question = found.ok_or(Refusal::NotFound)?.post;
    if question.deleted_at.is_some() { Err(Refusal::Deleted.into()) } else { Ok(()) }
}
