//! The page of a link that can no longer be used: a set-up link, an invitation.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::pages::DeadLinkPage;
use crate::web::pages::Link;
use crate::web::render::words;
use crate::web::{Problem, Visit};

/// The page of a link that opens nothing: the same words whatever the reason.
pub fn dead(visit: &Visit) -> Result<HttpResponse, Problem> {
    let (href, key) = match visit.viewer_if_any() {
        Some(_) => ("/", "problem-go-home"),
        None => ("/sign-in", "problem-go-sign-in"),
    };
    let text = words("en").and_then(|words| Ok(words.say(key, &[])?)).map_err(Problem::broken)?;
    let page = DeadLinkPage { recovery: Link { href: href.to_owned(), text } };
    visit.page_with(StatusCode::NOT_FOUND, &page)
}
