//! Pages of a forgotten password: asking for a link, and setting a new password by it.
//!
//! A link acts only by the button on its page: a mail scanner that opens it changes nothing. A new password ends all
//! sessions and API tokens of the member, for who was locked out may have been locked out by somebody.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use diesel::prelude::*;

use super::address_requests::{Asked, PER_CLIENT, ask};
use super::dead_link::dead;
use super::one_time::{self, Open, Purpose};
use super::pages::{ForgottenPage, ResetPage};
use super::passwords::Passwords;
use super::sign_in::client_subject;
use super::{known_browser, letters, members, names, password_rules, security, sessions, settings, tokens};
use crate::db::schema::members as rows;
use crate::db::{Conn, Failure, On};
use crate::web::letter::Letterhead;
use crate::web::limits;
use crate::web::pages::FieldErrors;
use crate::web::secret::digest;
use crate::web::{Problem, Visit};

/// In the place of a token: the page that asks for a link.
const NEW: &str = "new";

/// `GET /reset/{token}`, and `GET /reset/new`.
///
/// # Errors
/// The database's failures.
pub async fn form(visit: Visit, token: Path<String>) -> Result<HttpResponse, Problem> {
    if token.as_str() == NEW {
        return visit.page(&ForgottenPage::default());
    }
    match look(&visit, &token).await? {
        Some((open, least)) => private(visit.page(&page(&token, &open, least, FieldErrors::default()))),
        None => dead(&visit),
    }
}

/// `POST /reset/{token}`, and `POST /reset/new`.
///
/// # Errors
/// The database's failures.
pub async fn act(
    visit: Visit,
    token: Path<String>,
    passwords: Data<Passwords>,
) -> Result<HttpResponse, Problem> {
    if token.as_str() == NEW { request(&visit).await } else { set(&visit, &token, &passwords).await }
}

async fn request(visit: &Visit) -> Result<HttpResponse, Problem> {
    let typed = visit.form.text("email").to_owned();
    let email = match names::email(&typed) {
        Ok(email) => email,
        Err(field) => {
            let problem = Problem::invalid_field(field);
            let page = ForgottenPage { email: typed, asked: false, errors: visit.field_errors(&problem) };
            return visit.page_with(problem.status, &page);
        }
    };
    counted(visit).await?;
    let now = visit.now;
    visit
        .write_ungated(On::Nothing, move |c| Ok::<_, Failure<Problem>>(ask(c, &email, &Asked::Reset, now)?))
        .await?;
    visit.page(&ForgottenPage { email: typed, asked: true, errors: FieldErrors::default() })
}

/// Counts a request of this client's.
pub(super) async fn counted(visit: &Visit) -> Result<(), Problem> {
    if !visit.hall.config.limits {
        return Ok(());
    }
    let (subject, now) = (client_subject(visit.entered.address), visit.now);
    let used = visit
        .write_ungated(On::Nothing, move |c| {
            Ok::<_, Failure<Problem>>(limits::count(c, PER_CLIENT, &subject, now)?)
        })
        .await?;
    if used > PER_CLIENT.most { Err(Problem::too_often(limits::left(PER_CLIENT, now))) } else { Ok(()) }
}

async fn look(visit: &Visit, token: &str) -> Result<Option<(Open, usize)>, Problem> {
    let (hash, now) = (digest(token), visit.now);
    visit
        .read_ungated(move |c| {
            let Some(open) = one_time::find(c, Purpose::Reset, &hash, now)? else { return Ok(None) };
            Ok::<_, Failure<Problem>>(Some((open, settings::password_least(c)?)))
        })
        .await
}

async fn set(visit: &Visit, token: &str, passwords: &Passwords) -> Result<HttpResponse, Problem> {
    let Some((open, least)) = look(visit, token).await? else { return dead(visit) };
    let member = open.member;
    let known =
        visit.read_ungated(move |c| Ok::<_, Failure<Problem>>(members::own_profile(c, member)?)).await?;
    let known = [Some(visit.hall.site_name()), Some(known.name), Some(known.handle), known.email];
    let mut wrong = Vec::new();
    let known = known.into_iter().flatten().collect();
    let hash = passwords.take_typed(visit.form.text("password"), least, known, &mut wrong).await?;
    let Some(hash) = hash else {
        let problem = Problem::invalid(wrong);
        let errors = visit.field_errors(&problem);
        return private(visit.page_with(problem.status, &page(token, &open, least, errors)));
    };
    let (now, head, id) = (visit.now, visit.hall.letterhead.clone(), open.id);
    let done = visit
        .write_ungated(On::Member(member), move |c| {
            Ok::<_, Failure<Problem>>(renew(c, &head, id, member, &hash, now)?)
        })
        .await?;
    if !done {
        return dead(visit);
    }
    // Whoever had the link reads the member's e-mails: others who guess do not keep them out now.
    let mut response = visit.see("/sign-in", Some("password-set"));
    known_browser::remember(visit, member, &mut response).await;
    Ok(response)
}

/// Sets the password and ends what the former one opened; false where the link was used meanwhile.
fn renew(c: &mut Conn, head: &Letterhead, link: i64, member: i64, hash: &str, now: i64) -> QueryResult<bool> {
    if !one_time::spend(c, link, now)? {
        return Ok(false);
    }
    diesel::update(rows::table.find(member)).set(rows::password_hash.eq(hash)).execute(c)?;
    sessions::revoke_all(c, member, None)?;
    tokens::revoke_all(c, member, now)?;
    one_time::end_all(c, member, "the password was changed", now)?;
    security::tell(c, head, member, &letters::Happened::PasswordChanged, &format!("reset {link}"), now)?;
    Ok(true)
}

fn page(token: &str, open: &Open, least: usize, errors: FieldErrors) -> ResetPage {
    ResetPage {
        token: token.to_owned(),
        name: open.name.clone(),
        password_min: u32::try_from(least).unwrap_or(password_rules::SHORTEST as u32),
        errors,
    }
}

/// A page whose address is a credential: no link on it tells another site.
pub(super) fn private(page: Result<HttpResponse, Problem>) -> Result<HttpResponse, Problem> {
    let mut page = page?;
    let nothing = header::HeaderValue::from_static("no-referrer");
    page.headers_mut().insert(header::REFERRER_POLICY, nothing);
    Ok(page)
}
