//! Spaces: product areas, each with its own access rule.
//!
//! A space without a product is open to every member. One with a product is entered by members whose
//! organisation is entitled to it, by members with a personal grant, and by staff. [`enterable`] is that rule as
//! a query fragment; page, list, API and every count are scoped by it, so there is one rule and no other.

use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};

use crate::db::schema::{entitlements, space_grants, spaces};
use crate::web::Viewer;

/// The ids of the spaces a viewer may enter, as a subquery: `questions::space_id.eq_any(enterable(viewer))`.
#[auto_type(no_type_alias)]
pub fn enterable(viewer: &Viewer) -> _ {
    let rule: entered_by = entered_by(viewer);
    spaces::table.select(spaces::id).filter(rule)
}

/// The rule itself, on a row of `spaces`.
#[auto_type]
fn entered_by(viewer: &Viewer) -> _ {
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

/// Whether the viewer moderates a space.
pub fn moderates(_: &mut crate::db::Conn, viewer: &Viewer, _: i64) -> QueryResult<bool> {
    Ok(viewer.role >= crate::web::Role::Moderator)
}

/// A space as its members see it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = spaces)]
pub struct Space {
    /// The row.
    pub id: i64,
    /// Its key in URLs and the API.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What belongs there.
    pub description: String,
}

/// A space by its key, if the viewer may enter it.
pub fn by_key(c: &mut crate::db::Conn, viewer: &Viewer, key: &str) -> QueryResult<Option<Space>> {
    spaces::table
        .filter(spaces::key.eq(key))
        .filter(entered_by(viewer))
        .select(Space::as_select())
        .first(c)
        .optional()
}

/// The spaces the viewer may enter, by name.
pub fn list(c: &mut crate::db::Conn, viewer: &Viewer) -> QueryResult<Vec<Space>> {
    spaces::table
        .filter(entered_by(viewer))
        .order((spaces::name, spaces::id))
        .select(Space::as_select())
        .load(c)
}
