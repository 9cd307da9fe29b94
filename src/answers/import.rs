//! Answers that come with an import, with their authors' counts and their threads' counters.

use std::collections::{BTreeSet, HashMap};

use super::AnswerPosted;
use crate::accounts::import::{By, People};
use crate::clock::Micros;
use crate::db::Conn;
use crate::events::{self, Line};
use crate::posts::Kind;
use crate::posts::counts::Change;
use crate::posts::import::{Counted, ImportedPost, Place, Present, add_counts, insert, retally, revise};
use crate::questions::PostEdited;
use crate::questions::import::{Opened, imported, opened, refresh};

/// An answer with its past.
#[derive(Clone, Debug)]
pub struct ImportedAnswer {
    /// Its post.
    pub post: ImportedPost,
    /// Original id of its question.
    pub question: String,
}

/// An answer that is here, and what a newer dump has of it.
#[derive(Clone, Debug)]
pub struct Changed {
    /// As it is here.
    pub present: Present,
    /// As the dump has it; rendered where the text differs.
    pub new: ImportedPost,
}

/// Everybody these answers name.
pub fn people(answers: &[ImportedAnswer]) -> impl Iterator<Item = &By> {
    answers.iter().flat_map(|answer| answer.post.people())
}

/// Writes answers that are not here yet and whose question is; others are left out.
pub fn add(
    c: &mut Conn,
    source: &str,
    people: &People,
    new: &[ImportedAnswer],
    now: Micros,
) -> diesel::QueryResult<()> {
    let names: Vec<&str> = new.iter().map(|answer| answer.question.as_str()).collect();
    let threads = opened(c, source, &names)?;
    let placed: Vec<(Place, &ImportedPost)> =
        new.iter().filter_map(|answer| Some((place(threads.get(&answer.question)?), &answer.post))).collect();
    let ids = insert(c, source, people, &placed)?;
    let mut counted = Counted::default();
    let mut lines = Vec::with_capacity(ids.len());
    let mut grown = BTreeSet::new();
    for (answer, thread, id) in new.iter().filter_map(|answer| located(answer, &threads, &ids)) {
        let (author, _) = people.of(&answer.post.by);
        let by_asker = author.is_some() && author == thread.author_id;
        let about = imported(answer.post.created_at, now, author).in_thread(thread.id, thread.space_id);
        lines.push(Line::of(&about, &AnswerPosted { answer_id: id, by_asker })?);
        grown.insert(thread.id);
        if thread.listed && answer.post.hidden.is_none() && answer.post.deleted_at.is_none() {
            counted.add(author, thread.space_id, Change { answers: 1, ..Change::default() });
        }
    }
    add_counts(c, &counted)?;
    events::append_all(c, &lines)?;
    refresh(c, &Vec::from_iter(grown))
}

fn place(thread: &Opened) -> Place {
    Place {
        kind: Kind::Answer,
        space_id: thread.space_id,
        thread_id: Some(thread.id),
        parent_id: Some(thread.id),
    }
}

fn located<'a>(
    answer: &'a ImportedAnswer,
    threads: &'a HashMap<String, Opened>,
    ids: &HashMap<String, i64>,
) -> Option<(&'a ImportedAnswer, &'a Opened, i64)> {
    Some((answer, threads.get(&answer.question)?, *ids.get(&answer.post.original_id)?))
}

/// Takes over texts that nobody edited here, and votes without a person.
pub fn change(c: &mut Conn, people: &People, changed: &[Changed], now: Micros) -> diesel::QueryResult<()> {
    let mut moved = BTreeSet::new();
    for Changed { present, new } in changed {
        let space_id = crate::posts::import::space_of(c, present.id)?;
        let about = |at, actor| imported(at, now, actor).in_thread(present.thread_id, space_id);
        if present.text_differs(new)
            && let Some(version) = revise(c, people, present.id, new, None, now)?
        {
            let edited = new.edited.as_ref();
            let editor = edited.and_then(|edited| people.of(&edited.by).0);
            let about = about(edited.map_or(now, |edited| edited.at), editor);
            events::append(c, &about, &PostEdited { post_id: present.id, version })?;
            moved.insert(present.thread_id);
        }
        if let Some(tallies) = retally(c, present.id, new)? {
            events::append(c, &about(now, None), &tallies)?;
            moved.insert(present.thread_id);
        }
    }
    refresh(c, &Vec::from_iter(moved))
}
