//! Who opened a question, and when last: only how many there are is ever told.
//!
//! Written together with views, some seconds later; a crash forgets some. The log hears of readers in steps, because a line for
//! each would be most of it.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde::Serialize;

use crate::clock::Micros;
use crate::db::schema::{question_readers, questions};
use crate::db::{self, Conn, among};
use crate::events::{self, About, Fact};

/// More members opened a question than before, by at least a step.
#[derive(Serialize)]
struct QuestionRead {
    readers: i64,
}

impl Fact for QuestionRead {
    const KIND: &'static str = "QuestionRead";
}

/// Notes who opened a question; the newest moment of each counts.
pub(super) fn note(c: &mut Conn, question: i64, read: &HashMap<i64, Micros>, now: Micros) -> QueryResult<()> {
    let members: Vec<i64> = read.keys().copied().collect();
    let mut known: HashSet<i64> = HashSet::new();
    for members in members.chunks(500) {
        let rows: Vec<i64> = question_readers::table
            .filter(question_readers::question_id.eq(question))
            .filter(among(question_readers::member_id, members))
            .select(question_readers::member_id)
            .load(c)?;
        known.extend(rows);
    }
    for (member, at) in read {
        if known.contains(member) {
            let row = question_readers::question_id.eq(question).and(question_readers::member_id.eq(member));
            db::update(question_readers::table, row, question_readers::read_at.eq(at)).execute(c)?;
        } else {
            diesel::insert_into(question_readers::table)
                .values((
                    question_readers::question_id.eq(question),
                    question_readers::member_id.eq(member),
                    question_readers::read_at.eq(at),
                ))
                .execute(c)?;
        }
    }
    let new = i64::try_from(read.len() - known.len()).unwrap_or(i64::MAX);
    if new == 0 {
        return Ok(());
    }
    let readers: i64 =
        question_readers::table.filter(question_readers::question_id.eq(question)).count().get_result(c)?;
    if step(readers) == step(readers - new) {
        return Ok(());
    }
    let space: i64 = questions::table.find(question).select(questions::space_id).first(c)?;
    events::append(c, &About::now(now, None).in_thread(question, space), &QuestionRead { readers })
}

/// Which step a number of readers has reached: every ten to a hundred, every fifty to a thousand, then every two hundred and
/// fifty.
fn step(readers: i64) -> i64 {
    match readers {
        ..=100 => readers / 10,
        101..=1_000 => 10 + (readers - 100) / 50,
        _ => 28 + (readers - 1_000) / 250,
    }
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn steps_only_rise_and_a_hundred_is_one() {
        let steps: Vec<i64> = (0..5_000).map(step).collect();
        assert!(steps.is_sorted());
        assert!(steps[99] < steps[100] && steps[1_000] > steps[999]);
    }
}
