//! `peerhall receive-mail < MESSAGE`, for a pipe of a mail server.
//!
//! Whatever goes wrong on our side is 75: a mail server keeps the message then and hands it in again.

use std::io::{Read, Write};

use super::{Place, Stop};
use crate::config::Config;
use crate::mail::incoming::LARGEST;
use crate::notifications::incoming::{Desk, Outcome, take};

/// Takes the message on standard input and says what became of it.
///
/// # Errors
/// [`Stop::TryAgain`].
pub(super) fn run(config: &Config) -> Result<(), Stop> {
    let later = |why: String| Stop::TryAgain(why);
    let mut raw = Vec::new();
    let most = u64::try_from(LARGEST).unwrap_or(u64::MAX) + 1;
    std::io::stdin().lock().take(most).read_to_end(&mut raw).map_err(|error| later(error.to_string()))?;
    let outcome = received(config, raw).map_err(|stop| later(stop.to_string()))?;
    let mut out = std::io::stdout().lock();
    match outcome {
        Outcome::Posted(post) => writeln!(out, "posted {post}"),
        Outcome::Quarantined(why) | Outcome::Automatic(why) => writeln!(out, "{}: {why}", outcome.word()),
        _ => writeln!(out, "{}", outcome.word()),
    }
    .map_err(|error| later(error.to_string()))
}

fn received(config: &Config, raw: Vec<u8>) -> Result<Outcome, Stop> {
    let place = Place::open(config)?;
    let now = place.clock.now();
    let desk = Desk { db: place.db.clone(), head: place.letterhead(config)?, limited: config.limits };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(take(&desk, raw.into(), now))?)
}
