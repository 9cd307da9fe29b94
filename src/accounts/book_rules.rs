//! Rules for what administrators write into the books: names, external ids, ends. Pure functions.

use crate::clock::{DAY, Micros, parse_rfc3339};
use crate::db::Refusal as Refuses;
use crate::text::{char_count, clean_name};
use crate::web::{FieldProblem, Problem, Role, Viewer, field_words};

/// Characters of a name or an external id at most.
pub const NAME_MOST: usize = 120;
/// Characters of a reason at most.
pub const REASON_MOST: usize = 1_000;

/// Why something is not written into the books of organisations, products, entitlements and spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Only administrators write there.
    NotAdministrator,
    /// There is no such thing.
    NotFound,
    /// The name belongs to one with another external id.
    NameTaken,
    /// Another entitlement already says something about this organisation and product.
    EntitlementTaken,
    /// Fields that cannot be taken.
    Fields(Vec<FieldProblem>),
}

impl Refuses for Refusal {}

impl From<FieldProblem> for Refusal {
    fn from(field: FieldProblem) -> Refusal {
        Refusal::Fields(vec![field])
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        match refusal {
            Refusal::NotAdministrator => Problem::forbidden("not-administrator"),
            Refusal::NotFound => Problem::not_found(),
            Refusal::NameTaken => Problem::conflict("name-taken"),
            Refusal::EntitlementTaken => Problem::conflict("entitlement-taken"),
            Refusal::Fields(fields) => Problem::invalid(fields),
        }
    }
}

/// For commands.
impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::NotAdministrator => f.write_str("only administrators may do this"),
            Refusal::NotFound => f.write_str("there is no such thing"),
            Refusal::NameTaken => f.write_str("the name belongs to one with another external id"),
            Refusal::EntitlementTaken => {
                f.write_str("another entitlement is about this organisation and product")
            }
            Refusal::Fields(fields) => {
                let told =
                    fields.iter().map(|wrong| format!("{}: {}", wrong.field, field_words("en", wrong)));
                f.write_str(&told.collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// What administrators alone may read.
///
/// # Errors
/// [`Refusal::NotAdministrator`].
pub fn administers(viewer: &Viewer) -> Result<(), Refusal> {
    if viewer.role >= Role::Admin { Ok(()) } else { Err(Refusal::NotAdministrator) }
}

/// A name on one line, not empty, at most [`NAME_MOST`] characters.
///
/// # Errors
/// `missing` or `too-long`.
pub fn name(field: &'static str, given: &str) -> Result<String, FieldProblem> {
    let name = clean_name(given);
    if name.is_empty() { Err(FieldProblem::new(field, "missing")) } else { sized(field, name, NAME_MOST) }
}

/// A name that may be left out: blank is None.
///
/// # Errors
/// `too-long`.
pub fn optional_name(field: &'static str, given: Option<&str>) -> Result<Option<String>, FieldProblem> {
    let name = clean_name(given.unwrap_or_default());
    if name.is_empty() { Ok(None) } else { sized(field, name, NAME_MOST).map(Some) }
}

/// Why something is done to a person, and until when (None until somebody ends it).
///
/// # Errors
/// All that is wrong: `reason` must be there, `until` must be a time to come.
pub fn terms(
    why: &str,
    end: Option<&str>,
    now: Micros,
) -> Result<(String, Option<Micros>), Vec<FieldProblem>> {
    let why = reason("reason", why);
    let why = why
        .and_then(|why| if why.is_empty() { Err(FieldProblem::new("reason", "missing")) } else { Ok(why) });
    let end = until("until", end);
    let end = end.and_then(|end| match end {
        Some(end) if end <= now => Err(FieldProblem::new("until", "past")),
        end => Ok(end),
    });
    match (why, end) {
        (Ok(why), Ok(end)) => Ok((why, end)),
        (why, end) => Err([why.err(), end.err()].into_iter().flatten().collect()),
    }
}

/// Words on one line for why something is done; blank is "".
///
/// # Errors
/// `too-long`.
pub fn reason(field: &'static str, given: &str) -> Result<String, FieldProblem> {
    sized(field, clean_name(given), REASON_MOST)
}

/// An end: an RFC 3339 time, or a date, which means the last moment of that day in UTC; blank is no end.
///
/// # Errors
/// `not-a-time`.
pub fn until(field: &'static str, given: Option<&str>) -> Result<Option<Micros>, FieldProblem> {
    let given = given.unwrap_or_default().trim();
    if given.is_empty() {
        return Ok(None);
    }
    let end = parse_rfc3339(given).or_else(|| end_of_day(given));
    end.map(Some).ok_or_else(|| FieldProblem::new(field, "not-a-time"))
}

fn end_of_day(date: &str) -> Option<Micros> {
    // Exactly YYYY-MM-DD: the parser alone would also take other spellings of ISO 8601.
    let date: jiff::civil::Date = (date.len() == 10).then(|| date.parse().ok())??;
    let start = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond();
    Some(start + DAY - 1)
}

fn sized(field: &'static str, text: String, most: usize) -> Result<String, FieldProblem> {
    let found = char_count(&text);
    if found <= most {
        return Ok(text);
    }
    Err(FieldProblem::new(field, "too-long").with("max", most).with("found", found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_to_one_line_and_must_be_there() {
        assert_eq!(name("name", "  Teplo \n Brno ").unwrap(), "Teplo Brno");
        assert_eq!(name("name", " \t ").unwrap_err().kind, "missing");
        assert_eq!(name("name", &"x".repeat(120)).unwrap().len(), 120);
        assert_eq!(name("name", &"x".repeat(121)).unwrap_err().kind, "too-long");
        assert_eq!(optional_name("tier", Some(" ")).unwrap(), None);
    }

    #[test]
    fn an_end_is_a_time_or_the_last_moment_of_a_day() {
        let at = |text: &str| until("until", Some(text)).unwrap();
        assert_eq!(at("2023-11-14T22:13:20Z"), Some(1_700_000_000_000_000));
        assert_eq!(at("1970-01-01"), Some(DAY - 1));
        assert_eq!(at(" "), None);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for bad in
            ["tomorrow", "2026-02-30", "2026-13-01", "20261101", "2026-11-21T10:00", "99999-01-01", "7d"]
        {
            assert_eq!(until("until", Some(bad)).unwrap_err().kind, "not-a-time", "{bad}");
        }
    }

    #[test]
    fn terms_need_a_reason_and_an_end_to_come() {
        let now = 1_700_000_000_000_000;
        assert_eq!(terms(" ads ", None, now).unwrap(), ("ads".to_owned(), None));
        assert_eq!(terms("ads", Some("2023-11-14T22:13:21Z"), now).unwrap().1, Some(now + 1_000_000));
        let wrong = terms(" ", Some("2023-11-14T22:13:20Z"), now).unwrap_err();
        let kinds: Vec<_> = wrong.iter().map(|wrong| (wrong.field.as_ref(), wrong.kind)).collect();
        assert_eq!(kinds, [("reason", "missing"), ("until", "past")]);
    }
}
