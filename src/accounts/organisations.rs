//! Organisations: the customer companies that members belong to.
//!
//! An organisation is known by its name, compared in folded lower case, and by the external id of the customer
//! system, if it has one. Adding what exists updates it. Who may enter where is not decided here: that is
//! [`super::entitlements`] and [`crate::spaces`].

use diesel::prelude::*;
use serde::Serialize;

use super::actor::Actor;
use super::audit;
use super::book_rules::{self, Refusal, name, optional_name};
use crate::clock::Micros;
use crate::db::schema::{members, organisations};
use crate::db::{Conn, Failure, on};
use crate::events::{self, About, Fact};
use crate::web::Viewer;
use crate::web::cursor::Span;

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = organisations)]
pub struct Organisation {
    /// The row.
    pub id: i64,
    /// Its id in the customer system.
    pub external_id: Option<String>,
    /// As written.
    pub name: String,
    /// As compared.
    pub name_key: String,
    /// When it was written down.
    pub created_at: Micros,
}

/// Whether adding made something or changed what there was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Put {
    /// The row.
    pub id: i64,
    /// Whether it is new.
    pub created: bool,
}

/// An organisation was added or changed.
#[derive(Serialize)]
struct OrganisationPut {
    organisation_id: i64,
    created: bool,
}

impl Fact for OrganisationPut {
    const KIND: &'static str = "OrganisationPut";
}

/// The key of the lists: folded name and id.
pub type Key = (String, i64);

/// Adds an organisation, or updates the one of this external id or, failing that, of this name.
///
/// # Errors
/// [`Refusal::NotAdministrator`]; fields; [`Refusal::NameTaken`] when the name is another one's.
pub fn put(
    c: &mut Conn,
    actor: Actor<'_>,
    given_name: Option<&str>,
    external_id: Option<&str>,
    now: Micros,
) -> Result<Put, Failure<Refusal>> {
    if !actor.administers() {
        return Err(Refusal::NotAdministrator.into());
    }
    let external_id = optional_name("external_id", external_id).map_err(Refusal::from)?;
    let known = match &external_id {
        Some(id) => by_external_id(c, id)?,
        None => None,
    };
    let put = match known {
        Some(known) => rename(c, &known, given_name)?,
        None => {
            let name = name("name", given_name.unwrap_or_default()).map_err(Refusal::from)?;
            name_or_make(c, &name, external_id.as_deref(), now)?
        }
    };
    let detail = serde_json::json!({ "created": put.created, "external_id": external_id });
    audit::record(c, actor.id(), "organisation-put", "organisation", Some(put.id), None, &detail, now)?;
    let fact = OrganisationPut { organisation_id: put.id, created: put.created };
    events::append(c, &About::now(now, actor.id()), &fact)?;
    Ok(put)
}

fn rename(c: &mut Conn, known: &Organisation, given: Option<&str>) -> Result<Put, Failure<Refusal>> {
    if let Some(name) = optional_name("name", given).map_err(Refusal::from)? {
        if by_name(c, &name)?.is_some_and(|other| other.id != known.id) {
            return Err(Refusal::NameTaken.into());
        }
        diesel::update(organisations::table.find(known.id))
            .set((organisations::name.eq(&name), organisations::name_key.eq(name_key(&name))))
            .execute(c)?;
    }
    Ok(Put { id: known.id, created: false })
}

fn name_or_make(
    c: &mut Conn,
    name: &str,
    external_id: Option<&str>,
    now: Micros,
) -> Result<Put, Failure<Refusal>> {
    let Some(known) = by_name(c, name)? else {
        let id = insert(c, name, external_id, now)?;
        return Ok(Put { id, created: true });
    };
    if external_id.is_some() && known.external_id.is_some() {
        return Err(Refusal::NameTaken.into());
    }
    diesel::update(organisations::table.find(known.id))
        .set((
            organisations::name.eq(name),
            organisations::external_id.eq(external_id.or(known.external_id.as_deref())),
        ))
        .execute(c)?;
    Ok(Put { id: known.id, created: false })
}

/// The organisation of this external id or name, made when there is none. An external id wins over a name.
///
/// The caller has checked with [`super::book_rules::name`] that the text is a name.
pub fn find_or_create(c: &mut Conn, name_or_external_id: &str, now: Micros) -> QueryResult<i64> {
    match find(c, name_or_external_id)? {
        Some(known) => Ok(known.id),
        None => insert(c, name_or_external_id.trim(), None, now),
    }
}

/// The organisation of this external id or name.
pub fn find(c: &mut Conn, name_or_external_id: &str) -> QueryResult<Option<Organisation>> {
    match by_external_id(c, name_or_external_id.trim())? {
        Some(known) => Ok(Some(known)),
        None => by_name(c, name_or_external_id),
    }
}

/// The organisation of this row.
pub fn by_id(c: &mut Conn, id: i64) -> QueryResult<Option<Organisation>> {
    organisations::table.find(id).select(Organisation::as_select()).first(c).optional()
}

/// Organisations by name, for administrators; one more than asked for when there is a next page.
///
/// # Errors
/// [`Refusal::NotAdministrator`].
pub fn page(c: &mut Conn, viewer: &Viewer, span: &Span<Key>) -> Result<Vec<Organisation>, Failure<Refusal>> {
    book_rules::administers(viewer)?;
    let mut query = organisations::table
        .select(Organisation::as_select())
        .order((organisations::name_key, organisations::id))
        .limit(span.fetch())
        .into_boxed();
    if let Some((name, id)) = &span.after {
        // The first condition is the range in which the index is entered.
        query = query
            .filter(organisations::name_key.ge(name))
            .filter(organisations::name_key.gt(name).or(organisations::id.gt(id)));
    }
    Ok(query.load(c)?)
}

/// How many members each of these organisations has.
pub fn member_counts(c: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(i64, i64)>> {
    members::table
        .filter(members::organisation_id.eq_any(ids.to_vec()))
        .group_by(members::organisation_id)
        .select((members::organisation_id.assume_not_null(), diesel::dsl::count_star()))
        .load(c)
}

/// A name as it is compared: inner white space as single spaces, trimmed, lower case.
pub fn name_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn by_external_id(c: &mut Conn, external_id: &str) -> QueryResult<Option<Organisation>> {
    organisations::table
        .filter(organisations::external_id.eq(external_id))
        .select(Organisation::as_select())
        .first(c)
        .optional()
}

fn by_name(c: &mut Conn, name: &str) -> QueryResult<Option<Organisation>> {
    organisations::table
        .filter(organisations::name_key.eq(name_key(name)))
        .select(Organisation::as_select())
        .first(c)
        .optional()
}

fn insert(c: &mut Conn, name: &str, external_id: Option<&str>, now: Micros) -> QueryResult<i64> {
    let key = name_key(name);
    let row = (
        organisations::name.eq(name),
        organisations::name_key.eq(&key),
        organisations::external_id.eq(external_id),
        organisations::created_at.eq(now),
    );
    // Two at once: the second is told the first one's id.
    on!(c, |c| diesel::insert_into(organisations::table)
        .values(row)
        .on_conflict(organisations::name_key)
        .do_update()
        .set(organisations::name_key.eq(&key))
        .returning(organisations::id)
        .get_result(c))
}
