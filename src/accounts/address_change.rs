//! A new address: asked for with the password, confirmed by a link that is sent to it.
//!
//! Until then nothing changes. Both addresses are told. Confirming ends all sessions and every other open link.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use diesel::prelude::*;

use super::dead_link::dead;
use super::letters::{self, Happened};
use super::one_time::{self, Purpose};
use super::pages::ConfirmPage;
use super::passwords::{Checked, Passwords};
use super::reset_routes::private;
use super::settings_routes::{allowed, email_again};
use super::{audit, members, names, security, sessions};
use crate::clock::{DAY, Micros};
use crate::db::schema::members as rows;
use crate::db::{Conn, Failure, On};
use crate::mail::{outbox, suppressions};
use crate::web::letter::Letterhead;
use crate::web::limits::{Limit, within};
use crate::web::secret::{digest, random_token};
use crate::web::{FieldProblem, Problem, Visit};

/// How long the link lasts.
const LASTS: Micros = DAY;
/// Letters a member may have sent to addresses that are not shown to be theirs.
const BY_MEMBER: Limit = Limit { scope: "confirm-member", most: 5, window: DAY };
/// … and those that one address is sent, whoever asks.
const TO_ADDRESS: Limit = Limit { scope: "confirm-address", most: 3, window: DAY };

/// `POST /settings/email` with `email` and `current_password`.
///
/// # Errors
/// The database's failures.
pub async fn ask(visit: Visit, passwords: Data<Passwords>) -> Result<HttpResponse, Problem> {
    let email = match names::email(visit.form.text("email")) {
        Ok(email) => email,
        Err(field) => return email_again(&visit, field).await,
    };
    allowed(&visit).await?;
    let kept = visit
        .read(|c, viewer| {
            Ok::<_, Failure<Problem>>(rows::table.find(viewer.id).select(rows::password_hash).first(c)?)
        })
        .await?;
    let Checked::Right { .. } = passwords.check(visit.form.text("current_password"), kept).await? else {
        return email_again(&visit, FieldProblem::new("current_password", "password-wrong")).await;
    };
    let token = random_token().map_err(Problem::broken)?;
    let (now, head, limited) = (visit.now, visit.hall.letterhead.clone(), visit.hall.config.limits);
    visit
        .write(On::Member(visit.viewer()?.id), move |c, viewer| {
            let (member, target) = (viewer.id.to_string(), digest(names::mailbox_key(&email)));
            let limit = |limit| limited.then_some(limit);
            within(c, limit(BY_MEMBER), &member, now, |c| {
                within(c, limit(TO_ADDRESS), &target, now, |c| {
                    Ok(prepare(c, &head, viewer.id, &email, &token, now)?)
                })
            })
        })
        .await?;
    Ok(visit.see("/settings", Some("address-asked")))
}

/// The link and both letters. Where somebody else has the address, the words here stay the same and no link leaves.
fn prepare(
    c: &mut Conn,
    head: &Letterhead,
    member: i64,
    email: &str,
    token: &str,
    now: Micros,
) -> QueryResult<()> {
    let former = security::addressee(c, member)?;
    let owner = members::by_email(c, email)?;
    if owner == Some(member) {
        return Ok(());
    }
    outbox::withdraw(c, member, &["confirm"], "a newer link was asked for", now)?;
    let hash = digest(token);
    let payload = serde_json::json!({ "email": email }).to_string();
    one_time::make(c, Purpose::Address, member, &hash, &payload, now + LASTS, now)?;
    if owner.is_none() {
        let profile = members::own_profile(c, member)?;
        // Not by name: whoever reads there may be somebody else, and a name can be any words.
        let to = letters::Addressee {
            member: Some(member),
            name: None,
            email: email.to_owned(),
            locale: profile.locale,
        };
        let mail = letters::confirm(head, &to, token, now + LASTS, now)?;
        outbox::put(c, &mail, now)?;
    }
    if let Some(former) = former {
        let what = Happened::AddressAsked(email.to_owned());
        security::tell_at(c, head, &former, &what, &format!("address {}", &hash[..16]), now)?;
    }
    Ok(())
}

/// `GET /confirm/{token}`: changes nothing.
///
/// # Errors
/// The database's failures.
pub async fn form(visit: Visit, token: Path<String>) -> Result<HttpResponse, Problem> {
    match look(&visit, &token).await? {
        Some((_, email)) => private(visit.page(&ConfirmPage { token: token.clone(), email })),
        None => dead(&visit),
    }
}

/// `POST /confirm/{token}`.
///
/// # Errors
/// The database's failures.
pub async fn confirm(visit: Visit, token: Path<String>) -> Result<HttpResponse, Problem> {
    let Some((open, email)) = look(&visit, &token).await? else { return dead(&visit) };
    let (now, head) = (visit.now, visit.hall.letterhead.clone());
    let changed = visit
        .write_ungated(On::Named("address", lock(&email)), move |c| {
            Ok::<_, Failure<Problem>>(change(c, &head, &open, &email, now)?)
        })
        .await?;
    if changed { Ok(visit.see("/sign-in", Some("address-changed"))) } else { dead(&visit) }
}

async fn look(visit: &Visit, token: &str) -> Result<Option<(one_time::Open, String)>, Problem> {
    let (hash, now) = (digest(token), visit.now);
    visit
        .read_ungated(move |c| {
            let open = one_time::find(c, Purpose::Address, &hash, now)?;
            let email = open.as_ref().and_then(|open| {
                let payload: serde_json::Value = serde_json::from_str(&open.payload).ok()?;
                Some(payload.get("email")?.as_str()?.to_owned())
            });
            Ok::<_, Failure<Problem>>(open.zip(email))
        })
        .await
}

/// Two who confirm one address wait for each other.
fn lock(email: &str) -> i64 {
    i64::from_str_radix(&digest(names::email_key(email))[..12], 16).unwrap_or(0)
}

fn change(
    c: &mut Conn,
    head: &Letterhead,
    open: &one_time::Open,
    email: &str,
    now: Micros,
) -> QueryResult<bool> {
    let member = open.member;
    if members::by_email(c, email)?.is_some() || !one_time::spend(c, open.id, now)? {
        return Ok(false);
    }
    let former = security::addressee(c, member)?;
    diesel::update(rows::table.find(member))
        .set((rows::email.eq(email), rows::email_key.eq(names::email_key(email))))
        .execute(c)?;
    suppressions::lift(c, email)?;
    sessions::revoke_all(c, member, None)?;
    one_time::end_all(c, member, "the address was changed", now)?;
    let detail = serde_json::json!({});
    audit::record(c, Some(member), "address-changed", "member", Some(member), None, &detail, now)?;
    if let Some(former) = former {
        let what = Happened::AddressChanged(email.to_owned());
        security::tell_at(c, head, &former, &what, &format!("address-changed {}", open.id), now)?;
    }
    Ok(true)
}
