//! Dates of a query: `2026`, `2026-01`, `2026-01-15`, and spans of them.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Span;
use crate::clock::Micros;

/// Reads `A`, `A..`, `..B`, `A..B`, `>A`, `>=A`, `<B`, `<=B`: a year, month or day stands for all of it (UTC).
pub(super) fn span(typed: &str) -> Option<Span> {
    if let Some((from, to)) = typed.split_once("..") {
        let from = if from.is_empty() { None } else { Some(period(from)?.0) };
        let to = if to.is_empty() { None } else { Some(period(to)?.1 - 1) };
        let right_way = from.zip(to).is_none_or(|(from, to)| from <= to);
        return (right_way && (from.is_some() || to.is_some())).then_some(Span { from, to });
    }
    let (sign, date) = sign(typed);
    let (begins, ends) = period(date)?;
    Some(match sign {
        ">" => Span { from: Some(ends), to: None },
        ">=" => Span { from: Some(begins), to: None },
        "<" => Span { from: None, to: Some(begins - 1) },
        "<=" => Span { from: None, to: Some(ends - 1) },
        _ => Span { from: Some(begins), to: Some(ends - 1) },
    })
}

/// A comparison and the rest.
pub(super) fn sign(typed: &str) -> (&str, &str) {
    for sign in [">=", "<=", ">", "<", "="] {
        if let Some(rest) = typed.strip_prefix(sign) {
            return (sign, rest);
        }
    }
    ("", typed)
}

/// The first moment of a year, month or day, and the first one after it.
fn period(typed: &str) -> Option<(Micros, Micros)> {
    let parts: Vec<&str> = typed.split('-').collect();
    let sized = parts.iter().zip([4, 2, 2]).all(|(part, digits)| {
        (1..=digits).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    if !sized || parts[0].len() != 4 {
        return None;
    }
    let year: i16 = parts[0].parse().ok().filter(|year| (1970..=9998).contains(year))?;
    let (first, next) = match parts.as_slice() {
        [_] => (Date::new(year, 1, 1).ok()?, Date::new(year + 1, 1, 1).ok()?),
        [_, month] => {
            let first = Date::new(year, month.parse().ok()?, 1).ok()?;
            (first, first.last_of_month().tomorrow().ok()?)
        }
        [_, month, day] => {
            let first = Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()?;
            (first, first.tomorrow().ok()?)
        }
        _ => return None,
    };
    Some((micros(first)?, micros(next)?))
}

fn micros(date: Date) -> Option<Micros> {
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    #[test]
    fn a_month_is_all_of_it() {
        let january = span("2026-01").unwrap();
        assert_eq!(january.to.unwrap() - january.from.unwrap(), 31 * DAY - 1);
    }

    #[test]
    fn an_open_span_has_one_end() {
        assert_eq!(span("2026-01.."), Some(Span { from: span("2026-01-01").unwrap().from, to: None }));
        assert_eq!(span("..2026-01").unwrap().to, span("2026-01").unwrap().to);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for typed in
            ["", "..", "26-01", "2026-13", "2026-02-30", "2026-1-1-1", "x", "2027..2026", ">", "99999"]
        {
            assert_eq!(span(typed), None, "{typed}");
        }
    }
}
