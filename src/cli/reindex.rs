//! `peerhall reindex`: everything derived is made anew from what people wrote, while the site runs.

use super::{Place, Stop};
use crate::config::Config;
use crate::db::{Error, On};
use crate::events;
use crate::posts;
use crate::questions::counters::ThreadCounters;
use crate::questions::rebuild::{rebuild_counts, rebuild_thread, threads_after};
use crate::threads::rerender;

/// Threads looked up at a time.
const BATCH: i64 = 500;

pub(super) fn run(config: &Config) -> Result<(), Stop> {
    let place = Place::existing(config)?;
    let threads = rebuild_threads(&place)?;
    place.db.write_now(On::Named("counts", 0), |c| Ok::<_, Error>(rebuild_counts(c)?))?;
    place.db.write_now(On::Nothing, |c| Ok::<_, Error>(posts::forget_renderings(c)?))?;
    let mut rendered = 0;
    loop {
        let anew = place.db.read_now(|c| Ok::<_, Error>(posts::rerendered(c)?))?;
        if anew.is_empty() {
            break;
        }
        rendered += anew.len();
        place.db.write_now(On::Named("rerender", 0), move |c| Ok::<_, Error>(rerender::store(c, &anew)?))?;
    }
    let now = place.clock.now();
    place.db.write_now(On::Named(ThreadCounters::NAME, 0), move |c| {
        Ok::<_, Error>(events::rewind(c, ThreadCounters::NAME, now)?)
    })?;
    eprintln!("{threads} threads counted anew, {rendered} texts rendered anew");
    Ok(())
}

fn rebuild_threads(place: &Place) -> Result<usize, Stop> {
    let (mut last, mut count) = (0, 0);
    loop {
        let ids = place.db.read_now(move |c| Ok::<_, Error>(threads_after(c, last, BATCH)?))?;
        let Some(end) = ids.last().copied() else { return Ok(count) };
        count += ids.len();
        for id in ids {
            place.db.write_now(On::Thread(id), move |c| Ok::<_, Error>(rebuild_thread(c, id)?))?;
        }
        last = end;
    }
}
