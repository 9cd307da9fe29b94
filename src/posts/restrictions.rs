//! Restrictions: what moderation decides about a question, a post, a space or a member, as rows that the rules below read.
//!
//! Each says who, why, since when and until when; it ends by itself at its time, or when it is lifted. What a kind means is
//! its reader's.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::restrictions;

/// What is restricted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A thread.
    Question,
    /// A member.
    Member,
}

impl Scope {
    fn as_str(self) -> &'static str {
        match self {
            Scope::Question => "question",
            Scope::Member => "member",
        }
    }
}

/// A restriction in force.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Restriction {
    /// The row.
    pub id: i64,
    /// What it is.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// Who set it; None for the program or the command line.
    pub set_by: Option<i64>,
    /// Since when.
    pub starts_at: Micros,
    /// Until when; None until it is lifted.
    pub ends_at: Option<Micros>,
}

/// Sets a restriction; one of the same kind in force is lifted first.
pub fn impose(
    c: &mut Conn,
    (scope, subject): (Scope, i64),
    kind: &str,
    (reason, until): (&str, Option<Micros>),
    by: Option<i64>,
    now: Micros,
) -> QueryResult<()> {
    lift(c, (scope, subject), kind, by, now)?;
    diesel::insert_into(restrictions::table)
        .values((
            restrictions::scope.eq(scope.as_str()),
            restrictions::subject_id.eq(subject),
            restrictions::kind.eq(kind),
            restrictions::reason.eq(reason),
            restrictions::detail.eq("{}"),
            restrictions::set_by.eq(by),
            restrictions::starts_at.eq(now),
            restrictions::ends_at.eq(until),
        ))
        .execute(c)?;
    Ok(())
}

/// Ends what is in force of a kind; answers whether there was any.
pub fn lift(
    c: &mut Conn,
    (scope, subject): (Scope, i64),
    kind: &str,
    by: Option<i64>,
    now: Micros,
) -> QueryResult<bool> {
    let open = restrictions::table
        .filter(restrictions::scope.eq(scope.as_str()))
        .filter(restrictions::subject_id.eq(subject))
        .filter(restrictions::kind.eq(kind))
        .filter(restrictions::undone_at.is_null())
        .filter(restrictions::ends_at.is_null().or(restrictions::ends_at.gt(now)));
    let lifted = diesel::update(open)
        .set((restrictions::undone_at.eq(now), restrictions::undone_by.eq(by)))
        .execute(c)?;
    Ok(lifted > 0)
}

/// What is in force at `now`, oldest first.
pub fn in_force(c: &mut Conn, (scope, subject): (Scope, i64), now: Micros) -> QueryResult<Vec<Restriction>> {
    restrictions::table
        .filter(restrictions::scope.eq(scope.as_str()))
        .filter(restrictions::subject_id.eq(subject))
        .filter(restrictions::starts_at.le(now))
        .filter(restrictions::ends_at.is_null().or(restrictions::ends_at.gt(now)))
        .filter(restrictions::undone_at.is_null().or(restrictions::undone_at.gt(now)))
        .order(restrictions::id)
        .select((
            restrictions::id,
            restrictions::kind,
            restrictions::reason,
            restrictions::set_by,
            restrictions::starts_at,
            restrictions::ends_at,
        ))
        .load(c)
}
