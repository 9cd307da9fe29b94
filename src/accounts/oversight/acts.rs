//! What is done to a member by those who look after the place: suspending, roles, organisation.
//!
//! Each act is audited with who and why. Acts that could leave nobody who runs the place are written under
//! [`ADMINISTRATORS`], so that two administrators cannot take each other's role at once.

use diesel::prelude::*;
use serde::Serialize;

use super::Refusal;
use super::rules::{self, Acting, Member};
use crate::accounts::actor::Actor;
use crate::accounts::book_rules::{self, optional_name};
use crate::accounts::facts::{MemberSuspended, SuspensionEnded};
use crate::accounts::members::people_changed;
use crate::accounts::{audit, organisations};
use crate::clock::Micros;
use crate::db::schema::members;
use crate::db::{Conn, Failure, On};
use crate::events::{self, About, Fact};
use crate::web::Role;

/// What changes of roles and suspensions serialise on.
pub const ADMINISTRATORS: On = On::Named("administrators", 0);

/// A member got another role.
#[derive(Serialize)]
struct RoleChanged {
    member_id: i64,
    role: Role,
}

impl Fact for RoleChanged {
    const KIND: &'static str = "RoleChanged";
}

/// A member belongs to another organisation, or to none.
#[derive(Serialize)]
struct OrganisationChanged {
    member_id: i64,
    organisation_id: Option<i64>,
}

impl Fact for OrganisationChanged {
    const KIND: &'static str = "OrganisationChanged";
}

/// Suspends a member, or changes why and until when; it takes effect at their next request. Write it on
/// [`ADMINISTRATORS`].
///
/// # Errors
/// [`Refusal`].
pub fn suspend(
    c: &mut Conn,
    actor: Actor<'_>,
    member_id: i64,
    (reason, until): (&str, Option<&str>),
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let member = find(c, member_id, now)?;
    let others = administrators_but(c, member_id, now)?;
    rules::suspend(acting(actor), member, others)?;
    let (reason, until) = book_rules::terms(reason, until, now).map_err(Refusal::Fields)?;
    diesel::update(members::table.find(member_id))
        .set((
            members::state.eq("suspended"),
            members::suspended_until.eq(until),
            members::suspended_reason.eq(&reason),
            members::suspended_by.eq(actor.id()),
        ))
        .execute(c)?;
    let detail = serde_json::json!({ "until": until });
    audit::record(c, actor.id(), "member-suspended", "member", Some(member_id), Some(&reason), &detail, now)?;
    events::append(c, &About::now(now, actor.id()), &MemberSuspended { member_id, until })?;
    Ok(())
}

/// Ends a suspension before its time.
///
/// # Errors
/// [`Refusal`].
pub fn unsuspend(
    c: &mut Conn,
    actor: Actor<'_>,
    member_id: i64,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let member = find(c, member_id, now)?;
    rules::unsuspend(acting(actor), member)?;
    diesel::update(members::table.find(member_id))
        .set((
            members::state.eq("active"),
            members::suspended_until.eq(None::<Micros>),
            members::suspended_reason.eq(None::<String>),
            members::suspended_by.eq(None::<i64>),
        ))
        .execute(c)?;
    let detail = serde_json::json!({});
    audit::record(c, actor.id(), "suspension-ended", "member", Some(member_id), None, &detail, now)?;
    events::append(c, &About::now(now, actor.id()), &SuspensionEnded { member_id })?;
    Ok(())
}

/// Gives a member another role. Write it on [`ADMINISTRATORS`].
///
/// # Errors
/// [`Refusal`].
pub fn set_role(
    c: &mut Conn,
    actor: Actor<'_>,
    member_id: i64,
    role: Role,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let member = find(c, member_id, now)?;
    let others = administrators_but(c, member_id, now)?;
    rules::set_role(acting(actor), member, role, others)?;
    if member.role == role {
        return Ok(());
    }
    diesel::update(members::table.find(member_id)).set(members::role.eq(role.as_str())).execute(c)?;
    // A role is shown as a badge beside every post.
    people_changed(c)?;
    let detail = serde_json::json!({ "from": member.role, "to": role });
    audit::record(c, actor.id(), "role-changed", "member", Some(member_id), None, &detail, now)?;
    events::append(c, &About::now(now, actor.id()), &RoleChanged { member_id, role })?;
    Ok(())
}

/// Says which organisation a member belongs to, by name or external id, made when absent; blank for none. What it
/// is entitled to, they may enter from their next request.
///
/// # Errors
/// [`Refusal`].
pub fn set_organisation(
    c: &mut Conn,
    actor: Actor<'_>,
    member_id: i64,
    organisation: &str,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    if !actor.administers() {
        return Err(Refusal::NotAdministrator.into());
    }
    find(c, member_id, now)?;
    let name = optional_name("organisation", Some(organisation)).map_err(Refusal::from)?;
    let organisation_id = match name {
        Some(name) => Some(organisations::find_or_create(c, &name, now)?),
        None => None,
    };
    diesel::update(members::table.find(member_id))
        .set(members::organisation_id.eq(organisation_id))
        .execute(c)?;
    let detail = serde_json::json!({ "organisation_id": organisation_id });
    audit::record(c, actor.id(), "organisation-changed", "member", Some(member_id), None, &detail, now)?;
    let fact = OrganisationChanged { member_id, organisation_id };
    events::append(c, &About::now(now, actor.id()), &fact)?;
    Ok(())
}

fn acting(actor: Actor<'_>) -> Acting {
    Acting { id: actor.id(), role: actor.role() }
}

fn find(c: &mut Conn, member_id: i64, now: Micros) -> Result<Member, Failure<Refusal>> {
    let row: Option<(String, String, Option<Micros>)> = members::table
        .find(member_id)
        .filter(members::state.ne("forgotten"))
        .filter(members::merged_into.is_null())
        .select((members::role, members::state, members::suspended_until))
        .first(c)
        .optional()?;
    let Some((role, state, until)) = row else { return Err(Refusal::NotFound.into()) };
    Ok(Member {
        id: member_id,
        role: Role::stored(&role),
        claimed: state != "unclaimed",
        suspended: state == "suspended" && until.is_none_or(|until| until > now),
    })
}

/// How many members other than this one run the place and may enter it now.
fn administrators_but(c: &mut Conn, member_id: i64, now: Micros) -> QueryResult<usize> {
    let ids: Vec<i64> = members::table
        .filter(members::role.eq("admin"))
        .filter(members::id.ne(member_id))
        .filter(members::kind.eq("person"))
        .filter(members::merged_into.is_null())
        .filter(
            members::state
                .eq("active")
                .or(members::state.eq("suspended").and(members::suspended_until.le(now).assume_not_null())),
        )
        .order(members::id)
        .limit(1)
        .select(members::id)
        .load(c)?;
    Ok(ids.len())
}
