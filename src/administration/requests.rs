//! `/admin/requests`: those who asked to join, to be let in or not.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::pages::{RequestRow, RequestsPage};
use crate::accounts::join_requests;
use crate::db::{Failure, On};
use crate::web::{FieldProblem, Problem, Visit};

/// `GET /admin/requests`.
///
/// # Errors
/// The database's failures.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let (waiting, open) = visit
        .read(|c, _| Ok::<_, Failure<Problem>>((join_requests::waiting(c)?, join_requests::open(c)?)))
        .await?;
    let row = |one: join_requests::Waiting| RequestRow {
        id: one.id,
        name: one.name,
        email: one.email,
        organisation: one.organisation,
        message: one.message,
        asked_at: one.created_at,
    };
    visit.page(&RequestsPage { open, requests: waiting.into_iter().map(row).collect() })
}

/// `POST /admin/requests/{id}` with `decision`: `approve` or `decline`.
///
/// # Errors
/// 404 for one that does not wait.
pub async fn decide(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let approved = match visit.form.text("decision") {
        "approve" => true,
        "decline" => false,
        _ => return Err(Problem::invalid_field(FieldProblem::new("decision", "missing"))),
    };
    let (id, now, head) = (id.into_inner(), visit.now, visit.hall.letterhead.clone());
    let done = visit
        .write(On::Named("join-request", id), move |c, viewer| {
            let by = (viewer.id, viewer.name.clone());
            Ok::<_, Failure<Problem>>(join_requests::decide(c, &head, by, id, approved, now)?)
        })
        .await?;
    let word = if approved { "let-in" } else { "declined" };
    if done { Ok(visit.see("/admin/requests", Some(word))) } else { Err(Problem::not_found()) }
}
