//! The gate: the one place every request passes before any handler.
//!
//! It finds out who asks, sends visitors to sign in (or answers 401 under the API) alike for every path that
//! is not ungated, existing or not, refuses foreign form posts, and reads bodies within their limit. What it
//! found it leaves for [`super::visit::Visit`]. What a member may do is not its business.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{HttpMessage, HttpResponse};
use futures_util::StreamExt;
use std::net::IpAddr;
use std::time::Duration;

use super::cookies;
use super::endpoint::Paths;
use super::fields::Fields;
use super::hall::Hall;
use super::once;
use super::problem::Problem;
use super::secret::{digest, random_token};
use super::viewer::{Credential, Known, Role, Viewer};
use super::visit::{Body, Entered};
use crate::db::Error;
use crate::mail::incoming;

/// Bytes of a request's body at most (contract.md, sizes).
pub const BODY_LIMIT: usize = 1_000_000;

/// Where a mail server hands messages in, as they are (`message/rfc822`): larger than others, from administrators' tokens alone.
pub const RAW_MAIL: &str = "/api/v1/received-mails";

/// How long a body may take to arrive; afterwards its connection is somebody else's.
const BODY_TIME: Duration = Duration::from_secs(30);

/// The middleware. What it refuses is an answer, not an error: only an answer keeps its request, and the words
/// for a refusal depend on it.
pub async fn gate<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(hall) = request.app_data::<Data<Hall>>().cloned() else {
        return Ok(request.error_response(Problem::broken("the hall is not there")));
    };
    let mut entered = request.extensions_mut().remove::<Entered>().unwrap_or_default();
    let judged = judge(&mut request, &hall, &mut entered).await;
    let shown_flash = entered.flash.is_some() && request.method() == Method::GET;
    request.extensions_mut().insert(entered);
    let new_visitor = match judged {
        Ok(Judged::Welcome { new_visitor }) => new_visitor,
        Ok(Judged::TurnedAway) => return Ok(turn_away(request)),
        Err(problem) => return Ok(request.error_response(problem)),
    };
    let mut response = next.call(request).await?;
    if let Some(token) = new_visitor {
        // A cookie that the response itself sets (a new session) wins over a visitor's.
        drop(response.response_mut().add_cookie(&cookies::visitor(&hall, token)));
    }
    if shown_flash && response.status() == StatusCode::OK {
        drop(response.response_mut().add_cookie(&cookies::removed(&hall, cookies::FLASH)));
    }
    Ok(response.map_into_boxed_body())
}

enum Judged {
    /// To the handler; a visitor seen for the first time gets a token to keep.
    Welcome { new_visitor: Option<String> },
    /// A visitor at a closed path.
    TurnedAway,
}

async fn judge(
    request: &mut ServiceRequest,
    hall: &Data<Hall>,
    entered: &mut Entered,
) -> Result<Judged, Problem> {
    let Some(paths) = request.app_data::<Data<Paths>>().cloned() else {
        return Err(Problem::broken("the routes' paths are not there"));
    };
    // As the router reads it: letters written as escapes lead to the same handler.
    let path = request.match_info().as_str().to_owned();
    let api = is_api(&path);
    entered.address = client_address(request, hall);
    entered.flash = request.cookie(cookies::FLASH).map(|cookie| cookie.value().to_owned());

    if let Some(known) = enter(request, hall, api, entered).await? {
        request.extensions_mut().insert(known.viewer);
    } else if !paths.is_ungated(&path) {
        return Ok(Judged::TurnedAway);
    }
    let new_visitor = visitor_token(request, hall, api, entered)?;
    // Where nothing can be done there is nothing to judge: the answer is 404 or 405, whatever was sent.
    if is_safe(request.method()) || !paths.has_act(request.method(), &path) {
        return Ok(Judged::Welcome { new_visitor });
    }
    let too_slow = |_| Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow");
    let mail = path == RAW_MAIL;
    let trusted = request.extensions().get::<Viewer>().is_some_and(|viewer| viewer.role >= Role::Admin);
    let most = if mail && trusted { incoming::LARGEST } else { BODY_LIMIT };
    let bytes = tokio::time::timeout(BODY_TIME, read_body(request, most)).await.map_err(too_slow)??;
    if mail {
        request.extensions_mut().insert(Body(bytes));
    } else if api {
        // What was answered before is answered again as it was, a wrong format included.
        let repeated = once::begin(request, hall, entered, &bytes).await?;
        if !repeated {
            json_only(request, &bytes)?;
        }
        request.extensions_mut().insert(Body(bytes));
    } else if request.method() == Method::POST && !paths.is_signed(&path) {
        // What was typed is kept before anything is judged, so that a refusal can show it again.
        let fields = match form(request, &bytes) {
            Ok(fields) => fields,
            Err(problem) => {
                request.extensions_mut().insert(Fields::salvaged(&bytes));
                return Err(problem);
            }
        };
        request.extensions_mut().insert(fields.clone());
        same_origin(request, hall)?;
        let genuine = !entered.csrf.is_empty() && {
            use subtle::ConstantTimeEq;
            bool::from(fields.text("csrf").as_bytes().ct_eq(entered.csrf.as_bytes()))
        };
        if !genuine {
            return Err(Problem::forbidden("stale-form"));
        }
    }
    request.extensions_mut().insert(Vouched);
    Ok(Judged::Welcome { new_visitor })
}

/// Marks a request that may act: its body was read within the limits, and nobody else made the browser send it.
/// Without it no route that acts lets anybody in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vouched;

/// Whether a path belongs to the API.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

async fn enter(
    request: &ServiceRequest,
    hall: &Data<Hall>,
    api: bool,
    entered: &mut Entered,
) -> Result<Option<Known>, Problem> {
    let Some(credential) = credential(request, hall, api) else { return Ok(None) };
    let (this, wanted, now) = (hall.clone(), credential.clone(), hall.clock.now());
    let found =
        hall.db.glance(move |c| Ok::<_, Error>(this.counting(|| this.lookup.find(c, &wanted, now))?)).await?;
    if let Some(known) = &found {
        if let Credential::Session { hash } = &credential {
            entered.csrf = hall.secret.vouch("form", hash);
        }
        entered.credential = Some(credential);
        entered.credential_id = Some(known.credential_id);
    }
    Ok(found)
}

fn credential(request: &ServiceRequest, hall: &Hall, api: bool) -> Option<Credential> {
    if api {
        let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        let token = token.trim();
        let usable = scheme.eq_ignore_ascii_case("bearer") && (20..=200).contains(&token.len());
        return usable.then(|| Credential::Token { hash: digest(token) });
    }
    let cookie = request.cookie(cookies::session_name(hall))?;
    (20..=200).contains(&cookie.value().len()).then(|| Credential::Session { hash: digest(cookie.value()) })
}

fn turn_away(request: ServiceRequest) -> ServiceResponse<BoxBody> {
    if is_api(request.match_info().as_str()) {
        return request.error_response(Problem::new(StatusCode::UNAUTHORIZED, "token"));
    }
    let place = if *request.method() == Method::GET {
        let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let wanted = percent_encoding::utf8_percent_encode(wanted, percent_encoding::NON_ALPHANUMERIC);
        format!("/sign-in?next={wanted}")
    } else {
        "/sign-in".to_owned()
    };
    let response = HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish();
    request.into_response(response)
}

/// Gives visitors of pages a token of their own, so that the sign-in form can be tied to their browser.
fn visitor_token(
    request: &ServiceRequest,
    hall: &Hall,
    api: bool,
    entered: &mut Entered,
) -> Result<Option<String>, Problem> {
    let fetched = request.path().starts_with("/static/");
    if api || fetched || entered.credential.is_some() {
        return Ok(None);
    }
    let kept = request.cookie(cookies::visitor_name(hall)).map(|cookie| cookie.value().to_owned());
    let kept = kept.filter(|token| (20..=200).contains(&token.len()));
    let token = match &kept {
        Some(token) => token.clone(),
        None => random_token().map_err(Problem::broken)?,
    };
    entered.csrf = hall.secret.vouch("visitor-form", &digest(&token));
    Ok(if kept.is_none() { Some(token) } else { None })
}

async fn read_body(request: &mut ServiceRequest, most: usize) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large").with("max", most / 1_000);
    let declared =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: usize| length > most) {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    let mut payload = request.take_payload();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::malformed("broken-body"))?;
        if body.len() + chunk.len() > most {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn json_only(request: &ServiceRequest, body: &[u8]) -> Result<(), Problem> {
    let json = request.content_type().eq_ignore_ascii_case("application/json");
    if json || (body.is_empty() && request.content_type().is_empty()) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json"))
}

fn form(request: &ServiceRequest, body: &[u8]) -> Result<Fields, Problem> {
    let form = request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded");
    if !form {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-form"));
    }
    Fields::parse(body)
}

/// The origin check of design.md: equal to the public URL, or to Host where none is set; an absent Origin
/// passes (the token decides) unless the browser says that the request came from elsewhere.
fn same_origin(request: &ServiceRequest, hall: &Hall) -> Result<(), Problem> {
    let foreign = || Problem::forbidden("foreign-form");
    let text =
        |name: header::HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap_or("null"));
    match (text(header::ORIGIN), request.headers().get("sec-fetch-site")) {
        (Some(origin), _) => {
            let own = match &hall.config.public_url {
                Some(url) => origin.eq_ignore_ascii_case(url),
                None => {
                    let host = text(header::HOST).unwrap_or_default();
                    let origin = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
                    !host.is_empty() && origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host))
                }
            };
            if own { Ok(()) } else { Err(foreign()) }
        }
        (None, Some(site)) => match site.to_str() {
            Ok("same-origin" | "none") => Ok(()),
            _ => Err(foreign()),
        },
        (None, None) => Ok(()),
    }
}

/// The peer, or what trusted proxies say before it: the last address in `X-Forwarded-For` that is no proxy.
fn client_address(request: &ServiceRequest, hall: &Hall) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let trusted =
        |address: &IpAddr| hall.config.trusted_proxies.iter().any(|network| network.contains(address));
    if !trusted(&peer) {
        return Some(peer);
    }
    let said: Vec<IpAddr> = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map_while(|part| part.trim().parse().ok())
        .collect();
    said.into_iter().rev().find(|address| !trusted(address)).or(Some(peer))
}
