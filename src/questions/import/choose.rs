//! Choices that askers made elsewhere.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::imported;
use super::threads::opened;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{posts, questions};
use crate::events::{self, Fact};
use crate::posts::Kind;
use crate::posts::counts::{self, Change};
use crate::questions::Thread;
use crate::questions::choose::{AcceptanceWithdrawn, AnswerAccepted, withdraw};
use crate::reputation::imported::forget_choice;

/// An answer that a question names as chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Original id of the question.
    pub question: String,
    /// Original id of the answer.
    pub answer: String,
    /// When it was chosen.
    pub at: Micros,
}

type Answer = (i64, Option<i64>, Option<i64>, bool);

/// Accepts the chosen answers that are visible answers of their question, where nobody chose or withdrew here.
pub fn choose(c: &mut Conn, source: &str, choices: &[Choice], now: Micros) -> QueryResult<()> {
    let names: Vec<&str> = choices.iter().map(|choice| choice.question.as_str()).collect();
    let threads = opened(c, source, &names)?;
    let answers = answers(c, source, choices)?;
    let ids: Vec<i64> = threads.values().map(|thread| thread.id).collect();
    let decided = events::done_here(c, &ids, &[AnswerAccepted::KIND, AcceptanceWithdrawn::KIND])?;
    for choice in choices {
        let (Some(thread), Some((answer_id, author, thread_id, open))) =
            (threads.get(&choice.question), answers.get(&choice.answer))
        else {
            continue;
        };
        if !*open || *thread_id != Some(thread.id) || decided.contains(&thread.id) {
            continue;
        }
        let mut thread = Thread::load(c, thread.id)?;
        if thread.accepted_id == Some(*answer_id) {
            continue;
        }
        let about = imported(choice.at, now, thread.author_id).in_thread(thread.post_id, thread.space_id);
        if let Some(before) = withdraw(c, &mut thread, &about)? {
            forget_choice(c, before)?;
        }
        thread.accepted_id = Some(*answer_id);
        thread.accepted_at = Some(choice.at);
        if let Some(author) = author.filter(|_| thread.listed) {
            counts::add(c, author, thread.space_id, Change { accepted: 1, ..Change::default() })?;
        }
        thread.save(c)?;
        events::append(c, &about, &AnswerAccepted { answer_id: *answer_id, credit: None })?;
    }
    Ok(())
}

fn answers(c: &mut Conn, source: &str, choices: &[Choice]) -> QueryResult<HashMap<String, Answer>> {
    let names: Vec<&str> = choices.iter().map(|choice| choice.answer.as_str()).collect();
    let open = posts::visibility.eq("open").and(posts::deleted_at.is_null());
    let rows: Vec<(Option<String>, i64, Option<i64>, Option<i64>, bool)> = posts::table
        .filter(posts::source.eq(source))
        .filter(posts::kind.eq(Kind::Answer.as_str()))
        .filter(posts::original_id.eq_any(names))
        .select((posts::original_id, posts::id, posts::author_id, posts::thread_id, open))
        .load(c)?;
    let answers = rows
        .into_iter()
        .filter_map(|(original, id, author, thread, open)| Some((original?, (id, author, thread, open))));
    Ok(answers.collect())
}

/// Those of the answers that are accepted.
pub fn chosen(c: &mut Conn, answer_ids: &[i64]) -> QueryResult<HashSet<i64>> {
    let accepted: Vec<Option<i64>> = questions::table
        .filter(questions::accepted_id.eq_any(answer_ids.to_vec()))
        .select(questions::accepted_id)
        .load(c)?;
    Ok(accepted.into_iter().flatten().collect())
}
