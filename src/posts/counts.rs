//! What a member wrote, counted per space, so that a profile counts only what its reader may open.

use diesel::prelude::*;

use crate::db::schema::member_counts;
use crate::db::{self, Conn};

/// What to add to a member's counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Visible questions.
    pub questions: i64,
    /// Visible answers.
    pub answers: i64,
    /// Accepted answers.
    pub accepted: i64,
}

/// Adds to the counts of a member in a space.
pub fn add(c: &mut Conn, member_id: i64, space_id: i64, change: Change) -> QueryResult<()> {
    let row = (
        member_counts::member_id.eq(member_id),
        member_counts::space_id.eq(space_id),
        member_counts::questions.eq(change.questions.max(0)),
        member_counts::answers.eq(change.answers.max(0)),
        member_counts::accepted.eq(change.accepted.max(0)),
    );
    let more = (
        member_counts::questions.eq(member_counts::questions + change.questions),
        member_counts::answers.eq(member_counts::answers + change.answers),
        member_counts::accepted.eq(member_counts::accepted + change.accepted),
    );
    let insert = diesel::insert_into(member_counts::table).values(row);
    db::upsert(insert, "member_id, space_id", more).execute(c)?;
    if change.questions < 0 || change.answers < 0 {
        let empty = member_counts::table
            .find((member_id, space_id))
            .filter(member_counts::questions.eq(0))
            .filter(member_counts::answers.eq(0));
        diesel::delete(empty).execute(c)?;
    }
    Ok(())
}
