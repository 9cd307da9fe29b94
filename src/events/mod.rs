//! The event log: past-tense facts, written in the transaction of what they tell.
//!
//! Payloads carry ids and figures, never texts, names or addresses, so that an account can be forgotten.
//! Positions are given in commit order; a follower reads the log by position and keeps a durable cursor that
//! it commits together with its effect, so it may be run twice, stopped, or rebuilt from zero.
//!
//! It knows no kind of event: features define their [`Fact`]s.

mod follower;
mod many;
mod tail;

use diesel::prelude::*;
use serde::Serialize;

use crate::clock::Micros;
use crate::db::schema::events;
use crate::db::{Conn, dialect};

pub use follower::{Follower, Takes, catch_up_all, rewind};
pub use many::{Line, append_all, done_here};
pub use tail::Tail;

/// A kind of event: a past-tense name and a payload.
pub trait Fact: Serialize {
    /// Past tense, such as `AnswerPosted`.
    const KIND: &'static str;
    /// Moves when the payload's meaning changes.
    const SCHEMA: i64 = 1;
}

/// Whether people did it here, or it came with an import. Followers that act outward take only `Live`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Done here.
    Live,
    /// Brought from elsewhere.
    Import,
}

impl Origin {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Live => "live",
            Origin::Import => "import",
        }
    }
}

/// What an event is about.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Done here, or imported.
    pub origin: Origin,
    /// When it happened.
    pub occurred_at: Micros,
    /// When it is written down.
    pub recorded_at: Micros,
    /// Who did it, if a member did.
    pub actor_id: Option<i64>,
    /// The thread it belongs to.
    pub question_id: Option<i64>,
    /// The space it belongs to.
    pub space_id: Option<i64>,
}

impl About {
    /// Something `actor` does here and now.
    pub fn now(now: Micros, actor: Option<i64>) -> About {
        About {
            origin: Origin::Live,
            occurred_at: now,
            recorded_at: now,
            actor_id: actor,
            question_id: None,
            space_id: None,
        }
    }

    /// The same, in a thread of a space.
    pub fn in_thread(self, question_id: i64, space_id: i64) -> About {
        About { question_id: Some(question_id), space_id: Some(space_id), ..self }
    }
}

/// One line of the log.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct Recorded {
    /// Commit order; None until it is given on PostgreSQL, so readers of the tail always see one.
    pub position: Option<i64>,
    /// The event's own id.
    pub id: i64,
    /// [`Fact::KIND`].
    pub kind: String,
    /// [`Fact::SCHEMA`].
    pub schema_version: i64,
    /// When it happened.
    pub occurred_at: Micros,
    /// When it was written down.
    pub recorded_at: Micros,
    /// `live` or `import`.
    pub origin: String,
    /// Who did it.
    pub actor_id: Option<i64>,
    /// Its thread.
    pub question_id: Option<i64>,
    /// Its space.
    pub space_id: Option<i64>,
    /// JSON.
    pub payload: String,
}

/// Writes one event in the running transaction.
pub fn append<F: Fact>(c: &mut Conn, about: &About, fact: &F) -> QueryResult<()> {
    let line = Line::of(about, fact)?;
    if !dialect::numbers_at_once(c) {
        diesel::insert_into(events::table).values(line).execute(c)?;
        return Ok(());
    }
    // The very first has no other before it: the database numbers it.
    let earlier = diesel::alias!(events as earlier);
    let next = earlier
        .order(earlier.field(events::position).desc())
        .limit(1)
        .select(earlier.field(events::position) + 1)
        .single_value();
    diesel::insert_into(events::table).values((line, events::position.eq(next))).execute(c)?;
    Ok(())
}

/// The events after `position`, in order, at most `limit`.
pub fn after(c: &mut Conn, position: i64, limit: i64) -> QueryResult<Vec<Recorded>> {
    events::table
        .filter(events::position.gt(position))
        .order(events::position)
        .limit(limit)
        .select(Recorded::as_select())
        .load(c)
}

/// One event.
pub fn find(c: &mut Conn, id: i64) -> QueryResult<Option<Recorded>> {
    events::table.find(id).select(Recorded::as_select()).first(c).optional()
}

/// Threads in which something of one of `kinds` happened after `position`, numbered yet or not; at most ten thousand.
pub fn threads_since(c: &mut Conn, position: i64, kinds: &[&str]) -> QueryResult<Vec<i64>> {
    const MOST: i64 = 10_000;
    let mut threads: Vec<Option<i64>> = events::table
        .filter(events::position.gt(position))
        .filter(events::kind.eq_any(kinds))
        .select(events::question_id)
        .limit(MOST)
        .load(c)?;
    if !dialect::numbers_at_once(c) {
        let waiting: Vec<Option<i64>> = events::table
            .filter(events::position.is_null())
            .filter(events::kind.eq_any(kinds))
            .select(events::question_id)
            .limit(MOST)
            .load(c)?;
        threads.extend(waiting);
    }
    let mut threads: Vec<i64> = threads.into_iter().flatten().collect();
    threads.sort_unstable();
    threads.dedup();
    Ok(threads)
}

/// The last position given; 0 for an empty log.
pub fn last_position(c: &mut Conn) -> QueryResult<i64> {
    let last: Option<Option<i64>> = events::table
        .filter(events::position.is_not_null())
        .order(events::position.desc())
        .select(events::position)
        .first(c)
        .optional()?;
    Ok(last.flatten().unwrap_or(0))
}
