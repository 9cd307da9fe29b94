//! New questions.

use diesel::prelude::*;

use super::tags::{ids_of, put};
use super::{ImportedQuestion, imported};
use crate::accounts::import::People;
use crate::clock::Micros;
use crate::db::schema::{imported_affected, questions};
use crate::db::{Conn, on};
use crate::events::{self, Line};
use crate::posts::Kind;
use crate::posts::counts::Change;
use crate::posts::import::{Counted, ImportedPost, Place, add_counts, insert};
use crate::questions::ask::QuestionAsked;
use crate::questions::close::{QuestionClosed, QuestionReopened};

#[derive(Insertable)]
#[diesel(table_name = questions, treat_none_as_default_value = false)]
struct QuestionRow<'a> {
    post_id: i64,
    space_id: i64,
    title: &'a str,
    excerpt: &'a str,
    author_id: Option<i64>,
    author_name: Option<&'a str>,
    created_at: Micros,
    last_activity_at: Micros,
    last_actor_id: Option<i64>,
    last_actor_name: Option<&'a str>,
    score: i64,
    views: i64,
    affected_imported: i64,
    closed_at: Option<Micros>,
    closed_by: Option<i64>,
    close_reason: Option<&'a str>,
    cycle: i64,
    listed: bool,
    unsolved: bool,
    unanswered: bool,
    closed: bool,
}

/// Writes questions that are not here yet.
pub fn add(
    c: &mut Conn,
    space_id: i64,
    source: &str,
    people: &People,
    new: &[ImportedQuestion],
    now: Micros,
) -> QueryResult<()> {
    let place = Place { kind: Kind::Question, space_id, thread_id: None, parent_id: None };
    let posts: Vec<(Place, &ImportedPost)> = new.iter().map(|question| (place, &question.post)).collect();
    let ids = insert(c, source, people, &posts)?;
    let written: Vec<(i64, &ImportedQuestion)> =
        new.iter().filter_map(|question| Some((*ids.get(&question.post.original_id)?, question))).collect();
    let rows: Vec<QuestionRow<'_>> =
        written.iter().map(|(id, question)| row(*id, space_id, people, question)).collect();
    for rows in rows.chunks(1_000) {
        on!(c, |c| diesel::insert_into(questions::table).values(rows).execute(c))?;
    }
    let affected: Vec<_> = written
        .iter()
        .filter(|(_, question)| question.affected > 0)
        .map(|(id, question)| {
            (imported_affected::question_id.eq(*id), imported_affected::people.eq(question.affected))
        })
        .collect();
    on!(c, |c| diesel::insert_into(imported_affected::table).values(&affected).execute(c))?;
    let names = written.iter().flat_map(|(_, question)| &question.tags);
    let tags = ids_of(c, names, now)?;
    put(c, space_id, &written, &tags)?;
    let mut counted = Counted::default();
    let mut lines = Vec::with_capacity(written.len());
    for (id, question) in &written {
        let (author, _) = people.of(&question.post.by);
        if is_listed(question) {
            counted.add(author, space_id, Change { questions: 1, ..Change::default() });
        }
        tell(&mut lines, *id, space_id, people, question, now)?;
    }
    add_counts(c, &counted)?;
    events::append_all(c, &lines)
}

fn row<'a>(id: i64, space_id: i64, people: &People, question: &'a ImportedQuestion) -> QuestionRow<'a> {
    let (author_id, author_name) = people.of(&question.post.by);
    let (up, down) = question.post.votes();
    let closing = question.closing.as_ref();
    QuestionRow {
        post_id: id,
        space_id,
        title: &question.title,
        excerpt: question.post.rendered.as_ref().map_or("", |shown| &shown.excerpt),
        author_id,
        author_name,
        created_at: question.post.created_at,
        last_activity_at: question.post.created_at,
        last_actor_id: author_id,
        last_actor_name: author_name,
        score: up - down,
        views: question.views,
        affected_imported: question.affected,
        closed_at: closing.map(|closing| closing.at),
        closed_by: closing.and_then(|closing| people.of(&closing.by).0),
        close_reason: closing.map(|closing| closing.reason.as_str()),
        cycle: question.cycle(),
        listed: is_listed(question),
        unsolved: closing.is_none(),
        unanswered: closing.is_none(),
        closed: closing.is_some(),
    }
}

/// Whether it stands in lists.
pub(super) fn is_listed(question: &ImportedQuestion) -> bool {
    question.post.hidden.is_none() && question.post.deleted_at.is_none()
}

fn tell(
    lines: &mut Vec<Line>,
    id: i64,
    space_id: i64,
    people: &People,
    question: &ImportedQuestion,
    now: Micros,
) -> QueryResult<()> {
    let about = |at, actor| imported(at, now, actor).in_thread(id, space_id);
    let (author, _) = people.of(&question.post.by);
    let asked = QuestionAsked { tags: question.tags.len() };
    lines.push(Line::of(&about(question.post.created_at, author), &asked)?);
    let mut cycle = 1;
    for turn in &question.turns {
        let about = about(turn.at, people.of(&turn.by).0);
        lines.push(if turn.reopened {
            cycle += 1;
            Line::of(&about, &QuestionReopened { cycle })?
        } else {
            Line::of(&about, &QuestionClosed { duplicate_of: None })?
        });
    }
    if let Some(closing) =
        question.closing.as_ref().filter(|_| question.turns.last().is_none_or(|turn| turn.reopened))
    {
        let about = about(closing.at, people.of(&closing.by).0);
        lines.push(Line::of(&about, &QuestionClosed { duplicate_of: None })?);
    }
    Ok(())
}
