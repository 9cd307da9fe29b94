//! Security notices: what happened to an account, told to its owner by e-mail, whatever they chose to hear of otherwise.

use diesel::prelude::*;

use super::letters::{self, Addressee, Happened};
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::members;
use crate::mail::outbox;
use crate::web::letter::Letterhead;

/// Tells a member what happened to their account; `fact` tells two alike apart. Nothing for one without an address.
pub(super) fn tell(
    c: &mut Conn,
    head: &Letterhead,
    member: i64,
    what: &Happened,
    fact: &str,
    now: Micros,
) -> QueryResult<()> {
    let Some(to) = addressee(c, member)? else { return Ok(()) };
    tell_at(c, head, &to, what, fact, now)
}

/// [`tell`], at an address that may be the member's no longer.
pub(super) fn tell_at(
    c: &mut Conn,
    head: &Letterhead,
    to: &Addressee,
    what: &Happened,
    fact: &str,
    now: Micros,
) -> QueryResult<()> {
    let mail = letters::happened(head, to, what, format!("security {fact} {}", to.email), now)?;
    outbox::put(c, &mail, now).map(drop)
}

/// Where a member is written to.
pub(super) fn addressee(c: &mut Conn, member: i64) -> QueryResult<Option<Addressee>> {
    let row: (Option<String>, String, String) =
        members::table.find(member).select((members::email, members::name, members::locale)).first(c)?;
    let (email, name, locale) = row;
    Ok(email.map(|email| Addressee { member: Some(member), name: Some(name), email, locale }))
}
