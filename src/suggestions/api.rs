//! Suggested edits in the API.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::merge::Words;
use super::routes::{Decision, load};
use super::rules::Verdict;
use super::store::{self, Row};
use super::view::{self, Shown};
use super::{Rejection, withdraw};
use crate::clock::rfc3339;
use crate::db::{Conn, Failure, On};
use crate::posts::{self, AuthorRow, Post, Refusal};
use crate::questions::post_url;
use crate::web::api::{self, Reply};
use crate::web::cursor::{Listed, Span, encode};
use crate::web::limits::within;
use crate::web::{FieldProblem, Problem, ProblemDocument, Viewer, Visit, once};

/// A suggested edit; what it leaves as it was is null.
#[derive(Serialize, ToSchema)]
pub struct SuggestionJson {
    id: i64,
    post_id: i64,
    question_id: i64,
    /// A path of this site.
    url: String,
    /// `waiting`, `approved`, `rejected` or `withdrawn`.
    state: String,
    /// Who suggested it.
    suggester: SuggesterJson,
    /// The version it was made from.
    base_version: i64,
    title: Option<String>,
    tags: Option<Vec<String>>,
    body: Option<String>,
    /// Why, in the suggester's words.
    reason: Option<String>,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339.
    decided_at: Option<String>,
    /// Why it was rejected: `no-improvement`, `changes-meaning`, `wrong`, `elsewhere`, `done` or `other`.
    verdict: Option<String>,
    /// The same in words.
    words: Option<String>,
    /// The version that approving it made.
    version: Option<i64>,
    /// Whether that was rolled back since.
    undone: bool,
}

/// Who suggested an edit.
#[derive(Serialize, ToSchema)]
pub struct SuggesterJson {
    id: i64,
    name: String,
}

/// A suggested edit beside what the post says now.
#[derive(Serialize, ToSchema)]
pub struct SuggestionDetail {
    #[serde(flatten)]
    suggestion: SuggestionJson,
    /// Whether the caller may decide about it now.
    may_decide: bool,
    /// The post's version now: for the decision.
    post_version: i64,
    /// What approving it as it is would save.
    merged: MergedJson,
    /// Places changed on both sides since: approving needs the fields said.
    conflicts: Vec<ConflictJson>,
}

/// A title, tags and text.
#[derive(Serialize, ToSchema)]
pub struct MergedJson {
    title: Option<String>,
    tags: Option<Vec<String>>,
    body: String,
}

/// A place that was changed on both sides.
#[derive(Serialize, ToSchema)]
pub struct ConflictJson {
    /// `title`, `tags` or `body`.
    field: &'static str,
    /// What stands now.
    current: String,
    /// What is suggested.
    suggested: String,
}

/// A decision about a suggested edit.
#[derive(Deserialize, ToSchema)]
pub struct DecisionJson {
    /// `approve` or `reject`.
    decision: String,
    /// To reject: one of the named reasons, or words.
    #[serde(default)]
    reason: Option<String>,
    /// To approve another title than the merged one.
    #[serde(default)]
    title: Option<String>,
    /// To approve other tags than the merged ones.
    #[serde(default)]
    tags: Option<Vec<String>>,
    /// To approve another text than the merged one.
    #[serde(default)]
    body: Option<String>,
    /// To approve: the post's version that the decider saw.
    #[serde(default)]
    version: Option<i64>,
}

/// Suggested edits that wait and the caller decides about, oldest first, those on the caller's own posts before others; with
/// `mine=1` the caller's own, newest first.
#[utoipa::path(get, path = "/api/v1/suggestions", tag = "suggestions",
    params(("mine" = Option<bool>, Query), ("after" = Option<String>, Query), ("limit" = Option<i64>, Query)),
    responses((status = 200, body = Listed<SuggestionJson>), (status = 400, body = ProblemDocument)))]
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let span: Span<(i64,)> = Span::asked(&visit.query)?;
    let mine = visit.query.ticked("mine");
    let (after, limit) = (span.after.map(|(id,)| id), span.limit);
    let page = visit
        .read(move |c, viewer| {
            let enough = limit / 2;
            let (mut all, (more, next)) = match (mine, after) {
                (true, after) => (Vec::new(), store::own(c, viewer, after.unwrap_or(i64::MAX), limit)?),
                (false, Some(after)) => {
                    (Vec::new(), store::on_others_posts(c, viewer, after, (limit, enough))?)
                }
                (false, None) => {
                    let others = store::on_others_posts(c, viewer, 0, (limit, enough))?;
                    (store::on_own_posts(c, viewer, 100)?, others)
                }
            };
            all.extend(more);
            let items = told(c, all)?;
            Ok::<_, Failure<Refusal>>(Listed { items, next: next.map(|last| encode(&(last,))) })
        })
        .await?;
    api::send(&page)
}

fn told(c: &mut Conn, found: Vec<(i64, Post)>) -> diesel::QueryResult<Vec<SuggestionJson>> {
    let all = store::rows(c, found)?;
    let beside: Vec<_> = all.iter().map(|(row, post)| (row.suggester_id, post)).collect();
    let (titles, people) = view::beside(c, &beside)?;
    let one = |(row, post): &(Row, Post)| {
        let title = titles.get(&post.thread()).map_or("", String::as_str);
        json(row, post, title, people.get(&row.suggester_id))
    };
    Ok(all.iter().map(one).collect())
}

fn json(row: &Row, post: &Post, question_title: &str, suggester: Option<&AuthorRow>) -> SuggestionJson {
    SuggestionJson {
        id: row.id,
        post_id: post.id,
        question_id: post.thread(),
        url: post_url(post.thread(), question_title, post.kind(), post.id),
        state: row.state.clone(),
        suggester: SuggesterJson {
            id: row.suggester_id,
            name: suggester.map(|person| person.name.clone()).unwrap_or_default(),
        },
        base_version: row.base_version,
        title: row.title.clone(),
        tags: row.tag_names(),
        body: row.body.clone(),
        reason: row.reason.clone(),
        created_at: rfc3339(row.made_at),
        decided_at: row.decided_at.map(rfc3339),
        verdict: row.verdict.clone(),
        words: row.words.clone(),
        version: row.version,
        undone: row.undone_at.is_some(),
    }
}

/// A suggested edit, for its suggester and those who decide about it.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/api/v1/suggestions/{id}", tag = "suggestions", params(("id" = i64, Path)),
    responses((status = 200, body = SuggestionDetail), (status = 404, body = ProblemDocument)))]
pub async fn show(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let shown = load(&visit, id.into_inner()).await?;
    api::send(&SuggestionDetail {
        suggestion: json(&shown.row, &shown.post, &shown.title, shown.people.get(&shown.row.suggester_id)),
        may_decide: shown.decides && shown.row.waits(),
        post_version: shown.post.version,
        merged: MergedJson {
            title: shown.merged.words.title.clone(),
            tags: shown.merged.words.tags.clone(),
            body: shown.merged.words.body.clone(),
        },
        conflicts: if shown.row.waits() { conflicts(&shown) } else { Vec::new() },
    })
}

fn conflicts(shown: &Shown) -> Vec<ConflictJson> {
    let Shown { current, suggested, merged, .. } = shown;
    let title = merged.title.clone().map(|suggested| ConflictJson {
        field: "title",
        current: current.title.clone().unwrap_or_default(),
        suggested,
    });
    let tags = merged.tags.then(|| ConflictJson {
        field: "tags",
        current: current.tags.clone().unwrap_or_default().join(" "),
        suggested: suggested.tags.clone().unwrap_or_default().join(" "),
    });
    let body = merged.clashes.iter().map(|clash| ConflictJson {
        field: "body",
        current: clash.ours.clone(),
        suggested: clash.theirs.clone(),
    });
    title.into_iter().chain(tags).chain(body).collect()
}

/// Approve or reject a suggested edit. What is left out of title, tags and body is as merged; what is given instead is saved as
/// the caller's own version, after the suggester's. 409 `stale` when the post changed
/// since, `suggestion-torn` when a field was changed on both sides and is left out, `already` when it was decided.
///
/// # Errors
/// What [`super::approve`] and [`super::reject`] refuse.
#[utoipa::path(post, path = "/api/v1/suggestions/{id}/decision", tag = "suggestions", params(("id" = i64, Path)),
    request_body = DecisionJson,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn decide(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let said: DecisionJson = api::json(&visit)?;
    let shown = load(&visit, id).await?;
    let decision = match said.decision.as_str() {
        "approve" => {
            let version = said
                .version
                .ok_or_else(|| Problem::invalid_field(FieldProblem::new("version", "missing")))?;
            let merged = &shown.merged;
            let torn = (merged.title.is_some() && said.title.is_none())
                || (merged.tags && said.tags.is_none())
                || (!merged.clashes.is_empty() && said.body.is_none());
            // A decider who saw an older version is told that first.
            if torn && shown.row.waits() && shown.decides && version == shown.post.version {
                return Err(Problem::conflict("suggestion-torn"));
            }
            let words = Words {
                title: said.title.or_else(|| merged.words.title.clone()),
                tags: said.tags.or_else(|| merged.words.tags.clone()),
                body: said.body.unwrap_or_else(|| merged.words.body.clone()),
            };
            Decision::Approve(Box::new(shown.approval(&words, version).map_err(Problem::invalid)?))
        }
        "reject" => {
            let verdict = said.reason.as_deref().and_then(Verdict::parse);
            let words = said.reason.as_deref().filter(|_| verdict.is_none());
            let renamed = |problem: FieldProblem| FieldProblem { field: "reason".into(), ..problem };
            let why =
                Rejection::new(verdict, words).map_err(|problem| Problem::invalid_field(renamed(problem)));
            Decision::Reject(why?)
        }
        _ => return Err(Problem::invalid_field(FieldProblem::new("decision", "unknown-choice"))),
    };
    act(&visit, shown.post.thread(), move |c, viewer, now| decision.make(c, viewer, id, now)).await
}

/// Withdraw one's own suggested edit.
///
/// # Errors
/// What [`super::withdraw`] refuses.
#[utoipa::path(delete, path = "/api/v1/suggestions/{id}", tag = "suggestions", params(("id" = i64, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn remove(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let thread = load(&visit, id).await?.post.thread();
    act(&visit, thread, move |c, viewer, now| withdraw(c, viewer, id, now)).await
}

async fn act<F>(visit: &Visit, thread: i64, mut body: F) -> Result<HttpResponse, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64) -> Result<(), Failure<Refusal>> + Send + 'static,
{
    let (now, limit) = (visit.now, Some(posts::CHANGES).filter(|_| visit.hall.config.limits));
    once::act(visit, On::Thread(thread), move |c, viewer| -> Result<Reply, Failure<Problem>> {
        within(c, limit, &viewer.id.to_string(), now, |c| {
            body(c, viewer, now).map_err(|failure| failure.map(Problem::from))
        })?;
        Ok(Reply::done())
    })
    .await
}
