//! Formats: numbers and times as templates print them.
//!
//! A time in a page is `<time datetime>` with a UTC text inside; a script makes it relative to the reader. So a
//! cached fragment stays right for ever and for everyone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::words::{Words, WordsError};

/// A `<time>` element for UTC microseconds, such as
/// `<time datetime="2026-11-21T20:08:59Z">21 Nov 2026, 20:08 UTC</time>`. A time outside of what can be written
/// (years −9999 to 9999) becomes a dash.
///
/// # Errors
/// When the words for a month or the order of a date are missing.
pub fn time_element(words: &Words, micros: i64) -> Result<String, WordsError> {
    let Ok(at) = Timestamp::from_microsecond(micros) else { return Ok("–".to_owned()) };
    let text = date_and_clock(words, at)?;
    Ok(format!("<time datetime=\"{}\">{text}</time>", at.strftime("%Y-%m-%dT%H:%M:%SZ")))
}

/// A `<time>` element after words such as "since" and "until": a script shows the reader's own date and clock in
/// it, and never how long ago that is.
///
/// # Errors
/// As [`time_element`].
pub fn moment_element(words: &Words, micros: i64) -> Result<String, WordsError> {
    let Ok(at) = Timestamp::from_microsecond(micros) else { return Ok("–".to_owned()) };
    let text = date_and_clock(words, at)?;
    Ok(format!("<time datetime=\"{}\" data-moment>{text}</time>", at.strftime("%Y-%m-%dT%H:%M:%SZ")))
}

/// A `<time>` element that shows the day alone, for dates such as "joined".
///
/// # Errors
/// As [`time_element`].
pub fn day_element(words: &Words, micros: i64) -> Result<String, WordsError> {
    let Ok(at) = Timestamp::from_microsecond(micros) else { return Ok("–".to_owned()) };
    let text = day(words, at)?;
    Ok(format!("<time datetime=\"{}\" data-day>{text}</time>", at.strftime("%Y-%m-%dT%H:%M:%SZ")))
}

/// A whole number with its thousands apart, such as `27,594`.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('\u{2212}');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn date_and_clock(words: &Words, at: Timestamp) -> Result<String, WordsError> {
    let clock = at.strftime("%H:%M").to_string();
    words.say("time-utc", &[("day", day(words, at)?.into()), ("clock", clock.into())])
}

fn day(words: &Words, at: Timestamp) -> Result<String, WordsError> {
    let date = at.to_zoned(TimeZone::UTC).date();
    let month = words.say(&format!("month-{}", date.month()), &[])?;
    let (day, year) = (date.day().to_string(), date.year().to_string());
    words.say("time-day", &[("day", day.into()), ("month", month.into()), ("year", year.into())])
}

#[cfg(test)]
mod tests {
    use super::{grouped, time_element};
    use crate::web::words::Words;

    #[test]
    fn a_time_is_written_for_machines_and_in_utc_for_people() {
        let words = Words::embedded("en").unwrap();
        assert_eq!(
            time_element(&words, 1_795_292_939_000_001).unwrap(),
            "<time datetime=\"2026-11-21T20:28:59Z\">21 Nov 2026, 20:28 UTC</time>"
        );
    }

    #[test]
    fn a_time_beyond_the_calendar_is_a_dash() {
        let words = Words::embedded("en").unwrap();
        assert_eq!(time_element(&words, i64::MAX).unwrap(), "–");
    }

    #[test]
    fn thousands_are_kept_apart() {
        assert_eq!(grouped(27_594), "27,594");
        assert_eq!(grouped(-1_000_000), "\u{2212}1,000,000");
        assert_eq!(grouped(i64::MIN), "\u{2212}9,223,372,036,854,775,808");
        assert_eq!(grouped(0), "0");
    }
}
