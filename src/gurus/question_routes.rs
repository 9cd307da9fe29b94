//! Being on a question, declining it, handing it over, and who else could answer it, as pages and forms.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::claims::HAND_OVERS;
use super::pages::{CandidateRow, CandidatesPage, HandOverPage};
use super::refusal::Refusal;
use super::routes::limited;
use super::{Candidate, candidates, claims};
use crate::clock::Micros;
use crate::db::{Conn, Failure, On};
use crate::posts::{self, CHANGES, Kind};
use crate::questions::{Thread, question_url};
use crate::web::limits::{Limit, within};
use crate::web::pages::FieldErrors;
use crate::web::{Problem, Viewer, Visit};

/// Candidates shown.
const CANDIDATES: usize = 50;

/// `POST /questions/{id}/claim`.
///
/// # Errors
/// What [`claims::claim`] refuses.
pub async fn claim_form(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let url = on_question(&visit, id, CHANGES, claims::claim).await?;
    Ok(visit.see(&url, Some("claimed")))
}

/// `POST /questions/{id}/release`.
///
/// # Errors
/// What [`claims::release`] refuses.
pub async fn release_form(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let url = on_question(&visit, id, CHANGES, claims::release).await?;
    Ok(visit.see(&url, Some("released")))
}

/// `POST /questions/{id}/decline`.
///
/// # Errors
/// What [`claims::decline`] refuses.
pub async fn decline_form(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    on_question(&visit, id, CHANGES, claims::decline).await?;
    Ok(visit.see("/needs-you", Some("not-for-me")))
}

/// `GET /questions/{id}/hand-over`.
///
/// # Errors
/// 404 for a question the viewer may not know of.
pub async fn hand_over_page(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let title = title(&visit, id.into_inner()).await?;
    visit.page(&title)
}

async fn title(visit: &Visit, id: i64) -> Result<HandOverPage, Problem> {
    let title = visit
        .read(move |c, viewer| {
            let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
            found.ok_or_else(Problem::not_found)?;
            Ok::<_, Failure<Problem>>(Thread::title(c, id)?)
        })
        .await?;
    let url = question_url(id, &title);
    Ok(HandOverPage { id, url, title, reason: String::new(), errors: FieldErrors::default() })
}

/// `POST /questions/{id}/hand-over` with `reason`.
///
/// # Errors
/// What [`claims::hand_over`] refuses; a reason that cannot be taken comes back with the form.
pub async fn hand_over_form(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, reason) = (id.into_inner(), visit.form.text("reason").to_owned());
    let why = reason.clone();
    let act = move |c: &mut Conn, viewer: &Viewer, id, now| claims::hand_over(c, viewer, id, &why, now);
    let done = on_question(&visit, id, HAND_OVERS, act).await;
    match done {
        Ok(url) => Ok(visit.see(&url, Some("handed-over"))),
        Err(problem) if !problem.fields.is_empty() => {
            let errors = visit.field_errors(&problem);
            let page = HandOverPage { reason, errors, ..title(&visit, id).await? };
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

async fn on_question<F>(visit: &Visit, id: i64, limit: Limit, mut body: F) -> Result<String, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64, Micros) -> Result<(), Failure<Refusal>> + Send + 'static,
{
    let (now, limit) = (visit.now, limited(visit, limit));
    visit
        .write(On::Thread(id), move |c, viewer| {
            within(c, limit, &viewer.id.to_string(), now, |c| {
                body(c, viewer, id, now).map_err(|failure| failure.map(Problem::from))
            })?;
            Ok::<_, Failure<Problem>>(question_url(id, &Thread::title(c, id)?))
        })
        .await
}

/// `GET /questions/{id}/candidates`: who could answer it, and why; for those who moderate its space.
///
/// # Errors
/// 404, or 403 for others.
pub async fn candidates_page(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let (title, found, handed_over_for) = visit
        .read(move |c, viewer| {
            let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
            let found = found.ok_or_else(Problem::not_found)?;
            if !found.standing.moderates {
                return Err(Problem::forbidden("not-moderator").into());
            }
            let thread = Thread::load(c, id)?;
            let why = match thread.handed_over() {
                Some(_) => claims::hand_over_reason(c, id)?,
                None => None,
            };
            Ok::<_, Failure<Problem>>((thread.title.clone(), candidates(c, id, CANDIDATES, now)?, why))
        })
        .await?;
    visit.page(&CandidatesPage {
        id,
        url: question_url(id, &title),
        title,
        candidates: found.into_iter().map(candidate_row).collect(),
        handed_over_for,
    })
}

fn candidate_row(candidate: Candidate) -> CandidateRow {
    let reasons = candidate.reasons();
    let by = candidate.by;
    CandidateRow {
        id: candidate.member_id,
        name: candidate.name,
        guru_in: candidate.guru_in,
        solved: by.solved,
        points: by.points,
        claims: by.claims,
        alerts: by.alerts,
        daily_alerts: by.daily_alerts,
        free: by.free(),
        reasons,
    }
}
