//! Saved searches. Each remembers until when its owner has looked; `notifications` tells of what is new.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::saved_searches;
use crate::db::{Conn, Failure, on};
use crate::posts::Refusal;
use crate::web::{FieldProblem, Viewer};

/// Saved searches a member may have.
const MOST: i64 = 50;
/// Characters of one.
const LONGEST: usize = 200;

/// A saved search.
#[derive(Clone, Debug, Queryable)]
pub struct Saved {
    /// The row.
    pub id: i64,
    /// As it is typed.
    pub query: String,
    /// How what is new is heard of.
    pub notify: String,
}

/// The viewer's own, the latest first.
pub fn list(c: &mut Conn, viewer: &Viewer) -> QueryResult<Vec<Saved>> {
    saved_searches::table
        .filter(saved_searches::member_id.eq(viewer.id))
        .order(saved_searches::id.desc())
        .select((saved_searches::id, saved_searches::query, saved_searches::notify))
        .load(c)
}

/// Saves a search; one that is saved already stays as it is.
///
/// # Errors
/// An empty query, a long one, or too many.
pub fn save(c: &mut Conn, viewer: &Viewer, query: &str, now: Micros) -> Result<(), Failure<Refusal>> {
    let query = query.trim();
    let found = query.chars().count();
    let wrong = |problem: FieldProblem| Failure::Refused(Refusal::Fields(vec![problem]));
    if found == 0 {
        return Err(wrong(FieldProblem::new("q", "missing")));
    }
    if found > LONGEST {
        return Err(wrong(FieldProblem::new("q", "too-long").with("max", LONGEST).with("found", found)));
    }
    let there: i64 =
        saved_searches::table.filter(saved_searches::member_id.eq(viewer.id)).count().get_result(c)?;
    if there >= MOST {
        return Err(wrong(FieldProblem::new("q", "too-many-saved").with("max", MOST)));
    }
    let row = (
        saved_searches::member_id.eq(viewer.id),
        saved_searches::query.eq(query),
        saved_searches::seen_at.eq(now),
        saved_searches::created_at.eq(now),
    );
    on!(c, |c| diesel::insert_into(saved_searches::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Forgets one of the viewer's; false where there is none.
pub fn forget(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<bool> {
    let own = saved_searches::table.find(id).filter(saved_searches::member_id.eq(viewer.id));
    Ok(diesel::delete(own).execute(c)? > 0)
}

/// How one of a member's is heard of: `off`, `inbox`, `now`, `daily` or `weekly`; false where there is none.
pub fn hear(c: &mut Conn, member: i64, id: i64, level: &str) -> QueryResult<bool> {
    let own = saved_searches::table.find(id).filter(saved_searches::member_id.eq(member));
    Ok(diesel::update(own).set(saved_searches::notify.eq(level)).execute(c)? > 0)
}

/// The inbox alone for a saved search, where there were e-mails of it.
pub fn no_mail(c: &mut Conn, member: i64, id: i64) -> QueryResult<()> {
    let own = saved_searches::table
        .find(id)
        .filter(saved_searches::member_id.eq(member))
        .filter(saved_searches::notify.eq_any(["now", "daily", "weekly"]));
    diesel::update(own).set(saved_searches::notify.eq("inbox")).execute(c).map(drop)
}
