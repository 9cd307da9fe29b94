//! Lists of questions: newest, active, by score; by state, space, tag and asker; in keyset pages.
//!
//! Promises: only questions that stand in lists and in spaces the viewer may enter, one's own hidden and deleted
//! ones in "mine" apart; a page costs the same however deep it lies; two statements per page.

use diesel::dsl::exists;
use diesel::prelude::*;
use serde::Serialize;

use super::rules::{State, StateFacts, state};
use super::tags;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{members, question_tags, questions, tags as tag_rows};
use crate::posts::AuthorRow;
use crate::spaces::{Scope, enterable};
use crate::web::Viewer;

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Asked last first.
    #[default]
    Newest,
    /// Last activity first.
    Active,
    /// Highest score first.
    Score,
}

impl Sort {
    /// Reads a sort's name, as in URLs.
    pub fn parse(name: &str) -> Option<Sort> {
        match name {
            "newest" => Some(Sort::Newest),
            "active" => Some(Sort::Active),
            "score" => Some(Sort::Score),
            _ => None,
        }
    }
}

/// Which questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this space.
    pub space_id: Option<i64>,
    /// With this tag.
    pub tag: Option<String>,
    /// In this state; `Open` includes unanswered, `Solved` includes closed ones with a solution.
    pub state: Option<State>,
    /// The viewer's own.
    pub mine: bool,
    /// In this order.
    pub sort: Sort,
}

/// The key of a row: what the list is sorted by, and the id.
pub type Key = (i64, i64);

/// From where a page goes on, and which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// The list's beginning.
    #[default]
    Start,
    /// After this row, towards the end.
    After(Key),
    /// Before this row, towards the beginning.
    Before(Key),
}

/// A question in a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// The question.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// The first words of its body.
    pub excerpt: String,
    /// Its space: key and name.
    pub space: (String, String),
    /// The asker, when a member.
    pub author: Option<AuthorRow>,
    /// The asker's shown name when none.
    pub author_name: Option<String>,
    /// Its state.
    pub state: State,
    /// Its score.
    pub score: i64,
    /// Visible answers.
    pub answers: i64,
    /// People who have it too, imported ones included.
    pub affected: i64,
    /// When it was asked.
    pub created_at: Micros,
    /// When something last happened.
    pub last_activity_at: Micros,
    /// Its tags in order.
    pub tags: Vec<String>,
}

impl Row {
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

#[derive(Queryable, Selectable)]
#[diesel(table_name = questions)]
pub(super) struct Listed {
    pub(super) post_id: i64,
    space_id: i64,
    pub(super) title: String,
    excerpt: String,
    author_name: Option<String>,
    score: i64,
    answers: i64,
    answers_by_others: i64,
    affected_people: i64,
    affected_imported: i64,
    closed: bool,
    solved: bool,
    created_at: Micros,
    last_activity_at: Micros,
}

/// One page of at most `limit` rows, in the list's order whichever way it was fetched.
///
/// Each query finds its rows by an index in the list's order: over everything where the viewer may enter every space,
/// else space by space. A single query over some of many spaces would walk through all that is not for the viewer.
pub fn page(
    c: &mut Conn,
    viewer: &Viewer,
    scope: &Scope,
    filter: &Filter,
    from: From,
    limit: i64,
) -> QueryResult<Vec<Row>> {
    let tag = match &filter.tag {
        Some(name) => match tag_size(c, name)? {
            Some(tag) => Some(tag),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    let mut rows = Vec::new();
    let newest = filter.sort == Sort::Newest && filter.state.is_none() && !matches!(from, From::Before(_));
    if let Some((id, Looked::Passing)) = tag
        && newest
    {
        rows = gathered(c, viewer, scope, filter, Some((id, Looked::Latest)), from, limit)?;
    }
    if (rows.len() as i64) < limit {
        rows = gathered(c, viewer, scope, filter, tag, from, limit)?;
    }
    let mut rows: Vec<Row> = rows.into_iter().map(|(row, author)| shown(row, author, scope)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.key(filter.sort)));
    let limit = usize::try_from(limit).unwrap_or_default();
    if matches!(from, From::Before(_)) {
        // The page ends where the known one begins.
        rows.drain(..rows.len().saturating_sub(limit));
    } else {
        rows.truncate(limit);
    }
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let tags = if ids.is_empty() { Vec::new() } else { tags::tags_of_many(c, &ids)? };
    for row in &mut rows {
        row.tags = tags.iter().filter(|(id, _)| *id == row.id).map(|(_, tag)| tag.clone()).collect();
    }
    Ok(rows)
}

/// Rows of the spaces the list is of; not in order.
fn gathered(
    c: &mut Conn,
    viewer: &Viewer,
    scope: &Scope,
    filter: &Filter,
    tag: Option<(i64, Looked)>,
    from: From,
    limit: i64,
) -> QueryResult<Vec<(Listed, Option<AuthorRow>)>> {
    match filter.space_id {
        Some(id) if scope.get(id).is_some() => rows_within(c, viewer, Some(id), filter, tag, from, limit),
        Some(_) => Ok(Vec::new()),
        None if scope.all => rows_within(c, viewer, None, filter, tag, from, limit),
        None => {
            let mut rows = Vec::new();
            for space in &scope.spaces {
                rows.extend(rows_within(c, viewer, Some(space.id), filter, tag, from, limit)?);
            }
            Ok(rows)
        }
    }
}

/// How questions with a tag are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looked {
    /// A rare tag's are looked up and sorted.
    Up,
    /// Of a common one the list's own index soon meets enough.
    Passing,
    /// The latest of a tag, in its own order; those that are not listed may leave too few.
    Latest,
}

/// More than a page of the latest, for those that are not listed.
const SPARE: i64 = 30;

/// Rows of one space, or of all when the viewer may enter all; not in order.
fn rows_within(
    c: &mut Conn,
    viewer: &Viewer,
    space: Option<i64>,
    filter: &Filter,
    tag: Option<(i64, Looked)>,
    from: From,
    limit: i64,
) -> QueryResult<Vec<(Listed, Option<AuthorRow>)>> {
    let mut query = questions::table
        .left_join(members::table.on(questions::author_id.eq(members::id.nullable())))
        .select((Listed::as_select(), Option::<AuthorRow>::as_select()))
        .into_boxed::<crate::db::Dialect>()
        .limit(limit);
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
    if let Some((tag_id, looked)) = tag {
        let tagged = question_tags::table.filter(question_tags::tag_id.eq(tag_id));
        query = match looked {
            Looked::Passing => query.filter(exists(
                question_tags::table
                    .filter(question_tags::question_id.eq(questions::post_id))
                    .filter(question_tags::tag_id.eq(tag_id)),
            )),
            Looked::Up => query.filter(questions::post_id.eq_any(tagged.select(question_tags::question_id))),
            Looked::Latest => {
                let end = if let From::After((value, _)) = from { value } else { i64::MAX };
                let latest = tagged
                    .filter(question_tags::created_at.le(end))
                    .order((question_tags::created_at.desc(), question_tags::question_id.desc()))
                    .limit(limit + SPARE)
                    .select(question_tags::question_id);
                query.filter(questions::post_id.eq_any(latest))
            }
        };
    }
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

/// Whether there is any question the viewer may list at all.
pub fn is_empty(c: &mut Conn, viewer: &Viewer) -> QueryResult<bool> {
    let any: Option<i64> = questions::table
        .filter(questions::listed)
        .filter(questions::space_id.eq_any(enterable(viewer)))
        .select(questions::post_id)
        .first(c)
        .optional()?;
    Ok(any.is_none())
}

impl Listed {
    pub(super) fn state(&self) -> State {
        state(StateFacts {
            closed: self.closed,
            has_solution: self.solved,
            answers_by_others: self.answers_by_others,
        })
    }
}

/// A tag's id and how its questions are found; None when there is no such tag.
fn tag_size(c: &mut Conn, name: &str) -> QueryResult<Option<(i64, Looked)>> {
    const COMMON: i64 = 2_000;
    let id: Option<i64> =
        tag_rows::table.filter(tag_rows::name.eq(name)).select(tag_rows::id).first(c).optional()?;
    let Some(id) = id else { return Ok(None) };
    let common = tags::stored_total(c, id)? > COMMON;
    Ok(Some((id, if common { Looked::Passing } else { Looked::Up })))
}

/// A row as lists show it; its tags are still to come.
fn shown(row: Listed, author: Option<AuthorRow>, scope: &Scope) -> Row {
    let space = scope.get(row.space_id).map(|space| (space.key.clone(), space.name.clone()));
    Row {
        id: row.post_id,
        state: row.state(),
        tags: Vec::new(),
        title: row.title,
        excerpt: row.excerpt,
        space: space.unwrap_or_default(),
        author,
        author_name: row.author_name,
        score: row.score,
        answers: row.answers,
        affected: row.affected_people + row.affected_imported,
        created_at: row.created_at,
        last_activity_at: row.last_activity_at,
    }
}
