//! The only place that asks the time. Tests move it.
//!
//! Times everywhere are UTC microseconds since 1970 ([`Micros`]): one exact type on both databases.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// UTC microseconds since 1970-01-01.
pub type Micros = i64;

/// One second.
pub const SECOND: Micros = 1_000_000;
/// One minute.
pub const MINUTE: Micros = 60 * SECOND;
/// One hour.
pub const HOUR: Micros = 60 * MINUTE;
/// One day of 24 hours.
pub const DAY: Micros = 24 * HOUR;

/// The time, plus an offset that tests set; cheap to clone, all clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset: Arc<AtomicI64>,
    file: Option<Arc<PathBuf>>,
}

impl Clock {
    /// A clock whose offset in microseconds stands in `file`, read again at every [`Clock::tick`].
    pub fn with_offset_file(file: &Path) -> Clock {
        let clock = Clock { offset: Arc::default(), file: Some(Arc::new(file.to_owned())) };
        clock.tick();
        clock
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    pub fn now(&self) -> Micros {
        let real =
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as Micros);
        real + self.offset.load(Ordering::Relaxed)
    }

    /// Moves the clock forward (or back) for tests.
    pub fn advance(&self, by: Micros) {
        self.offset.fetch_add(by, Ordering::Relaxed);
    }

    /// Reads the offset file again, if there is one; an unreadable one changes nothing.
    pub fn tick(&self) {
        let Some(file) = &self.file else { return };
        if let Some(offset) =
            std::fs::read_to_string(file.as_path()).ok().and_then(|text| text.trim().parse().ok())
        {
            self.offset.store(offset, Ordering::Relaxed);
        }
    }
}

/// RFC 3339 in UTC with six decimals, as the API writes times. Years beyond 9999 are shown as the last moment
/// of 9999.
pub fn rfc3339(at: Micros) -> String {
    let last = jiff::Timestamp::MAX.as_microsecond();
    let moment = jiff::Timestamp::from_microsecond(at.clamp(0, last)).unwrap_or_default();
    format!("{moment:.6}")
}

/// A moment as sentences say it, in letters and refusals: `2026-12-01, 08:30 UTC`.
pub fn moment(at: Micros) -> String {
    let text = rfc3339(at);
    let (day, time) = text.split_once('T').unwrap_or((text.as_str(), ""));
    format!("{day}, {} UTC", time.get(..5).unwrap_or_default())
}

/// Reads an RFC 3339 time.
pub fn parse_rfc3339(text: &str) -> Option<Micros> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_microsecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_six_decimals() {
        assert_eq!(rfc3339(1_700_000_000_000_000), "2023-11-14T22:13:20.000000Z");
        assert_eq!(parse_rfc3339("2023-11-14T22:13:20.000001Z"), Some(1_700_000_000_000_001));
    }

    #[test]
    fn sentences_say_a_moment_to_the_minute() {
        assert_eq!(moment(1_700_000_000_000_001), "2023-11-14, 22:13 UTC");
    }

    #[test]
    fn clones_share_the_offset() {
        let clock = Clock::default();
        let before = clock.now();
        clock.clone().advance(DAY);
        assert!(clock.now() >= before + DAY);
    }
}
