//! What badges are judged by: outcomes that stand, as the ledger has them, and what is counted of a post that won.
//!
//! Reads only, for some threads or members at a time.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{count, count_star, min};
use diesel::prelude::*;
use serde::Deserialize;

use super::definitions::Counts;
use crate::clock::{DAY, Micros};
use crate::db::schema::{events, ledger, post_texts, posts, question_readers, questions, revisions};
use crate::db::{Conn, Fixed, fixed};
use crate::reputation::Reason;

/// An outcome.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// False where it was undone or is suspended.
    pub(super) stands: bool,
    pub(super) member: i64,
    pub(super) reason: Reason,
    pub(super) post: i64,
    pub(super) question: i64,
    pub(super) space: i64,
    pub(super) at: Micros,
}

/// What is counted of an answer that was accepted or endorsed.
#[derive(Clone, Debug, Default)]
pub(super) struct Won {
    /// Days the question had waited when this came as the first answer.
    pub(super) days_unanswered: i64,
    /// Other people who have the question.
    pub(super) affected: i64,
    /// Members who opened the question since.
    pub(super) readers: i64,
    /// Edits that changed some of it: who, when, days since the version before.
    pub(super) edits: Vec<(i64, Micros, i64)>,
}

impl Won {
    /// One of its numbers; edits are counted one by one.
    pub(super) fn count(&self, counts: Counts) -> i64 {
        match counts {
            Counts::DaysUnanswered => self.days_unanswered,
            Counts::Affected => self.affected,
            Counts::Readers => self.readers,
            Counts::Outcomes | Counts::People | Counts::DaysSinceEdited => 0,
        }
    }
}

/// Words that an edit changes at least to count as one: a comma is no news.
const WORDS_CHANGED: usize = 5;

/// Base rows of the kinds that badges look at; votes are not among them.
const OUTCOMES: Fixed =
    fixed("ledger.base_id IS NULL AND ledger.reason IN ('accepted', 'accepting', 'endorsed', 'edit')");
const STANDS: Fixed = fixed(
    "ledger.base_id IS NULL AND ledger.state = 'given' \
     AND ledger.reason IN ('accepted', 'accepting', 'endorsed', 'edit')",
);

/// The outcomes that there are or were in these threads.
pub(super) fn outcomes(c: &mut Conn, threads: &[i64]) -> QueryResult<Vec<Outcome>> {
    type Row = (Option<String>, i64, String, Option<i64>, Option<i64>, Option<i64>, Micros);
    let rows: Vec<Row> = ledger::table
        .filter(ledger::question_id.eq_any(threads.to_vec()))
        .filter(OUTCOMES)
        .order(ledger::id)
        .select((
            ledger::state,
            ledger::member_id,
            ledger::reason,
            ledger::post_id,
            ledger::question_id,
            ledger::space_id,
            ledger::given_at,
        ))
        .load(c)?;
    let outcome = |(state, member, reason, post, question, space, at): Row| {
        let (stands, reason) = (state.as_deref() == Some("given"), Reason::parse(&reason)?);
        Some(Outcome { stands, member, reason, post: post?, question: question?, space: space?, at })
    };
    Ok(rows.into_iter().filter_map(outcome).collect())
}

/// How many outcomes of a kind a member has, and by how many different people.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) outcomes: i64,
    pub(super) people: i64,
}

/// The sums of some members, by member and reason.
pub(super) fn sums(c: &mut Conn, members: &[i64]) -> QueryResult<HashMap<(i64, Reason), Sums>> {
    let rows: Vec<(i64, String, i64, i64)> = ledger::table
        .filter(ledger::member_id.eq_any(members.to_vec()))
        .filter(STANDS)
        .group_by((ledger::member_id, ledger::reason))
        .select((ledger::member_id, ledger::reason, count_star(), count(ledger::by_id).aggregate_distinct()))
        .load(c)?;
    let sums = |(member, reason, outcomes, people): (i64, String, i64, i64)| {
        Some(((member, Reason::parse(&reason)?), Sums { outcomes, people }))
    };
    Ok(rows.into_iter().filter_map(sums).collect())
}

/// The outcome by which a member came to `least` of a kind: the post, its thread and space, and when.
pub(super) fn reached(
    c: &mut Conn,
    member: i64,
    reason: Reason,
    counts: Counts,
    least: i64,
) -> QueryResult<Option<Outcome>> {
    type Row = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Micros);
    let rows: Vec<Row> = ledger::table
        .filter(ledger::member_id.eq(member))
        .filter(ledger::reason.eq(reason.as_str()))
        .filter(STANDS)
        .order((ledger::given_at, ledger::id))
        .select((ledger::by_id, ledger::post_id, ledger::question_id, ledger::space_id, ledger::given_at))
        .load(c)?;
    let mut people = HashSet::new();
    let mut counted = 0;
    for (by, post, question, space, at) in rows {
        counted += match (counts, by) {
            (Counts::People, Some(by)) => i64::from(people.insert(by)),
            (Counts::People, None) => 0,
            _ => 1,
        };
        if counted >= least {
            let (Some(post), Some(question), Some(space)) = (post, question, space) else { return Ok(None) };
            return Ok(Some(Outcome { stands: true, member, reason, post, question, space, at }));
        }
    }
    Ok(None)
}

/// An answer as it is looked at.
struct Answer {
    id: i64,
    question: i64,
    author: Option<i64>,
    written: Micros,
    version: i64,
    edited: Option<(Micros, Option<i64>)>,
}

/// What is counted of these answers.
pub(super) fn won(c: &mut Conn, answers: &[i64]) -> QueryResult<HashMap<i64, Won>> {
    type Row = (i64, Option<i64>, Option<i64>, Micros, i64, Option<Micros>, Option<i64>);
    let rows: Vec<Row> = posts::table
        .filter(posts::id.eq_any(answers.to_vec()))
        .filter(posts::kind.eq("answer"))
        .select((
            posts::id,
            posts::thread_id,
            posts::author_id,
            posts::created_at,
            posts::version,
            posts::edited_at,
            posts::edited_by,
        ))
        .load(c)?;
    let answers: Vec<Answer> = rows
        .into_iter()
        .filter_map(|(id, thread, author, written, version, edited_at, editor)| {
            let edited = edited_at.map(|at| (at, editor));
            Some(Answer { id, question: thread?, author, written, version, edited })
        })
        .collect();
    let threads: Vec<i64> = answers.iter().map(|answer| answer.question).collect();
    let asked: Vec<(i64, Micros, i64)> = questions::table
        .filter(questions::post_id.eq_any(threads.clone()))
        .select((questions::post_id, questions::created_at, questions::affected_people))
        .load(c)?;
    let asked: HashMap<i64, (Micros, i64)> =
        asked.into_iter().map(|(id, at, affected)| (id, (at, affected))).collect();
    let first = first_answers(c, &threads)?;
    let edits = edits(c, &answers)?;
    let mut found = HashMap::new();
    for answer in answers {
        let Some((asked_at, affected)) = asked.get(&answer.question) else { continue };
        let is_first = first.get(&answer.question).is_none_or(|first| answer.written <= *first);
        let days_unanswered = if is_first { (answer.written - asked_at) / DAY } else { 0 };
        let won = Won {
            days_unanswered,
            affected: *affected,
            readers: readers(c, &answer)?,
            edits: edits.get(&answer.id).cloned().unwrap_or_default(),
        };
        found.insert(answer.id, won);
    }
    Ok(found)
}

/// When the first answer that still stands came to each thread, the asker's own left out.
fn first_answers(c: &mut Conn, threads: &[i64]) -> QueryResult<HashMap<i64, Micros>> {
    let by_another = fixed(
        "(posts.author_id IS NULL OR questions.author_id IS NULL OR posts.author_id <> questions.author_id)",
    );
    let rows: Vec<(Option<i64>, Option<Micros>)> = posts::table
        .inner_join(questions::table.on(posts::thread_id.eq(questions::post_id.nullable())))
        .filter(posts::thread_id.eq_any(threads.iter().map(|id| Some(*id)).collect::<Vec<_>>()))
        .filter(posts::kind.eq("answer"))
        .filter(posts::deleted_at.is_null())
        .filter(by_another)
        .group_by(posts::thread_id)
        .select((posts::thread_id, min(posts::created_at)))
        .load(c)?;
    Ok(rows.into_iter().filter_map(|(thread, at)| Some((thread?, at?))).collect())
}

/// Members other than the author who opened the question since the answer stands there.
fn readers(c: &mut Conn, answer: &Answer) -> QueryResult<i64> {
    question_readers::table
        .filter(question_readers::question_id.eq(answer.question))
        .filter(question_readers::read_at.ge(answer.written))
        .filter(question_readers::member_id.ne(answer.author.unwrap_or(0)))
        .count()
        .get_result(c)
}

/// A version of a text: its number, who made it, when.
type Version = (i64, Option<i64>, Micros);

/// The edits of these answers that changed some of them and were not rolled back, by answer.
fn edits(c: &mut Conn, answers: &[Answer]) -> QueryResult<HashMap<i64, Vec<(i64, Micros, i64)>>> {
    let edited: Vec<i64> =
        answers.iter().filter(|answer| answer.version > 1).map(|answer| answer.id).collect();
    if edited.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, i64, Option<i64>, Micros)> = revisions::table
        .filter(revisions::post_id.eq_any(edited))
        .order((revisions::post_id, revisions::number))
        .select((revisions::post_id, revisions::number, revisions::editor_id, revisions::made_at))
        .load(c)?;
    let mut versions: HashMap<i64, Vec<Version>> = HashMap::new();
    for (post, number, editor, at) in rows {
        versions.entry(post).or_default().push((number, editor, at));
    }
    let mut found = HashMap::new();
    for answer in answers {
        let (Some(mut versions), Some((at, editor))) = (versions.remove(&answer.id), answer.edited) else {
            continue;
        };
        versions.push((answer.version, editor, at));
        // Most edits come soon; only what came days later is looked at further.
        let late = versions.windows(2).any(|pair| days_between(&pair[0], &pair[1]) > 0);
        if late {
            found.insert(answer.id, late_edits(c, answer, &versions)?);
        }
    }
    Ok(found)
}

fn days_between(before: &Version, after: &Version) -> i64 {
    (after.2 - before.2) / DAY
}

fn late_edits(c: &mut Conn, answer: &Answer, versions: &[Version]) -> QueryResult<Vec<(i64, Micros, i64)>> {
    let undone = rolled_back(c, answer)?;
    let mut found = Vec::new();
    for pair in versions.windows(2) {
        let ((before, ..), (number, editor, at)) = (pair[0], pair[1]);
        let days = days_between(&pair[0], &pair[1]);
        let is_undone = undone.iter().any(|(to, by)| (*to < number) && (number <= *by));
        let Some(editor) = editor.filter(|_| days > 0 && !is_undone) else { continue };
        let (old, new) = (text(c, answer, before)?, text(c, answer, number)?);
        if words_changed(&old, &new) >= WORDS_CHANGED {
            found.push((editor, at, days));
        }
    }
    Ok(found)
}

#[derive(Deserialize)]
struct RolledBack {
    post_id: i64,
    version: i64,
    to: i64,
}

/// Which versions were gone back to, and by which.
fn rolled_back(c: &mut Conn, answer: &Answer) -> QueryResult<Vec<(i64, i64)>> {
    let payloads: Vec<String> = events::table
        .filter(events::question_id.eq(answer.question))
        .filter(events::kind.eq("EditRolledBack"))
        .select(events::payload)
        .load(c)?;
    let told = payloads.iter().filter_map(|payload| serde_json::from_str::<RolledBack>(payload).ok());
    Ok(told.filter(|told| told.post_id == answer.id).map(|told| (told.to, told.version)).collect())
}

fn text(c: &mut Conn, answer: &Answer, version: i64) -> QueryResult<String> {
    if version == answer.version {
        return post_texts::table.find(answer.id).select(post_texts::body).first(c);
    }
    revisions::table
        .filter(revisions::post_id.eq(answer.id))
        .filter(revisions::number.eq(version))
        .select(revisions::body)
        .first(c)
}

/// Words that only one of two texts has, each as often as it has it more.
fn words_changed(old: &str, new: &str) -> usize {
    let mut balance: HashMap<&str, i64> = HashMap::new();
    for word in old.split_whitespace() {
        *balance.entry(word).or_default() -= 1;
    }
    for word in new.split_whitespace() {
        *balance.entry(word).or_default() += 1;
    }
    let changed: u64 = balance.values().map(|n| n.unsigned_abs()).sum();
    usize::try_from(changed).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::words_changed;

    #[test]
    fn words_that_moved_are_not_changed() {
        assert_eq!(words_changed("turn the valve left", "left the valve turn"), 0);
        assert_eq!(words_changed("turn the valve left", "turn the new valve right"), 3);
    }
}
