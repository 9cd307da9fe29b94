//! Views and who had them: noted in memory and written in batches, because neither is worth a flush to disk per reader.
//!
//! What is not yet written when the process is killed is lost; nothing else depends on it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::prelude::*;
use quick_cache::sync::Cache;
use tokio::sync::watch;

use super::readers;
use crate::clock::{Clock, MINUTE, Micros};
use crate::db::schema::questions;
use crate::db::{self, Conn, Db, Error, On};

/// Views of this process that are not yet written.
pub struct Views {
    unwritten: Mutex<HashMap<i64, Seen>>,
    /// When a reader of a question was last noted, for those who come back soon.
    noted: Cache<(i64, i64), Micros>,
}

/// What is not yet written of one question.
#[derive(Clone, Debug, Default)]
struct Seen {
    views: i64,
    /// Members, and when they last opened it.
    readers: HashMap<i64, Micros>,
}

impl Seen {
    fn add(&mut self, more: Seen) {
        self.views += more.views;
        for (member, at) in more.readers {
            let last = self.readers.entry(member).or_insert(at);
            *last = at.max(*last);
        }
    }
}

impl Default for Views {
    fn default() -> Views {
        Views { unwritten: Mutex::default(), noted: Cache::new(KNOWN) }
    }
}

/// Readers remembered, so that one who comes back soon is not written again.
const KNOWN: usize = 50_000;
/// How soon that is.
const SOON: Micros = 10 * MINUTE;

/// How often counted views are written.
const PAUSE: Duration = Duration::from_secs(5);
/// Questions written in one transaction.
const BATCH: usize = 500;

impl Views {
    /// A member other than the asker read a question.
    pub fn count(&self, question_id: i64, member: i64, now: Micros) {
        let key = (question_id, member);
        let lately = self.noted.get(&key).is_some_and(|at| (at..at + SOON).contains(&now));
        let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = unwritten.entry(question_id).or_default();
        seen.views += 1;
        if !lately {
            seen.readers.insert(member, now);
            drop(unwritten);
            self.noted.insert(key, now);
        }
    }

    /// A question was viewed so often, by nobody in particular.
    pub fn add(&self, question_id: i64, views: i64) {
        let seen = Seen { views, ..Seen::default() };
        self.unwritten
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(question_id)
            .or_default()
            .add(seen);
    }

    /// Writes what was counted every few seconds until `stop` turns true, and once more then.
    pub async fn keep(self: Arc<Self>, db: Db, clock: Clock, mut stop: watch::Receiver<bool>) {
        loop {
            let stopping = *stop.borrow();
            if let Err(error) = self.flush(&db, clock.now()).await {
                tracing::warn!(%error, "views could not be written; trying again");
            }
            if stopping {
                return;
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// Writes what was counted; what cannot be written is counted again later.
    ///
    /// # Errors
    /// The database's.
    pub async fn flush(&self, db: &Db, now: Micros) -> Result<(), Error> {
        let counted: Vec<(i64, Seen)> =
            self.unwritten.lock().unwrap_or_else(PoisonError::into_inner).drain().collect();
        for batch in counted.chunks(BATCH) {
            let rows = batch.to_vec();
            let written =
                db.write(On::Background("views"), move |c| Ok::<_, Error>(write(c, &rows, now)?)).await;
            if let Err(error) = written {
                let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
                for (id, seen) in batch {
                    unwritten.entry(*id).or_default().add(seen.clone());
                }
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Views are no part of what a thread's cache holds, so the version stays.
fn write(c: &mut Conn, rows: &[(i64, Seen)], now: Micros) -> QueryResult<()> {
    for (id, seen) in rows {
        let more = questions::views.eq(questions::views + seen.views);
        db::update(questions::table, questions::post_id.eq(id), more).execute(c)?;
        readers::note(c, *id, &seen.readers, now)?;
    }
    Ok(())
}
