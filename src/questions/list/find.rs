//! Finding the questions of a page: their ids, by an index in the list's order, and nothing that is only shown.

use diesel::dsl::{auto_type, exists};
use diesel::prelude::*;
use serde::Serialize;

use super::{Filter, From, Key, Sort};
use crate::clock::Micros;
use crate::db::schema::{question_tags, questions, subscriptions};
use crate::db::{Conn, among};
use crate::questions::rules::State;
use crate::questions::tags::TagInScope;
use crate::spaces::Scope;
use crate::web::Viewer;

/// A question that belongs on a page. Its version moves with everything that lists show of it but names of people,
/// which have a version of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = questions)]
pub struct Found {
    /// The question.
    #[diesel(column_name = post_id)]
    pub id: i64,
    /// Its thread's version.
    #[diesel(column_name = thread_version)]
    pub version: i64,
    #[serde(skip)]
    score: i64,
    #[serde(skip)]
    created_at: Micros,
    #[serde(skip)]
    last_activity_at: Micros,
}

impl Found {
    /// Its key in a list of this order.
    pub fn key(&self, sort: Sort) -> Key {
        let value = match sort {
            Sort::Newest => self.created_at,
            Sort::Active => self.last_activity_at,
            Sort::Score => self.score,
        };
        (value, self.id)
    }
}

/// One page of at most `limit` questions, in the list's order whichever way it was fetched. `tag` is what the filter's
/// tag is in the viewer's scope, if it is known at all.
///
/// Each query finds its rows by an index in the list's order: over everything where the viewer may enter every space,
/// else space by space. A single query over some of many spaces would walk through all that is not for the viewer.
pub fn find(
    c: &mut Conn,
    viewer: &Viewer,
    scope: &Scope,
    filter: &Filter,
    tag: Option<&TagInScope>,
    from: From,
    limit: i64,
) -> QueryResult<Vec<Found>> {
    let newest = filter.sort == Sort::Newest && filter.state.is_none() && !matches!(from, From::Before(_));
    let mut found = match (&filter.tag, tag) {
        (None, _) => gathered(c, viewer, scope, filter, None, from, limit)?,
        (Some(_), None) => return Ok(Vec::new()),
        (Some(_), Some(tag)) => {
            let there = tag.questions_in(filter.space_id);
            // Own questions may have it without being listed, and then are not counted.
            if there == 0 && !filter.mine {
                return Ok(Vec::new());
            }
            let latest = if newest { latest(c, viewer, scope, filter, tag.id, from, limit)? } else { None };
            let looked = if there > COMMON { Looked::Passing(tag.id) } else { Looked::Up(tag.id) };
            match latest {
                Some(found) => found,
                None => gathered(c, viewer, scope, filter, Some(&looked), from, limit)?,
            }
        }
    };
    found.sort_by_key(|found| std::cmp::Reverse(found.key(filter.sort)));
    let limit = usize::try_from(limit).unwrap_or_default();
    if matches!(from, From::Before(_)) {
        // The page ends where the known one begins.
        found.drain(..found.len().saturating_sub(limit));
    } else {
        found.truncate(limit);
    }
    Ok(found)
}

/// A tag with more questions than this is common: the list's own order soon meets enough of them.
const COMMON: i64 = 2_000;

/// The latest questions with a tag, in the tag's own order, as many as it takes for a page of those that are listed;
/// None when even the last window was too small.
fn latest(
    c: &mut Conn,
    viewer: &Viewer,
    scope: &Scope,
    filter: &Filter,
    tag: i64,
    from: From,
    limit: i64,
) -> QueryResult<Option<Vec<Found>>> {
    let found = gathered(c, viewer, scope, filter, Some(&Looked::Latest(tag)), from, limit)?;
    if found.len() as i64 >= limit {
        return Ok(Some(found));
    }
    for window in WINDOWS {
        let ids: Vec<i64> = latest_tagged(tag, end(from), limit + window).load(c)?;
        let all = (ids.len() as i64) < limit + window;
        let found = gathered(c, viewer, scope, filter, Some(&Looked::These(ids)), from, limit)?;
        if all || found.len() as i64 >= limit {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// More than a page of the latest, for those that are not listed, or not in the viewer's spaces.
const SPARE: i64 = 30;
/// The same where that did not do.
const WINDOWS: [i64; 2] = [400, 4_000];

/// The latest questions with a tag, asked not after `end`, at most so many.
#[auto_type(no_type_alias)]
fn latest_tagged(tag: i64, end: i64, limit: i64) -> _ {
    question_tags::table
        .filter(question_tags::tag_id.eq(tag))
        .filter(question_tags::created_at.le(end))
        .order((question_tags::created_at.desc(), question_tags::question_id.desc()))
        .limit(limit)
        .select(question_tags::question_id)
}

/// The latest time a page of the newest may show.
fn end(from: From) -> Micros {
    if let From::After((value, _)) = from { value } else { i64::MAX }
}

/// Of the spaces the list is of; not in order.
fn gathered(
    c: &mut Conn,
    viewer: &Viewer,
    scope: &Scope,
    filter: &Filter,
    tag: Option<&Looked>,
    from: From,
    limit: i64,
) -> QueryResult<Vec<Found>> {
    match filter.space_id {
        Some(id) if scope.get(id).is_some() => found_within(c, viewer, Some(id), filter, tag, from, limit),
        Some(_) => Ok(Vec::new()),
        None if scope.all => found_within(c, viewer, None, filter, tag, from, limit),
        None => {
            let mut found = Vec::new();
            for space in &scope.spaces {
                found.extend(found_within(c, viewer, Some(space.id), filter, tag, from, limit)?);
            }
            Ok(found)
        }
    }
}

/// How questions with a tag are found.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Looked {
    /// All that have a rare tag are looked up and sorted.
    Up(i64),
    /// Of a common one the list's own index soon meets enough.
    Passing(i64),
    /// Among the tag's latest.
    Latest(i64),
    /// Among these.
    These(Vec<i64>),
}

/// Of one space, or of all when the viewer may enter all; not in order.
fn found_within(
    c: &mut Conn,
    viewer: &Viewer,
    space: Option<i64>,
    filter: &Filter,
    tag: Option<&Looked>,
    from: From,
    limit: i64,
) -> QueryResult<Vec<Found>> {
    let mut query =
        questions::table.select(Found::as_select()).into_boxed::<crate::db::Dialect>().limit(limit);
    query = if filter.mine {
        query.filter(questions::author_id.eq(viewer.id))
    } else {
        query.filter(questions::listed)
    };
    if let Some(space) = space {
        query = query.filter(questions::space_id.eq(space));
    }
    query = match filter.state {
        None => query,
        Some(State::Closed) => query.filter(questions::closed),
        Some(State::Solved) => query.filter(questions::solved),
        Some(State::Unanswered) => query.filter(questions::unanswered),
        Some(State::Open) => query.filter(questions::unsolved),
    };
    query = match tag {
        None => query,
        Some(Looked::Passing(tag)) => query.filter(exists(
            question_tags::table
                .filter(question_tags::question_id.eq(questions::post_id))
                .filter(question_tags::tag_id.eq(*tag)),
        )),
        Some(Looked::Up(tag)) => {
            let tagged = question_tags::table.filter(question_tags::tag_id.eq(*tag));
            query.filter(questions::post_id.eq_any(tagged.select(question_tags::question_id)))
        }
        Some(Looked::Latest(tag)) => {
            query.filter(questions::post_id.eq_any(latest_tagged(*tag, end(from), limit + SPARE)))
        }
        Some(Looked::These(ids)) => query.filter(among(questions::post_id, ids)),
    };
    macro_rules! sorted {
        ($column:expr) => {
            match from {
                From::Start => query.order(($column.desc(), questions::post_id.desc())),
                // Written so that the index is entered at the key: the first condition is the range.
                From::After((value, id)) => query
                    .filter($column.le(value))
                    .filter($column.lt(value).or(questions::post_id.lt(id)))
                    .order(($column.desc(), questions::post_id.desc())),
                From::Before((value, id)) => query
                    .filter($column.ge(value))
                    .filter($column.gt(value).or(questions::post_id.gt(id)))
                    .order(($column.asc(), questions::post_id.asc())),
            }
        };
    }
    let query = match filter.sort {
        Sort::Newest => sorted!(questions::created_at),
        Sort::Active => sorted!(questions::last_activity_at),
        Sort::Score => sorted!(questions::score),
    };
    query.load(c)
}

/// Whether there is no question at all that the viewer may list.
pub fn is_empty(c: &mut Conn, viewer: &Viewer, scope: &Scope) -> QueryResult<bool> {
    Ok(find(c, viewer, scope, &Filter::default(), None, From::Start, 1)?.is_empty())
}

/// Whether the viewer follows a `tag` or a `space`.
pub fn is_followed(c: &mut Conn, viewer: &Viewer, what: &str, id: i64) -> QueryResult<bool> {
    let row: Option<i64> = subscriptions::table
        .find((viewer.id, what, id))
        .select(subscriptions::member_id)
        .first(c)
        .optional()?;
    Ok(row.is_some())
}
