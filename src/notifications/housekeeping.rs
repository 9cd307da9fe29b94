//! Housekeeping: once a day, what is over is dropped. Nothing here decides anything.

use diesel::QueryResult;

use super::{incoming, levels};
use crate::clock::{DAY, HOUR, Micros};
use crate::db::{Conn, Effect};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};

const KIND: &str = "notices.housekeeping";

/// The duty.
#[derive(Clone, Copy, Debug)]
pub struct Housekeeping;

impl Housekeeping {
    /// Makes sure that it will be done.
    ///
    /// # Errors
    /// The database's.
    pub fn schedule(c: &mut Conn, now: Micros) -> QueryResult<()> {
        timed::schedule_once(c, KIND, 0, now + HOUR)
    }
}

impl Duty for Housekeeping {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn prepare(&self, _: &mut Conn, _: &Timed, now: Micros) -> QueryResult<Effect> {
        Ok(Box::new(move |c| {
            let dropped = levels::forget_old(c, now)? + incoming::forget_old(c, now)?;
            tracing::debug!(dropped, "kept the inbox tidy");
            timed::schedule(c, KIND, 0, now + DAY)
        }))
    }
}
