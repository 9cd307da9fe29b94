//! The thread row, loaded to be changed: counters, state and version, all in one update.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::rules::{State, StateFacts, state};
use crate::clock::Micros;
use crate::db::schema::{posts, questions};
use crate::db::{self, Conn, among};

/// A question's row, loaded to be changed. Load it inside the act's transaction, change it, save it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    row: Row,
    /// As it is in the database.
    stored: Row,
}

/// A question's row as acts see and change it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = questions)]
pub struct Row {
    /// The question's post.
    pub post_id: i64,
    /// Its space.
    pub space_id: i64,
    /// Its title.
    pub title: String,
    /// The asker, if a member.
    pub author_id: Option<i64>,
    /// When it was asked.
    pub created_at: Micros,
    /// When something last happened that counts.
    pub last_activity_at: Micros,
    /// Who did it.
    pub last_actor_id: Option<i64>,
    /// Score of the question's own post.
    pub score: i64,
    /// Visible answers.
    pub answers: i64,
    /// Visible answers by others than the asker.
    pub answers_by_others: i64,
    /// Members who have it too.
    pub affected_people: i64,
    /// Organisations among them.
    pub affected_organisations: i64,
    /// Followers.
    pub followers: i64,
    /// The chosen answer.
    pub accepted_id: Option<i64>,
    /// When it was chosen.
    pub accepted_at: Option<Micros>,
    /// Visible endorsed answers.
    pub endorsed: i64,
    /// When it was closed.
    pub closed_at: Option<Micros>,
    /// By whom.
    pub closed_by: Option<i64>,
    /// Why.
    pub close_reason: Option<String>,
    /// The question it repeats.
    pub duplicate_of: Option<i64>,
    /// Moves with everything the thread shows.
    pub thread_version: i64,
    /// 1 when asked, one more when a solved or closed question is reopened.
    pub cycle: i64,
    /// Whether it stands in lists.
    pub listed: bool,
    /// Who said that they are on it.
    pub claimed_by: Option<i64>,
    /// When they did.
    pub claimed_at: Option<Micros>,
    /// Until when.
    pub claimed_until: Option<Micros>,
    /// Who handed it over to staff.
    pub handed_over_by: Option<i64>,
    /// When they did.
    pub handed_over_at: Option<Micros>,
    /// What its state was when it was saved last.
    #[diesel(embed)]
    pub(super) saved: Flags,
}

/// Somebody is on a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The member.
    pub by: i64,
    /// Since when.
    pub at: Micros,
    /// Until when.
    pub until: Micros,
}

/// A question was handed over to staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// By whom.
    pub by: i64,
    /// When.
    pub at: Micros,
}

/// The columns that lists filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable)]
#[diesel(table_name = questions)]
pub struct Flags {
    solved: bool,
    unsolved: bool,
    unanswered: bool,
    closed: bool,
}

/// What of the row is to be written. Whatever is named in an update has all its indexes written anew, equal or not.
#[derive(AsChangeset)]
#[diesel(table_name = questions)]
struct Changes<'a> {
    last_activity_at: Option<Micros>,
    last_actor_id: Option<Option<i64>>,
    score: Option<i64>,
    answers: Option<i64>,
    answers_by_others: Option<i64>,
    affected_people: Option<i64>,
    affected_organisations: Option<i64>,
    followers: Option<i64>,
    accepted_id: Option<Option<i64>>,
    accepted_at: Option<Option<Micros>>,
    endorsed: Option<i64>,
    closed_at: Option<Option<Micros>>,
    closed_by: Option<Option<i64>>,
    close_reason: Option<Option<&'a str>>,
    duplicate_of: Option<Option<i64>>,
    cycle: Option<i64>,
    listed: Option<bool>,
    claimed_by: Option<Option<i64>>,
    claimed_at: Option<Option<Micros>>,
    claimed_until: Option<Option<Micros>>,
    handed_over_by: Option<Option<i64>>,
    handed_over_at: Option<Option<Micros>>,
    solved: Option<bool>,
    unsolved: Option<bool>,
    unanswered: Option<bool>,
    closed: Option<bool>,
    thread_version: i64,
}

impl Deref for Thread {
    type Target = Row;

    fn deref(&self) -> &Row {
        &self.row
    }
}

impl DerefMut for Thread {
    fn deref_mut(&mut self) -> &mut Row {
        &mut self.row
    }
}

impl Thread {
    /// The row of a question, wherever it is; what the viewer may do with it was decided by finding its post.
    pub fn load(c: &mut Conn, id: i64) -> QueryResult<Thread> {
        questions::table.find(id).select(Row::as_select()).first(c).map(Thread::of)
    }

    /// The title of a question, as [`Thread::load`].
    pub fn title(c: &mut Conn, id: i64) -> QueryResult<String> {
        questions::table.find(id).select(questions::title).first(c)
    }

    /// The titles of several questions, by question.
    pub fn titles(c: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, String>> {
        let rows: Vec<(i64, String)> = questions::table
            .filter(among(questions::post_id, ids))
            .select((questions::post_id, questions::title))
            .load(c)?;
        Ok(rows.into_iter().collect())
    }

    /// A row that was just loaded.
    pub(super) fn of(stored: Row) -> Thread {
        Thread { row: stored.clone(), stored }
    }

    /// Writes what changed, its state's columns and the next version.
    pub fn save(&mut self, c: &mut Conn) -> QueryResult<()> {
        self.row.thread_version += 1;
        db::update(questions::table, questions::post_id.eq(self.post_id), self.changes()).execute(c)?;
        self.row.saved = self.row.flags();
        self.stored = self.row.clone();
        Ok(())
    }

    fn changes(&self) -> Changes<'_> {
        let (row, old) = (&self.row, &self.stored);
        let (flags, saved) = (row.flags(), row.saved);
        macro_rules! changed {
            ($field:ident) => {
                (row.$field != old.$field).then_some(row.$field)
            };
        }
        Changes {
            last_activity_at: changed!(last_activity_at),
            last_actor_id: changed!(last_actor_id),
            score: changed!(score),
            answers: changed!(answers),
            answers_by_others: changed!(answers_by_others),
            affected_people: changed!(affected_people),
            affected_organisations: changed!(affected_organisations),
            followers: changed!(followers),
            accepted_id: changed!(accepted_id),
            accepted_at: changed!(accepted_at),
            endorsed: changed!(endorsed),
            closed_at: changed!(closed_at),
            closed_by: changed!(closed_by),
            close_reason: (row.close_reason != old.close_reason).then_some(row.close_reason.as_deref()),
            duplicate_of: changed!(duplicate_of),
            cycle: changed!(cycle),
            listed: changed!(listed),
            claimed_by: changed!(claimed_by),
            claimed_at: changed!(claimed_at),
            claimed_until: changed!(claimed_until),
            handed_over_by: changed!(handed_over_by),
            handed_over_at: changed!(handed_over_at),
            solved: (flags.solved != saved.solved).then_some(flags.solved),
            unsolved: (flags.unsolved != saved.unsolved).then_some(flags.unsolved),
            unanswered: (flags.unanswered != saved.unanswered).then_some(flags.unanswered),
            closed: (flags.closed != saved.closed).then_some(flags.closed),
            thread_version: row.thread_version,
        }
    }
}

impl Row {
    /// Its state.
    pub fn state(&self) -> State {
        state(self.facts())
    }

    fn facts(&self) -> StateFacts {
        StateFacts {
            closed: self.closed_at.is_some(),
            has_solution: self.accepted_id.is_some() || self.endorsed > 0,
            answers_by_others: self.answers_by_others,
        }
    }

    /// What lists are to filter it by.
    pub(super) fn flags(&self) -> Flags {
        let (facts, state) = (self.facts(), self.state());
        Flags {
            solved: facts.has_solution,
            unsolved: matches!(state, State::Unanswered | State::Open),
            unanswered: state == State::Unanswered,
            closed: facts.closed,
        }
    }

    /// Who is on it, until when.
    pub fn claim(&self) -> Option<Claim> {
        let (by, at, until) = (self.claimed_by?, self.claimed_at?, self.claimed_until?);
        Some(Claim { by, at, until })
    }

    /// Sets or ends the claim.
    pub fn set_claim(&mut self, claim: Option<Claim>) {
        self.claimed_by = claim.map(|claim| claim.by);
        self.claimed_at = claim.map(|claim| claim.at);
        self.claimed_until = claim.map(|claim| claim.until);
    }

    /// Who handed it over to staff, and when.
    pub fn handed_over(&self) -> Option<HandedOver> {
        Some(HandedOver { by: self.handed_over_by?, at: self.handed_over_at? })
    }

    /// Sets or ends the hand-over.
    pub fn set_handed_over(&mut self, handed: Option<HandedOver>) {
        self.handed_over_by = handed.map(|handed| handed.by);
        self.handed_over_at = handed.map(|handed| handed.at);
    }

    /// Somebody answered: what they claimed is done. What was handed over stays with staff until they or a moderator of its
    /// space answer, or whoever handed it over does after all: an answer by others, such as "same here", takes nothing away
    /// from staff.
    pub fn answered_by(&mut self, author: i64, moderates: bool) {
        if self.claimed_by == Some(author) {
            self.set_claim(None);
        }
        let theirs = moderates || self.handed_over_by == Some(author);
        if theirs && self.author_id != Some(author) {
            self.set_handed_over(None);
        }
    }

    /// It is solved or closed: nobody is on it any more.
    pub fn settled(&mut self) {
        self.set_claim(None);
        self.set_handed_over(None);
    }

    /// Something happened that lists show as activity. The same member's repeats never bump (product.md,
    /// promise 3): only somebody else than the last one to act moves the thread up.
    pub fn active(&mut self, by: Option<i64>, now: Micros) {
        if by.is_none() || by != self.last_actor_id {
            self.last_activity_at = self.last_activity_at.max(now);
        }
        self.last_actor_id = by;
    }
}

impl Thread {
    /// Counts what the thread's posts say: (visible answers, those by others, endorsed ones).
    pub fn recount(c: &mut Conn, id: i64) -> QueryResult<(i64, i64, i64)> {
        let asker: Option<i64> = questions::table.find(id).select(questions::author_id).first(c)?;
        let rows: Vec<(Option<i64>, Option<Micros>)> = posts::table
            .filter(posts::thread_id.eq(id))
            .filter(posts::kind.eq("answer"))
            .filter(posts::visibility.eq("open"))
            .filter(posts::deleted_at.is_null())
            .filter(posts::merged_into.is_null())
            .select((posts::author_id, posts::endorsed_at))
            .load(c)?;
        let by_others = rows.iter().filter(|(author, _)| author.is_none() || *author != asker).count();
        let endorsed = rows.iter().filter(|(_, at)| at.is_some()).count();
        Ok((rows.len() as i64, by_others as i64, endorsed as i64))
    }
}
