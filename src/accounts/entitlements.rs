//! Entitlements: an organisation may use a product, in a tier, until an end.
//!
//! There is one per organisation and product. Its end is compared with the viewer's own now wherever access is
//! decided ([`crate::spaces::enterable`]), so it takes effect at the next request.

use diesel::prelude::*;
use serde::Serialize;

use super::actor::Actor;
use super::audit;
use super::book_rules::{self, Refusal, name, optional_name, until};
use super::organisations::{self, Put};
use super::products;
use crate::clock::Micros;
use crate::db::schema::{entitlements, organisations as organisation_rows, products as product_rows};
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::web::cursor::Span;
use crate::web::{FieldProblem, Viewer};

/// What is said about an entitlement. It is said whole: a tier or an end left out is none.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Its id in the customer system.
    pub external_id: Option<String>,
    /// Name or external id, made when absent. May be left out when the external id is known.
    pub organisation: Option<String>,
    /// Name or external id, made when absent. May be left out when the external id is known.
    pub product: Option<String>,
    /// Such as `gold`.
    pub tier: Option<String>,
    /// RFC 3339 or a date.
    pub until: Option<String>,
}

/// An entitlement with the names it joins.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Entitlement {
    /// The row.
    pub id: i64,
    /// Its id in the customer system.
    pub external_id: Option<String>,
    /// The organisation.
    pub organisation_id: i64,
    /// Its name.
    pub organisation: String,
    /// Its name as compared.
    pub organisation_key: String,
    /// The product.
    pub product_id: i64,
    /// Its name.
    pub product: String,
    /// Such as `gold`.
    pub tier: Option<String>,
    /// When it ends; None without an end.
    pub ends_at: Option<Micros>,
    /// When it was first written down.
    pub created_at: Micros,
}

/// The key of the lists: the organisation's folded name and the row.
pub type Key = (String, i64);

/// An entitlement was added or changed.
#[derive(Serialize)]
struct EntitlementPut {
    entitlement_id: i64,
    organisation_id: i64,
    product_id: i64,
    ends_at: Option<Micros>,
}

impl Fact for EntitlementPut {
    const KIND: &'static str = "EntitlementPut";
}

/// Adds an entitlement, or updates the one of this external id or, failing that, of this organisation and product.
///
/// # Errors
/// [`Refusal::NotAdministrator`]; fields; [`Refusal::EntitlementTaken`] when the external id would come to stand
/// for an organisation and product that another entitlement is about.
pub fn put(c: &mut Conn, actor: Actor<'_>, said: &Said, now: Micros) -> Result<Put, Failure<Refusal>> {
    if !actor.administers() {
        return Err(Refusal::NotAdministrator.into());
    }
    let checked = check(said)?;
    let known = match &checked.external_id {
        Some(id) => by_external_id(c, id)?,
        None => None,
    };
    let organisation_id = match (&checked.organisation, known) {
        (Some(name), _) => organisations::find_or_create(c, name, now)?,
        (None, Some((_, organisation_id, _))) => organisation_id,
        (None, None) => return Err(missing("organisation")),
    };
    let product_id = match (&checked.product, known) {
        (Some(name), _) => products::find_or_create(c, name, now)?,
        (None, Some((_, _, product_id))) => product_id,
        (None, None) => return Err(missing("product")),
    };
    let pair = of_pair(c, organisation_id, product_id)?;
    let put = match (known.map(|(id, ..)| id), pair) {
        (Some(id), Some((other, _))) if id != other => return Err(Refusal::EntitlementTaken.into()),
        (None, Some((_, Some(_)))) if checked.external_id.is_some() => {
            return Err(Refusal::EntitlementTaken.into());
        }
        (Some(id), _) | (None, Some((id, _))) => Put { id, created: false },
        (None, None) => Put { id: insert(c, organisation_id, product_id, now)?, created: true },
    };
    update(c, put.id, organisation_id, product_id, &checked)?;
    let detail = serde_json::json!({
        "organisation_id": organisation_id, "product_id": product_id, "tier": checked.tier,
        "ends_at": checked.ends_at, "created": put.created,
    });
    audit::record(c, actor.id(), "entitlement-put", "entitlement", Some(put.id), None, &detail, now)?;
    let fact =
        EntitlementPut { entitlement_id: put.id, organisation_id, product_id, ends_at: checked.ends_at };
    events::append(c, &About::now(now, actor.id()), &fact)?;
    Ok(put)
}

struct Checked {
    external_id: Option<String>,
    organisation: Option<String>,
    product: Option<String>,
    tier: Option<String>,
    ends_at: Option<Micros>,
}

/// Checks all fields, so that one answer tells everything that is wrong.
fn check(said: &Said) -> Result<Checked, Refusal> {
    let mut wrong = Vec::new();
    let mut noted = |result: Result<Option<String>, FieldProblem>| {
        result.unwrap_or_else(|problem| {
            wrong.push(problem);
            None
        })
    };
    let external_id = noted(optional_name("external_id", said.external_id.as_deref()));
    let needed = external_id.is_none();
    let mut named = |field, given: Option<&str>| {
        noted(if needed {
            name(field, given.unwrap_or_default()).map(Some)
        } else {
            optional_name(field, given)
        })
    };
    let organisation = named("organisation", said.organisation.as_deref());
    let product = named("product", said.product.as_deref());
    let tier = noted(optional_name("tier", said.tier.as_deref()));
    let ends_at = until("until", said.until.as_deref()).unwrap_or_else(|problem| {
        wrong.push(problem);
        None
    });
    if wrong.is_empty() {
        Ok(Checked { external_id, organisation, product, tier, ends_at })
    } else {
        Err(Refusal::Fields(wrong))
    }
}

fn missing(field: &'static str) -> Failure<Refusal> {
    Refusal::from(FieldProblem::new(field, "missing")).into()
}

/// Entitlements with the names they join, in the columns of [`Entitlement`].
macro_rules! joined {
    () => {
        entitlements::table
            .inner_join(product_rows::table)
            .inner_join(organisation_rows::table.on(organisation_rows::id.eq(entitlements::organisation_id)))
            .select((
                entitlements::id,
                entitlements::external_id,
                entitlements::organisation_id,
                organisation_rows::name,
                organisation_rows::name_key,
                entitlements::product_id,
                product_rows::name,
                entitlements::tier,
                entitlements::ends_at,
                entitlements::created_at,
            ))
    };
}

/// One entitlement.
pub fn by_id(c: &mut Conn, id: i64) -> QueryResult<Option<Entitlement>> {
    joined!().filter(entitlements::id.eq(id)).first(c).optional()
}

/// Entitlements by organisation, for administrators; one more than asked for when there is a next page.
///
/// # Errors
/// [`Refusal::NotAdministrator`].
pub fn page(c: &mut Conn, viewer: &Viewer, span: &Span<Key>) -> Result<Vec<Entitlement>, Failure<Refusal>> {
    book_rules::administers(viewer)?;
    let mut query =
        joined!().order((organisation_rows::name_key, entitlements::id)).limit(span.fetch()).into_boxed();
    if let Some((name, id)) = &span.after {
        query = query
            .filter(organisation_rows::name_key.ge(name))
            .filter(organisation_rows::name_key.gt(name).or(entitlements::id.gt(id)));
    }
    Ok(query.load(c)?)
}

/// What these organisations are entitled to at `now`: (organisation, product's name), by name.
pub fn of_organisations(c: &mut Conn, ids: &[i64], now: Micros) -> QueryResult<Vec<(i64, String)>> {
    entitlements::table
        .inner_join(product_rows::table)
        .filter(entitlements::organisation_id.eq_any(ids.to_vec()))
        .filter(entitlements::ends_at.is_null().or(entitlements::ends_at.gt(now)))
        .order((product_rows::name_key, product_rows::id))
        .select((entitlements::organisation_id, product_rows::name))
        .load(c)
}

/// (row, organisation, product) of an external id.
fn by_external_id(c: &mut Conn, external_id: &str) -> QueryResult<Option<(i64, i64, i64)>> {
    entitlements::table
        .filter(entitlements::external_id.eq(external_id))
        .select((entitlements::id, entitlements::organisation_id, entitlements::product_id))
        .first(c)
        .optional()
}

/// (row, external id) of an organisation and product.
fn of_pair(c: &mut Conn, organisation: i64, product: i64) -> QueryResult<Option<(i64, Option<String>)>> {
    entitlements::table
        .filter(entitlements::organisation_id.eq(organisation))
        .filter(entitlements::product_id.eq(product))
        .select((entitlements::id, entitlements::external_id))
        .first(c)
        .optional()
}

fn insert(c: &mut Conn, organisation_id: i64, product_id: i64, now: Micros) -> QueryResult<i64> {
    diesel::insert_into(entitlements::table)
        .values((
            entitlements::organisation_id.eq(organisation_id),
            entitlements::product_id.eq(product_id),
            entitlements::created_at.eq(now),
        ))
        .returning(entitlements::id)
        .get_result(c)
}

fn update(
    c: &mut Conn,
    id: i64,
    organisation_id: i64,
    product_id: i64,
    checked: &Checked,
) -> QueryResult<()> {
    diesel::update(entitlements::table.find(id))
        .set((
            entitlements::organisation_id.eq(organisation_id),
            entitlements::product_id.eq(product_id),
            entitlements::tier.eq(&checked.tier),
            entitlements::ends_at.eq(checked.ends_at),
        ))
        .execute(c)?;
    if let Some(external_id) = &checked.external_id {
        diesel::update(entitlements::table.find(id))
            .set(entitlements::external_id.eq(external_id))
            .execute(c)?;
    }
    Ok(())
}
