//! Rolling a post back, as a form and in the API.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::roll_back::{Back, roll_back};
use crate::db::{Failure, On};
use crate::posts::revisions::Heading;
use crate::posts::revisions::{Version, history};
use crate::posts::{self, Kind, Refusal, Written};
use crate::questions::{Prepared, Thread, post_url, tags_of};
use crate::web::api::{self, Reply};
use crate::web::limits::within;
use crate::web::{FieldProblem, Problem, ProblemDocument, Visit, once};

/// A version to go back to.
#[derive(Deserialize, ToSchema)]
pub struct RollBack {
    /// Its number.
    to: i64,
    /// The version the editor saw.
    version: i64,
    /// A word for the history.
    #[serde(default)]
    reason: Option<String>,
}

/// A post rolled back.
#[derive(Serialize, ToSchema)]
pub struct RolledBack {
    /// The post.
    id: i64,
    /// Its version now.
    version: i64,
}

/// Make an older version's title, tags and text the next version. Points for suggested edits approved since go back.
///
/// # Errors
/// What [`roll_back`] refuses; 422 for a version there is not.
#[utoipa::path(post, path = "/api/v1/posts/{id}/rollback", tag = "posts", params(("id" = i64, Path)), request_body = RollBack,
    responses((status = 200, body = RolledBack), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn roll_back_api(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let said: RollBack = api::json(&visit)?;
    let (thread, _, back) = prepared(&visit, id, &said).await?;
    let (now, limit) = (visit.now, Some(posts::CHANGES).filter(|_| visit.hall.config.limits));
    once::act(&visit, On::Thread(thread), move |c, viewer| -> Result<Reply, Failure<Problem>> {
        let version = within(c, limit, &viewer.id.to_string(), now, |c| {
            roll_back(c, viewer, id, &back, now).map_err(|failure| failure.map(Problem::from))
        })?;
        Reply::ok(&RolledBack { id, version }).map_err(Failure::Refused)
    })
    .await
}

/// `POST /posts/{id}/rollback` with `to`, `version`, `reason`.
///
/// # Errors
/// As [`roll_back_api`].
pub async fn roll_back_page(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let said = RollBack {
        to: visit.form.required_number("to")?,
        version: visit.form.required_number("version")?,
        reason: visit.form.given("reason").map(str::to_owned),
    };
    let (thread, url, back) = prepared(&visit, id, &said).await?;
    let (now, limit) = (visit.now, Some(posts::CHANGES).filter(|_| visit.hall.config.limits));
    visit
        .write(On::Thread(thread), move |c, viewer| {
            within(c, limit, &viewer.id.to_string(), now, |c| {
                roll_back(c, viewer, id, &back, now).map_err(|failure| failure.map(Problem::from))
            })
        })
        .await?;
    Ok(visit.see(&url, Some("rolled-back")))
}

/// The post's thread and address, and the version to go back to, rendered.
async fn prepared(visit: &Visit, id: i64, said: &RollBack) -> Result<(i64, String, Back), Problem> {
    let RollBack { to, version, .. } = *said;
    let (thread, url, current, old) = visit
        .read(move |c, viewer| {
            let post = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?.post;
            let (thread, kind) = (post.thread(), post.kind());
            let title = Thread::title(c, thread)?;
            let url = post_url(thread, &title, kind, id);
            let heading = Heading { tags: tags_of(c, thread)?, title };
            let old = history(c, &post, (kind == Kind::Question).then_some(heading), to..=to)?;
            Ok::<_, Failure<Refusal>>((thread, url, post.version, old.into_iter().next()))
        })
        .await?;
    let Some(old) = old.filter(|old| old.number < current) else {
        let wrong = FieldProblem::new("to", "out-of-range").with("min", 1).with("max", (current - 1).max(1));
        return Err(Problem::invalid_field(wrong));
    };
    let reason = reason(to, said.reason.as_deref()).map_err(Problem::invalid_field)?;
    let Version { heading, body, body_format, .. } = old;
    let written = actix_web::web::block(move || Written::again(body, &body_format)).await;
    let written = written.map_err(|_| Problem::busy())?;
    let text = Prepared::again(heading, written, reason, version).map_err(Problem::invalid)?;
    Ok((thread, url, Back { to, text }))
}

/// What the history says of it.
fn reason(to: i64, word: Option<&str>) -> Result<String, FieldProblem> {
    let word = word.map(crate::text::clean_title).unwrap_or_default();
    let found = word.chars().count();
    if found > 300 {
        return Err(FieldProblem::new("reason", "too-long").with("max", 300).with("found", found));
    }
    Ok(if word.is_empty() {
        format!("Rolled back to version {to}")
    } else {
        format!("Rolled back to version {to}: {word}")
    })
}
