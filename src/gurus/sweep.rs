//! Looking at the facts: once a day of everybody, and of an author when an answer of theirs is accepted or endorsed.
//!
//! Promises: a step is taken on what is so in its transaction, whatever was read before; what takes something away waits for
//! who cannot be told of it now.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde::Deserialize;

use super::facts::{self, of_member_in};
use super::rules::{Facts, Turn, turn};
use super::standings;
use super::store::{self, Standing};
use crate::clock::{DAY, MINUTE, Micros, SECOND};
use crate::db::schema::{posts, question_tags};
use crate::db::{Conn, Effect};
use crate::events::{Follower, Recorded, Takes};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::reputation::figures::{self, Figures};

const KIND: &str = "gurus.sweep";
/// Standings changed in one transaction.
const PIECE: usize = 100;

/// What is to be done with one standing, as it was read.
struct Step {
    member: i64,
    tag: i64,
    facts: Facts,
    turn: Turn,
}

impl Step {
    /// Looks again in the transaction: its member, a moderator or an acceptance may have been there meanwhile, and then the
    /// next look finds what is to be done.
    fn take(&self, c: &mut Conn, figures: &Figures, now: Micros) -> QueryResult<()> {
        let row = store::of_member_and_tag(c, self.member, self.tag)?;
        // What takes nothing away may rest on facts that were read a moment ago.
        let takes = matches!(self.turn, Turn::Withdraw | Turn::Lapse(_) | Turn::End);
        let facts = if takes { of_member_in(c, self.member, self.tag, now)? } else { self.facts };
        if turn(row.as_ref().map(Standing::course).as_ref(), facts.met(figures), now) != self.turn {
            return Ok(());
        }
        match (self.turn, &row) {
            (Turn::Invite, _) => standings::invite(c, self.member, self.tag, facts, now),
            (Turn::Withdraw, Some(row)) => standings::withdraw(c, row, facts, now),
            (Turn::Lapse(at), Some(row)) => standings::lapse(c, row, facts, at, now),
            (Turn::Keep, Some(row)) => standings::keep(c, row, facts, now),
            (Turn::End, Some(row)) => standings::end(c, row, facts, now),
            _ => Ok(()),
        }
    }
}

/// Looks at everybody's facts, once a day.
pub struct Sweep;

impl Sweep {
    /// Makes sure that it is done.
    ///
    /// # Errors
    /// The database's.
    pub fn schedule(c: &mut Conn, now: Micros) -> QueryResult<()> {
        timed::schedule_once(c, KIND, 0, now + 10 * MINUTE)
    }
}

impl Duty for Sweep {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn prepare(&self, c: &mut Conn, _: &Timed, now: Micros) -> QueryResult<Effect> {
        let figures = figures::in_force(c)?.figures;
        let mut steps = all_steps(c, &figures, now)?;
        let more = steps.len() > PIECE;
        steps.truncate(PIECE);
        Ok(Box::new(move |c| {
            steps.iter().try_for_each(|step| step.take(c, &figures, now))?;
            timed::schedule(c, KIND, 0, if more { now + SECOND } else { now + DAY })
        }))
    }
}

fn all_steps(c: &mut Conn, figures: &Figures, now: Micros) -> QueryResult<Vec<Step>> {
    let shown = facts::of_all(c, figures.guru_answers, now)?;
    let met: HashMap<(i64, i64), Facts> = shown
        .iter()
        .filter(|row| row.facts().met(figures))
        .map(|row| ((row.member_id, row.tag_id), row.facts()))
        .collect();
    let rows = store::all(c)?;
    let known: HashSet<(i64, i64)> = rows.iter().map(|row| (row.member_id, row.tag_id)).collect();
    let mut steps = Vec::new();
    for row in rows {
        let key = (row.member_id, row.tag_id);
        let turn = turn(Some(&row.course()), met.contains_key(&key), now);
        if turn == Turn::Stays {
            continue;
        }
        let facts = match met.get(&key) {
            Some(facts) => *facts,
            None => of_member_in(c, key.0, key.1, now)?,
        };
        steps.push(Step { member: key.0, tag: key.1, facts, turn });
    }
    let new = shown.iter().map(|row| (row.member_id, row.tag_id)).filter(|key| !known.contains(key));
    steps.extend(new.filter_map(|key| {
        let facts = *met.get(&key)?;
        Some(Step { member: key.0, tag: key.1, facts, turn: Turn::Invite })
    }));
    for_now(c, steps, now)
}

/// Without offers to those to whom none are made, and without what those are to be told who are suspended: a month that
/// nobody told them of would be over when they come back.
fn for_now(c: &mut Conn, steps: Vec<Step>, now: Micros) -> QueryResult<Vec<Step>> {
    let mut concerned: Vec<i64> = steps.iter().map(|step| step.member).collect();
    concerned.sort_unstable();
    concerned.dedup();
    let (mut invitable, mut suspended) = (HashSet::new(), HashSet::new());
    for some in concerned.chunks(500) {
        invitable.extend(store::invitable(c, some)?);
        suspended.extend(store::suspended(c, some, now)?);
    }
    let may = |step: &Step| match step.turn {
        Turn::Invite => invitable.contains(&step.member),
        Turn::Lapse(_) | Turn::End => !suspended.contains(&step.member),
        _ => true,
    };
    Ok(steps.into_iter().filter(may).collect())
}

/// Looks at the facts of those whose answers are accepted or endorsed.
pub struct GuruFacts;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Payload {
    answer_id: i64,
}

impl Follower for GuruFacts {
    fn name(&self) -> &'static str {
        "guru-facts"
    }

    fn takes(&self) -> Takes {
        // The daily look finds what an import brought.
        Takes::LiveOnly
    }

    fn follow(&self, c: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<Effect> {
        let mut steps = Vec::new();
        let mut looked: HashMap<i64, HashSet<i64>> = HashMap::new();
        for event in
            events.iter().filter(|event| matches!(event.kind.as_str(), "AnswerAccepted" | "AnswerEndorsed"))
        {
            let payload: Payload = serde_json::from_str(&event.payload).unwrap_or_default();
            let author: Option<Option<i64>> =
                posts::table.find(payload.answer_id).select(posts::author_id).first(c).optional()?;
            let (Some(author), Some(question)) = (author.flatten(), event.question_id) else { continue };
            let tags: Vec<i64> = question_tags::table
                .filter(question_tags::question_id.eq(question))
                .select(question_tags::tag_id)
                .load(c)?;
            looked.entry(author).or_default().extend(tags);
        }
        if looked.is_empty() {
            return Ok(Box::new(|_| Ok(())));
        }
        let figures = figures::in_force(c)?.figures;
        for (member, tags) in looked {
            let shown = facts::of_member(c, member, now)?;
            for (tag, facts) in
                shown.into_iter().filter(|(tag, facts)| tags.contains(tag) && facts.met(&figures))
            {
                let row = store::of_member_and_tag(c, member, tag)?;
                let turn = turn(row.as_ref().map(Standing::course).as_ref(), true, now);
                steps.push(Step { member, tag, facts, turn });
            }
        }
        let steps = for_now(c, steps, now)?;
        Ok(Box::new(move |c| steps.iter().try_for_each(|step| step.take(c, &figures, now))))
    }
}
