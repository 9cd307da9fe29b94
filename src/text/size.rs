//! How the size of a text is counted, and the form in which a body is kept.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::Refusal;

/// The size of a text as every limit counts it: Unicode scalar values, without leading and trailing whitespace.
pub fn char_count(text: &str) -> usize {
    text.trim().chars().count()
}

/// Checks the size of a text against the sizes allowed for its kind and answers its size.
///
/// # Errors
/// [`Refusal::TooShort`] or [`Refusal::TooLong`], with both figures.
pub fn check_size(text: &str, allowed: RangeInclusive<usize>) -> Result<usize, Refusal> {
    let found = char_count(text);
    if found < *allowed.start() {
        return Err(Refusal::TooShort { min: *allowed.start(), found });
    }
    if found > *allowed.end() {
        return Err(Refusal::TooLong { max: *allowed.end(), found });
    }
    Ok(found)
}

/// The body as it is kept: line ends are `\n` (browsers send `\r\n`), and U+0000, which PostgreSQL cannot hold,
/// becomes U+FFFD as in CommonMark.
pub fn clean_body(body: &str) -> Cow<'_, str> {
    if !body.contains(['\r', '\0']) {
        return Cow::Borrowed(body);
    }
    Cow::Owned(body.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}"))
}
