//! Lists of questions and asking, in the API.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::{self, Draft};
use super::list::{self, Filter, From, Key, Row, Sort};
use super::routes::{chosen, no_such_space};
use super::rules::State;
use super::urls::question_url;
use crate::clock::rfc3339;
use crate::db::Failure;
use crate::posts::AuthorRow;
use crate::spaces;
use crate::web::api::{self, Reply};
use crate::web::cursor::{Listed, Span};
use crate::web::limits::within;
use crate::web::once;
use crate::web::{Problem, ProblemDocument, Visit};

/// Who asked; `id` is null for a name that an import brought without an account.
#[derive(Serialize, ToSchema)]
pub struct Asker {
    /// The member.
    id: Option<i64>,
    /// Shown name.
    name: String,
}

/// A question in a list.
#[derive(Serialize, ToSchema)]
pub struct QuestionItem {
    id: i64,
    url: String,
    /// The space's key.
    space: String,
    title: String,
    tags: Vec<String>,
    author: Asker,
    score: i64,
    answers: i64,
    state: State,
    /// People who have it too, imported ones included.
    affected: i64,
    created_at: String,
    last_activity_at: String,
}

/// A question to be asked.
#[derive(Deserialize, ToSchema)]
pub struct NewQuestion {
    /// The space's key.
    space: String,
    /// 10–200 characters.
    title: String,
    /// Markdown, 20–60,000 characters.
    body: String,
    /// 1–5 tags.
    tags: Vec<String>,
    /// Values of the space's own fields, by their keys (`GET /spaces`).
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: serde_json::Map<String, serde_json::Value>,
}

/// The question that was asked.
#[derive(Serialize, ToSchema)]
pub struct Asked {
    id: i64,
    url: String,
    space: String,
    title: String,
    tags: Vec<String>,
    state: State,
    version: i64,
    created_at: String,
}

/// Questions the viewer may see, in keyset pages.
///
/// # Errors
/// An unknown space, state or sort; a cursor that is none.
#[utoipa::path(get, path = "/api/v1/questions", tag = "questions",
    params(("space" = Option<String>, Query), ("tag" = Option<String>, Query), ("state" = Option<String>, Query),
        ("sort" = Option<String>, Query), ("after" = Option<String>, Query), ("limit" = Option<i64>, Query)),
    responses((status = 200, body = Listed<QuestionItem>), (status = 400, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let span: Span<Key> = Span::asked(&visit.query)?;
    let state = chosen(&visit, "state", State::parse)?;
    let sort = chosen(&visit, "sort", Sort::parse)?.unwrap_or_default();
    let space = visit.query.given("space").map(str::to_owned);
    let tag = visit.query.given("tag").map(str::to_lowercase);
    let from = span.after.map_or(From::Start, From::After);
    let fetch = span.fetch();
    let rows = visit
        .read(move |c, viewer| {
            let scope = spaces::scope(c, viewer)?;
            let space_id = match &space {
                Some(key) => {
                    Some(scope.spaces.iter().find(|space| space.key == *key).ok_or_else(no_such_space)?.id)
                }
                None => None,
            };
            let filter = Filter { space_id, tag, state, mine: false, sort };
            Ok::<_, Failure<Problem>>(list::page(c, viewer, &scope, &filter, from, fetch)?)
        })
        .await?;
    api::send(&Listed::cut(rows, &span, |row| row.0).map(|(_, row)| item(row)))
}

fn item(row: Row) -> QuestionItem {
    let author = AuthorRow::shown(row.author.as_ref(), row.author_name.as_deref());
    QuestionItem {
        id: row.id,
        url: question_url(row.id, &row.title),
        space: row.space.0,
        title: row.title,
        tags: row.tags,
        author: Asker { id: author.id, name: author.name },
        score: row.score,
        answers: row.answers,
        state: row.state,
        affected: row.affected,
        created_at: rfc3339(row.created_at),
        last_activity_at: rfc3339(row.last_activity_at),
    }
}

/// Ask a question.
///
/// # Errors
/// What [`ask::ask`] refuses.
#[utoipa::path(post, path = "/api/v1/questions", tag = "questions", request_body = NewQuestion,
    responses((status = 201, body = Asked), (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn create(visit: Visit) -> Result<HttpResponse, Problem> {
    let new: NewQuestion = api::json(&visit)?;
    let tags = new.tags.iter().map(String::as_str);
    let draft = Draft::new(&new.space, &new.title, &new.body, tags, new.fields).map_err(Problem::invalid)?;
    let (now, limit) = (visit.now, Some(ask::LIMIT).filter(|_| visit.hall.config.limits));
    once::act(&visit, ask::ON, move |c, viewer| -> Result<Reply, Failure<Problem>> {
        let id = within(c, limit, &viewer.id.to_string(), now, |c| {
            ask::ask(c, viewer, &draft, now).map_err(|failure| failure.map(Problem::from))
        })?;
        let url = question_url(id, &draft.title);
        let asked = Asked {
            id,
            url: url.clone(),
            space: draft.space.clone(),
            title: draft.title.clone(),
            tags: draft.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
            state: State::Unanswered,
            version: 1,
            created_at: rfc3339(now),
        };
        Reply::created(&asked, url).map_err(Failure::Refused)
    })
    .await
}
