//! Many events at once, as imports write them.

use std::collections::HashSet;

use diesel::prelude::*;

use super::{About, Fact};
use crate::db::schema::events;
use crate::db::{Conn, on};

/// Events written in one statement: nine values each, far below what a statement may bind.
const AT_ONCE: usize = 1_000;

/// An event that waits to be written with others.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct Line {
    kind: &'static str,
    schema_version: i64,
    occurred_at: i64,
    recorded_at: i64,
    origin: &'static str,
    actor_id: Option<i64>,
    question_id: Option<i64>,
    space_id: Option<i64>,
    payload: String,
}

impl Line {
    /// An event to be written later.
    ///
    /// # Errors
    /// When the fact cannot be written as JSON.
    pub fn of<F: Fact>(about: &About, fact: &F) -> QueryResult<Line> {
        let payload = serde_json::to_string(fact)
            .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))?;
        Ok(Line {
            kind: F::KIND,
            schema_version: F::SCHEMA,
            occurred_at: about.occurred_at,
            recorded_at: about.recorded_at,
            origin: about.origin.as_str(),
            actor_id: about.actor_id,
            question_id: about.question_id,
            space_id: about.space_id,
            payload,
        })
    }
}

/// Writes events in the running transaction, in this order.
pub fn append_all(c: &mut Conn, lines: &[Line]) -> QueryResult<()> {
    for lines in lines.chunks(AT_ONCE) {
        on!(c, |c| diesel::insert_into(events::table).values(lines).execute(c))?;
    }
    Ok(())
}

/// Those of `questions` in which an event of one of `kinds` was done here, not imported.
pub fn done_here(c: &mut Conn, questions: &[i64], kinds: &[&'static str]) -> QueryResult<HashSet<i64>> {
    let found: Vec<Option<i64>> = events::table
        .filter(events::question_id.eq_any(questions.to_vec()))
        .filter(events::kind.eq_any(kinds.to_vec()))
        .filter(events::origin.eq("live"))
        .select(events::question_id)
        .distinct()
        .load(c)?;
    Ok(found.into_iter().flatten().collect())
}
