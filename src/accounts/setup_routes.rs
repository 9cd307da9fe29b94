//! Pages of setting the place up.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::dead_link::dead;
use super::pages::SetUpPage;
use super::passwords::Passwords;
use super::setup::{First, ON, SetUpRefusal, complete, forget_file, is_open};
use super::sign_in_routes::{browser, replaced, signed_in};
use super::{known_browser, names, password_rules, sessions, settings};
use crate::db::{Failure, Refusal};
use crate::web::pages::FieldErrors;
use crate::web::secret::{digest, random_token};
use crate::web::{FieldProblem, Problem, Visit};

/// `GET /setup/{token}`.
pub async fn form(visit: Visit, token: Path<String>) -> Result<HttpResponse, Problem> {
    match look(&visit, &token).await? {
        Some(least) => visit.page(&page(&visit, &token, least, FieldErrors::default())),
        None => dead(&visit),
    }
}

/// `POST /setup/{token}`.
pub async fn set_up(
    visit: Visit,
    token: Path<String>,
    request: HttpRequest,
    passwords: Data<Passwords>,
) -> Result<HttpResponse, Problem> {
    let Some(least) = look(&visit, &token).await? else { return dead(&visit) };
    let first = match said(&visit, &passwords, least).await {
        Ok(first) => first,
        Err(problem) => return again(&visit, &token, least, problem),
    };
    let session = random_token().map_err(Problem::broken)?;
    let (hash, session_hash) = (digest(token.as_str()), digest(&session));
    let (now, browser, former) = (visit.now, browser(&visit, &request), replaced(&visit));
    let site_name = first.site_name.clone();
    let done = visit
        .write_ungated(ON, move |c| {
            let member = complete(c, &hash, &first, now).map_err(|failure| failure.map(Refused))?;
            sessions::begin(c, member, &session_hash, &browser, former, now)?;
            Ok::<_, Failure<Refused>>(member)
        })
        .await;
    match done {
        Ok(member) => {
            visit.hall.site_name.show(site_name);
            forget_file(&visit.hall.config.data_dir);
            let mut response = signed_in(&visit, session, "/", Some("set-up"));
            known_browser::remember(&visit, member, &mut response).await;
            Ok(response)
        }
        Err(problem) if problem.kind == DEAD => dead(&visit),
        Err(problem) => again(&visit, &token, least, problem),
    }
}

/// Marks the problem of a link that died between looking and acting.
const DEAD: &str = "dead-link";

#[derive(Debug)]
struct Refused(SetUpRefusal);

impl Refusal for Refused {}

impl From<Refused> for Problem {
    fn from(Refused(refusal): Refused) -> Problem {
        match refusal {
            SetUpRefusal::Dead => Problem::new(StatusCode::NOT_FOUND, DEAD),
            SetUpRefusal::Member(refusal) => refusal.into(),
        }
    }
}

async fn look(visit: &Visit, token: &str) -> Result<Option<usize>, Problem> {
    let (hash, now) = (digest(token), visit.now);
    visit
        .read_ungated(move |c| {
            if !is_open(c, &hash, now)? {
                return Ok(None);
            }
            Ok::<_, Failure<Problem>>(Some(settings::password_least(c)?))
        })
        .await
}

async fn said(visit: &Visit, passwords: &Passwords, least: usize) -> Result<First, Problem> {
    let form = &visit.form;
    let mut wrong = Vec::new();
    let mut take = |result: Result<String, FieldProblem>| result.map_err(|field| wrong.push(field)).ok();
    let site_name = take(names::site_name(form.text("site_name")));
    let name = take(names::name(form.text("name")));
    let email = take(names::email(form.text("email")));
    let known = [site_name.clone(), name.clone(), email.clone()];
    let known = known.into_iter().flatten().collect();
    let password_hash = passwords.take_typed(form.text("password"), least, known, &mut wrong).await?;
    match (site_name, name, email, password_hash) {
        (Some(site_name), Some(name), Some(email), Some(password_hash)) => {
            Ok(First { site_name, name, email, password_hash })
        }
        _ => Err(Problem::invalid(wrong)),
    }
}

fn again(visit: &Visit, token: &str, least: usize, problem: Problem) -> Result<HttpResponse, Problem> {
    if problem.fields.is_empty() {
        return Err(problem);
    }
    let errors = visit.field_errors(&problem);
    visit.page_with(problem.status, &page(visit, token, least, errors))
}

fn page(visit: &Visit, token: &str, least: usize, errors: FieldErrors) -> SetUpPage {
    SetUpPage {
        token: token.to_owned(),
        name: visit.form.text("name").to_owned(),
        email: visit.form.text("email").to_owned(),
        site_name: visit.form.text("site_name").to_owned(),
        password_min: u32::try_from(least).unwrap_or(password_rules::SHORTEST as u32),
        errors,
    }
}
