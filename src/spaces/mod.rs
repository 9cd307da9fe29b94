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
    spaces::table.select(spaces::id).filter(
        spaces::product_id
            .is_null()
            .or(everything)
            .or(spaces::product_id.eq_any(entitled).assume_not_null())
            .or(spaces::id.eq_any(granted)),
    )
}
