//! The event log read again: what everybody's points must be.
//!
//! The same rules as in acts, over a book in memory. `peerhall check` compares its sums with what is stored, and with other
//! figures it says what those would have given.

use std::collections::HashMap;
use std::convert::Infallible;

use diesel::prelude::*;
use serde::Deserialize;

use super::book::{self, Vote};
use super::figures::{self, Figures};
use super::imported::{Choice, Tally};
use super::memory::Memory;
use super::outcome::Credit;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{events, members};

/// Events read at a time.
const AT_ONCE: i64 = 5_000;

/// What a member has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Points.
    pub points: i64,
    /// Good outcomes that stand.
    pub good: i64,
    /// Bad ones.
    pub bad: i64,
}

/// By which figures the log is read.
pub enum By {
    /// Each outcome by those that were in force.
    Recorded,
    /// All by these.
    These(Box<Figures>),
}

/// Everybody's sums after the whole log; who has nothing and never had is left out.
pub fn replay(c: &mut Conn, by: &By) -> QueryResult<HashMap<i64, Sum>> {
    let versions = figures::all_versions(c)?;
    let mut memory = Memory::default();
    let mut after = 0;
    loop {
        let lines: Vec<(i64, String, Option<i64>, Micros, String)> = events::table
            .filter(events::id.gt(after))
            .filter(events::kind.eq_any(KINDS))
            .order(events::id)
            .limit(AT_ONCE)
            .select((events::id, events::kind, events::actor_id, events::occurred_at, events::payload))
            .load(c)?;
        let Some((last, ..)) = lines.last() else { return Ok(memory.sums().collect()) };
        after = *last;
        for (_, kind, actor, at, payload) in lines {
            let told: Told = serde_json::from_str(&payload)
                .map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
            let figures = |settings: i64| match by {
                By::Recorded => versions.get(&settings),
                By::These(these) => Some(these.as_ref()),
            };
            let Ok(()) = memory.follow(&kind, actor, at, &told, figures);
        }
    }
}

/// A member and what is stored of their points.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The member.
    pub id: i64,
    /// Shown name.
    pub name: String,
    /// As acts left it.
    pub sum: Sum,
}

/// What is stored of everybody.
pub fn stored(c: &mut Conn) -> QueryResult<Vec<Stored>> {
    let rows: Vec<(i64, String, i64, i64, i64)> = members::table
        .order(members::id)
        .select((members::id, members::name, members::reputation, members::good, members::bad))
        .load(c)?;
    let stored = |(id, name, points, good, bad)| Stored { id, name, sum: Sum { points, good, bad } };
    Ok(rows.into_iter().map(stored).collect())
}

/// The kinds of event that the ledger follows from.
const KINDS: [&str; 12] = [
    "VoteCast",
    "AnswerAccepted",
    "AcceptanceWithdrawn",
    "AnswerEndorsed",
    "EndorsementWithdrawn",
    "SuggestionApproved",
    "SuggestionUndone",
    "PostDeleted",
    "PostUndeleted",
    "VotesAnnulled",
    "AnnulmentUndone",
    "ImportCredited",
];

/// What those events say; each says some of it. Events from before there was a ledger carry no credit.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    post_id: i64,
    answer_id: i64,
    answer: bool,
    value: i64,
    before: i64,
    credit: Option<Credit>,
    suggestion_id: i64,
    approver_id: Option<i64>,
    votes: Vec<(i64, i64)>,
    settings: i64,
    tallies: Vec<Tally>,
    chosen: Vec<Choice>,
}

impl Memory {
    fn follow<'f>(
        &mut self,
        kind: &str,
        actor: Option<i64>,
        at: Micros,
        told: &Told,
        figures: impl Fn(i64) -> Option<&'f Figures>,
    ) -> Result<(), Infallible> {
        let credit = told.credit.as_ref();
        let credited = credit.and_then(|credit| Some((figures(credit.settings)?, credit)));
        match (kind, credited) {
            ("VoteCast", Some((figures, credit))) => {
                let Some(voter) = actor else { return Ok(()) };
                let vote = Vote {
                    post: told.post_id,
                    answer: told.answer,
                    voter,
                    value: told.value,
                    before: told.before,
                    at,
                };
                book::vote(self, figures, vote, credit)
            }
            ("AnswerAccepted", Some((figures, credit))) => {
                book::accept(self, figures, (told.answer_id, actor, at), credit)
            }
            ("AcceptanceWithdrawn", _) => book::unaccept(self, told.answer_id, at),
            ("AnswerEndorsed", Some((figures, credit))) => {
                book::endorse(self, figures, (told.answer_id, actor, at), credit)
            }
            ("EndorsementWithdrawn", _) => book::unendorse(self, told.answer_id, at),
            ("SuggestionApproved", Some((figures, credit))) => {
                self.suggested.insert(told.suggestion_id, told.post_id);
                let approved = (told.post_id, told.approver_id, at);
                book::edit(self, figures, told.suggestion_id, approved, credit)
            }
            ("SuggestionUndone", _) => match self.suggested.get(&told.suggestion_id).copied() {
                Some(post) => book::unedit(self, told.suggestion_id, post, at),
                None => Ok(()),
            },
            ("PostDeleted", Some((figures, credit))) => {
                self.removed.insert(told.post_id);
                book::remove(self, figures, (told.post_id, actor, at), credit)
            }
            ("PostUndeleted", _) if self.removed.remove(&told.post_id) => {
                book::restore(self, told.post_id, at)
            }
            ("VotesAnnulled", _) => told.votes.iter().try_for_each(|(post, voter)| {
                self.annulled.insert((*post, *voter));
                book::annul(self, *post, *voter, at)
            }),
            ("AnnulmentUndone", _) => told.votes.iter().try_for_each(|(post, voter)| {
                self.annulled.remove(&(*post, *voter));
                book::reinstate(self, *post, *voter, at)
            }),
            ("ImportCredited", _) => {
                let Some(figures) = figures(told.settings) else { return Ok(()) };
                for tally in &told.tallies {
                    book::tally(self, figures, tally, told.settings)?;
                }
                for choice in &told.chosen {
                    let (chosen, credit) = choice.credited(told.settings);
                    book::accept(self, figures, chosen, &credit)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
