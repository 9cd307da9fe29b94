//! Accounts through the API.

use actix_web::HttpResponse;
use diesel::prelude::*;
use serde::Serialize;

use crate::db::Failure;
use crate::db::schema::organisations;
use crate::web::{Problem, ProblemDocument, Role, Visit, api};

/// The member a token acts as.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Me {
    id: i64,
    name: String,
    handle: String,
    role: Role,
    reputation: i64,
    organisation: Option<OwnOrganisation>,
}

/// The customer company of a member.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OwnOrganisation {
    /// Which.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// `GET /api/v1/me`.
#[utoipa::path(get, path = "/api/v1/me", tag = "people", security(("token" = [])),
    responses((status = 200, body = Me), (status = 401, body = ProblemDocument)))]
pub async fn me(visit: Visit) -> Result<HttpResponse, Problem> {
    let me = visit
        .read(|c, viewer| {
            let organisation = match viewer.organisation_id {
                Some(id) => organisations::table
                    .find(id)
                    .select(organisations::name)
                    .first(c)
                    .optional()?
                    .map(|name| OwnOrganisation { id, name }),
                None => None,
            };
            Ok::<_, Failure<Problem>>(Me {
                id: viewer.id,
                name: viewer.name.clone(),
                handle: viewer.handle.clone(),
                role: viewer.role,
                reputation: viewer.reputation,
                organisation,
            })
        })
        .await?;
    api::send(&me)
}
