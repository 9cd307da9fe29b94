//! Lists of questions and tags, as pages.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;

use super::list::{self, Filter, Found, From, Key, Row};
use super::pages::{
    ListFilters, ListPage, QuestionRow, Sort, SpaceLink, SpaceName, TagCard, TagHeader, TagsPage,
};
use super::popular::{PopularTags, Wanted};
use super::rules::State;
use super::tags::{self, TagCount};
use super::urls::question_url;
use super::versions::Versions;
use crate::db::{Conn, Failure};
use crate::posts::AuthorRow;
use crate::spaces::{self, Scope, Space};
use crate::web::pages::Pager;
use crate::web::{FieldProblem, Problem, Viewer, Visit, cursor};

/// Rows of a list page.
const ROWS: i64 = 30;

/// What was asked for in the query string.
#[derive(Clone)]
struct Asked {
    space: Option<String>,
    filters: ListFilters,
    from: From,
}

/// All that a page of a list is made of, but for the rows that it shows: those are of certain versions.
#[derive(Serialize)]
struct Glance {
    filters: ListFilters,
    from: From,
    found: Vec<Found>,
    people: i64,
    spaces: Vec<SpaceName>,
    tag: Option<TagCount>,
    /// Whether the viewer follows the tag, or the space, that the list is of; None where it is of neither.
    following: Option<bool>,
    popular: Arc<[TagCount]>,
    nothing_yet: bool,
}

/// `GET /` and `GET /questions`.
///
/// # Errors
/// An unknown space, state or order; a cursor that is none.
pub async fn index(visit: Visit, popular: Data<PopularTags>) -> Result<HttpResponse, Problem> {
    let asked = Asked {
        space: visit.query.given("space").map(str::to_owned),
        filters: filters(&visit)?,
        from: from(&visit)?,
    };
    let glance = async || {
        let (asked, popular) = (asked.clone(), popular.clone());
        let (glance, _) = visit.glance(move |c, viewer| glance_at(c, viewer, &asked, &popular)).await?;
        Ok(glance)
    };
    let make = async || {
        let (asked, popular) = (asked.clone(), popular.clone());
        visit
            .read(move |c, viewer| {
                let (glance, scope) = glance_at(c, viewer, &asked, &popular)?;
                let rows = list::rows(c, &scope, &glance.found)?;
                Ok::<_, Failure<Problem>>((composed(&glance, rows), glance))
            })
            .await
    };
    visit.page_known(glance, make).await
}

fn glance_at(
    c: &mut Conn,
    viewer: &Viewer,
    asked: &Asked,
    popular: &PopularTags,
) -> Result<(Glance, Scope), Failure<Problem>> {
    let scope = spaces::scope(c, viewer)?;
    let mut filters = asked.filters.clone();
    let space = match &asked.space {
        Some(key) => Some(scope.spaces.iter().find(|space| space.key == *key).ok_or_else(no_such_space)?),
        None => None,
    };
    filters.space = space.map(space_name);
    let filter = Filter {
        space_id: space.map(|space| space.id),
        tag: filters.tag.clone(),
        state: filters.state,
        mine: filters.mine,
        sort: filters.sort,
    };
    let tag = match &filters.tag {
        Some(name) => tags::in_scope(c, &scope, name)?,
        None => None,
    };
    let found = list::find(c, viewer, &scope, &filter, tag.as_ref(), asked.from, ROWS + 1)?;
    let of = match (&filters.tag, &tag, space) {
        (Some(_), tag, _) => tag.as_ref().map(|tag| ("tag", tag.id)),
        (None, _, space) => space.map(|space| ("space", space.id)),
    };
    let following = match of {
        Some((what, id)) => Some(list::is_followed(c, viewer, what, id)?),
        None => None,
    };
    let versions = Versions::now(c)?;
    let most = Wanted { like: "", after: None, limit: 12 };
    let glance = Glance {
        people: versions.people,
        spaces: scope.spaces.iter().map(space_name).collect(),
        tag: tag.and_then(|tag| tag.shown),
        following,
        popular: popular.get(c, &scope, versions.tags, most)?,
        nothing_yet: found.is_empty() && list::is_empty(c, viewer, &scope)?,
        filters,
        from: asked.from,
        found,
    };
    Ok((glance, scope))
}

fn space_name(space: &Space) -> SpaceName {
    SpaceName { key: space.key.clone(), name: space.name.clone() }
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

fn composed(glance: &Glance, mut rows: Vec<Row>) -> ListPage {
    let Glance { filters, from, spaces, tag, popular, .. } = glance;
    let (mut found, more) = (glance.found.as_slice(), glance.found.len() as i64 > ROWS);
    let backwards = matches!(from, From::Before(_));
    // One more was asked for than is shown: it is at the far end.
    if more && backwards {
        rows.remove(0);
        found = &found[1..];
    } else if more {
        rows.pop();
        found = &found[..found.len() - 1];
    }
    let at = |end: Option<&Found>, name: &str| {
        end.map(|found| filters.href(Some((name, &cursor::encode(&found.key(filters.sort))))))
    };
    let pager = Pager {
        newer: if (backwards && more) || matches!(from, From::After(_)) {
            at(found.first(), "before")
        } else {
            None
        },
        older: if more || backwards { at(found.last(), "after") } else { None },
    };
    let space_links = spaces.iter().map(|name| SpaceLink {
        name: name.name.clone(),
        current: filters.space.as_ref() == Some(name),
        href: ListFilters { space: Some(name.clone()), ..filters.clone() }.href(None),
    });
    ListPage {
        tabs: filters.tabs(),
        spaces: space_links.collect(),
        tags: popular.iter().map(card).collect(),
        tag_header: tag.as_ref().map(|tag| TagHeader {
            name: tag.name.clone(),
            questions: tag.questions,
            about: tag.description.clone(),
        }),
        following: glance.following,
        rows: rows.into_iter().map(row).collect(),
        pager,
        nothing_yet: glance.nothing_yet,
        filters: filters.clone(),
    }
}

fn card(tag: &TagCount) -> TagCard {
    TagCard { name: tag.name.clone(), questions: tag.questions }
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
    let found = visit
        .glance(move |c, viewer| {
            let (scope, versions) = (spaces::scope(c, viewer)?, Versions::now(c)?);
            let wanted = Wanted { like: &like, after: after.clone(), limit: CARDS + 1 };
            Ok::<_, Failure<Problem>>(popular.get(c, &scope, versions.tags, wanted)?)
        })
        .await?;
    let shown = found.get(..CARDS as usize).unwrap_or(&found);
    let older = shown.last().filter(|_| found.len() > shown.len()).map(|last| {
        let after = cursor::encode(&(last.questions, &last.name));
        format!("/tags?{}", visit.query.query_with("after", Some(&after)))
    });
    visit.page_alike(&TagsPage {
        query,
        tags: shown.iter().map(card).collect(),
        pager: Pager { newer: None, older },
    })
}
