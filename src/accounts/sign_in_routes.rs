//! Pages of signing in and out.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;

use super::pages::SignInPage;
use super::passwords::{Checked, Passwords};
use super::sessions::Browser;
use super::sign_in::{Entry, Met, Standing, Trier, begin, enter, place_after};
use super::{known_browser, names, sessions};
use crate::clock::rfc3339;
use crate::db::{Failure, On};
use crate::web::render::words;
use crate::web::secret::{digest, random_token};
use crate::web::{Problem, Visit, cookies};

/// `GET /sign-in`.
pub async fn form(visit: Visit) -> Result<HttpResponse, Problem> {
    let next = place_after(visit.query.text("next"));
    if visit.viewer_if_any().is_some() {
        return Ok(visit.see(next, None));
    }
    let next = if next == "/" { String::new() } else { next.to_owned() };
    visit.page(&SignInPage { next, ..SignInPage::default() })
}

/// `POST /sign-in`.
pub async fn sign_in(
    visit: Visit,
    request: HttpRequest,
    passwords: Data<Passwords>,
) -> Result<HttpResponse, Problem> {
    let email = visit.form.text("email").trim().to_owned();
    let password = visit.form.text("password").to_owned();
    if names::email(&email).is_err() || password.is_empty() {
        return refused(&visit, StatusCode::UNPROCESSABLE_ENTITY, "sign-in-incomplete", &[]);
    }
    let trier = Trier::new(&email, visit.entered.address);
    let (limited, now, counted) = (visit.hall.config.limits, visit.now, trier.clone());
    let own = known_browser::whose(&visit, &request).await?;
    let on = On::Named("sign-in", trier.lock());
    let met = visit
        .write_ungated(on, move |c| {
            begin(c, &email, &counted, own, limited, now).map_err(Failure::<Problem>::from)
        })
        .await?;
    let candidate = match met {
        Met::TooOften(seconds) => return too_often(&visit, seconds),
        Met::Member(candidate) => Some(candidate),
        Met::Nobody => None,
    };
    let kept = candidate.as_ref().and_then(|candidate| candidate.password_hash.clone());
    let checked = passwords.check(&password, kept).await?;
    let (Some(candidate), Checked::Right { rehashed }) = (candidate, checked) else { return wrong(&visit) };
    match candidate.standing(now) {
        Standing::Welcome => {}
        Standing::Suspended { until, reason } => return suspended(&visit, until, reason),
        Standing::Closed => return wrong(&visit),
    }
    let token = random_token().map_err(Problem::broken)?;
    let (member, head) = (candidate.id, visit.hall.letterhead.clone());
    let on = On::Member(member);
    let entry = Entry {
        known: own == Some(member),
        candidate,
        rehashed,
        token_hash: digest(&token),
        replaced: replaced(&visit),
        browser: browser(&visit, &request),
        trier,
    };
    let entered = visit
        .write_ungated(on, move |c| enter(c, &head, &entry, now).map_err(Failure::<Problem>::from))
        .await?;
    if !entered {
        return wrong(&visit);
    }
    let mut response = signed_in(&visit, token, place_after(visit.form.text("next")), None);
    known_browser::remember(&visit, member, &mut response).await;
    Ok(response)
}

/// `POST /sign-out`.
pub async fn sign_out(visit: Visit) -> Result<HttpResponse, Problem> {
    if let Some(session) = replaced(&visit) {
        visit
            .write_ungated(On::Nothing, move |c| sessions::end(c, session).map_err(Failure::<Problem>::from))
            .await?;
    }
    let mut response = visit.see("/sign-in", Some("signed-out"));
    let taken_back = cookies::removed(&visit.hall, cookies::session_name(&visit.hall));
    response.add_cookie(&taken_back).map_err(Problem::broken)?;
    // What the browser kept of the community goes with the session.
    response.headers_mut().insert(
        header::HeaderName::from_static("clear-site-data"),
        header::HeaderValue::from_static("\"cache\""),
    );
    Ok(response)
}

/// On to `place` with the cookie of a new session.
pub fn signed_in(visit: &Visit, token: String, place: &str, word: Option<&str>) -> HttpResponse {
    let mut response = visit.see(place, word);
    for cookie in [
        cookies::session(&visit.hall, token),
        cookies::removed(&visit.hall, cookies::visitor_name(&visit.hall)),
    ] {
        // Adding a cookie to a response fails only for values that no token of ours can have.
        drop(response.add_cookie(&cookie));
    }
    response
}

/// The session this browser is signed in with.
pub fn replaced(visit: &Visit) -> Option<i64> {
    visit.viewer_if_any().and(visit.entered.credential_id)
}

/// Where this visit comes from.
pub fn browser(visit: &Visit, request: &HttpRequest) -> Browser {
    let agent = request.headers().get(header::USER_AGENT);
    let user_agent = agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned();
    Browser { address: visit.address(), user_agent }
}

fn wrong(visit: &Visit) -> Result<HttpResponse, Problem> {
    refused(visit, StatusCode::UNPROCESSABLE_ENTITY, "sign-in-wrong", &[])
}

fn too_often(visit: &Visit, seconds: u64) -> Result<HttpResponse, Problem> {
    let minutes = seconds.div_ceil(60).to_string();
    let mut response =
        refused(visit, StatusCode::TOO_MANY_REQUESTS, "sign-in-too-often", &[("n", &minutes)])?;
    response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    Ok(response)
}

fn suspended(visit: &Visit, until: Option<i64>, reason: Option<String>) -> Result<HttpResponse, Problem> {
    let reason = reason.unwrap_or_default();
    let until = until.map(rfc3339).unwrap_or_default();
    match until.split_once('T') {
        Some((day, time)) => {
            let moment = format!("{day}, {} UTC", time.get(..5).unwrap_or_default());
            let facts = [("until", moment.as_str()), ("reason", reason.as_str())];
            refused(visit, StatusCode::FORBIDDEN, "sign-in-suspended-until", &facts)
        }
        None => refused(visit, StatusCode::FORBIDDEN, "sign-in-suspended", &[("reason", &reason)]),
    }
}

/// The form again, with why it did not work.
fn refused(
    visit: &Visit,
    status: StatusCode,
    key: &'static str,
    facts: &[(&'static str, &str)],
) -> Result<HttpResponse, Problem> {
    let facts: Vec<_> = facts.iter().map(|(name, value)| (*name, (*value).into())).collect();
    let problem = words("en").map_err(Problem::broken)?.say(key, &facts).map_err(Problem::broken)?;
    let page = SignInPage {
        email: visit.form.text("email").to_owned(),
        next: visit.form.text("next").to_owned(),
        problem: Some(problem),
    };
    visit.page_with(status, &page)
}
