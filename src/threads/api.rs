//! Threads and their posts in the API: the same acts as the pages', as JSON.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::editing::all_versions;
use super::routes::thread_of;
use super::schema::{AuthorJson, QuestionJson, author, question};
use super::view;
use crate::answers;
use crate::clock::rfc3339;
use crate::comments;
use crate::db::{Conn, Failure, On};
use crate::posts::{self, Kind, Refusal, Written};
use crate::questions::{self, AffectedBy, Revised, Thread, post_url};
use crate::votes;
use crate::web::api::{self, Reply};
use crate::web::limits::{Limit, spend};
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

/// A version of a post's text.
#[derive(Serialize, ToSchema)]
pub struct RevisionJson {
    version: i64,
    title: Option<String>,
    tags: Option<Vec<String>>,
    body: String,
    body_format: String,
    editor: AuthorJson,
    reason: Option<String>,
    created_at: String,
}

/// All versions, oldest first.
#[derive(Serialize, ToSchema)]
pub struct RevisionsJson {
    items: Vec<RevisionJson>,
    /// Always null: all versions are sent.
    next: Option<String>,
}

fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A question with its answers and comments.
///
/// # Errors
/// 404 for what the viewer may not know of.
#[utoipa::path(get, path = "/api/v1/questions/{id}", tag = "questions", params(("id" = i64, Path)),
    responses((status = 200, body = QuestionJson), (status = 404, body = ProblemDocument)))]
pub async fn show(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let view = visit
        .read(move |c, viewer| {
            view::load(c, viewer, id)?.ok_or_else(|| Failure::<Refusal>::from(Refusal::NotFound))
        })
        .await?;
    api::send(&question(&view))
}

/// Edit a question.
///
/// # Errors
/// What [`questions::edit`] refuses.
#[utoipa::path(patch, path = "/api/v1/questions/{id}", tag = "questions", params(("id" = i64, Path)), request_body = Change,
    responses((status = 200, body = Changed), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn edit_question(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    edit(visit, id.into_inner(), Kind::Question).await
}

/// Edit an answer.
///
/// # Errors
/// What [`questions::edit`] refuses.
#[utoipa::path(patch, path = "/api/v1/answers/{id}", tag = "answers", params(("id" = i64, Path)), request_body = Change,
    responses((status = 200, body = Changed), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
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
    acting(&visit, On::Thread(thread), None, move |c, viewer, now| {
        let version = questions::edit(c, viewer, id, &prepared, now)?;
        Ok(Reply::ok(&Changed { id, version }))
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

/// Bring a deleted post back.
///
/// # Errors
/// What [`questions::restore`] refuses.
#[utoipa::path(post, path = "/api/v1/posts/{id}/undelete", tag = "posts", params(("id" = i64, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn undelete(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_post(visit, id, questions::restore).await
}

/// All versions of a post's text, oldest first.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/api/v1/posts/{id}/revisions", tag = "posts", params(("id" = i64, Path)),
    responses((status = 200, body = RevisionsJson), (status = 404, body = ProblemDocument)))]
pub async fn revisions(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let (_, _, versions) = visit.read(move |c, viewer| all_versions(c, viewer, id)).await?;
    let items = versions
        .into_iter()
        .map(|version| RevisionJson {
            version: version.number,
            title: version.heading.as_ref().map(|heading| heading.title.clone()),
            tags: version.heading.map(|heading| heading.tags),
            body: version.body,
            body_format: version.body_format,
            editor: author(version.editor.as_ref(), version.editor_name.as_deref()),
            reason: version.reason,
            created_at: rfc3339(version.made_at),
        })
        .collect();
    api::send(&RevisionsJson { items, next: None })
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
    acting(&visit, On::Thread(id), None, move |c, viewer, now| {
        body(c, viewer, id, now)?;
        Ok(Ok(Reply::done()))
    })
    .await
}

async fn on_post<F>(visit: Visit, id: Path<i64>, mut body: F) -> Result<HttpResponse, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64, i64) -> Result<(), Failure<Refusal>> + Send + 'static,
{
    let id = id.into_inner();
    let thread = thread_of(&visit, id).await?;
    acting(&visit, On::Thread(thread), None, move |c, viewer, now| {
        body(c, viewer, id, now)?;
        Ok(Ok(Reply::done()))
    })
    .await
}

/// Runs an act within its limit, once per idempotency key.
pub(crate) async fn acting<F>(
    visit: &Visit,
    on: On,
    limit: Option<Limit>,
    mut body: F,
) -> Result<HttpResponse, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64) -> Result<Result<Reply, Problem>, Failure<Refusal>> + Send + 'static,
{
    let now = visit.now;
    let limit = limit.filter(|_| visit.hall.config.limits);
    api::act(visit, on, move |c, viewer| -> Result<Reply, Failure<Problem>> {
        if let Some(limit) = limit {
            spend(c, limit, &viewer.id.to_string(), now)?;
        }
        let reply = body(c, viewer, now).map_err(|failure| failure.map(Problem::from))?;
        reply.map_err(Failure::Refused)
    })
    .await
}

/// 201 for a post just made.
fn created(c: &mut Conn, id: i64) -> Result<Result<Reply, Problem>, Failure<Refusal>> {
    let (thread, kind) = posts::place(c, id)?;
    let url = post_url(thread, &Thread::load(c, thread)?.title, kind, id);
    Ok(Reply::created(&Made { id, url: url.clone() }, url))
}

/// The thread of a post of this kind that the viewer may see.
async fn thread_of_kind(visit: &Visit, id: i64, kind: Kind) -> Result<i64, Problem> {
    visit
        .read(move |c, viewer| {
            let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == kind);
            Ok::<_, Failure<Refusal>>(found.ok_or(Refusal::NotFound)?.post.thread())
        })
        .await
}
