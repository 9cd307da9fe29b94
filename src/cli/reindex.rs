//! `peerhall reindex`: everything derived is made anew from what people wrote, while the site runs.

use super::{Place, Stop};
use crate::badges;
use crate::config::Config;
use crate::db::{Error, On};
use crate::events::{self, About};
use crate::notifications;
use crate::posts;
use crate::questions::counters::ThreadCounters;
use crate::questions::rebuild::{rebuild_counts, rebuild_thread, threads_after};
use crate::search::index::{self, SearchRebuildAsked};
use crate::threads::rerender;

/// Threads looked up at a time.
const BATCH: i64 = 500;

pub(super) fn run(config: &Config) -> Result<(), Stop> {
    let place = Place::existing(config)?;
    let threads = rebuild_threads(&place)?;
    place.db.write_now(On::Named("counts", 0), |c| Ok::<_, Error>(rebuild_counts(c)?))?;
    place.db.write_now(On::Nothing, |c| Ok::<_, Error>(notifications::rebuild_unread(c)?))?;
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
        events::rewind(c, ThreadCounters::NAME, now)?;
        Ok::<_, Error>(badges::judge_again(c, now)?)
    })?;
    eprintln!("{threads} threads counted anew, {rendered} texts rendered anew");
    rebuild_search(config, &place)
}

/// Every server builds its index anew when it meets the event; where none runs here, it is done here.
fn rebuild_search(config: &Config, place: &Place) -> Result<(), Stop> {
    let now = place.clock.now();
    place.db.write_now(On::Nothing, move |c| {
        Ok::<_, Error>(events::append(c, &About::now(now, None), &SearchRebuildAsked {})?)
    })?;
    match index::Place::take_first(&config.search_dir)? {
        Some(free) => {
            index::rebuild(&place.db, &free).map_err(Stop::Refused)?;
            eprintln!("the search index is built anew");
        }
        None => eprintln!("the running server builds its search index anew beside the one that serves"),
    }
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
