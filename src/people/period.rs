//! Days and periods in UTC, as links of recognition say them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::clock::{DAY, Micros};

/// How far back a leaderboard looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// This ISO week, from Monday.
    Week,
    /// This calendar month.
    Month,
    /// This calendar year.
    Year,
    /// Always.
    All,
}

impl Period {
    /// All of them, shortest first.
    pub const ALL: [Period; 4] = [Period::Week, Period::Month, Period::Year, Period::All];

    /// As said in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Period::Week => "week",
            Period::Month => "month",
            Period::Year => "year",
            Period::All => "all",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(name: &str) -> Option<Period> {
        Period::ALL.into_iter().find(|period| period.as_str() == name)
    }

    /// Its first moment, where it has one.
    pub fn begin(self, now: Micros) -> Option<Micros> {
        match self {
            Period::Week => Some(monday(now)),
            Period::Month => Some(month(now)),
            Period::Year => first_of(now, |date| Date::new(date.year(), 1, 1).ok()),
            Period::All => None,
        }
    }
}

/// The first moment of the ISO week that `at` is in.
pub fn monday(at: Micros) -> Micros {
    let day = at.div_euclid(DAY);
    // The day of 1970-01-01 was a Thursday.
    (day - (day + 3).rem_euclid(7)) * DAY
}

/// The first moment of the month that `at` is in.
pub fn month(at: Micros) -> Micros {
    first_of(at, |date| Date::new(date.year(), date.month(), 1).ok()).unwrap_or(at)
}

/// The first moment after the month that `at` is in.
pub fn next_month(at: Micros) -> Micros {
    // No month has 32 days, and none has fewer than 28.
    month(month(at) + 32 * DAY)
}

/// A day as links say it: `2026-11-26`.
pub fn day_name(at: Micros) -> String {
    date(at).map(|date| date.to_string()).unwrap_or_default()
}

/// The first moment of a day that was said like that.
pub fn day(said: &str) -> Option<Micros> {
    if said.len() != 10 {
        return None;
    }
    moment(said.parse().ok()?)
}

fn first_of(at: Micros, first: impl FnOnce(Date) -> Option<Date>) -> Option<Micros> {
    moment(first(date(at)?)?)
}

fn date(at: Micros) -> Option<Date> {
    Some(Timestamp::from_microsecond(at).ok()?.to_zoned(TimeZone::UTC).date())
}

fn moment(date: Date) -> Option<Micros> {
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;

    #[test]
    fn periods_begin_at_midnight_in_utc() {
        for (now, week, month, year) in [
            ("2026-11-26T18:20:00Z", "2026-11-23", "2026-11-01", "2026-01-01"),
            ("2026-11-23T00:00:00Z", "2026-11-23", "2026-11-01", "2026-01-01"),
            ("2027-01-03T23:59:59Z", "2026-12-28", "2027-01-01", "2027-01-01"),
            ("1970-01-01T00:00:00Z", "1969-12-29", "1970-01-01", "1970-01-01"),
        ] {
            let at = parse_rfc3339(now).unwrap();
            let begins = |period: Period| period.begin(at).map(day_name);
            assert_eq!(begins(Period::Week).as_deref(), Some(week), "{now}");
            assert_eq!(begins(Period::Month).as_deref(), Some(month), "{now}");
            assert_eq!(begins(Period::Year).as_deref(), Some(year), "{now}");
            assert_eq!(begins(Period::All), None);
        }
    }

    #[test]
    fn a_day_that_was_said_is_read_and_nothing_else() {
        assert_eq!(day("2026-11-26").map(day_name).as_deref(), Some("2026-11-26"));
        for bad in ["", "x", "2026-11", "2026-02-30", "2026-11-26T00:00:00Z", "+2026-1-1"] {
            assert_eq!(day(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_next_month_begins_where_this_one_ends() {
        let at = day("2026-12-31").unwrap();
        assert_eq!(day_name(next_month(at)), "2027-01-01");
        assert_eq!(day_name(next_month(day("2027-02-01").unwrap())), "2027-03-01");
    }
}
