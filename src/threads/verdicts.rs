//! Verdicts on posts, as forms: taking away, bringing back, removing as spam or abuse, endorsing.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::routes::{act, thread_of};
use crate::db::{Conn, Failure, On};
use crate::posts::{self, Refusal, Why};
use crate::questions;
use crate::web::{FieldProblem, Problem, Viewer, Visit};

/// `POST /posts/{id}/delete`.
///
/// # Errors
/// What [`questions::remove`] refuses.
pub async fn delete(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_post(visit, id, "deleted", questions::remove).await
}

/// `POST /posts/{id}/undelete`.
///
/// # Errors
/// What [`questions::restore`] refuses.
pub async fn undelete(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    // What the word is to say is gone from the post once it is back.
    let post = *id;
    let marked = visit
        .read(move |c, viewer| {
            let found = posts::find(c, viewer, post)?.ok_or(Refusal::NotFound)?;
            Ok::<_, Failure<Refusal>>(found.post.gone().is_some_and(|gone| gone.marked))
        })
        .await?;
    on_post(visit, id, if marked { "undeleted-marked" } else { "undeleted" }, questions::restore).await
}

/// `POST /posts/{id}/endorse`.
///
/// # Errors
/// What [`questions::endorse`] refuses.
pub async fn endorse(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_post(visit, id, "endorsed", questions::endorse).await
}

/// `POST /posts/{id}/unendorse`.
///
/// # Errors
/// What [`questions::unendorse`] refuses.
pub async fn unendorse(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_post(visit, id, "unendorsed", questions::unendorse).await
}

/// `POST /posts/{id}/remove` with `why`: `spam` or `abuse`.
///
/// # Errors
/// What [`questions::remove_as`] refuses.
pub async fn remove(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let why = why(visit.form.text("why"))?;
    on_post(visit, id, "removed", move |c, viewer, id, now| questions::remove_as(c, viewer, id, why, now))
        .await
}

/// Reads why a post is removed.
pub(super) fn why(typed: &str) -> Result<Why, Problem> {
    Why::parse(typed).ok_or_else(|| Problem::invalid_field(FieldProblem::new("why", "unknown-choice")))
}

/// An act on a post, then back to it with a word.
async fn on_post<F>(visit: Visit, id: Path<i64>, word: &str, mut body: F) -> Result<HttpResponse, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64, i64) -> Result<(), Failure<Refusal>> + Send + 'static,
{
    let id = id.into_inner();
    let thread = thread_of(&visit, id).await?;
    let url = act(&visit, On::Thread(thread), Some(posts::CHANGES), move |c, viewer, now| {
        body(c, viewer, id, now)?;
        Ok(id)
    })
    .await?;
    Ok(visit.see(&url, Some(word)))
}
