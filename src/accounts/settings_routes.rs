//! A member's own settings: profile, password, sessions, tokens. A form that fails comes back on the same page.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use diesel::prelude::*;

use super::letters::Happened;
use super::members::{self, MemberRefusal, OwnProfile, Profile};
use super::pages::{AddressForm, PasswordForm, ProfileForm, SessionRow, SettingsPage, TokenForm, TokenRow};
use super::passwords::{Checked, PasswordError, Passwords};
use super::sessions::{self, Session, device};
use super::tokens::{self, Token};
use super::{known_browser, names, one_time, password_rules, security, settings};
use crate::db::schema::members as rows;
use crate::db::{Failure, On};
use crate::text::clean_body;
use crate::web::pages::FieldErrors;
use crate::web::secret::digest;
use crate::web::viewer::Credential;
use crate::web::{FieldProblem, Problem, Visit};

/// Characters a member may say about themselves.
const ABOUT_MOST: usize = 2_000;
/// Interface languages to choose from: tag, name in its own language.
const LANGUAGES: &[(&str, &str)] = &[("en", "English")];

/// What of the page is not as stored: a form that failed, a token just made.
#[derive(Default)]
struct Shown {
    profile: Option<ProfileForm>,
    address: AddressForm,
    password: FieldErrors,
    token: TokenForm,
}

struct Stored {
    profile: OwnProfile,
    sessions: Vec<Session>,
    tokens: Vec<Token>,
    least: usize,
}

/// `GET /settings`.
pub async fn page(visit: Visit) -> Result<HttpResponse, Problem> {
    answer(&visit, StatusCode::OK, Shown::default()).await
}

/// `POST /settings/profile`.
pub async fn profile(visit: Visit) -> Result<HttpResponse, Problem> {
    let said = match said(&visit) {
        Ok(said) => said,
        Err(problem) => return profile_again(&visit, problem).await,
    };
    let on = On::Member(visit.viewer()?.id);
    let now = visit.now;
    let changed = visit
        .write(on, move |c, viewer| -> Result<(), Failure<MemberRefusal>> {
            members::change_profile(c, viewer.id, &said, now)
        })
        .await;
    match changed {
        Ok(()) => Ok(visit.see("/settings", Some("profile-saved"))),
        Err(problem) => profile_again(&visit, problem).await,
    }
}

fn said(visit: &Visit) -> Result<Profile, Problem> {
    let form = &visit.form;
    let mut wrong = Vec::new();
    let mut take = |result: Result<String, FieldProblem>| result.map_err(|field| wrong.push(field)).ok();
    let name = take(names::name(form.text("name")));
    let handle = form.given("handle").and_then(|handle| take(names::handle(handle)));
    let about = take(about(form.text("about")));
    let locale = take(locale(form.given("locale").unwrap_or("en")));
    let time_zone = take(time_zone(form.given("time_zone").unwrap_or("UTC")));
    match (name, about, locale, time_zone) {
        (Some(name), Some(about), Some(locale), Some(time_zone)) if wrong.is_empty() => {
            Ok(Profile { name, handle, about, locale, time_zone })
        }
        _ => Err(Problem::invalid(wrong)),
    }
}

fn about(typed: &str) -> Result<String, FieldProblem> {
    let about = clean_body(typed).trim().to_owned();
    if about.chars().count() > ABOUT_MOST {
        return Err(FieldProblem::new("about", "about-long").with("n", ABOUT_MOST));
    }
    Ok(about)
}

fn locale(typed: &str) -> Result<String, FieldProblem> {
    let known = LANGUAGES.iter().any(|(tag, _)| *tag == typed);
    if known { Ok(typed.to_owned()) } else { Err(FieldProblem::new("locale", "locale-unknown")) }
}

fn time_zone(typed: &str) -> Result<String, FieldProblem> {
    let known = jiff::tz::TimeZone::get(typed).ok();
    let name = known.as_ref().and_then(|zone| zone.iana_name());
    name.map(str::to_owned).ok_or_else(|| FieldProblem::new("time_zone", "time-zone-unknown"))
}

async fn profile_again(visit: &Visit, problem: Problem) -> Result<HttpResponse, Problem> {
    if problem.fields.is_empty() {
        return Err(problem);
    }
    let text = |name: &str| visit.form.text(name).to_owned();
    let form = ProfileForm {
        name: text("name"),
        handle: text("handle"),
        about: text("about"),
        locale: text("locale"),
        time_zone: text("time_zone"),
        errors: visit.field_errors(&problem),
        ..ProfileForm::default()
    };
    answer(visit, problem.status, Shown { profile: Some(form), ..Shown::default() }).await
}

/// `POST /settings/password`: needs the current one, and ends all other sessions.
pub async fn password(visit: Visit, passwords: Data<Passwords>) -> Result<HttpResponse, Problem> {
    let (former, least, profile) = visit
        .read(|c, viewer| {
            let former: Option<String> = rows::table.find(viewer.id).select(rows::password_hash).first(c)?;
            let profile = members::own_profile(c, viewer.id)?;
            Ok::<_, Failure<Problem>>((former, settings::password_least(c)?, profile))
        })
        .await?;
    allowed(&visit).await?;
    let given = passwords.check(visit.form.text("current_password"), former.clone()).await?;
    let (Some(former), Checked::Right { .. }) = (former, given) else {
        return password_again(&visit, FieldProblem::new("current_password", "password-wrong")).await;
    };
    let known = [Some(visit.hall.site_name()), Some(profile.name), Some(profile.handle), profile.email];
    let known = known.into_iter().flatten().collect();
    let hash = match passwords.take(visit.form.text("new_password"), least, known).await {
        Ok(hash) => hash,
        Err(PasswordError::Refused(fault)) => {
            let fault = FieldProblem { field: "new_password".into(), ..FieldProblem::from(fault) };
            return password_again(&visit, fault).await;
        }
        Err(error) => return Err(error.into()),
    };
    let (on, kept) = (On::Member(visit.viewer()?.id), visit.entered.credential_id);
    let (head, now) = (visit.hall.letterhead.clone(), visit.now);
    let changed = visit
        .write(on, move |c, viewer| {
            if !members::set_password(c, viewer.id, Some(&former), &hash)? {
                return Ok::<_, Failure<Problem>>(false);
            }
            sessions::revoke_all(c, viewer.id, kept)?;
            one_time::end_all(c, viewer.id, "the password was changed", now)?;
            let fact = format!("password {now}");
            security::tell(c, &head, viewer.id, &Happened::PasswordChanged, &fact, now)?;
            Ok(true)
        })
        .await?;
    if !changed {
        return password_again(&visit, FieldProblem::new("current_password", "password-wrong")).await;
    }
    let mut response = visit.see("/settings", Some("password-changed"));
    known_browser::remember(&visit, visit.viewer()?.id, &mut response).await;
    Ok(response)
}

/// A stolen session must not be a way to try passwords without end.
pub(super) async fn allowed(visit: &Visit) -> Result<(), Problem> {
    if !visit.hall.config.limits {
        return Ok(());
    }
    let now = visit.now;
    let left = visit
        .write(On::Member(visit.viewer()?.id), move |c, viewer| {
            Ok::<_, Failure<Problem>>(super::sign_in::password_tries(c, viewer.id, now)?)
        })
        .await?;
    left.map_or(Ok(()), |seconds| Err(Problem::too_often(seconds)))
}

async fn password_again(visit: &Visit, field: FieldProblem) -> Result<HttpResponse, Problem> {
    let problem = Problem::invalid_field(field);
    let errors = visit.field_errors(&problem);
    answer(visit, problem.status, Shown { password: errors, ..Shown::default() }).await
}

/// The page again after an address that could not be taken.
pub(super) async fn email_again(visit: &Visit, field: FieldProblem) -> Result<HttpResponse, Problem> {
    let problem = Problem::invalid_field(field);
    let address =
        AddressForm { email: visit.form.text("email").to_owned(), errors: visit.field_errors(&problem) };
    answer(visit, problem.status, Shown { address, ..Shown::default() }).await
}

/// `POST /settings/sessions/revoke` with `session`: an id, or `others`.
pub async fn revoke_session(visit: Visit) -> Result<HttpResponse, Problem> {
    let which = match visit.form.text("session") {
        "others" => None,
        _ => Some(visit.form.required_number("session")?),
    };
    let (on, current) = (On::Member(visit.viewer()?.id), visit.entered.credential_id);
    visit
        .write(on, move |c, viewer| {
            match which {
                Some(session) => drop(sessions::revoke(c, viewer.id, session)?),
                None => drop(sessions::revoke_all(c, viewer.id, current)?),
            }
            Ok::<_, Failure<Problem>>(())
        })
        .await?;
    let place = if which.is_some() && which == current { "/sign-in" } else { "/settings" };
    Ok(visit.see(place, Some("session-ended")))
}

/// `POST /settings/tokens`: answers with the page that shows the new token, this one time.
pub async fn make_token(visit: Visit) -> Result<HttpResponse, Problem> {
    let name = match tokens::name(visit.form.text("name")) {
        Ok(name) => name,
        Err(field) => {
            let problem = Problem::invalid_field(field);
            let errors = visit.field_errors(&problem);
            let token = TokenForm { name: visit.form.text("name").to_owned(), made: None, errors };
            return answer(&visit, problem.status, Shown { token, ..Shown::default() }).await;
        }
    };
    let token = tokens::fresh().map_err(Problem::broken)?;
    let (on, hash, now) = (On::Member(visit.viewer()?.id), digest(&token), visit.now);
    let head = visit.hall.letterhead.clone();
    visit
        .write(on, move |c, viewer| {
            let id = tokens::create(c, viewer.id, &name, &hash, now)?;
            let what = Happened::TokenMade(name.clone());
            Ok::<_, Failure<Problem>>(security::tell(
                c,
                &head,
                viewer.id,
                &what,
                &format!("token {id}"),
                now,
            )?)
        })
        .await?;
    let token = TokenForm { made: Some(token), ..TokenForm::default() };
    answer(&visit, StatusCode::OK, Shown { token, ..Shown::default() }).await
}

/// `POST /settings/tokens/{id}/revoke`.
pub async fn revoke_token(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (on, now, token) = (On::Member(visit.viewer()?.id), visit.now, id.into_inner());
    let revoked = visit
        .write(on, move |c, viewer| Ok::<_, Failure<Problem>>(tokens::revoke(c, viewer.id, token, now)?))
        .await?;
    if revoked { Ok(visit.see("/settings", Some("token-revoked"))) } else { Err(Problem::not_found()) }
}

async fn answer(visit: &Visit, status: StatusCode, shown: Shown) -> Result<HttpResponse, Problem> {
    let now = visit.now;
    let stored = visit
        .read(move |c, viewer| {
            Ok::<_, Failure<Problem>>(Stored {
                profile: members::own_profile(c, viewer.id)?,
                sessions: sessions::open(c, viewer.id, now)?,
                tokens: tokens::of_member(c, viewer.id)?,
                least: settings::password_least(c)?,
            })
        })
        .await?;
    visit.page_with(status, &filled(visit, stored, shown))
}

fn filled(visit: &Visit, stored: Stored, shown: Shown) -> SettingsPage {
    let current = match visit.entered.credential {
        Some(Credential::Session { .. }) => visit.entered.credential_id,
        _ => None,
    };
    let mut sessions: Vec<SessionRow> = stored
        .sessions
        .into_iter()
        .map(|session| SessionRow {
            id: session.id,
            device: device(&session.user_agent),
            signed_in_at: session.created_at,
            seen_at: session.seen_at,
            current: Some(session.id) == current,
        })
        .collect();
    sessions.sort_by_key(|session| !session.current);
    let token = |token: Token| TokenRow { id: token.id, name: token.name, created_at: token.created_at };
    let email = stored.profile.email.clone();
    let profile = shown.profile.unwrap_or_else(|| as_stored(stored.profile));
    SettingsPage {
        profile: ProfileForm {
            email,
            locales: LANGUAGES.iter().map(|(tag, name)| ((*tag).to_owned(), (*name).to_owned())).collect(),
            ..profile
        },
        address: shown.address,
        password: PasswordForm {
            password_min: u32::try_from(stored.least).unwrap_or(password_rules::SHORTEST as u32),
            errors: shown.password,
        },
        sessions,
        tokens: stored.tokens.into_iter().map(token).collect(),
        token_form: shown.token,
    }
}

fn as_stored(profile: OwnProfile) -> ProfileForm {
    ProfileForm {
        name: profile.name,
        handle: profile.handle,
        about: profile.about,
        locale: profile.locale,
        time_zone: if profile.time_zone == "UTC" { String::new() } else { profile.time_zone },
        ..ProfileForm::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_zones_are_known_by_their_iana_names() {
        assert_eq!(time_zone("Europe/Vienna").unwrap(), "Europe/Vienna");
        assert_eq!(time_zone("UTC").unwrap(), "UTC");
        assert!(time_zone("Middle-earth/Shire").is_err());
        assert!(time_zone("../../etc/passwd").is_err());
    }
}
