//! Timed rows: (kind, subject) is due at a moment, once.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::timed;
use crate::db::{Conn, on};

/// Something due.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = timed)]
pub struct Timed {
    /// The row.
    pub id: i64,
    /// What kind of thing: names its [`super::sweeper::Duty`].
    pub kind: String,
    /// What it is about.
    pub subject_id: i64,
    /// When.
    pub due_at: Micros,
    /// How often it was tried and failed.
    pub attempts: i64,
}

/// Makes (kind, subject) due at `due_at`, replacing an earlier time.
pub fn schedule(c: &mut Conn, kind: &str, subject_id: i64, due_at: Micros) -> QueryResult<()> {
    let row = (
        timed::kind.eq(kind),
        timed::subject_id.eq(subject_id),
        timed::due_at.eq(due_at),
        timed::payload.eq("{}"),
    );
    on!(c, |c| diesel::insert_into(timed::table)
        .values(row)
        .on_conflict((timed::kind, timed::subject_id))
        .do_update()
        .set((timed::due_at.eq(due_at), timed::attempts.eq(0)))
        .execute(c))?;
    Ok(())
}

/// Makes (kind, subject) due at `due_at` unless it already has a time.
pub fn schedule_once(c: &mut Conn, kind: &str, subject_id: i64, due_at: Micros) -> QueryResult<()> {
    let row = (
        timed::kind.eq(kind),
        timed::subject_id.eq(subject_id),
        timed::due_at.eq(due_at),
        timed::payload.eq("{}"),
    );
    on!(c, |c| diesel::insert_into(timed::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// (kind, subject) is no longer due.
pub fn cancel(c: &mut Conn, kind: &str, subject_id: i64) -> QueryResult<()> {
    diesel::delete(timed::table.filter(timed::kind.eq(kind)).filter(timed::subject_id.eq(subject_id)))
        .execute(c)?;
    Ok(())
}

/// What is due at `now`: the `limit` that have been longest, and as many that became so last, so that ten thousand digests of
/// one morning hold up nothing that was asked for in between.
pub(super) fn due(c: &mut Conn, now: Micros, limit: i64) -> QueryResult<Vec<Timed>> {
    let rows = timed::table.filter(timed::due_at.le(now)).limit(limit).select(Timed::as_select());
    let mut due: Vec<Timed> = rows.order((timed::due_at, timed::id)).load(c)?;
    if due.len() as i64 == limit {
        let last: Vec<Timed> = rows.order((timed::due_at.desc(), timed::id.desc())).load(c)?;
        // The latest come first: somebody waits for them.
        let known: std::collections::HashSet<i64> = due.iter().map(|row| row.id).collect();
        let mut both: Vec<Timed> = last.into_iter().filter(|row| !known.contains(&row.id)).collect();
        both.append(&mut due);
        due = both;
    }
    Ok(due)
}

pub(super) fn remove(c: &mut Conn, id: i64) -> QueryResult<()> {
    diesel::delete(timed::table.find(id)).execute(c)?;
    Ok(())
}

/// Puts a row that failed off, doubling the pause up to an hour.
pub(super) fn put_off(c: &mut Conn, row: &Timed, now: Micros) -> QueryResult<()> {
    let pause = (crate::clock::SECOND << row.attempts.clamp(0, 12)).min(crate::clock::HOUR);
    diesel::update(timed::table.find(row.id))
        .set((timed::due_at.eq(now + pause), timed::attempts.eq(row.attempts + 1)))
        .execute(c)?;
    Ok(())
}
