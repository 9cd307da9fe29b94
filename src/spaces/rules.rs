//! Verdicts about spaces, as pure functions.

use crate::text::char_count;
use crate::web::{FieldProblem, Role};

/// Characters of a key at most.
pub const KEY_MOST: usize = 40;

/// What decides whether somebody moderates a space.
#[derive(Clone, Debug)]
pub struct Moderating {
    /// Their role.
    pub role: Role,
    /// Whether they may enter the space.
    pub may_enter: bool,
    /// The spaces they are limited to; none means no limit.
    pub limited_to: Vec<i64>,
    /// The space.
    pub space_id: i64,
}

/// Whether they moderate it.
pub fn moderates(facts: &Moderating) -> bool {
    match facts.role {
        Role::Staff | Role::Admin => true,
        Role::Moderator => {
            facts.may_enter && (facts.limited_to.is_empty() || facts.limited_to.contains(&facts.space_id))
        }
        Role::Customer => false,
    }
}

/// A key: 1 to [`KEY_MOST`] lower-case letters a–z, digits and hyphens. It stands in addresses and never changes.
///
/// # Errors
/// `missing`, `too-long` or `bad-key`.
pub fn key(given: &str) -> Result<String, FieldProblem> {
    let key = given.trim();
    let found = char_count(key);
    if key.is_empty() {
        return Err(FieldProblem::new("key", "missing"));
    }
    if found > KEY_MOST {
        return Err(FieldProblem::new("key", "too-long").with("max", KEY_MOST).with("found", found));
    }
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if key.bytes().all(allowed) { Ok(key.to_owned()) } else { Err(FieldProblem::new("key", "bad-key")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_moderate_everywhere_and_moderators_where_they_may() {
        let all = vec![];
        let here = vec![7, 9];
        let elsewhere = vec![8];
        for (role, may_enter, limited_to, verdict) in [
            (Role::Customer, true, &all, false),
            (Role::Customer, true, &here, false),
            (Role::Moderator, true, &all, true),
            (Role::Moderator, false, &all, false),
            (Role::Moderator, true, &here, true),
            (Role::Moderator, false, &here, false),
            (Role::Moderator, true, &elsewhere, false),
            (Role::Staff, false, &elsewhere, true),
            (Role::Admin, false, &all, true),
        ] {
            let facts = Moderating { role, may_enter, limited_to: limited_to.clone(), space_id: 7 };
            assert_eq!(moderates(&facts), verdict, "{facts:?}");
        }
    }

    #[test]
    fn a_key_is_lower_case_letters_digits_and_hyphens() {
        assert_eq!(key(" heat-pumps-2 ").unwrap(), "heat-pumps-2");
        assert_eq!(key(&"k".repeat(40)).unwrap().len(), 40);
        for (bad, kind) in [
            ("", "missing"),
            ("  ", "missing"),
            ("Heat", "bad-key"),
            ("a b", "bad-key"),
            ("ä", "bad-key"),
            ("../x", "bad-key"),
            ("a_b", "bad-key"),
        ] {
            assert_eq!(key(bad).unwrap_err().kind, kind, "{bad}");
        }
        assert_eq!(key(&"k".repeat(41)).unwrap_err().kind, "too-long");
    }
}
