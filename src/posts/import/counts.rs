//! What members wrote, added up over a batch before it is written.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::schema::member_counts;
use crate::db::{Conn, on};
use crate::posts::counts::Change;

/// What to add, by (member, space).
#[derive(Clone, Debug, Default)]
pub struct Counted(BTreeMap<(i64, i64), Change>);

impl Counted {
    /// Adds to what is to be added. None is nobody.
    pub fn add(&mut self, member: Option<i64>, space_id: i64, change: Change) {
        let Some(member) = member else { return };
        let sum = self.0.entry((member, space_id)).or_default();
        sum.questions += change.questions;
        sum.answers += change.answers;
        sum.accepted += change.accepted;
    }
}

#[derive(Insertable)]
#[diesel(table_name = member_counts, treat_none_as_default_value = false)]
struct CountRow {
    member_id: i64,
    space_id: i64,
    questions: i64,
    answers: i64,
    accepted: i64,
}

/// Adds to the counts of members; nothing here is ever below zero.
pub fn add_counts(c: &mut Conn, counted: &Counted) -> QueryResult<()> {
    let rows: Vec<CountRow> = counted
        .0
        .iter()
        .map(|((member_id, space_id), change)| CountRow {
            member_id: *member_id,
            space_id: *space_id,
            questions: change.questions,
            answers: change.answers,
            accepted: change.accepted,
        })
        .collect();
    for rows in rows.chunks(1_000) {
        on!(c, |c| diesel::insert_into(member_counts::table)
            .values(rows)
            .on_conflict((member_counts::member_id, member_counts::space_id))
            .do_update()
            .set((
                member_counts::questions.eq(member_counts::questions + excluded(member_counts::questions)),
                member_counts::answers.eq(member_counts::answers + excluded(member_counts::answers)),
                member_counts::accepted.eq(member_counts::accepted + excluded(member_counts::accepted)),
            ))
            .execute(c))?;
    }
    Ok(())
}
