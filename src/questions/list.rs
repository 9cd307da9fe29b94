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
use crate::db::schema::{members, post_links, question_tags, questions, spaces, tags as tag_rows};
use crate::posts::AuthorRow;
use crate::spaces::{enterable, entered_by};
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
struct Listed {
    post_id: i64,
    title: String,
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
pub fn page(c: &mut Conn, viewer: &Viewer, filter: &Filter, from: From, limit: i64) -> QueryResult<Vec<Row>> {
    let mut query = questions::table
        .inner_join(spaces::table)
        .left_join(members::table.on(questions::author_id.eq(members::id.nullable())))
        .select((Listed::as_select(), (spaces::key, spaces::name), Option::<AuthorRow>::as_select()))
        .into_boxed::<crate::db::Dialect>()
        .filter(entered_by(viewer))
        .limit(limit);
    query = if filter.mine {
        query.filter(questions::author_id.eq(viewer.id))
    } else {
        query.filter(questions::listed)
    };
    if let Some(space) = filter.space_id {
        query = query.filter(questions::space_id.eq(space));
    }
    query = match filter.state {
        None => query,
        Some(State::Closed) => query.filter(questions::closed),
        Some(State::Solved) => query.filter(questions::solved),
        Some(State::Unanswered) => query.filter(questions::unanswered),
        Some(State::Open) => query.filter(questions::unsolved),
    };
    if let Some(tag) = &filter.tag {
        let Some((tag_id, common)) = tag_size(c, tag)? else { return Ok(Vec::new()) };
        // A rare tag is looked up and sorted; of a common one the list's own index soon meets enough.
        query = if common {
            query.filter(exists(
                question_tags::table
                    .filter(question_tags::question_id.eq(questions::post_id))
                    .filter(question_tags::tag_id.eq(tag_id)),
            ))
        } else {
            query.filter(
                questions::post_id.eq_any(
                    question_tags::table
                        .filter(question_tags::tag_id.eq(tag_id))
                        .select(question_tags::question_id),
                ),
            )
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
    let mut rows: Vec<(Listed, (String, String), Option<AuthorRow>)> = query.load(c)?;
    if matches!(from, From::Before(_)) {
        rows.reverse();
    }
    with_tags(c, rows)
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

/// A question that belongs to another one.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The question.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: State,
    /// Whether it was closed as a duplicate of the other one.
    pub duplicate: bool,
}

/// Questions linked with this one, either way, that the viewer may list.
pub fn linked(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Vec<Linked>> {
    let outward: Vec<(String, Listed)> = post_links::table
        .inner_join(questions::table.on(questions::post_id.eq(post_links::to_id)))
        .filter(post_links::from_id.eq(id))
        .filter(questions::listed)
        .filter(questions::space_id.eq_any(enterable(viewer)))
        .order((post_links::kind, questions::score.desc(), questions::post_id))
        .limit(30)
        .select((post_links::kind, Listed::as_select()))
        .load(c)?;
    let inward: Vec<(String, Listed)> = post_links::table
        .inner_join(questions::table.on(questions::post_id.eq(post_links::from_id)))
        .filter(post_links::to_id.eq(id))
        .filter(questions::listed)
        .filter(questions::space_id.eq_any(enterable(viewer)))
        .order((post_links::kind, questions::score.desc(), questions::post_id))
        .limit(30)
        .select((post_links::kind, Listed::as_select()))
        .load(c)?;
    let mut linked: Vec<Linked> = Vec::new();
    let inward = inward.into_iter().map(|(kind, question)| (kind == "duplicate", question));
    for (duplicate, question) in inward.chain(outward.into_iter().map(|(_, question)| (false, question))) {
        if linked.iter().all(|known| known.id != question.post_id) {
            linked.push(Linked {
                id: question.post_id,
                state: question.state(),
                title: question.title,
                duplicate,
            });
        }
    }
    Ok(linked)
}

impl Listed {
    fn state(&self) -> State {
        state(StateFacts {
            closed: self.closed,
            has_solution: self.solved,
            answers_by_others: self.answers_by_others,
        })
    }
}

/// A tag's id and whether it is common; None when there is no such tag.
fn tag_size(c: &mut Conn, name: &str) -> QueryResult<Option<(i64, bool)>> {
    const COMMON: i64 = 2_000;
    let id: Option<i64> =
        tag_rows::table.filter(tag_rows::name.eq(name)).select(tag_rows::id).first(c).optional()?;
    let Some(id) = id else { return Ok(None) };
    Ok(Some((id, tags::stored_total(c, id)? > COMMON)))
}

fn with_tags(
    c: &mut Conn,
    rows: Vec<(Listed, (String, String), Option<AuthorRow>)>,
) -> QueryResult<Vec<Row>> {
    let ids: Vec<i64> = rows.iter().map(|(row, ..)| row.post_id).collect();
    let tags = if ids.is_empty() { Vec::new() } else { tags::tags_of_many(c, &ids)? };
    Ok(rows
        .into_iter()
        .map(|(row, space, author)| Row {
            id: row.post_id,
            state: row.state(),
            tags: tags.iter().filter(|(id, _)| *id == row.post_id).map(|(_, tag)| tag.clone()).collect(),
            title: row.title,
            excerpt: row.excerpt,
            space,
            author,
            author_name: row.author_name,
            score: row.score,
            answers: row.answers,
            affected: row.affected_people + row.affected_imported,
            created_at: row.created_at,
            last_activity_at: row.last_activity_at,
        })
        .collect())
}
