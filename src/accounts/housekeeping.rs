//! Housekeeping: once an hour, what is over is dropped.
//!
//! Nothing here decides anything: an ended session, an expired link, a counter of last week are refused by their
//! times whether their rows are there or not.

use diesel::QueryResult;

use super::{join_requests, sessions, setup};
use crate::clock::{HOUR, Micros};
use crate::db::{Conn, Effect};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::mail::outbox;
use crate::web::{limits, once};

const KIND: &str = "housekeeping";

/// The duty.
#[derive(Clone, Copy, Debug)]
pub struct Housekeeping;

impl Housekeeping {
    /// Makes sure that it will be done.
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
            let dropped = sessions::forget_old(c, now)?
                + setup::forget_old_links(c, now)?
                + limits::forget_old(c, now)?
                + once::forget_old(c, now)?
                + outbox::forget_old(c, now)?
                + join_requests::forget_old(c, now)?;
            tracing::debug!(dropped, "kept house");
            Housekeeping::schedule(c, now)
        }))
    }
}
