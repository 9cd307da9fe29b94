//! Limits of moderators: who is limited moderates only these spaces, and of those only what they may enter.

use diesel::prelude::*;
use serde::Serialize;

use super::access::entered_by;
use crate::accounts::actor::Actor;
use crate::accounts::audit;
use crate::accounts::book_rules::Refusal;
use crate::clock::Micros;
use crate::db::schema::{members, moderated_spaces, spaces};
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::web::{FieldProblem, Viewer};

/// A moderator was limited to spaces, or is no longer.
#[derive(Serialize)]
struct ModeratorLimited {
    member_id: i64,
    /// None: all they may enter.
    space_ids: Vec<i64>,
}

impl Fact for ModeratorLimited {
    const KIND: &'static str = "ModeratorLimited";
}

/// Limits a moderator to the spaces of these keys; none lifts the limit. It means nothing for other roles, and waits
/// there. What is so already is not written again.
///
/// # Errors
/// [`Refusal::NotAdministrator`]; [`Refusal::NotFound`] for an unknown member; the field `space` for an unknown key.
pub fn limit_moderator(
    c: &mut Conn,
    actor: Actor<'_>,
    member_id: i64,
    keys: &[String],
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    if !actor.administers() {
        return Err(Refusal::NotAdministrator.into());
    }
    let member: Option<i64> = members::table
        .filter(members::id.eq(member_id))
        .filter(members::kind.ne("system"))
        .select(members::id)
        .first(c)
        .optional()?;
    if member.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let there: Vec<(i64, String)> = spaces::table
        .filter(spaces::key.eq_any(keys.to_vec()))
        .order(spaces::id)
        .select((spaces::id, spaces::key))
        .load(c)?;
    if let Some(unknown) = keys.iter().find(|key| !there.iter().any(|(_, found)| found == *key)) {
        return Err(Refusal::from(FieldProblem::new("space", "unknown-space").with("key", unknown)).into());
    }
    let (space_ids, keys): (Vec<i64>, Vec<String>) = there.into_iter().unzip();
    if limits(c, member_id)? == space_ids {
        return Ok(());
    }
    diesel::delete(moderated_spaces::table.filter(moderated_spaces::member_id.eq(member_id))).execute(c)?;
    for space_id in &space_ids {
        diesel::insert_into(moderated_spaces::table)
            .values((moderated_spaces::member_id.eq(member_id), moderated_spaces::space_id.eq(space_id)))
            .execute(c)?;
    }
    let act = if keys.is_empty() { "moderator-unlimited" } else { "moderator-limited" };
    let detail = serde_json::json!({ "space_ids": space_ids, "spaces": keys.join(", ") });
    audit::record(c, actor.id(), act, "member", Some(member_id), None, &detail, now)?;
    events::append(c, &About::now(now, actor.id()), &ModeratorLimited { member_id, space_ids })?;
    Ok(())
}

/// The spaces a moderator is limited to; none means all they may enter.
pub fn limits(c: &mut Conn, member_id: i64) -> QueryResult<Vec<i64>> {
    moderated_spaces::table
        .filter(moderated_spaces::member_id.eq(member_id))
        .order(moderated_spaces::space_id)
        .select(moderated_spaces::space_id)
        .load(c)
}

/// The limits of these members, by name of the space, as far as the viewer may enter it: (member, name).
pub fn limits_of_many(c: &mut Conn, viewer: &Viewer, ids: &[i64]) -> QueryResult<Vec<(i64, String)>> {
    moderated_spaces::table
        .inner_join(spaces::table.on(spaces::id.eq(moderated_spaces::space_id)))
        .filter(moderated_spaces::member_id.eq_any(ids.to_vec()))
        .filter(entered_by(viewer))
        .order((spaces::name, spaces::id))
        .select((moderated_spaces::member_id, spaces::name))
        .load(c)
}
