//! One member who is to be told of what became of them: who they are, how they want to hear of it, and when an e-mail may come.

use diesel::prelude::*;

use super::kinds::{Kind, Level};
use super::levels;
use super::quiet;
use crate::accounts::reached::{Reached, reached_one};
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::members;

/// A member who can be told.
pub(super) struct Personal {
    pub(super) to: Reached,
    pub(super) level: Level,
    /// Their address and the moment after their quiet hours, where they hear of it by e-mail at once.
    pub(super) mail: Option<(String, Micros)>,
}

/// A member with how they hear of a kind; None for who cannot be told now.
pub(super) fn reach(c: &mut Conn, member: i64, kind: Kind, now: Micros) -> QueryResult<Option<Personal>> {
    let Some(to) = reached_one(c, member, now)? else { return Ok(None) };
    let level = levels::of_members(c, &[member])?.remove(&member).unwrap_or_default().of(kind);
    let mail = match to.email.clone().filter(|_| level == Level::Now) {
        Some(email) => Some((email, quiet::after(now, &to.time_zone, levels::times(c, member)?.quiet))),
        None => None,
    };
    Ok(Some(Personal { to, level, mail }))
}

/// The name of who did it; None for the program and the command line.
pub(super) fn name(c: &mut Conn, actor: Option<i64>) -> QueryResult<Option<String>> {
    let Some(actor) = actor else { return Ok(None) };
    members::table.find(actor).select(members::name).first(c).optional()
}
