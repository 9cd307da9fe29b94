//! One reader per process that watches the end of the log and wakes the followers.
//!
//! A commit of this process wakes it, and what is committed in the same moment is seen together; commits of other
//! processes are found by looking every 200 ms.
//! On PostgreSQL one node at a time, holding a lease, gives the positions.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::{Follower, catch_up_all, last_position};
use crate::clock::{Clock, SECOND};
use crate::db::{Conn, Db, Error, On, dialect};
use crate::jobs::{Node, leases};

const LOOK: Duration = Duration::from_millis(200);
/// How long what was committed is gathered: each look costs the followers a commit of their own.
const GATHER: Duration = Duration::from_millis(200);

/// The tail of the log and who follows it.
pub struct Tail {
    db: Db,
    clock: Clock,
    node: Node,
    followers: Vec<Arc<dyn Follower>>,
}

impl Tail {
    /// A tail for `followers`, not yet running.
    pub fn new(db: Db, clock: Clock, node: Node, followers: Vec<Arc<dyn Follower>>) -> Tail {
        Tail { db, clock, node, followers }
    }

    /// Runs until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut commits = self.db.commits();
        let mut seen = -1;
        while !*stop.borrow() {
            match self.look(seen).await {
                Ok(end) => seen = end,
                Err(error) => tracing::warn!(%error, "the log could not be followed; trying again"),
            }
            tokio::select! {
                _ = stop.changed() => {}
                _ = commits.changed() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Numbers what waits, and lets the followers see what is new; returns the end of the log, as it was before.
    async fn look(&self, seen: i64) -> Result<i64, Error> {
        let (end, waiting) = self
            .db
            .read(|c: &mut Conn| Ok::<_, Error>((last_position(c)?, dialect::has_unnumbered_events(c)?)))
            .await?;
        let numbered = if waiting { self.number().await? } else { 0 };
        if end == seen && numbered == 0 {
            return Ok(end);
        }
        catch_up_all(&self.db, &self.followers, self.clock.now()).await?;
        // Not how far any of them came: what was committed meanwhile the first of them have not seen.
        Ok(end)
    }

    async fn number(&self) -> Result<usize, Error> {
        let (node, now) = (self.node.clone(), self.clock.now());
        let mine = self
            .db
            .write(On::Background("event-lease"), move |c| {
                Ok::<_, Error>(leases::hold(c, "event-order", &node, now, 5 * SECOND)?)
            })
            .await?;
        if !mine {
            return Ok(0);
        }
        self.db.write(On::Background("event-order"), dialect::number_events).await
    }
}
