//! The access rule, as a query fragment and as questions about one space.

use std::collections::HashSet;

use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};

use super::moderators::limits;
use super::rules::{Moderating, moderates as verdict};
use crate::db::schema::{entitlements, space_grants, spaces};
use crate::db::{Conn, among};
use crate::web::{Role, Viewer};

/// The ids of the spaces a viewer may enter, as a subquery: `questions::space_id.eq_any(enterable(viewer))`.
#[auto_type(no_type_alias)]
pub fn enterable(viewer: &Viewer) -> _ {
    let rule: entered_by = entered_by(viewer);
    spaces::table.select(spaces::id).filter(rule)
}

/// The rule itself, on a row of `spaces`: for queries that join the space anyway.
#[auto_type]
pub fn entered_by(viewer: &Viewer) -> _ {
    let everything: bool = viewer.enters_all();
    let organisation: Option<i64> = viewer.organisation_id;
    let member: i64 = viewer.id;
    let now: i64 = viewer.now;
    let everything: AsExprOf<bool, Bool> = everything.into_sql::<Bool>();
    let organisation: AsExprOf<Option<i64>, Nullable<BigInt>> = organisation.into_sql::<Nullable<BigInt>>();
    let entitled = entitlements::table
        .filter(entitlements::organisation_id.nullable().eq(organisation))
        .filter(entitlements::ends_at.is_null().or(entitlements::ends_at.gt(now)))
        .select(entitlements::product_id.nullable());
    let granted = space_grants::table
        .filter(space_grants::member_id.eq(member))
        .filter(space_grants::ends_at.is_null().or(space_grants::ends_at.gt(now)))
        .select(space_grants::space_id);
    spaces::product_id
        .is_null()
        .or(everything)
        .or(spaces::product_id.eq_any(entitled).assume_not_null())
        .or(spaces::id.eq_any(granted))
}

/// Whether the viewer may enter a space; false for one that is not there.
pub fn may_enter(c: &mut Conn, viewer: &Viewer, space_id: i64) -> QueryResult<bool> {
    let found: Option<i64> = spaces::table
        .filter(spaces::id.eq(space_id))
        .filter(entered_by(viewer))
        .select(spaces::id)
        .first(c)
        .optional()?;
    Ok(found.is_some())
}

/// Whether the viewer moderates a space: staff and administrators all, moderators those they may enter, and only
/// those they are limited to, if they are limited.
pub fn moderates(c: &mut Conn, viewer: &Viewer, space_id: i64) -> QueryResult<bool> {
    let mut facts = Moderating { role: viewer.role, may_enter: false, limited_to: Vec::new(), space_id };
    if viewer.role == Role::Moderator {
        facts.may_enter = may_enter(c, viewer, space_id)?;
        facts.limited_to = limits(c, viewer.id)?;
    }
    Ok(verdict(&facts))
}

/// Who of some members may enter which of some spaces, as (member, space): the rule of [`entered_by`] for many at once, in a
/// fixed number of statements. A test holds the two together.
pub fn enterers(
    c: &mut Conn,
    people: &[&Viewer],
    spaces: &[i64],
    now: i64,
) -> QueryResult<HashSet<(i64, i64)>> {
    if people.is_empty() || spaces.is_empty() {
        return Ok(HashSet::new());
    }
    let members: Vec<i64> = people.iter().map(|person| person.id).collect();
    let organisations: Vec<i64> = people.iter().filter_map(|person| person.organisation_id).collect();
    let rows: Vec<(i64, Option<i64>)> =
        spaces::table.filter(among(spaces::id, spaces)).select((spaces::id, spaces::product_id)).load(c)?;
    let entitled: HashSet<(i64, i64)> = if organisations.is_empty() {
        HashSet::new()
    } else {
        let rows = entitlements::table
            .filter(among(entitlements::organisation_id, &organisations))
            .filter(entitlements::ends_at.is_null().or(entitlements::ends_at.gt(now)))
            .select((entitlements::organisation_id, entitlements::product_id));
        rows.load::<(i64, i64)>(c)?.into_iter().collect()
    };
    let granted: HashSet<(i64, i64)> = space_grants::table
        .filter(among(space_grants::member_id, &members))
        .filter(space_grants::ends_at.is_null().or(space_grants::ends_at.gt(now)))
        .select((space_grants::member_id, space_grants::space_id))
        .load::<(i64, i64)>(c)?
        .into_iter()
        .collect();
    let enters = |person: &Viewer, space: i64, product: Option<i64>| {
        let by_organisation =
            person.organisation_id.zip(product).is_some_and(|pair| entitled.contains(&pair));
        product.is_none() || person.enters_all() || by_organisation || granted.contains(&(person.id, space))
    };
    let mut found = HashSet::new();
    for person in people {
        found.extend(
            rows.iter()
                .filter(|(space, product)| enters(person, *space, *product))
                .map(|(space, _)| (person.id, *space)),
        );
    }
    Ok(found)
}
