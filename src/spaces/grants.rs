//! Personal grants: a member may enter a space whatever their organisation is entitled to.

use diesel::prelude::*;
use serde::Serialize;

use crate::accounts::actor::Actor;
use crate::accounts::audit;
use crate::accounts::book_rules::{Refusal, terms};
use crate::accounts::members::by_email;
use crate::clock::Micros;
use crate::db::schema::{members, space_grants, spaces};
use crate::db::{Conn, Failure, on};
use crate::events::{self, About, Fact};
use crate::web::{FieldProblem, Viewer};

/// More grants than this are not listed on a space's page; who needs more wants an entitlement.
const MOST: i64 = 500;

/// A grant in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who may enter: id, name, role.
    pub member: (i64, String, String),
    /// Who let them in; None for an invitation or the command line.
    pub by: Option<(i64, String, String)>,
    /// Why; may be empty.
    pub reason: String,
    /// Since when.
    pub granted_at: Micros,
    /// Until when.
    pub ends_at: Option<Micros>,
}

/// A member may enter a space in person.
#[derive(Serialize)]
struct SpaceGranted {
    member_id: i64,
    ends_at: Option<Micros>,
}

impl Fact for SpaceGranted {
    const KIND: &'static str = "SpaceGranted";
}

/// A member may no longer enter a space in person.
#[derive(Serialize)]
struct SpaceGrantEnded {
    member_id: i64,
}

impl Fact for SpaceGrantEnded {
    const KIND: &'static str = "SpaceGrantEnded";
}

/// Lets the member of this address into a space, or changes why and until when.
///
/// # Errors
/// [`Refusal::NotAdministrator`]; [`Refusal::NotFound`] for an unknown space; the fields `email` (nobody has it),
/// `reason` (there must be one), `until` (a time to come).
pub fn grant(
    c: &mut Conn,
    actor: Actor<'_>,
    space_id: i64,
    (email, why, end): (&str, &str, &str),
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    if !actor.administers() {
        return Err(Refusal::NotAdministrator.into());
    }
    there(c, space_id)?;
    let mut wrong = Vec::new();
    let member_id = by_email(c, email)?.unwrap_or_else(|| {
        let kind = if email.trim().is_empty() { "missing" } else { "no-such-member" };
        wrong.push(FieldProblem::new("email", kind));
        0
    });
    let (why, ends_at) = match terms(why, Some(end), now) {
        Ok(terms) => terms,
        Err(fields) => {
            wrong.extend(fields);
            (String::new(), None)
        }
    };
    if !wrong.is_empty() {
        return Err(Refusal::Fields(wrong).into());
    }
    write(c, space_id, member_id, actor.id(), &why, ends_at, now)?;
    let detail = serde_json::json!({ "space_id": space_id, "ends_at": ends_at });
    audit::record(c, actor.id(), "space-granted", "member", Some(member_id), Some(&why), &detail, now)?;
    let about = About { space_id: Some(space_id), ..About::now(now, actor.id()) };
    events::append(c, &about, &SpaceGranted { member_id, ends_at })?;
    Ok(())
}

/// Opens a space for good to a member who redeemed an invitation to it.
pub fn open(c: &mut Conn, space_id: i64, member_id: i64, by: Option<i64>, now: Micros) -> QueryResult<()> {
    write(c, space_id, member_id, by, "invitation", None, now)?;
    let about = About { space_id: Some(space_id), ..About::now(now, by) };
    events::append(c, &about, &SpaceGranted { member_id, ends_at: None })?;
    Ok(())
}

/// Writes a grant's row, in place of an earlier one.
fn write(
    c: &mut Conn,
    space_id: i64,
    member_id: i64,
    by: Option<i64>,
    why: &str,
    ends_at: Option<Micros>,
    now: Micros,
) -> QueryResult<()> {
    let said = (
        space_grants::granted_by.eq(by),
        space_grants::reason.eq(why),
        space_grants::granted_at.eq(now),
        space_grants::ends_at.eq(ends_at),
    );
    let row = (space_grants::space_id.eq(space_id), space_grants::member_id.eq(member_id), said);
    on!(c, |c| diesel::insert_into(space_grants::table)
        .values(row)
        .on_conflict((space_grants::member_id, space_grants::space_id))
        .do_update()
        .set(said)
        .execute(c))?;
    Ok(())
}

/// Ends a grant now; the row stays and says since when and by whom it was.
///
/// # Errors
/// [`Refusal::NotAdministrator`]; [`Refusal::NotFound`] when there is none in force.
pub fn end(
    c: &mut Conn,
    actor: Actor<'_>,
    space_id: i64,
    member_id: i64,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    if !actor.administers() {
        return Err(Refusal::NotAdministrator.into());
    }
    let ended = diesel::update(
        space_grants::table
            .find((member_id, space_id))
            .filter(space_grants::ends_at.is_null().or(space_grants::ends_at.gt(now))),
    )
    .set(space_grants::ends_at.eq(now))
    .execute(c)?;
    if ended == 0 {
        return Err(Refusal::NotFound.into());
    }
    let detail = serde_json::json!({ "space_id": space_id });
    audit::record(c, actor.id(), "space-grant-ended", "member", Some(member_id), None, &detail, now)?;
    let about = About { space_id: Some(space_id), ..About::now(now, actor.id()) };
    events::append(c, &about, &SpaceGrantEnded { member_id })?;
    Ok(())
}

/// The grants in force in a space that the viewer may enter, newest first.
pub fn list(c: &mut Conn, viewer: &Viewer, space_id: i64) -> QueryResult<Vec<Grant>> {
    if !super::may_enter(c, viewer, space_id)? {
        return Ok(Vec::new());
    }
    let granter = diesel::alias!(members as granters);
    type Person = (i64, String, String);
    type Row = (Person, Option<Person>, String, Micros, Option<Micros>);
    let rows: Vec<Row> = space_grants::table
        .inner_join(members::table.on(members::id.eq(space_grants::member_id)))
        .left_join(granter.on(granter.field(members::id).nullable().eq(space_grants::granted_by)))
        .filter(space_grants::space_id.eq(space_id))
        .filter(space_grants::ends_at.is_null().or(space_grants::ends_at.gt(viewer.now)))
        .order((space_grants::granted_at.desc(), space_grants::member_id))
        .limit(MOST)
        .select((
            (members::id, members::name, members::role),
            granter.fields((members::id, members::name, members::role)).nullable(),
            space_grants::reason,
            space_grants::granted_at,
            space_grants::ends_at,
        ))
        .load(c)?;
    let told = |(member, by, reason, granted_at, ends_at)| Grant { member, by, reason, granted_at, ends_at };
    Ok(rows.into_iter().map(told).collect())
}

/// How many grants are in force at `now`, per space.
pub fn counts(c: &mut Conn, now: Micros) -> QueryResult<Vec<(i64, i64)>> {
    space_grants::table
        .filter(space_grants::ends_at.is_null().or(space_grants::ends_at.gt(now)))
        .group_by(space_grants::space_id)
        .select((space_grants::space_id, diesel::dsl::count_star()))
        .load(c)
}

fn there(c: &mut Conn, space_id: i64) -> Result<(), Failure<Refusal>> {
    let found: Option<i64> = spaces::table.find(space_id).select(spaces::id).first(c).optional()?;
    found.map(|_| ()).ok_or_else(|| Refusal::NotFound.into())
}
