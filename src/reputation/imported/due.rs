//! What of an import is not credited yet: votes of days that are new, that a newer dump tells otherwise or no longer, and choices.

use std::collections::HashSet;

use diesel::prelude::*;

use super::{AT_ONCE, CHOICE, Choice, Due, Tally};
use crate::clock::Micros;
use crate::db::schema::{imported_credits, imported_tallies, members, posts, questions};
use crate::db::{Conn, among};
use crate::events;
use crate::reputation::Place;

/// Authors looked at together.
const AUTHORS: i64 = 64;

/// What of a source's authors after `author` is not credited yet, and the last author looked at; None when there are no
/// more authors.
pub fn due(c: &mut Conn, source: &str, author: i64) -> QueryResult<Option<(i64, Vec<Due>)>> {
    let authors: Vec<i64> = members::table
        .filter(members::source.eq(source))
        .filter(members::id.gt(author))
        .order(members::id)
        .limit(AUTHORS)
        .select(members::id)
        .load(c)?;
    let Some(last) = authors.last().copied() else { return Ok(None) };
    type Votes = (i64, String, Option<i64>, Option<i64>, i64, Micros, i64, i64, Option<i64>, Option<i64>);
    let credited = imported_credits::post_id
        .eq(imported_tallies::post_id)
        .and(imported_credits::day.eq(imported_tallies::day));
    let votes: Vec<Votes> = posts::table
        .inner_join(imported_tallies::table.on(imported_tallies::post_id.eq(posts::id)))
        .left_join(imported_credits::table.on(credited))
        .filter(among(posts::author_id.assume_not_null(), &authors))
        .filter(posts::source.eq(source))
        .filter(posts::kind.ne("comment"))
        .filter(posts::visibility.eq("open"))
        .filter(posts::deleted_at.is_null())
        .order((posts::author_id, imported_tallies::day, posts::id))
        .select((
            posts::id,
            posts::kind,
            posts::author_id,
            posts::thread_id,
            posts::space_id,
            imported_tallies::day,
            imported_tallies::up,
            imported_tallies::down,
            imported_credits::up.nullable(),
            imported_credits::down.nullable(),
        ))
        .load(c)?;
    let mut due: Vec<Due> = votes.into_iter().filter_map(votes_due).collect();
    due.extend(gone(c, source, &authors)?);
    type Chosen = (i64, Option<i64>, i64, i64, Option<i64>, Option<Micros>, Micros);
    let credited = imported_credits::post_id.eq(posts::id).and(imported_credits::day.eq(CHOICE));
    let chosen: Vec<Chosen> = posts::table
        .inner_join(questions::table.on(questions::accepted_id.eq(posts::id.nullable())))
        .left_join(imported_credits::table.on(credited))
        .filter(among(posts::author_id.assume_not_null(), &authors))
        .filter(posts::source.eq(source))
        .filter(posts::kind.eq("answer"))
        .filter(imported_credits::post_id.nullable().is_null())
        .order(posts::id)
        .select((
            posts::id,
            posts::author_id,
            questions::post_id,
            posts::space_id,
            questions::author_id,
            questions::accepted_at,
            posts::created_at,
        ))
        .load(c)?;
    // What was accepted here, was credited or not by the rules of an act.
    let questions: Vec<i64> = chosen.iter().map(|row| row.2).collect();
    let mut here = HashSet::new();
    for questions in questions.chunks(AT_ONCE) {
        here.extend(events::done_here(c, questions, &["AnswerAccepted"])?);
    }
    due.extend(chosen.into_iter().filter(|row| !here.contains(&row.2)).filter_map(choice_due));
    Ok(Some((last, due)))
}

/// Votes that were credited and that a newer dump no longer tells of.
fn gone(c: &mut Conn, source: &str, authors: &[i64]) -> QueryResult<Vec<Due>> {
    let told = imported_tallies::post_id
        .eq(imported_credits::post_id)
        .and(imported_tallies::day.eq(imported_credits::day));
    let rows: Vec<(i64, String, Option<i64>, Option<i64>, i64, Micros)> = imported_credits::table
        .inner_join(posts::table.on(posts::id.eq(imported_credits::post_id)))
        .left_join(imported_tallies::table.on(told))
        .filter(among(posts::author_id.assume_not_null(), authors))
        .filter(posts::source.eq(source))
        .filter(imported_credits::day.ne(CHOICE))
        .filter(imported_credits::up.ne(0).or(imported_credits::down.ne(0)))
        .filter(imported_tallies::post_id.nullable().is_null())
        .order((posts::author_id, imported_credits::day, posts::id))
        .select((
            posts::id,
            posts::kind,
            posts::author_id,
            posts::thread_id,
            posts::space_id,
            imported_credits::day,
        ))
        .load(c)?;
    let due = |(post, kind, author, thread, space_id, day): (
        i64,
        String,
        Option<i64>,
        Option<i64>,
        i64,
        Micros,
    )| {
        let place = Place { question_id: thread.unwrap_or(post), space_id };
        let tally = Tally { post, answer: kind == "answer", author: author?, day, up: 0, down: 0 };
        Some(Due::Votes(tally, place, true))
    };
    Ok(rows.into_iter().filter_map(due).collect())
}

type VotesRow = (i64, String, Option<i64>, Option<i64>, i64, Micros, i64, i64, Option<i64>, Option<i64>);

fn votes_due(row: VotesRow) -> Option<Due> {
    let (post, kind, author, thread, space_id, day, up, down, credited_up, credited_down) = row;
    if (credited_up, credited_down) == (Some(up), Some(down)) {
        return None;
    }
    let place = Place { question_id: thread.unwrap_or(post), space_id };
    let tally = Tally { post, answer: kind == "answer", author: author?, day, up, down };
    Some(Due::Votes(tally, place, credited_up.is_some()))
}

fn choice_due(row: (i64, Option<i64>, i64, i64, Option<i64>, Option<Micros>, Micros)) -> Option<Due> {
    let (post, author, question_id, space_id, asker, at, written) = row;
    let author = author.filter(|author| Some(*author) != asker)?;
    let choice = Choice { post, author, asker, at: at.unwrap_or(written) };
    Some(Due::Chosen(choice, Place { question_id, space_id }))
}
