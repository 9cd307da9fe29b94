//! Lists of questions and tags, as pages.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::list::{self, Filter, From, Key, Row};
use super::pages::{
    ListFilters, ListPage, QuestionRow, Sort, SpaceLink, SpaceName, TagCard, TagHeader, TagsPage,
};
use super::popular::PopularTags;
use super::rules::State;
use super::tags::{self, TagCount};
use super::urls::question_url;
use crate::db::Failure;
use crate::posts::AuthorRow;
use crate::spaces::{self, Space};
use crate::web::pages::Pager;
use crate::web::{FieldProblem, Problem, Visit, cursor};

/// Rows of a list page.
const ROWS: i64 = 30;

/// `GET /` and `GET /questions`.
///
/// # Errors
/// An unknown space, state or order; a cursor that is none.
pub async fn index(visit: Visit, popular: Data<PopularTags>) -> Result<HttpResponse, Problem> {
    let mut filters = filters(&visit)?;
    let from = from(&visit)?;
    let space_key = visit.query.given("space").map(str::to_owned);
    let page = visit
        .read(move |c, viewer| {
            let scope = spaces::scope(c, viewer)?;
            let spaces = &scope.spaces;
            let space = match &space_key {
                Some(key) => Some(spaces.iter().find(|space| space.key == *key).ok_or_else(no_such_space)?),
                None => None,
            };
            filters.space = space.map(|space| SpaceName { key: space.key.clone(), name: space.name.clone() });
            let filter = Filter {
                space_id: space.map(|space| space.id),
                tag: filters.tag.clone(),
                state: filters.state,
                mine: filters.mine,
                sort: filters.sort,
            };
            let rows = list::page(c, viewer, &scope, &filter, from, ROWS + 1)?;
            let tag = match &filters.tag {
                Some(tag) => tags::one(c, viewer, tag)?,
                None => None,
            };
            let popular = popular.get(c, viewer, &scope, "", None, 12)?.to_vec();
            let nothing_yet = rows.is_empty() && list::is_empty(c, viewer)?;
            Ok::<_, Failure<Problem>>(composed(
                filters.clone(),
                filter.sort,
                from,
                rows,
                spaces,
                tag,
                popular,
                nothing_yet,
            ))
        })
        .await?;
    visit.page_alike(&page)
}

fn filters(visit: &Visit) -> Result<ListFilters, Problem> {
    Ok(ListFilters {
        space: None,
        tag: visit.query.given("tag").map(str::to_lowercase),
        state: chosen(visit, "state", State::parse)?,
        sort: chosen(visit, "sort", Sort::parse)?.unwrap_or_default(),
        mine: visit.query.ticked("mine"),
    })
}

/// A choice in the query string, among those there are.
pub(super) fn chosen<T>(
    visit: &Visit,
    field: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let unknown = || Problem::invalid_field(FieldProblem::new(field, "unknown-choice"));
    visit.query.given(field).map(|name| parse(name).ok_or_else(unknown)).transpose()
}

fn from(visit: &Visit) -> Result<From, Problem> {
    let key = |name: &str| visit.query.given(name).map(cursor::decode::<Key>).transpose();
    Ok(match (key("after")?, key("before")?) {
        (Some(after), _) => From::After(after),
        (None, Some(before)) => From::Before(before),
        (None, None) => From::Start,
    })
}

pub(super) fn no_such_space() -> Problem {
    Problem::invalid_field(FieldProblem::new("space", "no-such-space"))
}

#[expect(clippy::too_many_arguments, reason = "all that one page is composed of, once")]
fn composed(
    filters: ListFilters,
    sort: Sort,
    from: From,
    mut rows: Vec<Row>,
    spaces: &[Space],
    tag: Option<TagCount>,
    popular: Vec<TagCount>,
    nothing_yet: bool,
) -> ListPage {
    let more = rows.len() as i64 > ROWS;
    let backwards = matches!(from, From::Before(_));
    if more && backwards {
        rows.remove(0);
    } else if more {
        rows.pop();
    }
    let at = |row: Option<&Row>, name: &str| {
        row.map(|row| filters.href(Some((name, &cursor::encode(&row.key(sort))))))
    };
    let pager = Pager {
        newer: if (backwards && more) || matches!(from, From::After(_)) {
            at(rows.first(), "before")
        } else {
            None
        },
        older: if more || backwards { at(rows.last(), "after") } else { None },
    };
    let space_links = spaces.iter().map(|space| {
        let name = SpaceName { key: space.key.clone(), name: space.name.clone() };
        SpaceLink {
            name: space.name.clone(),
            current: filters.space.as_ref() == Some(&name),
            href: ListFilters { space: Some(name), ..filters.clone() }.href(None),
        }
    });
    ListPage {
        tabs: filters.tabs(),
        spaces: space_links.collect(),
        tags: popular.into_iter().map(card).collect(),
        tag_header: tag.map(|tag| TagHeader {
            name: tag.name,
            questions: tag.questions,
            about: tag.description,
        }),
        rows: rows.into_iter().map(row).collect(),
        pager,
        nothing_yet,
        filters,
    }
}

fn card(tag: TagCount) -> TagCard {
    TagCard { name: tag.name, questions: tag.questions }
}

fn row(row: Row) -> QuestionRow {
    QuestionRow {
        id: row.id,
        url: question_url(row.id, &row.title),
        title: row.title,
        excerpt: row.excerpt,
        language: None,
        state: row.state,
        answers: row.answers,
        score: row.score,
        affected: row.affected,
        tags: row.tags,
        space: SpaceName { key: row.space.0, name: row.space.1 },
        author: AuthorRow::shown(row.author.as_ref(), row.author_name.as_deref()),
        created_at: row.created_at,
        last_activity_at: row.last_activity_at,
    }
}

/// `GET /tags`.
///
/// # Errors
/// A cursor that is none.
pub async fn tags(visit: Visit, popular: Data<PopularTags>) -> Result<HttpResponse, Problem> {
    const CARDS: i64 = 60;
    let query = visit.query.given("q").unwrap_or_default().chars().take(60).collect::<String>();
    let after: Option<(i64, String)> = visit.query.given("after").map(cursor::decode).transpose()?;
    let like = query.clone();
    let mut found = visit
        .read(move |c, viewer| {
            let scope = spaces::scope(c, viewer)?;
            Ok::<_, Failure<Problem>>(popular.get(c, viewer, &scope, &like, after, CARDS + 1)?.to_vec())
        })
        .await?;
    let more = found.len() as i64 > CARDS;
    found.truncate(CARDS as usize);
    let older = found.last().filter(|_| more).map(|last| {
        let after = cursor::encode(&(last.questions, &last.name));
        format!("/tags?{}", visit.query.query_with("after", Some(&after)))
    });
    visit.page_alike(&TagsPage {
        query,
        tags: found.into_iter().map(card).collect(),
        pager: Pager { newer: None, older },
    })
}
