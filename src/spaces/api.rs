//! `/api/v1/spaces`: every member lists those they may enter; administrators make and change them.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use super::{AskField, Said, Space, by_id, page, put};
use crate::accounts::actor::Actor;
use crate::accounts::book_rules::Refusal;
use crate::db::{Failure, On};
use crate::web::api::{self, Reply};
use crate::web::cursor::{Listed, Span};
use crate::web::once;
use crate::web::{Problem, ProblemDocument, Role, Viewer, Visit};

/// A space.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SpaceItem {
    /// The row.
    id: i64,
    /// Names it everywhere else in this API.
    key: String,
    /// Its name.
    name: String,
    /// What belongs there.
    description: String,
    /// The product one must be entitled to; told to administrators only, null when every member may enter.
    product: Option<String>,
    /// What its ask form asks besides title, body and tags.
    fields: Vec<AskField>,
}

/// What is said about a space; what is left out stays as it is.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct SpaceRequest {
    /// 1 to 40 lower-case letters, digits and hyphens.
    key: String,
    /// Needed for a new one.
    name: Option<String>,
    /// What belongs there.
    description: Option<String>,
    /// Name or external id of the product one must be entitled to, made when absent; null lets every member in.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>)]
    product: Option<Option<String>>,
    /// All fields that its ask form asks for, at most 10, in their order.
    fields: Option<Vec<AskField>>,
}

/// Tells null from absent.
fn told<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(reader).map(Some)
}

/// The spaces the caller may enter, by name.
#[utoipa::path(get, path = "/api/v1/spaces", tag = "spaces", security(("token" = [])),
    params(("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, usually 30")),
    responses((status = 200, body = Listed<SpaceItem>), (status = 400, body = ProblemDocument),
        (status = 401, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn list(visit: Visit) -> Result<HttpResponse, Problem> {
    let span = Span::asked(&visit.query)?;
    let wanted = span.clone();
    let rows = visit.read(move |c, viewer| Ok::<_, Failure<Refusal>>(page(c, viewer, &wanted)?)).await?;
    let viewer = visit.viewer()?;
    let listed = Listed::cut(rows, &span, |(space, _)| (space.name.clone(), space.id));
    api::send(&listed.map(|(space, product)| item(viewer, space, product)))
}

/// Makes a space, or changes the one of this key.
#[utoipa::path(post, path = "/api/v1/spaces", tag = "spaces", security(("token" = [])), request_body = SpaceRequest,
    responses((status = 200, description = "Changed", body = SpaceItem),
        (status = 201, description = "Made", body = SpaceItem),
        (status = 400, body = ProblemDocument), (status = 401, body = ProblemDocument),
        (status = 403, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn add(visit: Visit) -> Result<HttpResponse, Problem> {
    let request: SpaceRequest = api::json(&visit)?;
    let said = Said {
        key: request.key,
        name: request.name,
        description: request.description,
        product: request.product.map(Option::unwrap_or_default),
        fields: request.fields,
    };
    let now = visit.now;
    once::act(&visit, On::Named("books", 0), move |c, viewer| -> Result<Reply, Failure<Problem>> {
        let put = put(c, Actor::from(viewer), &said, now).map_err(|failure| failure.map(Problem::from))?;
        let (space, product) = by_id(c, viewer, put.id)?.ok_or_else(Problem::not_found)?;
        let item = item(viewer, space, product);
        let location = format!("/questions?space={}", item.key);
        Ok(if put.created { Reply::created(&item, location)? } else { Reply::ok(&item)? })
    })
    .await
}

fn item(viewer: &Viewer, space: Space, product: Option<String>) -> SpaceItem {
    let Space { id, key, name, description, fields } = space;
    let product = product.filter(|_| viewer.role >= Role::Admin);
    SpaceItem { id, key, name, description, product, fields: fields.0 }
}
