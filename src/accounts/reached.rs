//! Members as somebody who writes to them needs them: as a viewer, with an address and a time zone.
//!
//! Only those who may enter now: the suspended, the merged and the forgotten are not reached.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::members;
use crate::db::{Conn, among};
use crate::web::{Role, Viewer};

/// A member who can be told something.
#[derive(Clone, Debug)]
pub struct Reached {
    /// What they may see is looked up by this.
    pub viewer: Viewer,
    /// Where they are written to, if they are.
    pub email: Option<String>,
    /// IANA name.
    pub time_zone: String,
}

type Row = (i64, String, String, String, Option<i64>, i64, String, (i64, i64), Option<String>, String);

/// Those of some members who may enter at `now`, by their ids.
pub fn reached(c: &mut Conn, ids: &[i64], now: Micros) -> QueryResult<Vec<Reached>> {
    let rows: Vec<Row> = members::table
        .filter(among(members::id, ids))
        .filter(super::may_enter(now))
        .order(members::id)
        .select((
            members::id,
            members::name,
            members::handle,
            members::role,
            members::organisation_id,
            members::reputation,
            members::locale,
            (members::unread, members::gurus),
            members::email,
            members::time_zone,
        ))
        .load(c)?;
    let whom =
        |(id, name, handle, role, organisation_id, reputation, locale, counts, email, time_zone): Row| {
            let (role, (unread, gurus)) = (Role::stored(&role), counts);
            let guru = gurus > 0;
            let viewer =
                Viewer { id, name, handle, role, organisation_id, reputation, locale, unread, guru, now };
            Reached { viewer, email, time_zone }
        };
    Ok(rows.into_iter().map(whom).collect())
}

/// One member, if they may enter at `now`.
pub fn reached_one(c: &mut Conn, id: i64, now: Micros) -> QueryResult<Option<Reached>> {
    Ok(reached(c, &[id], now)?.into_iter().next())
}

/// Members by their handles as people write them, at most as many as asked.
pub fn by_handles(c: &mut Conn, handles: &[String]) -> QueryResult<Vec<i64>> {
    let keys: Vec<String> = handles.iter().map(|handle| handle.to_lowercase()).collect();
    members::table.filter(members::handle_key.eq_any(keys)).order(members::id).select(members::id).load(c)
}

/// Changes the number of notices a member has not read.
pub fn count_unread(c: &mut Conn, member: i64, by: i64) -> QueryResult<()> {
    let more = members::unread.eq(members::unread + by);
    crate::db::update(members::table, members::id.eq(member), more).execute(c)?;
    Ok(())
}

/// Sets that number, where it was counted anew.
pub fn set_unread(c: &mut Conn, member: i64, unread: i64) -> QueryResult<()> {
    diesel::update(members::table.find(member)).set(members::unread.eq(unread)).execute(c)?;
    Ok(())
}

/// Sets in how many tags a member is a guru, and moves the version of what shows it beside their name.
pub fn set_gurus(c: &mut Conn, member: i64, standings: i64) -> QueryResult<()> {
    diesel::update(members::table.find(member)).set(members::gurus.eq(standings)).execute(c)?;
    super::members::people_changed(c)
}
