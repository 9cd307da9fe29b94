//! `/admin/organisations`, `/admin/products`, `/admin/entitlements`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::pages::{
    EntitlementForm, EntitlementRow, OrganisationRow, OrganisationsPage, ProductRow, ProductsPage,
};
use crate::accounts::actor::Actor;
use crate::accounts::book_rules::Refusal;
use crate::accounts::entitlements::{self, Entitlement};
use crate::accounts::organisations::{self, Organisation};
use crate::accounts::products::{self, Product};
use crate::db::{Failure, On};
use crate::people::routes::pager;
use crate::spaces;
use crate::web::cursor::{Listed, Span};
use crate::web::pages::FieldErrors;
use crate::web::{Problem, Visit};

/// What writing into the books serialises on.
pub const BOOKS: On = On::Named("books", 0);

/// `GET /admin/organisations`.
///
/// # Errors
/// A cursor or limit that is none.
pub async fn organisations(visit: Visit) -> Result<HttpResponse, Problem> {
    visit.page(&organisations_page(&visit).await?)
}

/// `POST /admin/organisations`; what cannot be taken comes back with the form.
///
/// # Errors
/// [`Refusal`].
pub async fn add_organisation(visit: Visit) -> Result<HttpResponse, Problem> {
    let (name, external_id, now) =
        (visit.form.text("name").to_owned(), visit.form.text("external_id").to_owned(), visit.now);
    let put = visit
        .write(BOOKS, move |c, viewer| {
            organisations::put(c, Actor::from(viewer), Some(&name), Some(&external_id), now)
        })
        .await;
    match put {
        Ok(_) => Ok(visit.see("/admin/organisations", Some("saved"))),
        Err(problem) if comes_back(&problem) => {
            let page = organisations_page(&visit).await?;
            let name = visit.form.text("name").to_owned();
            let external_id = visit.form.text("external_id").to_owned();
            let errors = visit.field_errors(&problem);
            visit.page_with(problem.status, &OrganisationsPage { name, external_id, errors, ..page })
        }
        Err(problem) => Err(problem),
    }
}

async fn organisations_page(visit: &Visit) -> Result<OrganisationsPage, Problem> {
    let span = Span::<organisations::Key>::asked(&visit.query)?;
    let wanted = span.clone();
    let now = visit.now;
    let (rows, members, products) = visit
        .read(move |c, viewer| {
            let rows = organisations::page(c, viewer, &wanted)?;
            let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
            let members = organisations::member_counts(c, &ids)?;
            Ok::<_, Failure<Refusal>>((rows, members, entitlements::of_organisations(c, &ids, now)?))
        })
        .await?;
    let listed = Listed::cut(rows, &span, |row| (row.name_key.clone(), row.id));
    let pager = pager(visit, "/admin/organisations", listed.next.as_deref());
    let row = |row: Organisation| OrganisationRow {
        members: members.iter().find(|(id, _)| *id == row.id).map_or(0, |(_, count)| *count),
        products: products.iter().filter(|(id, _)| *id == row.id).map(|(_, name)| name.clone()).collect(),
        id: row.id,
        name: row.name,
        external_id: row.external_id,
    };
    Ok(OrganisationsPage {
        name: String::new(),
        external_id: String::new(),
        errors: FieldErrors::default(),
        organisations: listed.items.into_iter().map(row).collect(),
        pager,
    })
}

/// `GET /admin/products`.
///
/// # Errors
/// A cursor or limit that is none.
pub async fn products(visit: Visit) -> Result<HttpResponse, Problem> {
    visit.page(&products_page(&visit).await?)
}

/// `POST /admin/products`; what cannot be taken comes back with the form.
///
/// # Errors
/// [`Refusal`].
pub async fn add_product(visit: Visit) -> Result<HttpResponse, Problem> {
    let (name, now) = (visit.form.text("name").to_owned(), visit.now);
    let put = visit.write(BOOKS, move |c, viewer| products::put(c, Actor::from(viewer), &name, now)).await;
    match put {
        Ok(_) => Ok(visit.see("/admin/products", Some("saved"))),
        Err(problem) if comes_back(&problem) => {
            let page = products_page(&visit).await?;
            let name = visit.form.text("name").to_owned();
            let errors = visit.field_errors(&problem);
            visit.page_with(problem.status, &ProductsPage { name, errors, ..page })
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /admin/entitlements`; what cannot be taken comes back with the form.
///
/// # Errors
/// [`Refusal`].
pub async fn add_entitlement(visit: Visit) -> Result<HttpResponse, Problem> {
    let now = visit.now;
    let typed = |name: &str| visit.form.text(name).to_owned();
    let said = entitlements::Said {
        external_id: None,
        organisation: Some(typed("organisation")),
        product: Some(typed("product")),
        tier: Some(typed("tier")),
        until: Some(typed("until")),
    };
    let put =
        visit.write(BOOKS, move |c, viewer| entitlements::put(c, Actor::from(viewer), &said, now)).await;
    match put {
        Ok(_) => Ok(visit.see("/admin/products", Some("saved"))),
        Err(problem) if comes_back(&problem) => {
            let page = products_page(&visit).await?;
            let entitlement_form = EntitlementForm {
                organisation: typed("organisation"),
                product: typed("product"),
                tier: typed("tier"),
                until: typed("until"),
                errors: visit.field_errors(&problem),
            };
            visit.page_with(problem.status, &ProductsPage { entitlement_form, ..page })
        }
        Err(problem) => Err(problem),
    }
}

async fn products_page(visit: &Visit) -> Result<ProductsPage, Problem> {
    let span = Span::<entitlements::Key>::asked(&visit.query)?;
    let wanted = span.clone();
    let now = visit.now;
    let (rows, products, spaces) = visit
        .read(move |c, viewer| {
            Ok::<_, Failure<Refusal>>((
                entitlements::page(c, viewer, &wanted)?,
                products::list(c, now)?,
                spaces::list_with_products(c, viewer)?,
            ))
        })
        .await?;
    let listed = Listed::cut(rows, &span, |row| (row.organisation_key.clone(), row.id));
    let pager = pager(visit, "/admin/products", listed.next.as_deref());
    let asking = |product: &str| {
        let spaces = spaces.iter().filter(|(_, asked)| asked.as_deref() == Some(product));
        spaces.map(|(space, _)| space.name.clone()).collect()
    };
    let product = |product: Product| ProductRow {
        spaces: asking(&product.name),
        id: product.id,
        name: product.name,
        organisations: product.organisations,
    };
    Ok(ProductsPage {
        products: products.into_iter().map(product).collect(),
        name: String::new(),
        errors: FieldErrors::default(),
        entitlements: listed.items.into_iter().map(|row| entitlement(row, now)).collect(),
        entitlement_form: EntitlementForm::default(),
        pager,
    })
}

fn entitlement(row: Entitlement, now: i64) -> EntitlementRow {
    EntitlementRow {
        over: row.ends_at.is_some_and(|end| end <= now),
        organisation: row.organisation,
        product: row.product,
        tier: row.tier,
        until: row.ends_at,
    }
}

/// Whether the form is shown again: fields are wrong, and nothing else.
pub(super) fn comes_back(problem: &Problem) -> bool {
    problem.status == StatusCode::UNPROCESSABLE_ENTITY && !problem.fields.is_empty()
}
