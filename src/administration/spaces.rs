//! `/admin/spaces`, `/admin/spaces/{id}` and its grants.

use actix_web::HttpResponse;
use actix_web::web::Path;
use diesel::prelude::*;

use super::books::{BOOKS, comes_back};
use super::pages::{GrantRow, SpaceForm, SpacePage, SpaceRow, SpacesPage};
use super::space_fields::{form_of, row};
use crate::accounts::actor::Actor;
use crate::accounts::book_rules::Refusal;
use crate::accounts::products;
use crate::db::schema::questions;
use crate::db::{Conn, Failure};
use crate::people::author;
use crate::spaces::grants::{self as grants_of, Grant};
use crate::spaces::{self, Said, Space};
use crate::web::pages::FieldErrors;
use crate::web::{Problem, Viewer, Visit};

/// `GET /admin/spaces`.
///
/// # Errors
/// The database's failures.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    visit.page(&spaces_page(&visit).await?)
}

/// `POST /admin/spaces`; what cannot be taken comes back with the form.
///
/// # Errors
/// [`Refusal`].
pub async fn add(visit: Visit) -> Result<HttpResponse, Problem> {
    let said = said(&visit, visit.form.text("key").to_owned());
    let now = visit.now;
    match visit.write(BOOKS, move |c, viewer| spaces::put(c, Actor::from(viewer), &said, now)).await {
        Ok(put) => Ok(visit.see(&format!("/admin/spaces/{}", put.id), Some("saved"))),
        Err(problem) if comes_back(&problem) => {
            let mut page = spaces_page(&visit).await?;
            page.form = typed(&visit, &problem, page.form, visit.form.text("key"));
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// `GET /admin/spaces/{id}`.
///
/// # Errors
/// 404.
pub async fn show(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    visit.page(&space_page(&visit, id.into_inner()).await?)
}

/// `POST /admin/spaces/{id}`; what cannot be taken comes back with the form.
///
/// # Errors
/// [`Refusal`].
pub async fn change(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let mut said = said(&visit, String::new());
    let put = visit
        .write(BOOKS, move |c, viewer| {
            let (space, _) = spaces::by_id(c, viewer, id)?.ok_or(Refusal::NotFound)?;
            said.key = space.key;
            spaces::put(c, Actor::from(viewer), &said, now)
        })
        .await;
    match put {
        Ok(_) => Ok(visit.see(&format!("/admin/spaces/{id}"), Some("saved"))),
        Err(problem) if comes_back(&problem) => {
            let mut page = space_page(&visit, id).await?;
            let key = page.form.key.clone();
            page.form = typed(&visit, &problem, page.form, &key);
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /admin/spaces/{id}/grants`: lets somebody in, or with `revoke` takes that back.
///
/// # Errors
/// [`Refusal`].
pub async fn grants(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let place = format!("/admin/spaces/{id}");
    if let Some(member) = visit.form.number("revoke")? {
        visit.write(BOOKS, move |c, viewer| grants_of::end(c, Actor::from(viewer), id, member, now)).await?;
        return Ok(visit.see(&place, Some("revoked")));
    }
    let text = |name: &str| visit.form.text(name).to_owned();
    let (email, reason, until) = (text("email"), text("reason"), text("until"));
    let granted = visit
        .write(BOOKS, move |c, viewer| {
            grants_of::grant(c, Actor::from(viewer), id, (&email, &reason, &until), now)
        })
        .await;
    match granted {
        Ok(()) => Ok(visit.see(&place, Some("saved"))),
        Err(problem) if comes_back(&problem) => {
            let mut page = space_page(&visit, id).await?;
            page.grant_email = text("email");
            page.grant_reason = text("reason");
            page.grant_until = text("until");
            page.grant_errors = visit.field_errors(&problem);
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// What the form says: an empty product lets every member in.
fn said(visit: &Visit, key: String) -> Said {
    let text = |name: &str| Some(visit.form.text(name).to_owned());
    Said { key, name: text("name"), description: text("about"), product: text("product"), fields: None }
}

/// The form as it was typed, with what is wrong.
fn typed(visit: &Visit, problem: &Problem, form: SpaceForm, key: &str) -> SpaceForm {
    let mut problem = problem.clone();
    for wrong in &mut problem.fields {
        if wrong.field == "description" {
            wrong.field = "about".into();
        }
    }
    let text = |name: &str| visit.form.text(name).to_owned();
    SpaceForm {
        key: key.to_owned(),
        name: text("name"),
        about: text("about"),
        product: text("product"),
        products: form.products,
        errors: visit.field_errors(&problem),
    }
}

async fn spaces_page(visit: &Visit) -> Result<SpacesPage, Problem> {
    let now = visit.now;
    let (rows, questions, grants, products) = visit
        .read(move |c, viewer| {
            Ok::<_, Failure<Refusal>>((
                spaces::list_with_products(c, viewer)?,
                questions_by_space(c, viewer)?,
                grants_of::counts(c, now)?,
                product_names(c, now)?,
            ))
        })
        .await?;
    let count = |counts: &Vec<(i64, i64)>, id| counts.iter().find(|(of, _)| *of == id).map_or(0, |(_, n)| *n);
    let row = |(space, product): (Space, Option<String>)| SpaceRow {
        questions: count(&questions, space.id),
        grants: count(&grants, space.id),
        id: space.id,
        key: space.key,
        name: space.name,
        product,
    };
    Ok(SpacesPage {
        spaces: rows.into_iter().map(row).collect(),
        form: SpaceForm { products, ..SpaceForm::default() },
    })
}

pub(super) async fn space_page(visit: &Visit, id: i64) -> Result<SpacePage, Problem> {
    let now = visit.now;
    let read = move |c: &mut Conn, viewer: &Viewer| {
        let (space, product) = spaces::by_id(c, viewer, id)?.ok_or(Refusal::NotFound)?;
        let grants = grants_of::list(c, viewer, id)?;
        Ok::<_, Failure<Refusal>>((space, product, grants, product_names(c, now)?))
    };
    let (space, product, grants, products) = visit.read(read).await?;
    let form = SpaceForm {
        key: space.key,
        name: space.name,
        about: space.description,
        product: product.unwrap_or_default(),
        products,
        errors: FieldErrors::default(),
    };
    Ok(SpacePage {
        id,
        form,
        grants: grants.into_iter().map(grant).collect(),
        grant_email: String::new(),
        grant_reason: String::new(),
        grant_until: String::new(),
        grant_errors: FieldErrors::default(),
        field_form: form_of(&space.fields.0, visit.query.text("field")),
        fields: space.fields.0.into_iter().map(row).collect(),
    })
}

fn grant(grant: Grant) -> GrantRow {
    let person = |(id, name, role): (i64, String, String)| author(id, &name, &role);
    GrantRow {
        person: person(grant.member),
        by: grant.by.map(person),
        reason: grant.reason,
        since: grant.granted_at,
        until: grant.ends_at,
    }
}

/// Listed questions per space the viewer may enter.
fn questions_by_space(c: &mut Conn, viewer: &Viewer) -> QueryResult<Vec<(i64, i64)>> {
    questions::table
        .filter(questions::listed)
        .filter(questions::space_id.eq_any(spaces::enterable(viewer)))
        .group_by(questions::space_id)
        .select((questions::space_id, diesel::dsl::count_star()))
        .load(c)
}

fn product_names(c: &mut Conn, now: i64) -> Result<Vec<String>, crate::db::Error> {
    Ok(products::list(c, now)?.into_iter().map(|product| product.name).collect())
}
