//! Products: what organisations are entitled to, and what spaces may ask for.

use diesel::prelude::*;

use super::actor::Actor;
use super::audit;
use super::book_rules::{Refusal, name};
use super::organisations::{Put, name_key};
use crate::clock::Micros;
use crate::db::schema::{entitlements, products};
use crate::db::{Conn, Failure, on};

/// More products than this are not listed on one page; a company has a handful.
const MOST: i64 = 500;

/// A product and how many organisations are entitled to it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The row.
    pub id: i64,
    /// As written.
    pub name: String,
    /// Organisations entitled at the time asked for.
    pub organisations: i64,
}

/// Adds a product, or spells the one of this name anew.
///
/// # Errors
/// [`Refusal::NotAdministrator`], or the field `name`.
pub fn put(c: &mut Conn, actor: Actor<'_>, given_name: &str, now: Micros) -> Result<Put, Failure<Refusal>> {
    if !actor.administers() {
        return Err(Refusal::NotAdministrator.into());
    }
    let name = name("name", given_name).map_err(Refusal::from)?;
    let known = find(c, &name)?;
    let id = match known {
        Some(id) => {
            diesel::update(products::table.find(id))
                .set((products::name.eq(&name), products::name_key.eq(name_key(&name))))
                .execute(c)?;
            id
        }
        None => insert(c, &name, now)?,
    };
    let put = Put { id, created: known.is_none() };
    let detail = serde_json::json!({ "created": put.created });
    audit::record(c, actor.id(), "product-put", "product", Some(id), None, &detail, now)?;
    Ok(put)
}

/// The product of this external id or name, made when there is none. The caller has checked that it is a name.
pub fn find_or_create(c: &mut Conn, name_or_external_id: &str, now: Micros) -> QueryResult<i64> {
    match find(c, name_or_external_id)? {
        Some(id) => Ok(id),
        None => insert(c, name_or_external_id.trim(), now),
    }
}

/// The product of this external id or name.
pub fn find(c: &mut Conn, name_or_external_id: &str) -> QueryResult<Option<i64>> {
    let by_id = products::table.filter(products::external_id.eq(name_or_external_id.trim()));
    if let Some(id) = by_id.select(products::id).first(c).optional()? {
        return Ok(Some(id));
    }
    let by_name = products::table.filter(products::name_key.eq(name_key(name_or_external_id)));
    by_name.select(products::id).first(c).optional()
}

/// Products by name, with how many organisations are entitled at `now`.
pub fn list(c: &mut Conn, now: Micros) -> QueryResult<Vec<Product>> {
    let rows: Vec<(i64, String)> = products::table
        .order((products::name_key, products::id))
        .limit(MOST)
        .select((products::id, products::name))
        .load(c)?;
    let entitled: Vec<(i64, i64)> = entitlements::table
        .filter(entitlements::ends_at.is_null().or(entitlements::ends_at.gt(now)))
        .group_by(entitlements::product_id)
        .select((entitlements::product_id, diesel::dsl::count_star()))
        .load(c)?;
    let count = |id| entitled.iter().find(|(product, _)| *product == id).map_or(0, |(_, count)| *count);
    Ok(rows.into_iter().map(|(id, name)| Product { id, name, organisations: count(id) }).collect())
}

fn insert(c: &mut Conn, name: &str, now: Micros) -> QueryResult<i64> {
    let key = name_key(name);
    let row = (products::name.eq(name), products::name_key.eq(&key), products::created_at.eq(now));
    // Two at once: the second is told the first one's id.
    on!(c, |c| diesel::insert_into(products::table)
        .values(row)
        .on_conflict(products::name_key)
        .do_update()
        .set(products::name_key.eq(&key))
        .returning(products::id)
        .get_result(c))
}
