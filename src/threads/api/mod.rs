//! Threads and their posts in the API: the same acts as the pages', as JSON.

pub mod acts;
pub mod editing;

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Serialize;
use utoipa::ToSchema;

use super::editing::some_versions;
use super::schema::{AuthorJson, QuestionJson, author, question};
use super::view;
use crate::clock::rfc3339;
use crate::db::{Conn, Failure, On};
use crate::posts::{self, Kind, Refusal};
use crate::web::api::{self, Reply};
use crate::web::cursor::{Listed, Span};
use crate::web::limits::{Limit, within};
use crate::web::once;
use crate::web::{Problem, ProblemDocument, Viewer, Visit};

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

/// All versions of a post's text, oldest first.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/api/v1/posts/{id}/revisions", tag = "posts",
    params(("id" = i64, Path), ("after" = Option<String>, Query), ("limit" = Option<i64>, Query)),
    responses((status = 200, body = Listed<RevisionJson>), (status = 400, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn revisions(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let span: Span<(i64,)> = Span::asked(&visit.query)?;
    let (after, fetch) = (span.after.map_or(0, |(number,)| number), span.fetch());
    let (_, _, versions) = visit
        .read(move |c, viewer| {
            let first = after.saturating_add(1);
            some_versions(c, viewer, id, |_| first..=first.saturating_add(fetch - 1))
        })
        .await?;
    let page = Listed::cut(versions, &span, |version| (version.number,));
    api::send(&page.map(|version| RevisionJson {
        version: version.number,
        title: version.heading.as_ref().map(|heading| heading.title.clone()),
        tags: version.heading.map(|heading| heading.tags),
        body: version.body,
        body_format: version.body_format,
        editor: author(version.editor.as_ref(), version.editor_name.as_deref()),
        reason: version.reason,
        created_at: rfc3339(version.made_at),
    }))
}

/// Runs an act within its limit, once per idempotency key.
async fn acting<F>(visit: &Visit, on: On, limit: Option<Limit>, mut body: F) -> Result<HttpResponse, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64) -> Result<Result<Reply, Problem>, Failure<Refusal>> + Send + 'static,
{
    let now = visit.now;
    let limit = limit.filter(|_| visit.hall.config.limits);
    once::act(visit, on, move |c, viewer| -> Result<Reply, Failure<Problem>> {
        within(c, limit, &viewer.id.to_string(), now, |c| {
            let reply = body(c, viewer, now).map_err(|failure| failure.map(Problem::from))?;
            reply.map_err(Failure::Refused)
        })
    })
    .await
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
