//! Addresses that nothing is sent to any more: they refused for good, or what was sent there came back.

use diesel::prelude::*;

use super::outbox::key;
use crate::clock::Micros;
use crate::db::schema::mail_suppressions as rows;
use crate::db::{Conn, on};

/// A suppressed address.
#[derive(Clone, Debug, Queryable)]
pub struct Suppressed {
    /// As it was written to.
    pub address: String,
    /// What was said.
    pub reason: String,
    /// Since when.
    pub since: Micros,
}

/// Whether nothing is sent to `address`.
pub fn holds(c: &mut Conn, address: &str) -> QueryResult<bool> {
    let found: Option<String> = rows::table.find(key(address)).select(rows::address).first(c).optional()?;
    Ok(found.is_some())
}

/// Suppresses an address; the first reason stays.
pub fn add(c: &mut Conn, address: &str, reason: &str, now: Micros) -> QueryResult<()> {
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(300).collect();
    let row = (
        rows::address_key.eq(key(address)),
        rows::address.eq(address),
        rows::reason.eq(reason),
        rows::since.eq(now),
    );
    on!(c, |c| diesel::insert_into(rows::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Writes to an address again; false where it was not suppressed.
pub fn lift(c: &mut Conn, address: &str) -> QueryResult<bool> {
    Ok(diesel::delete(rows::table.find(key(address))).execute(c)? > 0)
}

/// The latest hundred.
pub fn list(c: &mut Conn) -> QueryResult<Vec<Suppressed>> {
    rows::table
        .order((rows::since.desc(), rows::address_key))
        .limit(100)
        .select((rows::address, rows::reason, rows::since))
        .load(c)
}
