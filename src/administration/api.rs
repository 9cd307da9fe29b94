//! `/api/v1/organisations` and `/api/v1/entitlements`, for administrators: listed, and added or updated by external
//! id, or else by name.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use super::books::BOOKS;
use crate::accounts::actor::Actor;
use crate::accounts::entitlements::{self, Entitlement};
use crate::accounts::organisations::{self, Organisation};
use crate::clock::rfc3339;
use crate::db::Failure;
use crate::mail::outbox as outbox_rows;
use crate::web::api::{self, Reply};
use crate::web::cursor::{Listed, Span};
use crate::web::once;
use crate::web::{Problem, ProblemDocument, Visit};

/// An organisation.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OrganisationItem {
    /// The row.
    id: i64,
    /// Its id in the customer system.
    external_id: Option<String>,
    /// Its name.
    name: String,
    /// RFC 3339.
    created_at: String,
}

/// What is said about an organisation.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct OrganisationRequest {
    /// Its id in the customer system; the one with this id is updated.
    external_id: Option<String>,
    /// Its name; needed for a new one. Without a known external id, the one of this name is updated.
    name: Option<String>,
}

/// An entitlement.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct EntitlementItem {
    /// The row.
    id: i64,
    /// Its id in the customer system.
    external_id: Option<String>,
    /// The organisation's name.
    organisation: String,
    /// The organisation.
    organisation_id: i64,
    /// The product's name.
    product: String,
    /// The product.
    product_id: i64,
    /// Such as `gold`.
    tier: Option<String>,
    /// RFC 3339; null without an end.
    until: Option<String>,
    /// RFC 3339.
    created_at: String,
}

/// What is said about an entitlement. It is said whole: a tier or an end left out is none.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct EntitlementRequest {
    /// Its id in the customer system; the one with this id is updated.
    external_id: Option<String>,
    /// Name or external id, made when absent. Without a known external id it is needed.
    organisation: Option<String>,
    /// Name or external id, made when absent. Without a known external id it is needed.
    product: Option<String>,
    /// Such as `gold`.
    tier: Option<String>,
    /// RFC 3339, or a date, which means the last moment of that day in UTC.
    until: Option<String>,
}

/// All organisations, by name.
#[utoipa::path(get, path = "/api/v1/organisations", tag = "administration", security(("token" = [])),
    params(("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, usually 30")),
    responses((status = 200, body = Listed<OrganisationItem>), (status = 400, body = ProblemDocument),
        (status = 401, body = ProblemDocument), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list_organisations(visit: Visit) -> Result<HttpResponse, Problem> {
    let span = Span::<organisations::Key>::asked(&visit.query)?;
    let wanted = span.clone();
    let rows = visit.read(move |c, viewer| organisations::page(c, viewer, &wanted)).await?;
    let listed = Listed::cut(rows, &span, |row| (row.name_key.clone(), row.id));
    api::send(&listed.map(organisation))
}

/// Adds an organisation, or updates the one of this external id or name.
#[utoipa::path(post, path = "/api/v1/organisations", tag = "administration", security(("token" = [])),
    request_body = OrganisationRequest,
    responses((status = 200, description = "Updated", body = OrganisationItem),
        (status = 201, description = "Added", body = OrganisationItem),
        (status = 400, body = ProblemDocument), (status = 401, body = ProblemDocument),
        (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn put_organisation(visit: Visit) -> Result<HttpResponse, Problem> {
    let request: OrganisationRequest = api::json(&visit)?;
    let now = visit.now;
    once::act(&visit, BOOKS, move |c, viewer| -> Result<Reply, Failure<Problem>> {
        let (name, external_id) = (request.name.as_deref(), request.external_id.as_deref());
        let put = organisations::put(c, Actor::from(viewer), name, external_id, now)
            .map_err(|failure| failure.map(Problem::from))?;
        let item = organisation(organisations::by_id(c, put.id)?.ok_or_else(Problem::not_found)?);
        Ok(if put.created {
            Reply::created(&item, "/api/v1/organisations".to_owned())?
        } else {
            Reply::ok(&item)?
        })
    })
    .await
}

/// All entitlements, by the organisation's name.
#[utoipa::path(get, path = "/api/v1/entitlements", tag = "administration", security(("token" = [])),
    params(("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, usually 30")),
    responses((status = 200, body = Listed<EntitlementItem>), (status = 400, body = ProblemDocument),
        (status = 401, body = ProblemDocument), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list_entitlements(visit: Visit) -> Result<HttpResponse, Problem> {
    let span = Span::<entitlements::Key>::asked(&visit.query)?;
    let wanted = span.clone();
    let rows = visit.read(move |c, viewer| entitlements::page(c, viewer, &wanted)).await?;
    let listed = Listed::cut(rows, &span, |row| (row.organisation_key.clone(), row.id));
    api::send(&listed.map(entitlement))
}

/// Adds an entitlement, or updates the one of this external id or of this organisation and product.
#[utoipa::path(post, path = "/api/v1/entitlements", tag = "administration", security(("token" = [])),
    request_body = EntitlementRequest,
    responses((status = 200, description = "Updated", body = EntitlementItem),
        (status = 201, description = "Added", body = EntitlementItem),
        (status = 400, body = ProblemDocument), (status = 401, body = ProblemDocument),
        (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn put_entitlement(visit: Visit) -> Result<HttpResponse, Problem> {
    let request: EntitlementRequest = api::json(&visit)?;
    let said = entitlements::Said {
        external_id: request.external_id,
        organisation: request.organisation,
        product: request.product,
        tier: request.tier,
        until: request.until,
    };
    let now = visit.now;
    once::act(&visit, BOOKS, move |c, viewer| -> Result<Reply, Failure<Problem>> {
        let put = entitlements::put(c, Actor::from(viewer), &said, now)
            .map_err(|failure| failure.map(Problem::from))?;
        let item = entitlement(entitlements::by_id(c, put.id)?.ok_or_else(Problem::not_found)?);
        Ok(if put.created {
            Reply::created(&item, "/api/v1/entitlements".to_owned())?
        } else {
            Reply::ok(&item)?
        })
    })
    .await
}

fn organisation(row: Organisation) -> OrganisationItem {
    let Organisation { id, external_id, name, created_at, .. } = row;
    OrganisationItem { id, external_id, name, created_at: rfc3339(created_at) }
}

fn entitlement(row: Entitlement) -> EntitlementItem {
    EntitlementItem {
        id: row.id,
        external_id: row.external_id,
        organisation: row.organisation,
        organisation_id: row.organisation_id,
        product: row.product,
        product_id: row.product_id,
        tier: row.tier,
        until: row.ends_at.map(rfc3339),
        created_at: rfc3339(row.created_at),
    }
}

/// An e-mail on its way out.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MailItem {
    /// The row.
    id: i64,
    /// The address.
    to: String,
    /// One line.
    subject: String,
    /// What kind, such as `answer` or `reset`.
    kind: String,
    /// `waiting`, `sent`, `failed`, `suppressed` or `withdrawn`.
    state: String,
    /// How often it was tried.
    attempts: i64,
    /// What the server said last, or why it is over.
    problem: Option<String>,
    /// The text part; empty once one with a link that opens something is over.
    body_text: String,
    /// RFC 3339.
    created_at: String,
}

/// The outbox, the newest first.
#[utoipa::path(get, path = "/api/v1/outbox", tag = "administration",
    params(("state" = Option<String>, Query), ("after" = Option<String>, Query), ("limit" = Option<i64>, Query)),
    responses((status = 200, body = [MailItem]), (status = 403, body = ProblemDocument)))]
pub async fn outbox(visit: Visit) -> Result<HttpResponse, Problem> {
    let span = Span::<(i64,)>::asked(&visit.query)?;
    let state =
        visit.query.given("state").filter(|state| super::mail::STATES.contains(state)).map(str::to_owned);
    let (before, fetch) = (span.after.map(|(id,)| id), span.fetch());
    let rows = visit
        .read(move |c, _| Ok::<_, Failure<Problem>>(outbox_rows::list(c, state.as_deref(), before, fetch)?))
        .await?;
    let item = |row: outbox_rows::Listed| MailItem {
        id: row.id,
        to: row.recipient,
        subject: row.subject,
        kind: row.kind,
        state: row.state,
        attempts: row.attempts,
        problem: row.problem,
        body_text: row.body_text,
        created_at: rfc3339(row.created_at),
    };
    api::send(&Listed::cut(rows, &span, |row| (row.id,)).map(item))
}
