//! Durations on the command line: `90s`, `30m`, `12h`, `7d`, `2w`.

use crate::clock::{DAY, HOUR, MINUTE, Micros, SECOND};

/// Reads a whole number of at least one with its unit.
///
/// # Errors
/// What would be right, for the person who typed it.
pub fn parse(text: &str) -> Result<Micros, String> {
    let wrong = || format!("`{text}` is no duration; write a number and one of s, m, h, d, w, such as 7d");
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let one = match unit {
        's' => SECOND,
        'm' => MINUTE,
        'h' => HOUR,
        'd' => DAY,
        'w' => 7 * DAY,
        _ => return Err(wrong()),
    };
    let digits = text.strip_suffix(unit).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let number: Micros = digits.and_then(|digits| digits.parse().ok()).ok_or_else(wrong)?;
    number.checked_mul(one).filter(|duration| *duration > 0).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, expected) in
            [("1s", SECOND), ("30m", 30 * MINUTE), ("12h", 12 * HOUR), ("7d", 7 * DAY), ("2w", 14 * DAY)]
        {
            assert_eq!(parse(text), Ok(expected));
        }
        for text in ["", "7", "d", "-1d", "0d", "1.5h", "1y", "7 d", "99999999999999w", "१d", "1é"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
