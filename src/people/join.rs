//! Pages of redeeming an invitation: who joins becomes a member and may enter the space it opens, in one act.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::dead_link::dead;
use crate::accounts::invitations::{JoinRefusal, Joining, Redeemed, Shown, redeem, show};
use crate::accounts::pages::{Claim, JoinPage};
use crate::accounts::passwords::Passwords;
use crate::accounts::sign_in_routes::{browser, replaced, signed_in};
use crate::accounts::{known_browser, names, password_rules, sessions, settings};
use crate::db::{Failure, On, Refusal};
use crate::spaces;
use crate::web::pages::FieldErrors;
use crate::web::secret::{digest, random_token};
use crate::web::{FieldProblem, Problem, Visit};

/// `GET /join/{token}`.
pub async fn form(visit: Visit, token: Path<String>) -> Result<HttpResponse, Problem> {
    match look(&visit, &token).await? {
        Some((shown, least)) => visit.page(&page(&visit, &token, shown, least, FieldErrors::default())),
        None => dead(&visit),
    }
}

/// `POST /join/{token}`.
pub async fn join(
    visit: Visit,
    token: Path<String>,
    request: HttpRequest,
    passwords: Data<Passwords>,
) -> Result<HttpResponse, Problem> {
    let Some((shown, least)) = look(&visit, &token).await? else { return dead(&visit) };
    let joining = match said(&visit, &shown, &passwords, least).await {
        Ok(joining) => joining,
        Err(problem) => return again(&visit, &token, shown, least, problem),
    };
    let session = random_token().map_err(Problem::broken)?;
    let (hash, session_hash) = (digest(token.as_str()), digest(&session));
    let (now, browser, former) = (visit.now, browser(&visit, &request), replaced(&visit));
    let joined = visit
        .write_ungated(On::Named("invitation", shown.open.id), move |c| {
            let Redeemed { member, space, by } =
                redeem(c, &hash, &joining, now).map_err(|failure| failure.map(Refused::Join))?;
            if let Some(space) = space {
                spaces::grants::open(c, space, member, by, now)?;
            }
            sessions::begin(c, member, &session_hash, &browser, former, now)?;
            Ok::<_, Failure<Refused>>(member)
        })
        .await;
    match joined {
        Ok(member) => {
            let mut response = signed_in(&visit, session, "/", Some("joined"));
            known_browser::remember(&visit, member, &mut response).await;
            Ok(response)
        }
        Err(problem) if problem.kind == DEAD => dead(&visit),
        Err(problem) => again(&visit, &token, shown, least, problem),
    }
}

/// Marks the problem of a link that died between looking and acting.
const DEAD: &str = "dead-link";

#[derive(Debug)]
enum Refused {
    Join(JoinRefusal),
}

impl Refusal for Refused {}

impl From<Refused> for Problem {
    fn from(Refused::Join(refusal): Refused) -> Problem {
        match refusal {
            JoinRefusal::Dead => Problem::new(StatusCode::NOT_FOUND, DEAD),
            JoinRefusal::OtherAddress => Problem::invalid_field(FieldProblem::new("email", "email-other")),
            JoinRefusal::Member(refusal) => refusal.into(),
        }
    }
}

async fn look(visit: &Visit, token: &str) -> Result<Option<(Shown, usize)>, Problem> {
    let (hash, now) = (digest(token), visit.now);
    visit
        .read_ungated(move |c| {
            let Some(shown) = show(c, &hash, now)? else { return Ok(None) };
            Ok::<_, Failure<Problem>>(Some((shown, settings::password_least(c)?)))
        })
        .await
}

/// What was said, checked, with the password hashed.
async fn said(visit: &Visit, shown: &Shown, passwords: &Passwords, least: usize) -> Result<Joining, Problem> {
    let form = &visit.form;
    let mut wrong = Vec::new();
    let mut take = |result: Result<String, FieldProblem>| result.map_err(|field| wrong.push(field)).ok();
    let name = match &shown.claims {
        Some(claimable) => Some(claimable.name.clone()),
        None => take(names::name(form.text("name"))),
    };
    let email = take(names::email(shown.open.email.as_deref().unwrap_or(form.text("email"))));
    let handle = match form.given("handle").filter(|_| shown.claims.is_none()) {
        Some(handle) => take(names::handle(handle)),
        None => None,
    };
    let known = [Some(visit.hall.site_name()), name.clone(), email.clone(), handle.clone()];
    let known = known.into_iter().flatten().collect();
    let password_hash = passwords.take_typed(form.text("password"), least, known, &mut wrong).await?;
    match (name, email, password_hash) {
        (Some(name), Some(email), Some(password_hash)) if wrong.is_empty() => {
            Ok(Joining { name, handle, email, password_hash })
        }
        _ => Err(Problem::invalid(wrong)),
    }
}

fn again(
    visit: &Visit,
    token: &str,
    shown: Shown,
    least: usize,
    problem: Problem,
) -> Result<HttpResponse, Problem> {
    if problem.fields.is_empty() {
        return Err(problem);
    }
    let errors = visit.field_errors(&problem);
    visit.page_with(problem.status, &page(visit, token, shown, least, errors))
}

fn page(visit: &Visit, token: &str, shown: Shown, least: usize, errors: FieldErrors) -> JoinPage {
    let claim = shown.claims.map(|claimable| Claim { name: claimable.name, source: claimable.source });
    JoinPage {
        token: token.to_owned(),
        claim,
        invited_by: shown.invited_by,
        space: shown.space,
        name: visit.form.text("name").to_owned(),
        email_fixed: shown.open.email.is_some(),
        email: shown.open.email.unwrap_or_else(|| visit.form.text("email").to_owned()),
        handle: visit.form.text("handle").to_owned(),
        password_min: u32::try_from(least).unwrap_or(password_rules::SHORTEST as u32),
        errors,
    }
}
