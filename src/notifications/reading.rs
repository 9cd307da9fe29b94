//! Threads that were opened: their notices are read then. Noted while pages are answered, written down together.
//!
//! A crash forgets some notes: then a notice stays unread that was read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::inbox;
use crate::clock::{Clock, Micros};
use crate::db::{Db, Error, On};
use crate::web::hall::ThreadsRead;

/// Between two writings down.
const PAUSE: Duration = Duration::from_millis(500);
/// Notes kept at most; what is beyond stays unread.
const MOST: usize = 10_000;

/// Threads opened by members with unread notices, and when, not yet written down; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Reading(Arc<Mutex<HashMap<(i64, i64), Micros>>>);

impl ThreadsRead for Reading {
    fn note(&self, member: i64, question: i64, at: Micros) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() < MOST {
            notes.insert((member, question), at);
        }
    }
}

impl Reading {
    /// Writes notes down until `stop` turns true, and a last time then.
    pub async fn keep(self, db: Db, clock: Clock, mut stop: watch::Receiver<bool>) {
        loop {
            let stopping = *stop.borrow();
            let noted: Vec<((i64, i64), Micros)> =
                self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect();
            let now = clock.now();
            for piece in noted.chunks(200) {
                // Most threads that are opened hold nothing unread: reading them writes nothing.
                let piece = piece.to_vec();
                let unread = db
                    .read(move |c| {
                        let mut unread = piece;
                        let mut found = Vec::new();
                        for note in unread.drain(..) {
                            let ((member, question), _) = note;
                            if inbox::has_unread(c, member, question)? {
                                found.push(note);
                            }
                        }
                        Ok::<_, Error>(found)
                    })
                    .await;
                let piece = match unread {
                    Ok(piece) if piece.is_empty() => continue,
                    Ok(piece) => piece,
                    Err(error) => {
                        tracing::debug!(%error, "what was read was not written down");
                        continue;
                    }
                };
                let kept = db
                    .write(On::Background("read"), move |c| {
                        piece
                            .iter()
                            .try_for_each(|((member, question), at)| {
                                inbox::read_thread(c, *member, *question, *at, now)
                            })
                            .map_err(Error::from)
                    })
                    .await;
                if let Err(error) = kept {
                    tracing::debug!(%error, "what was read was not written down");
                }
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
}
