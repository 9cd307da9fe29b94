//! Times of foreign data as UTC microseconds.
//!
//! Does not guess: what is not a date with a time is refused, never rounded to a day.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::clock::Micros;

/// Reads an ISO 8601 date and time. Without a zone it is UTC, as in Stack Exchange dumps
/// (`2016-08-02T15:39:14.947`); with a zone or `Z` it is that instant. `None` when it is neither.
pub fn parse(text: &str) -> Option<Micros> {
    let text = text.trim();
    if !text.contains(['T', 't', ' ']) {
        return None;
    }
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(instant.as_microsecond());
    }
    if text.contains(['Z', 'z', '[']) {
        return None;
    }
    let civil: DateTime = text.parse().ok()?;
    Some(TimeZone::UTC.to_timestamp(civil).ok()?.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_without_a_zone_are_utc_and_with_one_are_converted() {
        for (text, expected) in [
            ("1970-01-01T00:00:00.000", Some(0)),
            ("1970-01-01T00:00:01", Some(1_000_000)),
            ("1970-01-01T00:00:00.000001", Some(1)),
            ("2016-08-02T15:39:14.947", Some(1_470_152_354_947_000)),
            ("2016-08-02T15:39:14.947Z", Some(1_470_152_354_947_000)),
            ("2016-08-02T17:39:14.947+02:00", Some(1_470_152_354_947_000)),
            ("1969-12-31T23:59:59", Some(-1_000_000)),
            ("2016-08-02", None),
            ("2016-13-02T00:00:00", None),
            ("yesterday", None),
            ("T", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text:?}");
        }
    }
}
