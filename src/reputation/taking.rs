//! One privilege of one person, taken for a while: with a reason, an end, and a name under it.

use diesel::prelude::*;
use serde::Serialize;

use super::rules::{Privilege, Taken};
use super::{read_taken, standing};
use crate::accounts::audit;
use crate::accounts::book_rules;
use crate::accounts::oversight::Refusal;
use crate::accounts::oversight::rules::{self, Acting};
use crate::clock::Micros;
use crate::db::schema::members;
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::restrictions::{self, Restriction, Scope};
use crate::web::{Role, Viewer};

/// How kinds of restriction on members begin that take a privilege.
const KIND: &str = "privilege:";

#[derive(Serialize)]
struct PrivilegeTaken {
    member_id: i64,
    privilege: &'static str,
    until: Option<Micros>,
}

impl Fact for PrivilegeTaken {
    const KIND: &'static str = "PrivilegeTaken";
}

#[derive(Serialize)]
struct PrivilegeGivenBack {
    member_id: i64,
    privilege: &'static str,
}

impl Fact for PrivilegeGivenBack {
    const KIND: &'static str = "PrivilegeGivenBack";
}

/// Takes a privilege from a member of a lower role, or changes why and until when; it takes effect at their next act.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Rank`], [`Refusal::Oneself`], or what is wrong with reason and time.
pub fn take(
    c: &mut Conn,
    viewer: &Viewer,
    member_id: i64,
    privilege: Privilege,
    (reason, until): (&str, Option<&str>),
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let (role, taken) = found(c, member_id)?;
    rules::restrict(Acting { id: Some(viewer.id), role: viewer.role }, member_id, role)?;
    let (reason, until) = book_rules::terms(reason, until, now).map_err(Refusal::Fields)?;
    let subject = (Scope::Member, member_id);
    restrictions::impose(c, subject, &kind(privilege), (&reason, until), Some(viewer.id), now)?;
    let mut left = others(&taken, privilege, now);
    left.push(Taken { privilege, until });
    store(c, member_id, &left)?;
    let detail = serde_json::json!({ "privilege": privilege.as_str(), "until": until });
    audit::record(
        c,
        Some(viewer.id),
        "privilege-taken",
        "member",
        Some(member_id),
        Some(&reason),
        &detail,
        now,
    )?;
    let fact = PrivilegeTaken { member_id, privilege: privilege.as_str(), until };
    events::append(c, &About::now(now, Some(viewer.id)), &fact)?;
    Ok(())
}

/// Gives a privilege back before its time. One that is not taken stays as it is.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Rank`] or [`Refusal::Oneself`].
pub fn give_back(
    c: &mut Conn,
    viewer: &Viewer,
    member_id: i64,
    privilege: Privilege,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let (role, taken) = found(c, member_id)?;
    rules::restrict(Acting { id: Some(viewer.id), role: viewer.role }, member_id, role)?;
    if !restrictions::lift(c, (Scope::Member, member_id), &kind(privilege), Some(viewer.id), now)? {
        return Ok(());
    }
    store(c, member_id, &others(&taken, privilege, now))?;
    let detail = serde_json::json!({ "privilege": privilege.as_str() });
    audit::record(c, Some(viewer.id), "privilege-given-back", "member", Some(member_id), None, &detail, now)?;
    let fact = PrivilegeGivenBack { member_id, privilege: privilege.as_str() };
    events::append(c, &About::now(now, Some(viewer.id)), &fact)?;
    Ok(())
}

/// The privileges taken from a member now, with why, by whom and until when.
pub fn taken_from(c: &mut Conn, member_id: i64, now: Micros) -> QueryResult<Vec<(Privilege, Restriction)>> {
    let rows = restrictions::in_force(c, (Scope::Member, member_id), now)?;
    let taken = rows.into_iter().filter_map(|row| {
        let privilege = Privilege::parse(row.kind.strip_prefix(KIND)?)?;
        Some((privilege, row))
    });
    Ok(taken.collect())
}

fn kind(privilege: Privilege) -> String {
    format!("{KIND}{}", privilege.as_str())
}

fn found(c: &mut Conn, member_id: i64) -> Result<(Role, Vec<Taken>), Failure<Refusal>> {
    let kind: Option<String> = members::table
        .filter(members::id.eq(member_id))
        .filter(members::kind.eq("person"))
        .filter(members::merged_into.is_null())
        .select(members::privileges_taken)
        .first(c)
        .optional()?;
    let taken = kind.ok_or(Refusal::NotFound)?;
    Ok((standing(c, member_id)?.role, read_taken(&taken)))
}

/// Those taken besides `privilege`, without what is over.
fn others(taken: &[Taken], privilege: Privilege, now: Micros) -> Vec<Taken> {
    let in_force = |taken: &&Taken| taken.until.is_none_or(|until| until > now);
    taken.iter().filter(in_force).filter(|taken| taken.privilege != privilege).copied().collect()
}

fn store(c: &mut Conn, member_id: i64, taken: &[Taken]) -> QueryResult<()> {
    let rows: Vec<_> = taken.iter().map(|taken| (taken.privilege.as_str(), taken.until)).collect();
    let stored = if rows.is_empty() { String::new() } else { serde_json::json!(rows).to_string() };
    diesel::update(members::table.find(member_id)).set(members::privileges_taken.eq(stored)).execute(c)?;
    Ok(())
}
