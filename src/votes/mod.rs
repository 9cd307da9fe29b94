//! Votes on questions and answers: up, down or taken back, one per member and post.
//!
//! Everybody may vote up; voting down is a privilege. A vote that a moderator annulled counts for nothing and stays as it
//! is until that is undone.

pub mod annul;
pub mod evidence;
pub mod pages;
pub mod patterns;
pub mod routes;

use diesel::prelude::*;
use serde::Serialize;

use crate::clock::{HOUR, Micros};
use crate::db::schema::{posts as post_rows, votes};
use crate::db::{self, Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::{self, Found, Kind, Refusal, rules};
use crate::questions::Thread;
use crate::reputation::rules::Privilege;
use crate::reputation::{self, Credit, Done, Place};
use crate::web::Viewer;
use crate::web::limits::Limit;

/// Votes a member may cast.
pub const LIMIT: Limit = Limit { scope: "vote", most: 300, window: HOUR };

#[derive(Serialize)]
struct VoteCast {
    post_id: i64,
    /// Whether the post is an answer.
    answer: bool,
    value: i64,
    before: i64,
    credit: Credit,
}

impl Fact for VoteCast {
    const KIND: &'static str = "VoteCast";
}

/// Casts (1, −1), changes or takes back (0) the viewer's vote; answers the post's score. The same again changes
/// nothing.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Annulled`], [`Refusal::Unprivileged`] for a vote down, or see [`rules::may_vote`].
pub fn cast(
    c: &mut Conn,
    viewer: &Viewer,
    post_id: i64,
    value: i64,
    now: Micros,
) -> Result<i64, Failure<Refusal>> {
    let Found { post, standing, question, .. } = posts::find(c, viewer, post_id)?.ok_or(Refusal::NotFound)?;
    let deleted = post.deleted_at.is_some() || question.deleted_at.is_some();
    rules::may_vote(standing, post.kind(), post.author_id, deleted)?;
    let before: Option<(i64, Option<i64>)> = votes::table
        .find((post_id, viewer.id))
        .select((votes::value, votes::annulled_by))
        .first(c)
        .optional()?;
    let (before, annulled) = before.unwrap_or_default();
    if before == value {
        return Ok(post.score());
    }
    if annulled.is_some() {
        return Err(Refusal::Annulled.into());
    }
    if value < 0 {
        reputation::require(c, viewer, Privilege::VoteDown)?;
    }
    store(c, post_id, viewer.id, value, now)?;
    let (up, down) = moved(post.up, post.down, before, value);
    posts::set_tally(c, post_id, up, down)?;
    let mut thread = Thread::load(c, post.thread())?;
    if post.kind() == Kind::Question {
        thread.score = up - down;
    }
    thread.save(c)?;
    let about = About::now(now, Some(viewer.id)).in_thread(thread.post_id, thread.space_id);
    let done = Done {
        post_id,
        place: Place { question_id: thread.post_id, space_id: thread.space_id },
        author_id: post.author_id,
        by: viewer.id,
        at: now,
    };
    let answer = post.kind() == Kind::Answer;
    let credit = reputation::voted(c, &done, answer, value, before)?;
    events::append(c, &about, &VoteCast { post_id, answer, value, before, credit })?;
    Ok(up - down)
}

/// (up, down) after a vote changed from `before` to `after`.
fn moved(up: i64, down: i64, before: i64, after: i64) -> (i64, i64) {
    let count = |value: i64, of: i64| i64::from(value == of);
    (up + count(after, 1) - count(before, 1), down + count(after, -1) - count(before, -1))
}

fn store(c: &mut Conn, post_id: i64, member_id: i64, value: i64, now: Micros) -> QueryResult<()> {
    if value == 0 {
        diesel::delete(votes::table.find((post_id, member_id))).execute(c)?;
        return Ok(());
    }
    let row = (
        votes::post_id.eq(post_id),
        votes::member_id.eq(member_id),
        votes::value.eq(value),
        votes::cast_at.eq(now),
    );
    let insert = diesel::insert_into(votes::table).values(row);
    let other = (votes::value.eq(value), votes::cast_at.eq(now));
    db::upsert(insert, "post_id, member_id", other).execute(c)?;
    Ok(())
}

/// The viewer's votes in a thread: (post, value).
pub fn of_viewer(c: &mut Conn, viewer: &Viewer, thread_id: i64) -> QueryResult<Vec<(i64, i64)>> {
    votes::table
        .inner_join(post_rows::table.on(votes::post_id.eq(post_rows::id)))
        .filter(post_rows::thread_id.eq(thread_id))
        .filter(votes::member_id.eq(viewer.id))
        .select((votes::post_id, votes::value))
        .load(c)
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn a_vote_moves_the_tally_by_exactly_itself() {
        for (before, after, expected) in [
            (0, 1, (6, 3)),
            (0, -1, (5, 4)),
            (1, 0, (4, 3)),
            (1, -1, (4, 4)),
            (-1, 1, (6, 2)),
            (-1, 0, (5, 2)),
        ] {
            assert_eq!(moved(5, 3, before, after), expected, "{before} to {after}");
        }
    }
}
