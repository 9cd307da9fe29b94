//! The last word on every answer: a request id, security headers, a line in the log, and, where something went
//! wrong, a page or a problem document (RFC 9457).

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use tracing::Instrument;

use super::error_page;
use super::gate::is_api;
use super::hall::Hall;
use super::once;
use super::problem::Problem;
use super::visit::Entered;

/// What pages may load: only what we serve ourselves, no inline script or style.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                   connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The middleware.
pub async fn finish<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let (id, began) = (request_id(), Instant::now());
    let hall = request.app_data::<Data<Hall>>().cloned();
    request.extensions_mut().insert(Entered { request_id: id.clone(), ..Entered::default() });
    let span =
        tracing::info_span!("request", id, method = %request.method(), path = loggable(request.path()));
    // No clone of the request may be alive while it is routed, and nothing behind us answers with an error:
    // the gate and every route (`endpoint::whole`) make answers of what goes wrong.
    let answered = next.call(request).instrument(span.clone()).await?.map_into_boxed_body();
    let mut response = match problem_of(&answered) {
        Some(problem) => {
            span.in_scope(|| log(&problem));
            let request = answered.request().clone();
            let headers = answered.response().headers().clone();
            let mut response =
                error_page::answer(&request, &problem, &id, hall.as_ref().map(|hall| hall.get_ref()));
            if let Some(hall) = &hall {
                response = once::refused(&request, hall, response).await;
            }
            for (name, value) in headers.iter().filter(|(name, _)| kept(name)) {
                response.headers_mut().append(name.clone(), value.clone());
            }
            ServiceResponse::new(request, response)
        }
        None => answered,
    };
    let secure = hall.as_ref().is_some_and(|hall| hall.is_https());
    if let Some(hall) = &hall {
        hall.traffic.count(response.status(), began.elapsed());
    }
    let request = response.request().clone();
    headers(&request, response.headers_mut(), &id, secure);
    span.in_scope(|| tracing::info!(status = response.status().as_u16(), "answered"));
    Ok(response)
}

/// A path without the secret that some carry: whoever reads the log must not come in by it.
fn loggable(path: &str) -> &str {
    const SECRET_BELOW: [&str; 6] =
        ["/setup/", "/join/", "/reset/", "/confirm/", "/unsubscribe/", "/hooks/in/"];
    // However a path is written, with escapes or with slashes too many, it still holds its secret.
    let plain = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let plain =
        format!("/{}", plain.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"));
    SECRET_BELOW.into_iter().find(|start| plain.starts_with(start)).unwrap_or(path)
}

/// A short random name for the request.
fn request_id() -> String {
    let mut bytes = [0_u8; 8];
    // An id that repeats is a nuisance in the log, not a fault.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The problem an answer carries; answers of the framework itself are known by their status.
fn problem_of(response: &ServiceResponse<BoxBody>) -> Option<Problem> {
    if let Some(problem) = response.response().extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    if response.response().extensions().get::<Worded>().is_some() {
        return None;
    }
    let cause = response.response().error().map(ToString::to_string);
    let kind = match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::REQUEST_TIMEOUT => "too-slow",
        status if status.is_client_error() => "bad-request",
        _ => "broken",
    };
    Some(Problem { cause, ..Problem::new(status, kind).with("max", super::gate::BODY_LIMIT / 1_000) })
}

/// Marks an answer of status 400 or above that a handler has worded itself, such as a form with its mistakes.
#[derive(Clone, Copy, Debug)]
pub struct Worded;

fn log(problem: &Problem) {
    if problem.status.is_server_error() && problem.status != StatusCode::SERVICE_UNAVAILABLE {
        tracing::error!(%problem, "something is broken");
    } else {
        tracing::info!(%problem, "refused");
    }
}

/// Headers of the original answer that its worded form keeps.
fn kept(name: &HeaderName) -> bool {
    [header::SET_COOKIE, header::ALLOW, header::LOCATION].contains(name)
}

fn headers(request: &HttpRequest, headers: &mut header::HeaderMap, id: &str, secure: bool) {
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value)
            && !headers.contains_key(name)
        {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("x-request-id", id);
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "same-origin");
    set("content-security-policy", CSP);
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    set("x-frame-options", "DENY");
    set("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    if secure {
        set("strict-transport-security", "max-age=31536000");
    }
    if is_api(request.match_info().as_str()) {
        set("cache-control", "no-store");
    } else {
        set("cache-control", "private, no-cache");
    }
}
