//! Views: counted in memory and written in batches, because a counter is not worth a flush to disk per reader.
//!
//! What is not yet written when the process is killed is lost; nothing else depends on it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::prelude::*;
use tokio::sync::watch;

use crate::db::schema::questions;
use crate::db::{self, Conn, Db, Error, On};

/// Views of this process that are not yet written.
#[derive(Debug, Default)]
pub struct Views(Mutex<HashMap<i64, i64>>);

/// How often counted views are written.
const PAUSE: Duration = Duration::from_secs(5);
/// Questions written in one transaction.
const BATCH: usize = 500;

impl Views {
    /// Somebody other than the asker read a question.
    pub fn count(&self, question_id: i64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(question_id).or_default() += 1;
    }

    /// Writes what was counted every few seconds until `stop` turns true, and once more then.
    pub async fn keep(self: Arc<Self>, db: Db, mut stop: watch::Receiver<bool>) {
        loop {
            let stopping = *stop.borrow();
            if let Err(error) = self.flush(&db).await {
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
    pub async fn flush(&self, db: &Db) -> Result<(), Error> {
        let counted: Vec<(i64, i64)> =
            self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect();
        for batch in counted.chunks(BATCH) {
            let rows = batch.to_vec();
            let written = db.write(On::Background("views"), move |c| Ok::<_, Error>(add(c, &rows)?)).await;
            if let Err(error) = written {
                let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                for (id, count) in batch {
                    *views.entry(*id).or_default() += count;
                }
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Views are no part of what a thread's cache holds, so the version stays.
fn add(c: &mut Conn, rows: &[(i64, i64)]) -> QueryResult<()> {
    for (id, count) in rows {
        let more = questions::views.eq(questions::views + count);
        db::update(questions::table, questions::post_id.eq(id), more).execute(c)?;
    }
    Ok(())
}
