//! When sessions were last used: noted in memory while requests are answered, written down together.
//!
//! A session is noted at most once an hour, so a busy member costs no writes. A crash forgets some notes; then a session
//! seems used a little earlier than it was, and ends a little earlier.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::sessions;
use crate::clock::{HOUR, Micros};
use crate::db::{Db, Error, On};

/// Between two writings down.
const PAUSE: Duration = Duration::from_secs(20);
/// A session seen this lately need not be noted again.
const LATELY: Micros = HOUR;

/// Sessions used and not yet written down; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Seen(Arc<Mutex<HashMap<i64, Micros>>>);

impl Seen {
    /// Notes that a session was used at `now`, when its row says that it was last seen long ago.
    pub fn note(&self, session: i64, seen_at: Micros, now: Micros) {
        if now - seen_at >= LATELY {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(session, now);
        }
    }

    /// Writes notes down until `stop` turns true, and a last time then.
    pub async fn run(self, db: Db, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
            self.write_down(&db).await;
        }
    }

    /// Writes down what is noted.
    pub async fn write_down(&self, db: &Db) {
        let noted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return;
        }
        let rows = noted.clone();
        let kept = db
            .write(On::Background("seen"), move |c| {
                rows.iter()
                    .try_for_each(|(session, at)| sessions::seen(c, *session, *at))
                    .map_err(Error::from)
            })
            .await;
        if let Err(error) = kept {
            tracing::debug!(%error, "when sessions were used was not written down; trying again");
            // What was noted meanwhile is newer.
            let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (session, at) in noted {
                notes.entry(session).or_insert(at);
            }
        }
    }
}
