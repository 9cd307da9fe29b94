//! `/admin/mail`: the outbox with its states, what a server said, and addresses that nothing is sent to;
//! `/mail/received`: e-mails that came in and wait for staff.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::pages::{MailPage, OneMailPage, ReceivedPage, mail as shown};
use crate::accounts::audit;
use crate::db::{Failure, On};
use crate::mail::{outbox, suppressions};
use crate::notifications::incoming;
use crate::web::pages::Pager;
use crate::web::{Problem, Visit};

/// E-mails on a page.
const PAGE: i64 = 50;
/// States there are.
pub(super) const STATES: &[&str] = &["waiting", "sent", "failed", "suppressed", "withdrawn"];

/// `GET /admin/mail?state=…&after=…`.
///
/// # Errors
/// The database's failures.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let state = visit.query.given("state").filter(|state| STATES.contains(state)).map(str::to_owned);
    let (wanted, before) = (state.clone(), visit.query.number("after")?);
    let (rows, counts, suppressed) = visit
        .read(move |c, _| {
            let rows = outbox::list(c, wanted.as_deref(), before, PAGE + 1)?;
            Ok::<_, Failure<Problem>>((rows, outbox::counts(c)?, suppressions::list(c)?))
        })
        .await?;
    let more = rows.len() as i64 > PAGE;
    let rows: Vec<outbox::Listed> = rows.into_iter().take(PAGE as usize).collect();
    let older = rows.last().filter(|_| more).map(|last| {
        let state = state.as_ref().map(|state| format!("&state={state}")).unwrap_or_default();
        format!("/admin/mail?after={}{state}", last.id)
    });
    visit.page(&MailPage {
        sends: visit.hall.config.smtp.is_some(),
        address: visit.hall.letterhead.mailbox.address(),
        state: state.unwrap_or_default(),
        counts: STATES
            .iter()
            .map(|state| {
                let count = counts.iter().find(|(known, _)| known == state).map_or(0, |(_, count)| *count);
                ((*state).to_owned(), count)
            })
            .collect(),
        mails: rows.into_iter().map(shown).collect(),
        suppressed: suppressed.into_iter().map(|one| (one.address, one.reason, one.since)).collect(),
        pager: Pager { newer: None, older },
    })
}

/// `GET /admin/mail/{id}`: what it says.
///
/// # Errors
/// 404.
pub async fn one(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let found = visit.read(move |c, _| Ok::<_, Failure<Problem>>(outbox::find(c, id)?)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    visit.page(&OneMailPage { text: found.body_text.clone(), mail: shown(found) })
}

/// `POST /admin/mail/{id}/retry`.
///
/// # Errors
/// 404 for one that is not over, or whose text is wiped.
pub async fn retry(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let tried = visit
        .write(On::Named("outbox", id), move |c, viewer| {
            let tried = outbox::retry(c, id, now)?;
            if tried {
                let detail = serde_json::json!({});
                audit::record(c, Some(viewer.id), "mail-retried", "mail", Some(id), None, &detail, now)?;
            }
            Ok::<_, Failure<Problem>>(tried)
        })
        .await?;
    if tried { Ok(visit.see("/admin/mail", Some("mail-retried"))) } else { Err(Problem::not_found()) }
}

/// `POST /admin/suppressions/lift` with `address`: it is written to again.
///
/// # Errors
/// 404 for one that was not suppressed.
pub async fn lift(visit: Visit) -> Result<HttpResponse, Problem> {
    let (address, now) = (visit.form.text("address").to_owned(), visit.now);
    let lifted = visit
        .write(On::Nothing, move |c, viewer| {
            let lifted = suppressions::lift(c, &address)?;
            if lifted {
                let detail = serde_json::json!({});
                audit::record(c, Some(viewer.id), "suppression-lifted", "address", None, None, &detail, now)?;
            }
            Ok::<_, Failure<Problem>>(lifted)
        })
        .await?;
    if lifted { Ok(visit.see("/admin/mail", Some("suppression-lifted"))) } else { Err(Problem::not_found()) }
}

/// `GET /mail/received`.
///
/// # Errors
/// The database's failures.
pub async fn received(visit: Visit) -> Result<HttpResponse, Problem> {
    let kept = visit.read(|c, _| Ok::<_, Failure<Problem>>(incoming::waiting(c)?)).await?;
    visit.page(&ReceivedPage { mails: kept.into_iter().map(Into::into).collect() })
}

/// `POST /mail/received/{id}/dismiss`.
///
/// # Errors
/// 404 for one that does not wait.
pub async fn dismiss(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let done = visit
        .write(On::Named("received", id), move |c, viewer| {
            Ok::<_, Failure<Problem>>(incoming::dismiss(c, id, viewer.id, now)?)
        })
        .await?;
    if done { Ok(visit.see("/mail/received", Some("dismissed"))) } else { Err(Problem::not_found()) }
}
