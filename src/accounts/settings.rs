//! Settings of the site that accounts obey.

use diesel::QueryResult;

use super::password_rules::{LONGEST, SHORTEST};
use crate::config::site;
use crate::db::Conn;

/// Name of the setting: fewest characters of a new password, 8 to 64 (NIST SP 800-63B asks for at least 8).
pub const PASSWORD_LEAST: &str = "password_least";

/// Fewest characters of a new password.
pub fn password_least(c: &mut Conn) -> QueryResult<usize> {
    let set = site::get(c, PASSWORD_LEAST)?.and_then(|value| value.parse::<usize>().ok());
    Ok(set.unwrap_or(SHORTEST).clamp(8, 64.min(LONGEST)))
}
