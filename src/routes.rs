//! Every URL of the app on one screen: method, path, who may use it, who answers.
//!
//! A route without a decided access does not compile. What a member may do to a given thing is decided by that
//! thing's rules, and whether it is there at all by the viewer's scope.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{
    address_change, api as accounts_api, request_routes, reset_routes, settings_routes, setup_routes,
    sign_in_routes,
};
use crate::web::Access::{self, Member, Ungated};
use crate::web::endpoint::{Endpoint, delete, get, patch, post, put};
use crate::web::{Problem, Role, Visit, assets};
use crate::{
    administration, badges, gurus, notifications, openapi, people, questions, search, spaces, suggestions,
    threads, votes,
};

/// All routes.
#[rustfmt::skip]
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![
        get("/healthz", Ungated, healthy),
        get("/readyz", Ungated, ready),
        get("/robots.txt", Ungated, robots),
        get("/favicon.ico", Ungated, favicon),
        get("/about", Ungated, administration::routes::about),
        get("/static/{name}", Ungated, asset),

        get("/", Member, questions::routes::index),
        get("/questions", Member, questions::routes::index),
        get("/tags", Member, questions::routes::tags),
        get("/search", Member, search::routes::search),
        get("/search/suggest", Member, search::aside_routes::suggest),
        post("/search/save", Member, search::aside_routes::save),
        post("/search/saved/{id}/delete", Member, search::aside_routes::forget),
        get("/search/missed", Access::Role(Role::Moderator), search::aside_routes::missed),
        post("/search/missed/{id}/dismiss", Access::Role(Role::Moderator), search::aside_routes::dismiss),
        get("/related/{id}", Member, search::aside_routes::related),
        post("/ask/similar", Member, search::aside_routes::ask_similar),
        post("/ask/solved", Member, search::aside_routes::solved),
        get("/ask", Member, questions::ask_routes::ask_form),
        post("/ask", Member, questions::ask_routes::ask),
        post("/preview", Member, threads::editing::preview),
        get("/questions/{id}", Member, threads::routes::show_plain),
        post("/questions/{id}/answers", Member, threads::routes::answer),
        post("/questions/{id}/accept", Member, threads::routes::accept),
        post("/questions/{id}/unaccept", Member, threads::routes::unaccept),
        post("/questions/{id}/affected", Member, threads::routes::affected),
        post("/questions/{id}/unaffected", Member, threads::routes::unaffected),
        post("/questions/{id}/follow", Member, threads::routes::follow),
        post("/questions/{id}/unfollow", Member, threads::routes::unfollow),
        post("/questions/{id}/close", Member, threads::routes::close),
        post("/questions/{id}/reopen", Member, threads::routes::reopen),
        post("/questions/{id}/claim", Member, gurus::question_routes::claim_form),
        post("/questions/{id}/release", Member, gurus::question_routes::release_form),
        post("/questions/{id}/decline", Member, gurus::question_routes::decline_form),
        get("/questions/{id}/hand-over", Member, gurus::question_routes::hand_over_page),
        post("/questions/{id}/hand-over", Member, gurus::question_routes::hand_over_form),
        get("/questions/{id}/candidates", Member, gurus::question_routes::candidates_page),
        get("/questions/{id}/{slug}", Member, threads::routes::show),
        post("/posts/{id}/comments", Member, threads::routes::comment),
        post("/posts/{id}/vote", Member, threads::routes::vote),
        get("/posts/{id}/edit", Member, threads::editing::form),
        post("/posts/{id}/edit", Member, threads::editing::save),
        get("/posts/{id}/revisions", Member, threads::editing::revisions),
        post("/posts/{id}/delete", Member, threads::verdicts::delete),
        post("/posts/{id}/undelete", Member, threads::verdicts::undelete),
        post("/posts/{id}/endorse", Member, threads::verdicts::endorse),
        post("/posts/{id}/unendorse", Member, threads::verdicts::unendorse),
        post("/posts/{id}/remove", Member, threads::verdicts::remove),
        post("/posts/{id}/rollback", Member, suggestions::roll_back_routes::roll_back_page),
        get("/suggestions", Member, suggestions::routes::index),
        get("/suggestions/{id}", Member, suggestions::routes::show),
        post("/suggestions/{id}/decision", Member, suggestions::routes::decide),
        post("/suggestions/{id}/withdraw", Member, suggestions::routes::withdraw),
        get("/posts/{id}", Member, threads::routes::show_post),
        get("/o/{source}/{kind}/{original}", Member, threads::origin::show),

        get("/guru", Member, gurus::routes::guru),
        post("/guru/{name}", Member, gurus::routes::save),
        get("/needs-you", Member, gurus::routes::needs_you),
        get("/tags/{name}/gurus", Member, gurus::tag_routes::tag),
        post("/tags/{name}/gurus", Access::Role(Role::Moderator), gurus::tag_routes::appoint),
        post("/tags/{name}/gurus/{member}/dismiss", Access::Role(Role::Moderator), gurus::tag_routes::dismiss),
        post("/people/{id}/gurus", Access::Role(Role::Moderator), people::appoint_routes::appoint),
        get("/api/v1/tags/{name}/gurus", Member, gurus::api::of_tag),
        get("/api/v1/me/guru", Member, gurus::api::own_standings),
        put("/api/v1/me/guru/{tag}", Member, gurus::api::set_own),
        get("/api/v1/needs-you", Member, gurus::api::needs_you),
        put("/api/v1/questions/{id}/claim", Member, gurus::api::claim),
        delete("/api/v1/questions/{id}/claim", Member, gurus::api::release),
        post("/api/v1/questions/{id}/hand-over", Member, gurus::api::hand_over),
        post("/api/v1/questions/{id}/decline", Member, gurus::api::decline),

        get("/api/v1/openapi.json", Ungated, openapi::document),
        get("/api/v1/search", Member, search::api::search),
        get("/api/v1/similar", Member, search::api::similar),
        post("/api/v1/similar", Member, search::api::similar_to),
        get("/api/v1/questions", Member, questions::api::index),
        post("/api/v1/questions", Member, questions::api::create),
        get("/api/v1/questions/{id}", Member, threads::api::show),
        patch("/api/v1/questions/{id}", Member, threads::api::editing::edit_question),
        post("/api/v1/questions/{id}/answers", Member, threads::api::acts::answer),
        put("/api/v1/questions/{id}/accepted", Member, threads::api::acts::accept),
        delete("/api/v1/questions/{id}/accepted", Member, threads::api::acts::unaccept),
        put("/api/v1/questions/{id}/affected", Member, threads::api::acts::affected),
        delete("/api/v1/questions/{id}/affected", Member, threads::api::acts::unaffected),
        put("/api/v1/questions/{id}/follow", Member, threads::api::acts::follow),
        delete("/api/v1/questions/{id}/follow", Member, threads::api::acts::unfollow),
        patch("/api/v1/answers/{id}", Member, threads::api::editing::edit_answer),
        patch("/api/v1/comments/{id}", Member, threads::api::editing::edit_comment),
        delete("/api/v1/posts/{id}", Member, threads::api::editing::delete),
        post("/api/v1/posts/{id}/undelete", Member, threads::api::editing::undelete),
        post("/api/v1/posts/{id}/remove", Member, threads::api::editing::remove),
        put("/api/v1/answers/{id}/endorsed", Member, threads::api::editing::endorse),
        delete("/api/v1/answers/{id}/endorsed", Member, threads::api::editing::unendorse),
        post("/api/v1/posts/{id}/rollback", Member, suggestions::roll_back_routes::roll_back_api),
        get("/api/v1/suggestions", Member, suggestions::api::index),
        get("/api/v1/suggestions/{id}", Member, suggestions::api::show),
        delete("/api/v1/suggestions/{id}", Member, suggestions::api::remove),
        post("/api/v1/suggestions/{id}/decision", Member, suggestions::api::decide),
        get("/api/v1/posts/{id}/revisions", Member, threads::api::revisions),
        post("/api/v1/posts/{id}/comments", Member, threads::api::acts::comment),
        put("/api/v1/posts/{id}/vote", Member, threads::api::acts::vote),

        get("/badges", Member, badges::routes::all),
        get("/badges/{key}", Member, badges::routes::one),
        get("/people", Member, people::routes::index),
        get("/people/leaders", Member, people::leaders::show),
        get("/people/{id}", Member, people::routes::show),
        get("/people/{id}/reputation", Member, people::ledger_routes::show),
        get("/people/{id}/privileges", Member, people::privileges::show),
        post("/people/{id}/privileges", Access::Role(Role::Moderator), people::privileges::take),
        post("/people/{id}/privileges/give-back", Access::Role(Role::Moderator), people::privileges::give_back),
        post("/people/{id}/suspend", Access::Role(Role::Moderator), people::routes::suspend),
        post("/people/{id}/unsuspend", Access::Role(Role::Moderator), people::routes::unsuspend),
        get("/review/votes", Access::Role(Role::Moderator), votes::routes::index),
        post("/review/votes/{id}", Access::Role(Role::Moderator), votes::routes::decide),
        get("/admin", Access::Role(Role::Admin), administration::routes::overview),
        get("/admin/members", Access::Role(Role::Admin), administration::routes::members),
        post("/admin/members/{id}/role", Access::Role(Role::Admin), administration::routes::set_role),
        post("/admin/members/{id}/organisation", Access::Role(Role::Admin), administration::routes::set_organisation),
        get("/admin/members/{id}/spaces", Access::Role(Role::Admin), administration::routes::moderator),
        post("/admin/members/{id}/spaces", Access::Role(Role::Admin), administration::routes::save_moderator),
        get("/admin/invitations", Access::Role(Role::Admin), administration::routes::invitations),
        post("/admin/invitations", Access::Role(Role::Admin), administration::routes::invite),
        post("/admin/invitations/{id}/revoke", Access::Role(Role::Admin), administration::routes::revoke_invitation),
        get("/admin/organisations", Access::Role(Role::Admin), administration::routes::organisations),
        post("/admin/organisations", Access::Role(Role::Admin), administration::routes::add_organisation),
        get("/admin/products", Access::Role(Role::Admin), administration::routes::products),
        post("/admin/products", Access::Role(Role::Admin), administration::routes::add_product),
        post("/admin/entitlements", Access::Role(Role::Admin), administration::routes::add_entitlement),
        get("/admin/spaces", Access::Role(Role::Admin), administration::routes::spaces),
        post("/admin/spaces", Access::Role(Role::Admin), administration::routes::add_space),
        get("/admin/spaces/{id}", Access::Role(Role::Admin), administration::routes::space),
        post("/admin/spaces/{id}", Access::Role(Role::Admin), administration::routes::change_space),
        post("/admin/spaces/{id}/grants", Access::Role(Role::Admin), administration::routes::grants),
        post("/admin/spaces/{id}/fields", Access::Role(Role::Admin), administration::routes::save_fields),
        get("/admin/audit", Access::Role(Role::Admin), administration::routes::audit),
        get("/admin/settings", Access::Role(Role::Admin), administration::routes::settings),
        post("/admin/settings", Access::Role(Role::Admin), administration::routes::save_settings),
        get("/admin/reputation", Access::Role(Role::Admin), administration::routes::figures),
        post("/admin/reputation", Access::Role(Role::Admin), administration::routes::save_figures),
        post("/admin/settings/people", Access::Role(Role::Admin), administration::routes::save_joining),
        get("/api/v1/people/{id}", Member, people::api::show),
        get("/api/v1/people/{id}/reputation", Member, people::ledger_routes::list),
        get("/api/v1/badges", Member, badges::routes::list),
        get("/api/v1/leaders", Member, people::leaders::list),
        get("/api/v1/spaces", Member, spaces::api::list),
        post("/api/v1/spaces", Access::Role(Role::Admin), spaces::api::add),
        get("/api/v1/organisations", Access::Role(Role::Admin), administration::api::list_organisations),
        post("/api/v1/organisations", Access::Role(Role::Admin), administration::api::put_organisation),
        get("/api/v1/entitlements", Access::Role(Role::Admin), administration::api::list_entitlements),
        post("/api/v1/entitlements", Access::Role(Role::Admin), administration::api::put_entitlement),

        get("/sign-in", Ungated, sign_in_routes::form),
        post("/sign-in", Ungated, sign_in_routes::sign_in),
        post("/sign-out", Member, sign_in_routes::sign_out),
        get("/setup/{token}", Ungated, setup_routes::form),
        post("/setup/{token}", Ungated, setup_routes::set_up),
        get("/join/{token}", Ungated, people::join::form),
        post("/join/{token}", Ungated, people::join::join),
        get("/reset/{token}", Ungated, reset_routes::form),
        post("/reset/{token}", Ungated, reset_routes::act),
        get("/confirm/{token}", Ungated, address_change::form),
        post("/confirm/{token}", Ungated, address_change::confirm),
        get("/request", Ungated, request_routes::form),
        post("/request", Ungated, request_routes::request),
        get("/unsubscribe/{token}", Access::Signed, notifications::unsubscribe_routes::form),
        post("/unsubscribe/{token}", Access::Signed, notifications::unsubscribe_routes::act),
        get("/live", Ungated, notifications::live::stream),
        get("/inbox", Member, notifications::inbox_routes::index),
        get("/inbox/state", Member, notifications::inbox_routes::state),
        post("/inbox/read", Member, notifications::inbox_routes::read_all),
        post("/inbox/{id}/read", Member, notifications::inbox_routes::read),
        get("/settings/notifications", Member, notifications::settings_routes::page),
        post("/settings/notifications", Member, notifications::settings_routes::save),
        post("/tags/{name}/follow", Member, notifications::settings_routes::follow_tag),
        post("/spaces/{key}/follow", Member, notifications::settings_routes::follow_space),
        post("/search/saved/{id}/hear", Member, search::aside_routes::hear),
        get("/api/v1/inbox", Member, notifications::api::list),
        put("/api/v1/inbox/{id}/read", Member, notifications::api::read),
        get("/api/v1/me/notifications", Member, notifications::api::settings),
        put("/api/v1/me/notifications", Member, notifications::api::set),
        post("/api/v1/received-mails", Access::Role(Role::Admin), notifications::api::receive),
        get("/api/v1/outbox", Access::Role(Role::Admin), administration::api::outbox),
        get("/admin/mail", Access::Role(Role::Admin), administration::routes::mail),
        post("/admin/mail/{id}/retry", Access::Role(Role::Admin), administration::routes::retry_mail),
        get("/admin/mail/{id}", Access::Role(Role::Admin), administration::routes::one_mail),
        post("/admin/suppressions/lift", Access::Role(Role::Admin), administration::routes::lift_suppression),
        get("/mail/received", Access::Role(Role::Staff), administration::routes::received),
        post("/mail/received/{id}/dismiss", Access::Role(Role::Staff), administration::routes::dismiss_received),
        get("/admin/requests", Access::Role(Role::Admin), administration::routes::requests),
        post("/admin/requests/{id}", Access::Role(Role::Admin), administration::routes::decide_request),
        post("/settings/email", Member, address_change::ask),
        get("/settings", Member, settings_routes::page),
        post("/settings/profile", Member, settings_routes::profile),
        post("/settings/password", Member, settings_routes::password),
        post("/settings/sessions/revoke", Member, settings_routes::revoke_session),
        post("/settings/tokens", Member, settings_routes::make_token),
        post("/settings/tokens/{id}/revoke", Member, settings_routes::revoke_token),
        get("/api/v1/me", Member, accounts_api::me),
    ];
    endpoints.extend(QUESTION_ACTS.map(|path| get(path, Member, threads::routes::show_plain)));
    endpoints.extend(POST_ACTS.map(|path| get(path, Member, threads::routes::show_post)));
    endpoints
}

/// Addresses that only take forms; asked for as pages, as when an error page is loaded anew, they lead back.
const QUESTION_ACTS: [&str; 12] = [
    "/questions/{id}/answers",
    "/questions/{id}/accept",
    "/questions/{id}/unaccept",
    "/questions/{id}/affected",
    "/questions/{id}/unaffected",
    "/questions/{id}/follow",
    "/questions/{id}/unfollow",
    "/questions/{id}/close",
    "/questions/{id}/reopen",
    "/questions/{id}/claim",
    "/questions/{id}/release",
    "/questions/{id}/decline",
];
const POST_ACTS: [&str; 8] = [
    "/posts/{id}/comments",
    "/posts/{id}/vote",
    "/posts/{id}/delete",
    "/posts/{id}/undelete",
    "/posts/{id}/endorse",
    "/posts/{id}/unendorse",
    "/posts/{id}/remove",
    "/posts/{id}/rollback",
];

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
