//! `/api/v1/search` and `/api/v1/similar`.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::find::{Alike, Order};
use super::hits::{self, Asking, Counts, Hits, Item, NoHits};
use super::index::SearchIndex;
use super::near::{self, NearQuestion};
use crate::clock::rfc3339;
use crate::db::Failure;
use crate::posts::{AuthorRow, unfinished};
use crate::questions::{State, post_url, question_url};
use crate::web::api;
use crate::web::cursor::{self, MOST};
use crate::web::{FieldProblem, Problem, ProblemDocument, Visit};

/// What was found.
#[derive(Serialize, ToSchema)]
pub struct SearchAnswer {
    /// Posts in all.
    total: u64,
    /// Those of this page.
    items: Vec<SearchItem>,
    /// What to send as `after` for the next page; null at the end.
    next: Option<String>,
    /// Counts over all that was found.
    facets: SearchFacets,
    /// The query with its mistakes corrected, where something better is there.
    did_you_mean: Option<String>,
    /// Whether no post has all the words, and these have some of them.
    some_words_only: bool,
    /// What looked like an operator and was searched as words.
    not_understood: Vec<String>,
}

/// A post that was found.
#[derive(Serialize, ToSchema)]
pub struct SearchItem {
    /// `question`, `answer` or `comment`.
    kind: &'static str,
    question_id: i64,
    post_id: i64,
    url: String,
    /// Its thread's title.
    title: String,
    /// HTML: escaped text with `<mark>` around what was looked for.
    title_html: String,
    /// HTML, likewise.
    snippet_html: String,
    /// Up minus down.
    score: i64,
    /// The thread's state.
    state: State,
    /// The space's key.
    space: String,
    tags: Vec<String>,
    author: SearchAuthor,
    created_at: String,
}

/// Who wrote it; `id` is null for a name that an import brought without an account.
#[derive(Serialize, ToSchema)]
pub struct SearchAuthor {
    id: Option<i64>,
    name: String,
}

/// How many of what was found are of which kind.
#[derive(Serialize, ToSchema)]
pub struct SearchFacets {
    spaces: Vec<SpaceFacet>,
    tags: Vec<TagFacet>,
    states: Vec<StateFacet>,
    kinds: Vec<KindFacet>,
}

/// Of one space.
#[derive(Serialize, ToSchema)]
pub struct SpaceFacet {
    key: String,
    name: String,
    count: u64,
}

/// With one tag.
#[derive(Serialize, ToSchema)]
pub struct TagFacet {
    tag: String,
    count: u64,
}

/// In one state.
#[derive(Serialize, ToSchema)]
pub struct StateFacet {
    state: State,
    count: u64,
}

/// Of one kind.
#[derive(Serialize, ToSchema)]
pub struct KindFacet {
    kind: &'static str,
    count: u64,
}

/// Similar questions.
#[derive(Serialize, ToSchema)]
pub struct SimilarAnswer {
    items: Vec<SimilarItem>,
}

/// A similar question.
#[derive(Serialize, ToSchema)]
pub struct SimilarItem {
    question_id: i64,
    title: String,
    url: String,
    /// Whether it has an answer that helped.
    solved: bool,
    state: State,
    /// The first words of the chosen answer.
    accepted_excerpt: Option<String>,
    /// Which part of the asker's words it has, in percent.
    shared: u8,
}

/// What somebody is about to ask.
#[derive(Deserialize, ToSchema)]
pub struct SimilarTo {
    /// The title, as far as it is written.
    #[serde(default)]
    title: String,
    /// The body.
    #[serde(default)]
    body: String,
    /// How many at most, 1 to 100; 5 where nothing is said.
    limit: Option<i64>,
}

/// Posts on a page, where no other limit is given.
pub(super) const POSTS: i64 = 20;
/// Characters of a title that is compared; it may be longer than one that is asked with.
const TITLE_MOST: usize = 1_000;

impl From<NoHits> for Failure<Problem> {
    fn from(why: NoHits) -> Failure<Problem> {
        match why {
            NoHits::Index(_) => {
                let problem =
                    Problem::new(actix_web::http::StatusCode::SERVICE_UNAVAILABLE, "search-not-ready");
                Failure::Refused(Problem { retry_after: Some(5), ..problem })
            }
            NoHits::Database(error) => error.into(),
        }
    }
}

/// Reads what a search page or the API was asked for.
///
/// # Errors
/// An order or cursor that is none, a limit out of range.
pub(super) fn asking(visit: &Visit, usual: i64) -> Result<Asking, Problem> {
    let limit = visit.query.number("limit")?.unwrap_or(usual);
    if !(1..=MOST).contains(&limit) {
        let wrong = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MOST);
        return Err(Problem::invalid_field(wrong));
    }
    let unknown = || Problem::invalid_field(FieldProblem::new("sort", "unknown-choice"));
    let order = visit.query.given("sort").map(|name| Order::parse(name).ok_or_else(unknown)).transpose()?;
    let after: Option<(i64, i64)> = visit.query.given("after").map(cursor::decode).transpose()?;
    let skipped = after.and_then(|(skipped, _)| usize::try_from(skipped).ok()).unwrap_or(0);
    Ok(Asking {
        typed: visit.query.text("q").to_owned(),
        order: order.unwrap_or_default(),
        skipped: skipped.min(hits::DEEPEST),
        most: usize::try_from(limit).unwrap_or(1),
    })
}

/// The cursor of the page behind this one.
pub(super) fn next(asking: &Asking, hits: &Hits) -> Option<String> {
    let shown = asking.skipped + asking.most;
    hits.more.then(|| cursor::encode(&(shown as i64, 0_i64)))
}

/// Search posts.
#[utoipa::path(get, path = "/api/v1/search", tag = "search",
    params(("q" = String, Query), ("sort" = Option<String>, Query), ("after" = Option<String>, Query),
        ("limit" = Option<i64>, Query)),
    responses((status = 200, body = SearchAnswer), (status = 400, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 503, body = ProblemDocument)))]
pub async fn search(visit: Visit, index: Data<SearchIndex>) -> Result<HttpResponse, Problem> {
    let asking = asking(&visit, POSTS)?;
    let (wanted, now) = (asking.clone(), visit.now);
    let hits = visit
        .read(move |c, viewer| Ok::<_, Failure<Problem>>(hits::search(c, viewer, &index, &wanted, now)?))
        .await?;
    api::send(&SearchAnswer {
        next: next(&asking, &hits),
        total: hits.total,
        items: hits.items.into_iter().map(item).collect(),
        facets: facets(hits.facets),
        did_you_mean: hits.did_you_mean,
        some_words_only: hits.some_words_only,
        not_understood: hits.asked.broken,
    })
}

/// Find questions similar to one that is about to be asked.
#[utoipa::path(get, path = "/api/v1/similar", tag = "search",
    params(("title" = Option<String>, Query), ("body" = Option<String>, Query), ("limit" = Option<i64>, Query)),
    responses((status = 200, body = SimilarAnswer), (status = 422, body = ProblemDocument),
        (status = 503, body = ProblemDocument)))]
pub async fn similar(visit: Visit, index: Data<SearchIndex>) -> Result<HttpResponse, Problem> {
    let text = |name: &str| visit.query.text(name).to_owned();
    let to = SimilarTo { title: text("title"), body: text("body"), limit: visit.query.number("limit")? };
    answer_similar(visit, index, to).await
}

/// The same with a body of any length.
#[utoipa::path(post, path = "/api/v1/similar", tag = "search", request_body = SimilarTo,
    responses((status = 200, body = SimilarAnswer), (status = 422, body = ProblemDocument),
        (status = 503, body = ProblemDocument)))]
pub async fn similar_to(visit: Visit, index: Data<SearchIndex>) -> Result<HttpResponse, Problem> {
    let to: SimilarTo = api::json(&visit)?;
    answer_similar(visit, index, to).await
}

async fn answer_similar(
    visit: Visit,
    index: Data<SearchIndex>,
    to: SimilarTo,
) -> Result<HttpResponse, Problem> {
    let limit = to.limit.unwrap_or(5);
    if !(1..=MOST).contains(&limit) {
        let wrong = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MOST);
        return Err(Problem::invalid_field(wrong));
    }
    let found = to.title.chars().count();
    if found > TITLE_MOST {
        let long = FieldProblem::new("title", "too-long").with("max", TITLE_MOST).with("found", found);
        return Err(Problem::invalid_field(long));
    }
    let body = unfinished(&to.body).await?.text;
    let most = usize::try_from(limit).unwrap_or(1);
    let found = visit
        .read(move |c, viewer| {
            let alike = Alike { title: &to.title, body: &body, except: None };
            Ok::<_, Failure<Problem>>(near::near(c, viewer, &index, &alike, most)?)
        })
        .await?;
    api::send(&SimilarAnswer { items: found.into_iter().map(similar_item).collect() })
}

fn similar_item(near: NearQuestion) -> SimilarItem {
    SimilarItem {
        question_id: near.row.id,
        url: question_url(near.row.id, &near.row.title),
        solved: near.answer.is_some() || near.row.state == State::Solved,
        state: near.row.state,
        title: near.row.title,
        shared: near.covered,
        accepted_excerpt: near.excerpt,
    }
}

fn item(item: Item) -> SearchItem {
    let author = AuthorRow::shown(item.author.as_ref(), item.post.author_name.as_deref());
    SearchItem {
        kind: item.kind.as_str(),
        question_id: item.thread.id,
        post_id: item.post.id,
        url: post_url(item.thread.id, &item.thread.title, item.post.kind(), item.post.id),
        title: item.thread.title,
        title_html: item.title.into_string(),
        snippet_html: item.snippet.into_string(),
        score: item.post.score(),
        state: item.thread.state,
        space: item.thread.space.0,
        tags: item.thread.tags,
        author: SearchAuthor { id: author.id, name: author.name },
        created_at: rfc3339(item.post.created_at),
    }
}

fn facets(counts: Counts) -> SearchFacets {
    let spaces = counts.spaces.into_iter().map(|(key, name, count)| SpaceFacet { key, name, count });
    let kinds = counts.kinds.into_iter().map(|(kind, count)| KindFacet { kind: kind.as_str(), count });
    SearchFacets {
        spaces: spaces.collect(),
        tags: counts.tags.into_iter().map(|(tag, count)| TagFacet { tag, count }).collect(),
        states: counts.states.into_iter().map(|(state, count)| StateFacet { state, count }).collect(),
        kinds: kinds.collect(),
    }
}
