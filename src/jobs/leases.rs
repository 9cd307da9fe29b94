//! Leases: a row says which node does a thing, and until when unless it says so again.

use diesel::prelude::*;

use super::Node;
use crate::clock::Micros;
use crate::db::schema::leases;
use crate::db::{Conn, on};

/// Takes or prolongs the lease `name` for `node` until `now + length`; false while another node holds it.
pub fn hold(c: &mut Conn, name: &str, node: &Node, now: Micros, length: Micros) -> QueryResult<bool> {
    let current: Option<(String, Micros)> =
        leases::table.find(name).select((leases::holder, leases::until)).first(c).optional()?;
    if let Some((holder, until)) = current
        && holder != node.as_str()
        && until > now
    {
        return Ok(false);
    }
    let row = (leases::name.eq(name), leases::holder.eq(node.as_str()), leases::until.eq(now + length));
    on!(c, |c| diesel::insert_into(leases::table)
        .values(row)
        .on_conflict(leases::name)
        .do_update()
        .set((leases::holder.eq(node.as_str()), leases::until.eq(now + length)))
        .execute(c))?;
    Ok(true)
}

/// Gives the lease back, so that another node need not wait for its end.
pub fn release(c: &mut Conn, name: &str, node: &Node) -> QueryResult<()> {
    diesel::delete(leases::table.find(name).filter(leases::holder.eq(node.as_str()))).execute(c)?;
    Ok(())
}
