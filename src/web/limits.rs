//! How often: counters per act and subject in fixed windows, as rows, so that all nodes share them.
//!
//! Limits on reading are not here; they are per node and come with the caches.

use diesel::prelude::*;

use super::problem::Problem;
use crate::clock::{DAY, Micros, SECOND};
use crate::db::schema::rate_counters;
use crate::db::{self, Conn, Failure};

/// At most `most` in a window of `window` microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is counted, such as `answer`.
    pub scope: &'static str,
    /// How many.
    pub most: i64,
    /// Per how long.
    pub window: Micros,
}

/// Does an act that `subject` (a member's id, an address's hash) may do so often, and counts it when it was done. None:
/// as often as they like. What is refused is not counted and, refused for its number, has written nothing.
///
/// # Errors
/// [`Problem::too_often`] with the seconds until the window ends, or what `act` refuses.
pub fn within<T>(
    c: &mut Conn,
    limit: Option<Limit>,
    subject: &str,
    now: Micros,
    act: impl FnOnce(&mut Conn) -> Result<T, Failure<Problem>>,
) -> Result<T, Failure<Problem>> {
    let Some(limit) = limit else { return act(c) };
    if used(c, limit, subject, now)? >= limit.most {
        return Err(Problem::too_often(left(limit, now)).into());
    }
    let done = act(c)?;
    count(c, limit, subject, now)?;
    Ok(done)
}

/// Counts one use and answers how many there are now in this window.
pub fn count(c: &mut Conn, limit: Limit, subject: &str, now: Micros) -> QueryResult<i64> {
    let start = now - now.rem_euclid(limit.window);
    let row = (
        rate_counters::scope.eq(limit.scope),
        rate_counters::subject.eq(subject),
        rate_counters::window_start.eq(start),
        rate_counters::used.eq(1),
    );
    let insert = diesel::insert_into(rate_counters::table).values(row);
    let more = rate_counters::used.eq(rate_counters::used + 1);
    db::upsert(insert, "scope, subject, window_start", more).returning(rate_counters::used).get_result(c)
}

/// Takes one use back, for acts that turned out to be none of those that are limited.
pub fn give_back(c: &mut Conn, limit: Limit, subject: &str, now: Micros) -> QueryResult<()> {
    let start = now - now.rem_euclid(limit.window);
    diesel::update(
        rate_counters::table.find((limit.scope, subject, start)).filter(rate_counters::used.gt(0)),
    )
    .set(rate_counters::used.eq(rate_counters::used - 1))
    .execute(c)?;
    Ok(())
}

/// How many uses there were in this window.
pub fn used(c: &mut Conn, limit: Limit, subject: &str, now: Micros) -> QueryResult<i64> {
    let start = now - now.rem_euclid(limit.window);
    let used: Option<i64> = rate_counters::table
        .find((limit.scope, subject, start))
        .select(rate_counters::used)
        .first(c)
        .optional()?;
    Ok(used.unwrap_or(0))
}

/// Seconds until the window ends.
pub fn left(limit: Limit, now: Micros) -> u64 {
    let left = limit.window - now.rem_euclid(limit.window);
    u64::try_from((left + SECOND - 1) / SECOND).unwrap_or(1)
}

/// Drops counters of windows long over.
pub fn forget_old(c: &mut Conn, now: Micros) -> QueryResult<usize> {
    diesel::delete(rate_counters::table.filter(rate_counters::window_start.lt(now - 2 * DAY))).execute(c)
}
