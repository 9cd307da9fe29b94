//! When a guru can be asked: days of the week and hours of the day, in their own time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::Micros;

/// Minutes of a day.
pub const DAY_MINUTES: i64 = 24 * 60;
/// Every day of the week.
pub const ALL_DAYS: i64 = 127;

/// Days as bits, Monday the lowest, and minutes after midnight from and until; without hours the whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// 1 to 127.
    pub days: i64,
    /// From, until; a span past midnight belongs to the day on which it began.
    pub span: Option<(i64, i64)>,
}

impl Default for Hours {
    /// Always.
    fn default() -> Hours {
        Hours { days: ALL_DAYS, span: None }
    }
}

impl Hours {
    /// Whether `now` is within them, in a time zone by its IANA name; an unknown one is UTC.
    #[must_use]
    pub fn cover(&self, now: Micros, zone: &str) -> bool {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let Ok(at) = Timestamp::from_microsecond(now) else { return false };
        let here = at.to_zoned(zone);
        let day = i64::from(here.weekday().to_monday_zero_offset());
        self.hold(day, i64::from(here.hour()) * 60 + i64::from(here.minute()))
    }

    /// Whether a minute of a day of the week, Monday being 0, is within them.
    #[must_use]
    pub fn hold(&self, day: i64, minute: i64) -> bool {
        let on = |day: i64| self.days >> day.rem_euclid(7) & 1 == 1;
        match self.span {
            Some((from, until)) if from < until => on(day) && (from..until).contains(&minute),
            Some((from, until)) if from > until => {
                (on(day) && minute >= from) || (on(day - 1) && minute < until)
            }
            _ => on(day),
        }
    }
}

/// The minute of a day written as `22:00`.
#[must_use]
pub fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let number =
        |text: &str| text.parse::<i64>().ok().filter(|_| text.len() <= 2 && !text.starts_with(['+', '-']));
    let (hour, minute) = (number(hour)?, number(minute)?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

/// A minute of the day as `22:00`.
#[must_use]
pub fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute.div_euclid(60), minute.rem_euclid(60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;

    #[test]
    fn hours_past_midnight_belong_to_the_day_they_began_on() {
        let fridays = Hours { days: 1 << 4, span: Some((22 * 60, 2 * 60)) };
        for (day, at, inside) in
            [(4, 23, true), (5, 1, true), (5, 2, false), (5, 23, false), (4, 1, false), (4, 21, false)]
        {
            assert_eq!(fridays.hold(day, at * 60), inside, "day {day} at {at}");
        }
        assert!(Hours::default().hold(6, 0));
        let mondays = Hours { days: 1, span: None };
        assert!(mondays.hold(0, 5) && !mondays.hold(1, 5));
        let sundays = Hours { days: 1 << 6, span: Some((22 * 60, 60)) };
        assert!(sundays.hold(0, 30), "Sunday night reaches into Monday");
    }

    #[test]
    fn hours_are_those_of_the_members_own_clock() {
        let office = Hours { days: 0b1_1111, span: Some((9 * 60, 17 * 60)) };
        // A Thursday.
        let at = parse_rfc3339("2026-11-26T08:30:00Z").unwrap();
        assert!(office.cover(at, "Europe/Vienna") && !office.cover(at, "UTC"));
    }

    #[test]
    fn times_of_day_are_read_and_written() {
        assert_eq!(minute("22:05"), Some(1325));
        assert_eq!(clock(1325), "22:05");
        for wrong in ["", "22", "24:00", "1:60", "a:b", "-1:00", "+1:00", "001:00"] {
            assert_eq!(minute(wrong), None, "{wrong}");
        }
    }
}
