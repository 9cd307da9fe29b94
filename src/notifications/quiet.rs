//! Quiet hours, in the member's own time zone.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use crate::clock::Micros;

/// Minutes of a day.
pub(super) const DAY_MINUTES: i64 = 24 * 60;

/// When an e-mail that could go at `now` goes, given quiet hours from one minute of the day until another: at `now`, or when
/// they end. They may span midnight; none where both are the same. An unknown time zone is UTC.
pub(super) fn after(now: Micros, zone: &str, quiet: Option<(i64, i64)>) -> Micros {
    let Some((from, until)) = quiet.filter(|(from, until)| from != until) else { return now };
    let Some(here) = local(now, zone) else { return now };
    let minute = i64::from(here.hour()) * 60 + i64::from(here.minute());
    let inside =
        if from < until { (from..until).contains(&minute) } else { minute >= from || minute < until };
    if !inside {
        return now;
    }
    let day = if minute < until { Some(here.clone()) } else { here.checked_add(1.day()).ok() };
    let end = day.and_then(|day| at_minute(&day, until));
    end.map_or(now, |end| end.max(now))
}

/// A moment in a time zone.
pub(super) fn local(at: Micros, zone: &str) -> Option<Zoned> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Some(Timestamp::from_microsecond(at).ok()?.to_zoned(zone))
}

/// A minute of a day; where clocks skip it, the first moment after.
pub(super) fn at_minute(day: &Zoned, minute: i64) -> Option<Micros> {
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    let at =
        day.date().to_datetime(Time::new(hour, minute, 0, 0).ok()?).to_zoned(day.time_zone().clone()).ok()?;
    Some(at.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::after;
    use crate::clock::{HOUR, MINUTE, parse_rfc3339};

    fn at(text: &str) -> i64 {
        parse_rfc3339(text).unwrap()
    }

    #[test]
    fn an_e_mail_waits_for_the_end_of_quiet_hours() {
        let night = Some((22 * 60, 7 * 60));
        for (now, goes) in [
            ("2026-11-26T12:00:00Z", "2026-11-26T12:00:00Z"),
            // 23:30 in Vienna.
            ("2026-11-26T22:30:00Z", "2026-11-27T06:00:00Z"),
            // 05:00 there.
            ("2026-11-26T04:00:00Z", "2026-11-26T06:00:00Z"),
            // 07:00 there: they are over.
            ("2026-11-26T06:00:00Z", "2026-11-26T06:00:00Z"),
        ] {
            assert_eq!(after(at(now), "Europe/Vienna", night), at(goes), "{now}");
        }
        let noon = at("2026-11-26T12:30:00Z");
        assert_eq!(after(noon, "UTC", Some((12 * 60, 13 * 60))), noon + 30 * MINUTE);
        assert_eq!(after(noon, "Nowhere/None", Some((0, 0))), noon);
    }

    #[test]
    fn a_clock_that_jumps_does_not_lose_it() {
        // In Vienna 02:30 is not there on 29 March 2026.
        let goes = after(at("2026-03-29T00:30:00Z"), "Europe/Vienna", Some((60, 150)));
        assert!(goes >= at("2026-03-29T01:00:00Z") && goes <= at("2026-03-29T01:00:00Z") + HOUR, "{goes}");
    }
}
