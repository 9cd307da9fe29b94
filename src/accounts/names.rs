//! Names, handles and addresses of members: how they are cleaned, compared and judged.

use crate::text::clean_name;
use crate::web::FieldProblem;

/// Characters of a shown name at most.
pub const NAME_MOST: usize = 80;
/// Characters of a handle at most.
pub const HANDLE_MOST: usize = 30;
/// Bytes of an address at most (RFC 5321, 4.5.3.1.3).
const EMAIL_MOST: usize = 254;

/// A shown name, one to [`NAME_MOST`] characters, cleaned.
///
/// # Errors
/// What is wrong with it.
pub fn name(typed: &str) -> Result<String, FieldProblem> {
    let name = clean_name(typed);
    match name.chars().count() {
        0 => Err(FieldProblem::new("name", "name-missing")),
        n if n > NAME_MOST => Err(FieldProblem::new("name", "name-long").with("n", NAME_MOST)),
        _ => Ok(name),
    }
}

/// The name of the place, as [`name`].
///
/// # Errors
/// What is wrong with it.
pub fn site_name(typed: &str) -> Result<String, FieldProblem> {
    name(typed).map_err(|problem| FieldProblem { field: "site_name".into(), ..problem })
}

/// A name as people look for it.
pub fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// An address as typed, trimmed. Whether mail arrives is found out by sending some.
///
/// # Errors
/// What is wrong with it.
pub fn email(typed: &str) -> Result<String, FieldProblem> {
    let email = typed.trim();
    let usable = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c);
    let parts = email.rsplit_once('@');
    let right = parts.is_some_and(|(local, domain)| {
        let domain_well = !domain.starts_with(['.', '-']) && !domain.ends_with(['.', '-']);
        (1..=64).contains(&local.len()) && !domain.is_empty() && domain_well && !local.contains('@')
    });
    if right && email.len() <= EMAIL_MOST && email.chars().all(usable) {
        Ok(email.to_owned())
    } else {
        Err(FieldProblem::new("email", "email-form"))
    }
}

/// An address as it is compared: nobody tells two people apart by its case.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The mailbox an address is delivered to, as far as can be told: what follows a plus sign makes none of its own.
pub fn mailbox_key(email: &str) -> String {
    let key = email_key(email);
    match key.rsplit_once('@') {
        Some((local, domain)) => {
            format!("{}@{domain}", local.split('+').next().unwrap_or_default())
        }
        None => key,
    }
}

/// A handle as typed, with or without `@`: 2 to [`HANDLE_MOST`] ASCII letters, digits, hyphens and underscores,
/// the first a letter or digit.
///
/// # Errors
/// What is wrong with it.
pub fn handle(typed: &str) -> Result<String, FieldProblem> {
    let handle = typed.trim().trim_start_matches('@');
    let right = (2..=HANDLE_MOST).contains(&handle.len())
        && handle.starts_with(|c: char| c.is_ascii_alphanumeric())
        && handle.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if right {
        Ok(handle.to_owned())
    } else {
        Err(FieldProblem::new("handle", "handle-form").with("n", HANDLE_MOST))
    }
}

/// A handle from a name in any script; the numbers 2 and up make another one of the same name.
pub fn derived_handle(name: &str, number: u64) -> String {
    let tail = if number < 2 { String::new() } else { format!("-{number}") };
    let head: String = name.chars().take(2 * NAME_MOST).collect();
    let mut head = slug::slugify(head);
    head.truncate(HANDLE_MOST - tail.len());
    let head = head.trim_matches('-');
    let head = if head.len() < 2 { "member" } else { head };
    format!("{head}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_nobody_sees_and_keep_their_script() {
        assert_eq!(name(" Mara \n del\tValle ").unwrap(), "Mara del Valle");
        assert_eq!(name("a\u{202e}b\u{200b}c\u{7}").unwrap(), "abc");
        assert_eq!(name("山田 太郎").unwrap(), "山田 太郎");
    }

    #[test]
    fn a_name_of_nothing_visible_is_missing() {
        assert_eq!(name(" \u{200b}\u{202e} ").unwrap_err().kind, "name-missing");
        assert_eq!(name(&"x".repeat(81)).unwrap_err().kind, "name-long");
    }

    #[test]
    fn addresses_are_judged_by_their_form() {
        for good in ["a@b.example", " Mara.del+x@sub.example.com ", "admin@localhost", "ü@exämple.org"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b@c", "a@b\nBcc: x@y", "<a@b>", "a@.b", "a@b."] {
            assert!(email(bad).is_err(), "{bad}");
        }
        assert!(email(&format!("a@{}.org", "x".repeat(250))).is_err());
    }

    #[test]
    fn handles_are_short_and_plain() {
        assert_eq!(handle("@Mara_d-V").unwrap(), "Mara_d-V");
        for bad in ["", "a", "-ab", "a b", "märz", &"x".repeat(31)] {
            assert!(handle(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_handle_can_be_made_from_any_name() {
        for (name, number, expected) in [
            ("Mara del Valle", 1, "mara-del-valle"),
            ("Mara del Valle", 3, "mara-del-valle-3"),
            ("…", 1, "member"),
            ("Ö", 2, "member-2"),
        ] {
            assert_eq!(derived_handle(name, number), expected);
        }
        for name in ["x".repeat(80), "山田 太郎".repeat(9), "a-".repeat(40)] {
            assert!(handle(&derived_handle(&name, 1_000_000)).is_ok(), "{name}");
        }
    }
}
