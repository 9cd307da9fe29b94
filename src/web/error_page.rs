//! Words a problem for whoever met it: a page for people, a problem document (RFC 9457) for programs.
//!
//! A page that answers a form shows every word that was typed into it, so that nothing is lost.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use fluent_bundle::FluentValue;
use serde::Serialize;

use super::fields::Fields;
use super::gate::is_api;
use super::hall::Hall;
use super::page::shell_for;
use super::pages::{ErrorPage, Link, TypedField, TypedTextPage};
use super::problem::{FieldProblem, Problem};
use super::render::{render, words};
use super::viewer::Viewer;

/// Fields that are never shown again.
const SECRET_FIELDS: &[&str] = &["csrf", "password", "current", "current_password", "new_password", "token"];

/// The worded answer.
pub fn answer(request: &HttpRequest, problem: &Problem, id: &str, hall: Option<&Hall>) -> HttpResponse {
    let mut response = if is_api(request.match_info().as_str()) {
        document(request, problem, id)
    } else {
        hall.and_then(|hall| page(request, problem, id, hall)).unwrap_or_else(|| plain(problem, id))
    };
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    if problem.status == StatusCode::UNAUTHORIZED {
        let challenge = header::HeaderValue::from_static("Bearer realm=\"Peerhall\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// A problem document.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ProblemDocument {
    /// `urn:peerhall:problem:KIND`.
    r#type: String,
    /// What it is called.
    title: String,
    /// The answer's status.
    status: u16,
    /// What happened, what was kept, what to do next.
    detail: String,
    /// What is wrong, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<DocumentError>,
    /// Names the request in the log.
    request_id: String,
}

/// What is wrong with one field.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DocumentError {
    /// The field's name as sent.
    field: String,
    /// In words.
    message: String,
}

fn document(request: &HttpRequest, problem: &Problem, id: &str) -> HttpResponse {
    let locale = locale(request);
    let detail =
        [said(&locale, problem, "-what"), said(&locale, problem, "-next")].map(Option::unwrap_or_default);
    let document = ProblemDocument {
        r#type: format!("urn:peerhall:problem:{}", problem.kind),
        title: said(&locale, problem, "").unwrap_or_else(|| reason(problem)),
        status: problem.status.as_u16(),
        detail: detail.join(" ").trim().to_owned(),
        errors: problem
            .fields
            .iter()
            .map(|field| DocumentError {
                field: field.field.to_string(),
                message: field_words(&locale, field),
            })
            .collect(),
        request_id: id.to_owned(),
    };
    let body = serde_json::to_string(&document).unwrap_or_default();
    HttpResponse::build(problem.status).content_type("application/problem+json").body(body)
}

fn page(request: &HttpRequest, problem: &Problem, id: &str, hall: &Hall) -> Option<HttpResponse> {
    let locale = locale(request);
    // Who only followed a link has nothing to save and no form to correct.
    let looking = problem.kind == "invalid" && request.method().is_safe();
    let problem = &if looking {
        Problem { kind: "invalid-address".into(), ..problem.clone() }
    } else {
        problem.clone()
    };
    let heading = said(&locale, problem, "").unwrap_or_else(|| reason(problem));
    let what = said(&locale, problem, "-what").unwrap_or_default();
    let what = std::iter::once(what)
        .chain(problem.fields.iter().map(|field| match looking {
            true => format!("“{}”: {}", field.field, field_words(&locale, field)),
            false => field_words(&locale, field),
        }))
        .collect::<Vec<_>>()
        .join(" ");
    let next = said(&locale, problem, "-next").unwrap_or_default();
    let signed_in = request.extensions().get::<Viewer>().is_some();
    let recovery = Some(if signed_in {
        Link { href: "/".into(), text: plain_words(&locale, "problem-go-home") }
    } else {
        Link { href: "/sign-in".into(), text: plain_words(&locale, "problem-go-sign-in") }
    });
    let status = problem.status.as_u16();
    let fields = typed(request);
    let shell = shell_for(request, hall);
    let html = if fields.is_empty() {
        let page = ErrorPage { status, heading, what, kept: None, next, recovery, request_id: id.to_owned() };
        render(&shell, &page)
    } else {
        let action = problem.retry_after.map(|_| request.path().to_owned());
        let action = action.or_else(|| (problem.kind == "stale-form").then(|| request.path().to_owned()));
        let action = action.filter(|_| !shell.csrf.is_empty());
        render(
            &shell,
            &TypedTextPage {
                status,
                heading,
                what,
                next,
                fields,
                action,
                recovery,
                request_id: id.to_owned(),
            },
        )
    };
    match html {
        Ok(html) => {
            Some(HttpResponse::build(problem.status).content_type("text/html; charset=utf-8").body(html))
        }
        Err(error) => {
            tracing::error!(%error, "the error page itself cannot be made");
            None
        }
    }
}

/// For the case that not even the error page works.
fn plain(problem: &Problem, id: &str) -> HttpResponse {
    HttpResponse::build(problem.status)
        .content_type("text/plain; charset=utf-8")
        .body(format!("{}\nRequest {id}\n", reason(problem)))
}

fn typed(request: &HttpRequest) -> Vec<TypedField> {
    let extensions = request.extensions();
    let Some(fields) = extensions.get::<Fields>() else { return Vec::new() };
    fields
        .iter()
        .filter(|(name, value)| !SECRET_FIELDS.contains(name) && !value.trim().is_empty())
        .map(|(name, value)| TypedField {
            name: name.to_owned(),
            label: words("en")
                .ok()
                .and_then(|words| words.say(&format!("typed-{name}"), &[]).ok())
                .unwrap_or_else(|| name.to_owned()),
            value: value.to_owned(),
        })
        .collect()
}

fn locale(request: &HttpRequest) -> String {
    request.extensions().get::<Viewer>().map_or_else(|| "en".to_owned(), |viewer| viewer.locale.clone())
}

fn reason(problem: &Problem) -> String {
    problem.status.canonical_reason().unwrap_or("Something went wrong").to_owned()
}

fn said(locale: &str, problem: &Problem, part: &str) -> Option<String> {
    let facts: Vec<_> = problem.facts.iter().map(|(name, value)| (*name, number_or_text(value))).collect();
    words(locale).ok()?.say(&format!("problem-{}{part}", problem.kind), &facts).ok()
}

/// What is wrong with a field, as a sentence.
pub fn field_words(locale: &str, field: &FieldProblem) -> String {
    let facts: Vec<_> = field.facts.iter().map(|(name, value)| (*name, number_or_text(value))).collect();
    words(locale)
        .ok()
        .and_then(|words| words.say(&format!("field-{}", field.kind), &facts).ok())
        .unwrap_or_else(|| field.kind.to_owned())
}

fn plain_words(locale: &str, key: &str) -> String {
    words(locale).ok().and_then(|words| words.say(key, &[]).ok()).unwrap_or_else(|| key.to_owned())
}

/// Fluent chooses plural forms by numbers only.
fn number_or_text(value: &str) -> FluentValue<'_> {
    value.parse::<f64>().map_or_else(|_| FluentValue::from(value), FluentValue::from)
}
