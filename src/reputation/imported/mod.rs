//! Points for what an import tells: votes that name no person, by day, and choices of askers.
//!
//! An import calls it at its end, author by author, each author's days in order. What was credited is remembered, so that
//! importing again credits only what is new; votes of a day that changed are taken back and given anew.

mod due;

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::book;
use super::figures;
use super::ledger::{Ledger, NOT_REPLACED, Place};
use super::memory::Memory;
use super::outcome::{Credit, Given, Reason, State};
use crate::clock::{DAY, Micros};
use crate::db::schema::{imported_credits, ledger, members};
use crate::db::{Conn, on};
use crate::events::{self, About, Fact, Origin};

pub use due::due;

/// Facts of one event and one transaction.
pub const FACTS: usize = 1_000;
/// Rows written in one statement.
const AT_ONCE: usize = 500;
/// Stands for a choice among the days of `imported_credits`.
const CHOICE: Micros = -1;

/// Votes of an import that name no person, on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// On which post.
    pub post: i64,
    /// Whether that is an answer.
    pub answer: bool,
    /// Its author.
    pub author: i64,
    /// The UTC day's first microsecond.
    pub day: Micros,
    /// Votes up.
    pub up: i64,
    /// Votes down.
    pub down: i64,
}

/// An answer that its asker chose elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The answer.
    pub post: i64,
    /// Who wrote it; never the asker.
    pub author: i64,
    /// Who chose, if a member.
    pub asker: Option<i64>,
    /// When.
    pub at: Micros,
}

impl Choice {
    /// As the book takes it.
    pub(super) fn credited(&self, settings: i64) -> ((i64, Option<i64>, Micros), Credit) {
        ((self.post, self.asker, self.at), Credit { settings, author: Some(self.author), nothing: None })
    }
}

/// One thing to be credited, and where its post stands.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// Votes of a day; `before` says that others were credited for it earlier.
    Votes(Tally, Place, bool),
    /// A choice.
    Chosen(Choice, Place),
}

/// Points were given for what an import told.
#[derive(Serialize)]
struct ImportCredited {
    settings: i64,
    tallies: Vec<Tally>,
    chosen: Vec<Choice>,
}

impl Fact for ImportCredited {
    const KIND: &'static str = "ImportCredited";
}

/// Credits at most [`FACTS`] facts, in one transaction with the event that tells of them.
pub fn credit(c: &mut Conn, due: &[Due], now: Micros) -> QueryResult<()> {
    let settings = figures::in_force(c)?;
    let (mut tallies, mut chosen, mut anew) = (Vec::new(), Vec::new(), false);
    for one in due {
        match one {
            Due::Votes(tally, _, before) => {
                tallies.push(*tally);
                anew |= before;
            }
            Due::Chosen(choice, _) => chosen.push(*choice),
        }
    }
    let places = due.iter().map(|one| match one {
        Due::Votes(tally, place, _) => (tally.post, *place),
        Due::Chosen(choice, place) => (choice.post, *place),
    });
    let places: HashMap<i64, Place> = places.collect();
    if anew {
        one_by_one(c, &settings, &tallies, &chosen, &places)?;
    } else {
        at_once(c, &settings, &tallies, &chosen, &places)?;
    }
    remember(c, &tallies, &chosen)?;
    let last = due.iter().map(|one| match one {
        Due::Votes(tally, ..) => tally.day,
        Due::Chosen(choice, _) => choice.at,
    });
    let about = About {
        origin: Origin::Import,
        occurred_at: last.max().unwrap_or(now),
        recorded_at: now,
        actor_id: None,
        question_id: None,
        space_id: None,
    };
    events::append(c, &about, &ImportCredited { settings: settings.version, tallies, chosen })
}

/// Where something was credited before: by the book that acts use.
fn one_by_one(
    c: &mut Conn,
    settings: &figures::InForce,
    tallies: &[Tally],
    chosen: &[Choice],
    places: &HashMap<i64, Place>,
) -> QueryResult<()> {
    let place = |post: i64| places.get(&post).copied();
    for tally in tallies {
        let mut book = Ledger { c, place: place(tally.post) };
        book::tally(&mut book, &settings.figures, tally, settings.version)?;
    }
    for choice in chosen {
        let (told, credit) = choice.credited(settings.version);
        let mut book = Ledger { c, place: place(choice.post) };
        book::accept(&mut book, &settings.figures, told, &credit)?;
    }
    Ok(())
}

/// Where all is new: reckoned in memory, written together.
fn at_once(
    c: &mut Conn,
    settings: &figures::InForce,
    tallies: &[Tally],
    chosen: &[Choice],
    places: &HashMap<i64, Place>,
) -> QueryResult<()> {
    let mut memory = Memory::default();
    load_days(c, tallies, &mut memory)?;
    for tally in tallies {
        let Ok(()) = book::tally(&mut memory, &settings.figures, tally, settings.version);
    }
    for choice in chosen {
        let (told, credit) = choice.credited(settings.version);
        let Ok(()) = book::accept(&mut memory, &settings.figures, told, &credit);
    }
    let given = memory.given();
    for given in given.chunks(AT_ONCE) {
        let rows: Vec<_> = given
            .iter()
            .filter_map(|given| Some((given, *places.get(&given.post?)?)))
            .map(|(given, place)| row(given, place))
            .collect();
        on!(c, |c| diesel::insert_into(ledger::table).values(&rows).execute(c))?;
    }
    let mut sums: Vec<(i64, super::replay::Sum)> = memory.sums().collect();
    sums.sort_unstable_by_key(|(member, _)| *member);
    for (member, sum) in sums {
        let more = (
            members::reputation.eq(members::reputation + sum.points),
            members::good.eq(members::good + sum.good),
            members::bad.eq(members::bad + sum.bad),
        );
        crate::db::update(members::table, members::id.eq(member), more).execute(c)?;
    }
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = ledger, treat_none_as_default_value = false)]
struct Row {
    member_id: i64,
    points: i64,
    reason: &'static str,
    post_id: Option<i64>,
    question_id: Option<i64>,
    space_id: Option<i64>,
    by_id: Option<i64>,
    settings_id: i64,
    outcomes: i64,
    state: &'static str,
    given_at: Micros,
}

fn row(given: &Given, place: Place) -> Row {
    Row {
        member_id: given.member,
        points: given.points,
        reason: given.reason.as_str(),
        post_id: given.post,
        question_id: Some(place.question_id),
        space_id: Some(place.space_id),
        by_id: given.by,
        settings_id: given.settings,
        outcomes: given.outcomes,
        state: State::Given.as_str(),
        given_at: given.at,
    }
}

/// Puts what these authors were given on these days into the book.
fn load_days(c: &mut Conn, tallies: &[Tally], memory: &mut Memory) -> QueryResult<()> {
    let days = tallies.iter().map(|tally| tally.day);
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Ok(()) };
    let mut authors: Vec<i64> = tallies.iter().map(|tally| tally.author).collect();
    authors.dedup();
    for author in authors {
        let rows: Vec<(String, i64, Micros)> = ledger::table
            .filter(ledger::member_id.eq(author))
            .filter(ledger::given_at.ge(first))
            .filter(ledger::given_at.lt(last + DAY))
            .filter(ledger::base_id.is_null())
            .filter(NOT_REPLACED)
            .select((ledger::reason, ledger::points, ledger::given_at))
            .load(c)?;
        for (reason, points, at) in rows {
            if let Some(reason) = Reason::parse(&reason) {
                memory.spend(author, reason, points, at);
            }
        }
    }
    Ok(())
}

fn remember(c: &mut Conn, tallies: &[Tally], chosen: &[Choice]) -> QueryResult<()> {
    let votes = tallies.iter().map(|tally| (tally.post, tally.day, tally.up, tally.down));
    let choices = chosen.iter().map(|choice| (choice.post, CHOICE, 1, 0));
    let facts: Vec<(i64, Micros, i64, i64)> = votes.chain(choices).collect();
    for facts in facts.chunks(AT_ONCE) {
        let rows: Vec<_> = facts
            .iter()
            .map(|(post, day, up, down)| {
                (
                    imported_credits::post_id.eq(post),
                    imported_credits::day.eq(day),
                    imported_credits::up.eq(up),
                    imported_credits::down.eq(down),
                )
            })
            .collect();
        let key = (imported_credits::post_id, imported_credits::day);
        on!(c, |c| {
            use diesel::upsert::excluded;
            diesel::insert_into(imported_credits::table)
                .values(&rows)
                .on_conflict(key)
                .do_update()
                .set((
                    imported_credits::up.eq(excluded(imported_credits::up)),
                    imported_credits::down.eq(excluded(imported_credits::down)),
                ))
                .execute(c)
        })?;
    }
    Ok(())
}

/// An import chose another answer: should it choose this one again, that is news.
pub fn forget_choice(c: &mut Conn, answer_id: i64) -> QueryResult<()> {
    diesel::delete(imported_credits::table.find((answer_id, CHOICE))).execute(c)?;
    Ok(())
}
