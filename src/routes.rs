//! Every URL of the app on one screen: method, path, who may use it, who answers.
//!
//! A route without a decided access does not compile. What a member may do to a given thing is decided by that
//! thing's rules, and whether it is there at all by the viewer's scope.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{api as accounts_api, join_routes, settings_routes, setup_routes, sign_in_routes};
use crate::web::Access::{Member, Ungated};
use crate::web::endpoint::{Endpoint, get, post};
use crate::web::{Problem, Visit, assets};

/// All routes.
#[rustfmt::skip]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/healthz", Ungated, healthy),
        get("/readyz", Ungated, ready),
        get("/robots.txt", Ungated, robots),
        get("/favicon.ico", Ungated, favicon),
        get("/static/{name}", Ungated, asset),

        get("/sign-in", Ungated, sign_in_routes::form),
        post("/sign-in", Ungated, sign_in_routes::sign_in),
        post("/sign-out", Member, sign_in_routes::sign_out),
        get("/setup/{token}", Ungated, setup_routes::form),
        post("/setup/{token}", Ungated, setup_routes::set_up),
        get("/join/{token}", Ungated, join_routes::form),
        post("/join/{token}", Ungated, join_routes::join),
        get("/settings", Member, settings_routes::page),
        post("/settings/profile", Member, settings_routes::profile),
        post("/settings/password", Member, settings_routes::password),
        post("/settings/sessions/revoke", Member, settings_routes::revoke_session),
        post("/settings/tokens", Member, settings_routes::make_token),
        post("/settings/tokens/{id}/revoke", Member, settings_routes::revoke_token),
        get("/api/v1/me", Member, accounts_api::me),
    ]
}

async fn healthy() -> &'static str {
    "ok"
}

async fn ready(visit: Visit) -> Result<&'static str, Problem> {
    visit.read_ungated(|c| Ok::<_, crate::db::Failure<Problem>>(crate::events::last_position(c)?)).await?;
    Ok("ready")
}

/// Nothing in here is for crawlers.
async fn robots() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("User-agent: *\nDisallow: /\n")
}

async fn asset(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asset = assets::by_url(request.path()).ok_or_else(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    response.content_type(asset.content_type);
    response.insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
    response.insert_header((header::VARY, "accept-encoding"));
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    match asset.gzip() {
        Some(zipped) if accepted.is_some_and(|accepted| accepted.contains("gzip")) => {
            response.insert_header((header::CONTENT_ENCODING, "gzip"));
            Ok(response.body(zipped))
        }
        _ => Ok(response.body(asset.bytes.as_slice())),
    }
}

async fn favicon() -> Result<HttpResponse, Problem> {
    let icon = ["favicon.ico", "favicon.svg"].iter().find_map(|name| assets::by_path(name));
    let icon = icon.ok_or_else(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    response.content_type(icon.content_type).insert_header((header::CACHE_CONTROL, "public, max-age=86400"));
    Ok(response.body(icon.bytes.as_slice()))
}
