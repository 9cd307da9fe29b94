//! Editing, deleting and bringing back, in the API.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{acting, thread_of_kind};
use crate::db::{Conn, Failure, On};
use crate::posts::{self, Kind, Refusal};
use crate::questions::{self, Revised};
use crate::suggestions::{self, Outcome};
use crate::threads::routes::thread_of;
use crate::web::api::{self, Reply};
use crate::web::{Problem, ProblemDocument, Viewer, Visit};

/// An edit. What is left out stays; `null` is no value for any of it.
#[derive(Deserialize, ToSchema)]
pub struct Change {
    /// Questions only.
    #[serde(default, deserialize_with = "given")]
    title: Option<String>,
    /// Markdown.
    #[serde(default, deserialize_with = "given")]
    body: Option<String>,
    /// Questions only.
    #[serde(default, deserialize_with = "given")]
    tags: Option<Vec<String>>,
    /// Why, for the history.
    #[serde(default)]
    reason: Option<String>,
    /// The version the editor saw.
    version: i64,
}

/// An edit as saved.
#[derive(Serialize, ToSchema)]
pub struct Changed {
    /// The post.
    id: i64,
    /// Its version now.
    version: i64,
}

/// An edit of another's post as suggested.
#[derive(Serialize, ToSchema)]
pub struct SuggestedEdit {
    /// The suggestion.
    suggestion_id: i64,
}

fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Edit a question; 202 where that is suggested to its author, editors and moderators.
///
/// # Errors
/// What [`suggestions::edit_or_suggest`] refuses.
#[utoipa::path(patch, path = "/api/v1/questions/{id}", tag = "questions", params(("id" = i64, Path)), request_body = Change,
    responses((status = 200, body = Changed), (status = 202, body = SuggestedEdit), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn edit_question(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    edit(visit, id.into_inner(), Kind::Question).await
}

/// Edit an answer; 202 where that is suggested to its author, editors and moderators.
///
/// # Errors
/// What [`suggestions::edit_or_suggest`] refuses.
#[utoipa::path(patch, path = "/api/v1/answers/{id}", tag = "answers", params(("id" = i64, Path)), request_body = Change,
    responses((status = 200, body = Changed), (status = 202, body = SuggestedEdit), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn edit_answer(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    edit(visit, id.into_inner(), Kind::Answer).await
}

/// Edit a comment.
///
/// # Errors
/// What [`questions::edit`] refuses.
#[utoipa::path(patch, path = "/api/v1/comments/{id}", tag = "comments", params(("id" = i64, Path)), request_body = Change,
    responses((status = 200, body = Changed), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn edit_comment(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    edit(visit, id.into_inner(), Kind::Comment).await
}

async fn edit(visit: Visit, id: i64, kind: Kind) -> Result<HttpResponse, Problem> {
    let change: Change = api::json(&visit)?;
    let thread = thread_of_kind(&visit, id, kind).await?;
    let revised = Revised {
        title: change.title,
        tags: change.tags,
        body: change.body,
        reason: change.reason,
        version: change.version,
    };
    let prepared = revised.prepare(kind).map_err(Problem::invalid)?;
    let limited = visit.hall.config.limits;
    acting(&visit, On::Thread(thread), Some(posts::CHANGES), move |c, viewer, now| {
        match suggestions::edit_or_suggest(c, viewer, id, &prepared, limited, now) {
            Ok(Outcome::Saved(version)) => Ok(Reply::ok(&Changed { id, version })),
            Ok(Outcome::Suggested(suggestion_id)) => Ok(Reply::taken(&SuggestedEdit { suggestion_id })),
            Err(Failure::Refused(problem)) => Ok(Err(problem)),
            Err(Failure::Broken(error)) => Err(Failure::Broken(error)),
        }
    })
    .await
}

/// Delete a post of any kind. Deleting an accepted answer withdraws the acceptance.
///
/// # Errors
/// What [`questions::remove`] refuses.
#[utoipa::path(delete, path = "/api/v1/posts/{id}", tag = "posts", params(("id" = i64, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn delete(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_post(visit, id, questions::remove).await
}

/// Bring a deleted post back. One that was removed as spam or abuse only others than its author bring back: its votes count
/// again and its author has the points again, but an acceptance or endorsement has to be given again.
///
/// # Errors
/// What [`questions::restore`] refuses.
#[utoipa::path(post, path = "/api/v1/posts/{id}/undelete", tag = "posts", params(("id" = i64, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn undelete(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_post(visit, id, questions::restore).await
}

/// Why a post is removed.
#[derive(Deserialize, ToSchema)]
pub struct Removal {
    /// `spam` or `abuse`.
    why: String,
}

/// Remove a post as spam or abuse (moderators): its votes count no longer, and its author loses points until it is
/// brought back by `undelete`.
///
/// # Errors
/// What [`questions::remove_as`] refuses.
#[utoipa::path(post, path = "/api/v1/posts/{id}/remove", tag = "posts", params(("id" = i64, Path)), request_body = Removal,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn remove(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Removal { why } = api::json(&visit)?;
    let why = crate::threads::verdicts::why(&why)?;
    on_post(visit, id, move |c, viewer, id, now| questions::remove_as(c, viewer, id, why, now)).await
}

/// Endorse an answer (staff): it counts as a solution.
///
/// # Errors
/// What [`questions::endorse`] refuses.
#[utoipa::path(put, path = "/api/v1/answers/{id}/endorsed", tag = "answers", params(("id" = i64, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn endorse(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_post(visit, id, questions::endorse).await
}

/// Take an endorsement back (staff).
///
/// # Errors
/// What [`questions::unendorse`] refuses.
#[utoipa::path(delete, path = "/api/v1/answers/{id}/endorsed", tag = "answers", params(("id" = i64, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn unendorse(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_post(visit, id, questions::unendorse).await
}

async fn on_post<F>(visit: Visit, id: Path<i64>, mut body: F) -> Result<HttpResponse, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64, i64) -> Result<(), Failure<Refusal>> + Send + 'static,
{
    let id = id.into_inner();
    let thread = thread_of(&visit, id).await?;
    acting(&visit, On::Thread(thread), Some(posts::CHANGES), move |c, viewer, now| {
        body(c, viewer, id, now)?;
        Ok(Ok(Reply::done()))
    })
    .await
}
