//! Organisations: the customer companies that members belong to.
//!
//! An organisation is known by its name, compared in folded lower case, and by the external id of the customer
//! system, if it has one. Adding what exists updates it. It has no rule about who may enter where: that is
//! [`super::entitlements`] and [`crate::spaces`].

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::organisations;
use crate::db::{Conn, on};

/// The organisation of this external id or name, made when there is none. An external id wins over a name.
///
/// The text is trimmed; the caller has checked that something is left and that it is short enough.
pub fn find_or_create(c: &mut Conn, name_or_external_id: &str, now: Micros) -> QueryResult<i64> {
    let given = name_or_external_id.trim();
    if let Some(id) = find(c, given)? {
        return Ok(id);
    }
    let row = (
        organisations::name.eq(given),
        organisations::name_key.eq(name_key(given)),
        organisations::created_at.eq(now),
    );
    // Two at once: the second updates nothing and is told the first one's id.
    on!(c, |c| diesel::insert_into(organisations::table)
        .values(row)
        .on_conflict(organisations::name_key)
        .do_update()
        .set(organisations::name_key.eq(organisations::name_key))
        .returning(organisations::id)
        .get_result(c))
}

/// The organisation of this external id or name.
pub fn find(c: &mut Conn, name_or_external_id: &str) -> QueryResult<Option<i64>> {
    let given = name_or_external_id.trim();
    let by_id = organisations::table.filter(organisations::external_id.eq(given)).select(organisations::id);
    if let Some(id) = by_id.first(c).optional()? {
        return Ok(Some(id));
    }
    let by_name = organisations::table.filter(organisations::name_key.eq(name_key(given)));
    by_name.select(organisations::id).first(c).optional()
}

/// A name as it is compared: trimmed, inner white space as single spaces, lower case.
pub fn name_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
