//! The API's description at `/api/v1/openapi.json`, gathered from the handlers themselves.
//!
//! A test compares it with the routes: one that is missing on either side fails.

use actix_web::HttpResponse;
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

use crate::web::Problem;
use crate::{
    accounts, administration, badges, gurus, notifications, people, questions, search, spaces, suggestions,
    threads,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Peerhall",
        description = "Questions, answers and the people who give them. Send `Authorization: Bearer TOKEN`. Errors are \
                       problem documents (RFC 9457). Writes accept `Idempotency-Key`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        description,
        questions::api::index,
        questions::api::create,
        threads::api::show,
        threads::api::editing::edit_question,
        threads::api::acts::answer,
        threads::api::acts::accept,
        threads::api::acts::unaccept,
        threads::api::acts::affected,
        threads::api::acts::unaffected,
        threads::api::acts::follow,
        threads::api::acts::unfollow,
        threads::api::editing::edit_answer,
        threads::api::editing::edit_comment,
        threads::api::editing::delete,
        threads::api::editing::undelete,
        threads::api::editing::remove,
        threads::api::editing::endorse,
        threads::api::editing::unendorse,
        threads::api::revisions,
        suggestions::roll_back_routes::roll_back_api,
        suggestions::api::index,
        suggestions::api::show,
        suggestions::api::remove,
        suggestions::api::decide,
        threads::api::acts::comment,
        threads::api::acts::vote,
        search::api::search,
        search::api::similar,
        search::api::similar_to,
        accounts::api::me,
        people::api::show,
        people::ledger_routes::list,
        people::leaders::list,
        badges::routes::list,
        spaces::api::list,
        spaces::api::add,
        administration::api::list_organisations,
        administration::api::put_organisation,
        administration::api::list_entitlements,
        administration::api::put_entitlement,
        administration::api::outbox,
        notifications::api::list,
        notifications::api::read,
        notifications::api::settings,
        notifications::api::set,
        notifications::api::receive,
        gurus::api::of_tag,
        gurus::api::own_standings,
        gurus::api::set_own,
        gurus::api::needs_you,
        gurus::api::claim,
        gurus::api::release,
        gurus::api::decline,
        gurus::api::hand_over,
    ),
    modifiers(&Bearer),
    security(("token" = [])),
)]
struct Description;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        openapi.components.get_or_insert_with(Default::default).add_security_scheme("token", scheme);
    }
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "meta", security(()), responses((status = 200)))]
#[expect(dead_code, reason = "utoipa reads only the attribute")]
async fn description() {}

/// `GET /api/v1/openapi.json`.
///
/// # Errors
/// When it cannot be written, which is our mistake.
pub async fn document() -> Result<HttpResponse, Problem> {
    let json = document_json().map_err(Problem::broken)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(json))
}

/// The description as JSON.
///
/// # Errors
/// When it cannot be written.
pub fn document_json() -> Result<String, serde_json::Error> {
    serde_json::to_string(&Description::openapi())
}
