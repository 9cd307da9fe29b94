//! Those who follow the log inside the database: their effect and their cursor commit together.

use std::time::Duration;

use diesel::prelude::*;

use super::{Recorded, after};
use crate::clock::Micros;
use crate::db::schema::follower_cursors;
use crate::db::{Conn, Db, Error, On, on};

/// Which events a follower is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Everything: followers that derive.
    All,
    /// Only what was done here: followers that act outward.
    LiveOnly,
}

/// Something that follows the log.
pub trait Follower: Send + Sync + 'static {
    /// Its name, and the name of its cursor.
    fn name(&self) -> &'static str;
    /// Which events it is given.
    fn takes(&self) -> Takes;
    /// Brings its derived rows up to date with `events`; may be given the same events again after a fault.
    fn follow(&self, c: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<()>;
}

/// Events handled in one transaction at most.
const BATCH: i64 = 100;
/// Between two batches others get their turn: commands beside the server would wait for the write lock in vain.
const PAUSE: Duration = Duration::from_millis(20);

/// Runs one follower until it has seen the whole log; returns its cursor.
pub async fn catch_up(db: &Db, follower: &std::sync::Arc<dyn Follower>, now: Micros) -> Result<i64, Error> {
    loop {
        let this = follower.clone();
        let (cursor, more) =
            db.write(On::Background(follower.name()), move |c| step(c, this.as_ref(), now)).await?;
        if !more {
            return Ok(cursor);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn step(c: &mut Conn, follower: &dyn Follower, now: Micros) -> Result<(i64, bool), Error> {
    let cursor = cursor(c, follower.name())?;
    let events = after(c, cursor, BATCH)?;
    let Some(last) = events.last().and_then(|event| event.position) else {
        return Ok((cursor, false));
    };
    let more = events.len() as i64 == BATCH;
    let taken: Vec<Recorded> = match follower.takes() {
        Takes::All => events,
        Takes::LiveOnly => events.into_iter().filter(|event| event.origin == "live").collect(),
    };
    if !taken.is_empty() {
        follower.follow(c, &taken, now)?;
    }
    move_cursor(c, follower.name(), last, now)?;
    Ok((last, more))
}

/// Sends a follower back to the beginning; its next run derives everything anew.
pub fn rewind(c: &mut Conn, name: &str, now: Micros) -> QueryResult<()> {
    move_cursor(c, name, 0, now)
}

fn cursor(c: &mut Conn, name: &str) -> QueryResult<i64> {
    Ok(follower_cursors::table
        .find(name)
        .select(follower_cursors::position)
        .first(c)
        .optional()?
        .unwrap_or(0))
}

fn move_cursor(c: &mut Conn, name: &str, position: i64, now: Micros) -> QueryResult<()> {
    let row = (
        follower_cursors::name.eq(name),
        follower_cursors::position.eq(position),
        follower_cursors::moved_at.eq(now),
    );
    on!(c, |c| diesel::insert_into(follower_cursors::table)
        .values(row)
        .on_conflict(follower_cursors::name)
        .do_update()
        .set((follower_cursors::position.eq(position), follower_cursors::moved_at.eq(now)))
        .execute(c))?;
    Ok(())
}
