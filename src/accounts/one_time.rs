//! One-time links of members: single use, the newest only, until their end. Only the hash of a token is kept.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{members, one_time_links as links};
use crate::mail::outbox;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A new password.
    Reset,
    /// A new address.
    Address,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Purpose::Reset => "reset",
            Purpose::Address => "address",
        }
    }
}

/// An open link.
#[derive(Clone, Debug, Queryable)]
pub(super) struct Open {
    pub id: i64,
    pub member: i64,
    pub name: String,
    pub payload: String,
}

/// Makes a link of `member`, under the hash of a new token; those made before open nothing any more.
pub(super) fn make(
    c: &mut Conn,
    purpose: Purpose,
    member: i64,
    token_hash: &str,
    payload: &str,
    ends_at: Micros,
    now: Micros,
) -> QueryResult<()> {
    forget(c, purpose, member)?;
    diesel::insert_into(links::table)
        .values((
            links::purpose.eq(purpose.as_str()),
            links::token_hash.eq(token_hash),
            links::member_id.eq(member),
            links::payload.eq(payload),
            links::created_at.eq(now),
            links::ends_at.eq(ends_at),
        ))
        .execute(c)?;
    Ok(())
}

/// The link of this token, if it can be used and its member may enter.
pub(super) fn find(
    c: &mut Conn,
    purpose: Purpose,
    token_hash: &str,
    now: Micros,
) -> QueryResult<Option<Open>> {
    links::table
        .inner_join(members::table.on(links::member_id.eq(members::id.nullable())))
        .filter(links::token_hash.eq(token_hash))
        .filter(links::purpose.eq(purpose.as_str()))
        .filter(links::used_at.is_null())
        .filter(links::ends_at.gt(now))
        .filter(super::may_enter(now))
        .select((links::id, members::id, members::name, links::payload))
        .first(c)
        .optional()
}

/// Uses a link; false when somebody else was first.
pub(super) fn spend(c: &mut Conn, id: i64, now: Micros) -> QueryResult<bool> {
    let open = links::table.find(id).filter(links::used_at.is_null());
    Ok(diesel::update(open).set(links::used_at.eq(now)).execute(c)? > 0)
}

/// Takes all links away that `member` has not used, and the e-mails back that wait with them.
pub(super) fn end_all(c: &mut Conn, member: i64, why: &str, now: Micros) -> QueryResult<()> {
    forget(c, Purpose::Reset, member)?;
    forget(c, Purpose::Address, member)?;
    outbox::withdraw(c, member, &["reset", "confirm"], why, now)
}

fn forget(c: &mut Conn, purpose: Purpose, member: i64) -> QueryResult<()> {
    let open = links::table
        .filter(links::member_id.eq(member))
        .filter(links::purpose.eq(purpose.as_str()))
        .filter(links::used_at.is_null());
    diesel::delete(open).execute(c).map(drop)
}
