//! Making and changing spaces.

use diesel::prelude::*;
use serde::Serialize;

use super::ask_fields::{AskField, AskFields, set_fields};
use super::rules;
use crate::accounts::actor::Actor;
use crate::accounts::book_rules::{Refusal, name, reason};
use crate::accounts::organisations::Put;
use crate::accounts::{audit, products};
use crate::clock::Micros;
use crate::db::schema::spaces;
use crate::db::{Conn, Failure, on};
use crate::events::{self, About, Fact};
use crate::web::FieldProblem;

/// The key of the space that is there from the first start.
pub const GENERAL: &str = "general";

/// What is said about a space. What is None stays as it is: above all, a space is never opened to everybody by
/// leaving its product out.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Its key.
    pub key: String,
    /// Its name; needed for a new one.
    pub name: Option<String>,
    /// What belongs there.
    pub description: Option<String>,
    /// The product one must be entitled to, by name or external id, made when absent; `Some("")` lets every
    /// member in.
    pub product: Option<String>,
    /// All fields that it asks for.
    pub fields: Option<Vec<AskField>>,
}

/// A space was made or changed.
#[derive(Serialize)]
struct SpacePut {
    product_id: Option<i64>,
    created: bool,
}

impl Fact for SpacePut {
    const KIND: &'static str = "SpacePut";
}

/// Makes a space, or changes the one of this key.
///
/// # Errors
/// [`Refusal::NotAdministrator`], or what is wrong with the fields.
pub fn put(c: &mut Conn, actor: Actor<'_>, said: &Said, now: Micros) -> Result<Put, Failure<Refusal>> {
    if !actor.administers() {
        return Err(Refusal::NotAdministrator.into());
    }
    let known = match rules::key(&said.key) {
        Ok(key) => row(c, &key)?,
        Err(_) => None,
    };
    let checked = check(said, known.is_none())?;
    let product_id = match checked.product.as_deref() {
        None => known.and_then(|(_, product)| product),
        Some("") => None,
        Some(product) => Some(products::find_or_create(c, product, now)?),
    };
    let put = match known {
        Some((id, _)) => Put { id, created: false },
        None => Put { id: insert(c, &checked, now)?, created: true },
    };
    diesel::update(spaces::table.find(put.id)).set(spaces::product_id.eq(product_id)).execute(c)?;
    if let Some(name) = &checked.name {
        diesel::update(spaces::table.find(put.id)).set(spaces::name.eq(name)).execute(c)?;
    }
    if let Some(description) = &checked.description {
        diesel::update(spaces::table.find(put.id)).set(spaces::description.eq(description)).execute(c)?;
    }
    let detail = serde_json::json!({
        "key": checked.key, "product_id": product_id, "created": put.created,
        "product_id_before": known.and_then(|(_, product)| product),
    });
    audit::record(c, actor.id(), "space-put", "space", Some(put.id), None, &detail, now)?;
    let about = About { space_id: Some(put.id), ..About::now(now, actor.id()) };
    events::append(c, &about, &SpacePut { product_id, created: put.created })?;
    if let Some(fields) = &said.fields {
        set_fields(c, actor, put.id, fields, now)?;
    }
    Ok(put)
}

/// Makes the space [`GENERAL`], open to every member, unless it is there.
pub fn ensure_general(c: &mut Conn, now: Micros) -> QueryResult<()> {
    let row = (spaces::key.eq(GENERAL), spaces::name.eq("General"), spaces::created_at.eq(now));
    on!(c, |c| diesel::insert_into(spaces::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

struct Checked {
    key: String,
    name: Option<String>,
    description: Option<String>,
    product: Option<String>,
}

/// Checks all fields, so that one answer tells everything that is wrong.
fn check(said: &Said, new: bool) -> Result<Checked, Refusal> {
    let mut wrong: Vec<FieldProblem> = Vec::new();
    let key = rules::key(&said.key).map_err(|problem| wrong.push(problem)).ok();
    let mut noted = |result: Option<Result<String, FieldProblem>>| {
        result.and_then(|result| result.map_err(|problem| wrong.push(problem)).ok())
    };
    let given = if new { Some(said.name.as_deref().unwrap_or_default()) } else { said.name.as_deref() };
    let name_checked = noted(given.map(|given| name("name", given)));
    let description = noted(said.description.as_deref().map(|given| reason("description", given)));
    let product = noted(
        said.product
            .as_deref()
            .map(|given| if given.trim().is_empty() { Ok(String::new()) } else { name("product", given) }),
    );
    if let Some(problems) = said.fields.as_ref().and_then(|fields| AskFields::checked(fields).err()) {
        wrong.extend(problems);
    }
    match key {
        Some(key) if wrong.is_empty() => Ok(Checked { key, name: name_checked, description, product }),
        _ => Err(Refusal::Fields(wrong)),
    }
}

/// (row, product) of a key.
fn row(c: &mut Conn, key: &str) -> QueryResult<Option<(i64, Option<i64>)>> {
    spaces::table.filter(spaces::key.eq(key)).select((spaces::id, spaces::product_id)).first(c).optional()
}

fn insert(c: &mut Conn, checked: &Checked, now: Micros) -> QueryResult<i64> {
    diesel::insert_into(spaces::table)
        .values((
            spaces::key.eq(&checked.key),
            spaces::name.eq(checked.name.as_deref().unwrap_or(&checked.key)),
            spaces::created_at.eq(now),
        ))
        .returning(spaces::id)
        .get_result(c)
}
