//! What lists show of a question.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Found, Row};
use crate::clock::Micros;
use crate::db::schema::{members, questions};
use crate::db::{Conn, among};
use crate::posts::AuthorRow;
use crate::questions::rules::{State, StateFacts, state};
use crate::questions::tags;
use crate::spaces::Scope;

#[derive(Queryable, Selectable)]
#[diesel(table_name = questions)]
pub(in crate::questions) struct Listed {
    pub(in crate::questions) post_id: i64,
    space_id: i64,
    pub(in crate::questions) title: String,
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

/// The rows of a page that was found in the same snapshot, in its order; two statements.
pub fn rows(c: &mut Conn, scope: &Scope, found: &[Found]) -> QueryResult<Vec<Row>> {
    let ids: Vec<i64> = found.iter().map(|found| found.id).collect();
    rows_of(c, scope, &ids)
}

/// The rows of questions that the viewer was found to see, in this order; two statements.
pub fn rows_of(c: &mut Conn, scope: &Scope, ids: &[i64]) -> QueryResult<Vec<Row>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let listed: Vec<(Listed, Option<AuthorRow>)> = questions::table
        .left_join(members::table.on(questions::author_id.eq(members::id.nullable())))
        .filter(among(questions::post_id, ids))
        .select((Listed::as_select(), Option::<AuthorRow>::as_select()))
        .load(c)?;
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    for (id, tag) in tags::tags_of_many(c, ids)? {
        tags.entry(id).or_default().push(tag);
    }
    let mut rows: HashMap<i64, Row> = listed
        .into_iter()
        .map(|(row, author)| {
            let id = row.post_id;
            (id, shown(row, author, tags.remove(&id).unwrap_or_default(), scope))
        })
        .collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

fn shown(row: Listed, author: Option<AuthorRow>, tags: Vec<String>, scope: &Scope) -> Row {
    let space = scope.get(row.space_id).map(|space| (space.key.clone(), space.name.clone()));
    Row {
        id: row.post_id,
        state: row.state(),
        tags,
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

impl Listed {
    pub(in crate::questions) fn state(&self) -> State {
        state(StateFacts {
            closed: self.closed,
            has_solution: self.solved,
            answers_by_others: self.answers_by_others,
        })
    }
}
