//! Those who follow the log inside the database: their effect and their cursor commit together.

use std::time::Duration;

use diesel::prelude::*;

use super::{Recorded, after};
use crate::clock::Micros;
use crate::db::schema::follower_cursors;
use crate::db::{self, Conn, Db, Effect, Error, On};

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
    /// Reads, on a reading thread, what `events` mean, and answers what is to be written, which commits together
    /// with the cursor; may be given the same events again after a fault.
    fn follow(&self, c: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<Effect>;
}

/// Events handled in one transaction at most.
const BATCH: i64 = 500;
/// Between two batches others get their turn: commands beside the server would wait for the write lock in vain.
const PAUSE: Duration = Duration::from_millis(20);

/// Runs followers until they have seen the whole log: all of them in one look and one transaction at a time. Where that
/// fails, each by itself, so that one that cannot go on does not stop the others.
///
/// # Errors
/// The database's, or the first that cannot go on.
pub async fn catch_up_all(
    db: &Db,
    followers: &[std::sync::Arc<dyn Follower>],
    now: Micros,
) -> Result<(), Error> {
    match together(db, followers, now).await {
        Ok(()) => Ok(()),
        Err(error) => {
            tracing::debug!(%error, "followers go on one by one");
            let mut first = None;
            for follower in followers {
                if let Err(error) = together(db, std::slice::from_ref(follower), now).await {
                    tracing::warn!(%error, follower = follower.name(), "a follower cannot go on");
                    first.get_or_insert(error);
                }
            }
            first.map_or(Ok(()), Err)
        }
    }
}

async fn together(db: &Db, followers: &[std::sync::Arc<dyn Follower>], now: Micros) -> Result<(), Error> {
    loop {
        let these = followers.to_vec();
        let steps: Vec<(&'static str, Step)> = db
            .read(move |c| {
                these
                    .iter()
                    .map(|this| Ok((this.name(), look(c, this.as_ref(), now)?)))
                    .collect::<Result<_, Error>>()
            })
            .await?;
        let more = steps.iter().any(|(_, step)| step.more);
        let mut due: Vec<(&'static str, i64, i64, Effect)> = steps
            .into_iter()
            .filter_map(|(name, step)| Some((name, step.cursor, step.last?, step.effect?)))
            .collect();
        if due.is_empty() {
            return Ok(());
        }
        db.write(On::Background("followers"), move |c| {
            for (name, seen, last, effect) in &mut due {
                // Another node may have been first.
                if cursor(c, name)? == *seen {
                    effect(c)?;
                    move_cursor(c, name, *last, now)?;
                }
            }
            Ok::<_, Error>(())
        })
        .await?;
        if !more {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What a follower found after its cursor.
struct Step {
    cursor: i64,
    /// The last event it saw; None when there is nothing new.
    last: Option<i64>,
    effect: Option<Effect>,
    more: bool,
}

fn look(c: &mut Conn, follower: &dyn Follower, now: Micros) -> Result<Step, Error> {
    let cursor = cursor(c, follower.name())?;
    let events = after(c, cursor, BATCH)?;
    let last = events.last().and_then(|event| event.position);
    let more = events.len() as i64 == BATCH;
    let taken: Vec<Recorded> = match follower.takes() {
        Takes::All => events,
        Takes::LiveOnly => events.into_iter().filter(|event| event.origin == "live").collect(),
    };
    let effect: Option<Effect> = match last {
        Some(_) if taken.is_empty() => Some(Box::new(|_| Ok(()))),
        Some(_) => Some(follower.follow(c, &taken, now)?),
        None => None,
    };
    Ok(Step { cursor, last, effect, more })
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
    let insert = diesel::insert_into(follower_cursors::table).values(row);
    let moved = (follower_cursors::position.eq(position), follower_cursors::moved_at.eq(now));
    db::upsert(insert, "name", moved).execute(c)?;
    Ok(())
}
