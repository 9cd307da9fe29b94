//! Answering, commenting, voting, choosing, following and "I have this too", in the API.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{acting, thread_of_kind};
use crate::answers;
use crate::comments;
use crate::db::{Conn, Failure, On};
use crate::posts::{self, Kind, Refusal, Written};
use crate::questions::{self, AffectedBy, Thread, post_url};
use crate::threads::routes::thread_of;
use crate::votes;
use crate::web::api::{self, Reply};
use crate::web::{FieldProblem, Problem, ProblemDocument, Viewer, Visit};

/// A body to be posted.
#[derive(Deserialize, ToSchema)]
pub struct NewBody {
    /// Markdown.
    body: String,
}

/// What was made.
#[derive(Serialize, ToSchema)]
pub struct Made {
    /// Its id.
    id: i64,
    /// Where it is shown.
    url: String,
}

/// A vote.
#[derive(Deserialize, ToSchema)]
pub struct NewVote {
    /// 1, 0 or −1.
    value: i64,
}

/// A vote as it counts.
#[derive(Serialize, ToSchema)]
pub struct VoteJson {
    /// The post's score.
    score: i64,
    /// The viewer's vote.
    vote: i64,
}

/// The asker's choice.
#[derive(Deserialize, ToSchema)]
pub struct Choice {
    /// An answer of this question.
    answer_id: i64,
}

/// What somebody says about their own case; all of it may be left out.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Case {
    /// Version of the product.
    product_version: Option<String>,
    /// Platform.
    platform: Option<String>,
    /// Anything else, short.
    note: Option<String>,
}

/// Answer a question.
///
/// # Errors
/// What [`answers::post`] refuses.
#[utoipa::path(post, path = "/api/v1/questions/{id}/answers", tag = "answers", params(("id" = i64, Path)), request_body = NewBody,
    responses((status = 201, body = Made), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn answer(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let new: NewBody = api::json(&visit)?;
    thread_of_kind(&visit, id, Kind::Question).await?;
    let written = Written::new(Kind::Answer, &new.body).map_err(Problem::invalid_field)?;
    acting(&visit, On::Thread(id), Some(answers::LIMIT), move |c, viewer, now| {
        let made = answers::post(c, viewer, id, &written, now)?;
        created(c, made)
    })
    .await
}

/// Comment on a question or an answer.
///
/// # Errors
/// What [`comments::post`] refuses.
#[utoipa::path(post, path = "/api/v1/posts/{id}/comments", tag = "comments", params(("id" = i64, Path)), request_body = NewBody,
    responses((status = 201, body = Made), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn comment(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let new: NewBody = api::json(&visit)?;
    let thread = thread_of(&visit, id).await?;
    let written = Written::new(Kind::Comment, &new.body).map_err(Problem::invalid_field)?;
    acting(&visit, On::Thread(thread), Some(comments::LIMIT), move |c, viewer, now| {
        let made = comments::post(c, viewer, id, &written, now)?;
        created(c, made)
    })
    .await
}

/// Vote up (1), down (−1), or take the vote back (0).
///
/// # Errors
/// What [`votes::cast`] refuses.
#[utoipa::path(put, path = "/api/v1/posts/{id}/vote", tag = "posts", params(("id" = i64, Path)), request_body = NewVote,
    responses((status = 200, body = VoteJson), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn vote(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let NewVote { value } = api::json(&visit)?;
    if !(-1..=1).contains(&value) {
        let wrong = FieldProblem::new("value", "out-of-range").with("min", -1).with("max", 1);
        return Err(Problem::invalid_field(wrong));
    }
    let thread = thread_of(&visit, id).await?;
    acting(&visit, On::Thread(thread), Some(votes::LIMIT), move |c, viewer, now| {
        let score = votes::cast(c, viewer, id, value, now)?;
        Ok(Reply::ok(&VoteJson { score, vote: value }))
    })
    .await
}

/// Accept an answer of one's own question.
///
/// # Errors
/// What [`questions::accept`] refuses.
#[utoipa::path(put, path = "/api/v1/questions/{id}/accepted", tag = "questions", params(("id" = i64, Path)), request_body = Choice,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn accept(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Choice { answer_id } = api::json(&visit)?;
    on_question(visit, id, move |c, viewer, id, now| questions::accept(c, viewer, id, answer_id, now)).await
}

/// Take the choice back.
///
/// # Errors
/// What [`questions::unaccept`] refuses.
#[utoipa::path(delete, path = "/api/v1/questions/{id}/accepted", tag = "questions", params(("id" = i64, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn unaccept(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, questions::unaccept).await
}

/// "I have this too."
///
/// # Errors
/// What [`questions::count_me`] refuses.
#[utoipa::path(put, path = "/api/v1/questions/{id}/affected", tag = "questions", params(("id" = i64, Path)), request_body = Option<Case>,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn affected(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let case: Case = if visit.body.is_empty() { Case::default() } else { api::json(&visit)? };
    let case = AffectedBy { product_version: case.product_version, platform: case.platform, note: case.note };
    let case = case.checked().map_err(Problem::invalid)?;
    on_question(visit, id, move |c, viewer, id, now| questions::count_me(c, viewer, id, &case, now)).await
}

/// "I don't have this any more."
///
/// # Errors
/// What [`questions::uncount_me`] refuses.
#[utoipa::path(delete, path = "/api/v1/questions/{id}/affected", tag = "questions", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn unaffected(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, questions::uncount_me).await
}

/// Follow a question.
///
/// # Errors
/// What [`questions::follow`] refuses.
#[utoipa::path(put, path = "/api/v1/questions/{id}/follow", tag = "questions", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn follow(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, questions::follow).await
}

/// Stop following a question.
///
/// # Errors
/// What [`questions::unfollow`] refuses.
#[utoipa::path(delete, path = "/api/v1/questions/{id}/follow", tag = "questions", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn unfollow(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, |c, viewer, id, _| questions::unfollow(c, viewer, id)).await
}

async fn on_question<F>(visit: Visit, id: Path<i64>, mut body: F) -> Result<HttpResponse, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64, i64) -> Result<(), Failure<Refusal>> + Send + 'static,
{
    let id = id.into_inner();
    acting(&visit, On::Thread(id), Some(posts::CHANGES), move |c, viewer, now| {
        body(c, viewer, id, now)?;
        Ok(Ok(Reply::done()))
    })
    .await
}

/// 201 for a post just made.
fn created(c: &mut Conn, id: i64) -> Result<Result<Reply, Problem>, Failure<Refusal>> {
    let (thread, kind) = posts::place(c, id)?;
    let url = post_url(thread, &Thread::load(c, thread)?.title, kind, id);
    Ok(Reply::created(&Made { id, url: url.clone() }, url))
}
