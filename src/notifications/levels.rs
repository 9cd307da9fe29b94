//! How members want to hear of kinds of notices, and when: rows where they said so, the usual where they did not.

use std::collections::HashMap;

use diesel::prelude::*;

use super::kinds::{Kind, Level};
use crate::clock::{DAY, Micros};
use crate::db::schema::{notice_levels, notice_times, notices};
use crate::db::{self, Conn, among};

/// How a member hears of each kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Levels(HashMap<String, Level>);

impl Levels {
    /// How one hears of `kind`.
    pub(super) fn of(&self, kind: Kind) -> Level {
        self.0.get(kind.as_str()).copied().unwrap_or_else(|| kind.usual())
    }
}

/// The levels of some members.
pub(super) fn of_members(c: &mut Conn, members: &[i64]) -> QueryResult<HashMap<i64, Levels>> {
    let rows: Vec<(i64, String, String)> = notice_levels::table
        .filter(among(notice_levels::member_id, members))
        .select((notice_levels::member_id, notice_levels::kind, notice_levels::level))
        .load(c)?;
    let mut all: HashMap<i64, Levels> = HashMap::new();
    for (member, kind, level) in rows {
        if let Some(level) = Level::parse(&level) {
            all.entry(member).or_default().0.insert(kind, level);
        }
    }
    Ok(all)
}

/// Sets how a member hears of a kind.
pub(super) fn set(c: &mut Conn, member: i64, kind: Kind, level: Level) -> QueryResult<()> {
    let row = (
        notice_levels::member_id.eq(member),
        notice_levels::kind.eq(kind.as_str()),
        notice_levels::level.eq(level.as_str()),
    );
    let insert = diesel::insert_into(notice_levels::table).values(row);
    db::upsert(insert, "member_id, kind", notice_levels::level.eq(level.as_str())).execute(c)?;
    Ok(())
}

/// What came daily or weekly comes to the inbox alone.
pub(super) fn no_digests(c: &mut Conn, member: i64) -> QueryResult<()> {
    let own = notice_levels::table
        .filter(notice_levels::member_id.eq(member))
        .filter(notice_levels::level.eq_any(["daily", "weekly"]));
    diesel::update(own).set(notice_levels::level.eq(Level::Inbox.as_str())).execute(c).map(drop)
}

/// When a member is not written to, and how often the digest comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    /// Minutes after midnight in the member's time zone: from, until.
    pub(super) quiet: Option<(i64, i64)>,
    /// `Off`, `Daily` or `Weekly`.
    pub(super) digest: Level,
}

impl Default for Times {
    fn default() -> Times {
        Times { quiet: None, digest: Level::Weekly }
    }
}

/// The times of some members; those who have said nothing are left out.
pub(super) fn times_of(c: &mut Conn, members: &[i64]) -> QueryResult<HashMap<i64, Times>> {
    type Row = (i64, Option<i64>, Option<i64>, String);
    let rows: Vec<Row> = notice_times::table
        .filter(among(notice_times::member_id, members))
        .select((
            notice_times::member_id,
            notice_times::quiet_from,
            notice_times::quiet_until,
            notice_times::digest,
        ))
        .load(c)?;
    let times = |(member, from, until, digest): Row| {
        let digest = Level::parse(&digest).unwrap_or(Level::Weekly);
        (member, Times { quiet: from.zip(until), digest })
    };
    Ok(rows.into_iter().map(times).collect())
}

/// A member's times.
pub(super) fn times(c: &mut Conn, member: i64) -> QueryResult<Times> {
    Ok(times_of(c, &[member])?.get(&member).copied().unwrap_or_default())
}

/// Sets a member's times.
pub(super) fn set_times(c: &mut Conn, member: i64, times: Times) -> QueryResult<()> {
    let (from, until) = times.quiet.unzip();
    let digest = times.digest.as_str();
    let row = (
        notice_times::member_id.eq(member),
        notice_times::quiet_from.eq(from),
        notice_times::quiet_until.eq(until),
        notice_times::digest.eq(digest),
    );
    let insert = diesel::insert_into(notice_times::table).values(row);
    let set = (
        notice_times::quiet_from.eq(from),
        notice_times::quiet_until.eq(until),
        notice_times::digest.eq(digest),
    );
    db::upsert(insert, "member_id", set).execute(c)?;
    Ok(())
}

/// Drops notices that were read half a year ago.
pub(super) fn forget_old(c: &mut Conn, now: Micros) -> QueryResult<usize> {
    let read =
        notices::table.filter(notices::created_at.lt(now - 183 * DAY)).filter(notices::read_at.is_not_null());
    diesel::delete(read).execute(c)
}
