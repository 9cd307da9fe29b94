//! Thread counters compared with a recount: a follower for what just changed, and the whole for `peerhall check`.
//!
//! Counters are kept in each act's transaction; nothing here repairs them silently. What differs is written to
//! `counter_drifts`, logged, and gone again when a later recount agrees.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::affected;
use super::thread::{Flags, Row, Thread};
use crate::clock::Micros;
use crate::db::schema::{counter_drifts, follows, posts, questions};
use crate::db::{Conn, Effect, on};
use crate::events::{Follower, Recorded, Takes};

/// The follower.
#[derive(Clone, Copy, Debug)]
pub struct ThreadCounters;

impl ThreadCounters {
    /// Its name.
    pub const NAME: &'static str = "thread-counters";
}

impl Follower for ThreadCounters {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn takes(&self) -> Takes {
        Takes::All
    }

    fn follow(&self, c: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<Effect> {
        let threads: BTreeSet<i64> = events.iter().filter_map(|event| event.question_id).collect();
        let mut found = Vec::new();
        for id in threads {
            if let Some((stored, recounted)) = both(c, id)? {
                let known = counter_drifts::table.find(id).count().get_result::<i64>(c)? > 0;
                if known || stored != recounted {
                    found.push(id);
                }
            }
        }
        Ok(Box::new(move |c| {
            // Counted again where it is noted: meanwhile `peerhall reindex` may have put it right.
            for id in &found {
                claim(c, *id)?;
                if let Some((stored, recounted)) = both(c, *id)? {
                    note(c, *id, &stored, &recounted, now)?;
                }
            }
            Ok(())
        }))
    }
}

/// What is counted of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Score of the question.
    pub score: i64,
    /// Visible answers.
    pub answers: i64,
    /// Those by others than the asker.
    pub answers_by_others: i64,
    /// Endorsed ones.
    pub endorsed: i64,
    /// Followers.
    pub followers: i64,
    /// People who have it too.
    pub affected_people: i64,
    /// Their organisations.
    pub affected_organisations: i64,
    /// The columns that lists filter by.
    pub state: Flags,
    /// Whether it stands in lists.
    pub listed: bool,
}

/// Writes to the thread's row without changing it: on PostgreSQL, whose transactions look at snapshots, whoever counts
/// the thread anew meanwhile and this conflict then, and one of them runs again. Else a difference could be noted
/// after it was mended.
fn claim(c: &mut Conn, id: i64) -> QueryResult<()> {
    diesel::update(questions::table.find(id))
        .set(questions::thread_version.eq(questions::thread_version))
        .execute(c)?;
    Ok(())
}

/// Notes whether a thread's counters differ from a recount, and says so.
fn note(c: &mut Conn, id: i64, stored: &Counters, recounted: &Counters, now: Micros) -> QueryResult<()> {
    if stored == recounted {
        diesel::delete(counter_drifts::table.find(id)).execute(c)?;
        return Ok(());
    }
    let text = |counters: &Counters| serde_json::to_string(counters).unwrap_or_default();
    let row = (
        counter_drifts::question_id.eq(id),
        counter_drifts::found_at.eq(now),
        counter_drifts::stored.eq(text(stored)),
        counter_drifts::recounted.eq(text(recounted)),
    );
    let fresh = on!(c, |c| diesel::insert_into(counter_drifts::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(c))?;
    if fresh > 0 {
        tracing::error!(question = id, ?stored, ?recounted, "a thread's counters differ from a recount");
    } else {
        diesel::update(counter_drifts::table.find(id))
            .set((counter_drifts::stored.eq(text(stored)), counter_drifts::recounted.eq(text(recounted))))
            .execute(c)?;
    }
    Ok(())
}

/// (stored, recounted) of a thread; None when it is not there.
pub fn both(c: &mut Conn, id: i64) -> QueryResult<Option<(Counters, Counters)>> {
    let thread: Option<Row> = questions::table.find(id).select(Row::as_select()).first(c).optional()?;
    let Some(thread) = thread else { return Ok(None) };
    let (up, down, visibility, deleted_at): (i64, i64, String, Option<Micros>) = posts::table
        .find(id)
        .select((posts::up, posts::down, posts::visibility, posts::deleted_at))
        .first(c)?;
    let stored = Counters {
        score: thread.score,
        answers: thread.answers,
        answers_by_others: thread.answers_by_others,
        endorsed: thread.endorsed,
        followers: thread.followers,
        affected_people: thread.affected_people,
        affected_organisations: thread.affected_organisations,
        state: thread.saved,
        listed: thread.listed,
    };
    let (answers, answers_by_others, endorsed) = Thread::recount(c, id)?;
    let (affected_people, affected_organisations) = affected::counted(c, id)?;
    let followers = follows::table.filter(follows::question_id.eq(id)).count().get_result(c)?;
    let fresh = Row { answers, answers_by_others, endorsed, ..thread };
    let recounted = Counters {
        score: up - down,
        answers,
        answers_by_others,
        endorsed,
        followers,
        affected_people,
        affected_organisations,
        state: fresh.flags(),
        listed: visibility == "open" && deleted_at.is_none(),
    };
    Ok(Some((stored, recounted)))
}
