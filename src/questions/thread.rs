//! The thread row, loaded to be changed: counters, state and version, all in one update.

use diesel::prelude::*;

use super::rules::{State, StateFacts, state};
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{posts, questions};

/// A question's row as acts see and change it. Load it inside the act's transaction, change it, save it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = questions)]
pub struct Thread {
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
}

impl Thread {
    /// The row of a question, wherever it is; what the viewer may do with it was decided by finding its post.
    pub fn load(c: &mut Conn, id: i64) -> QueryResult<Thread> {
        questions::table.find(id).select(Thread::as_select()).first(c)
    }

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

    /// (solved, unsolved, unanswered, closed): the columns that lists filter by.
    pub(super) fn flags(&self) -> (bool, bool, bool, bool) {
        let (facts, state) = (self.facts(), self.state());
        let unsolved = matches!(state, State::Unanswered | State::Open);
        (facts.has_solution, unsolved, state == State::Unanswered, facts.closed)
    }

    /// Something happened that lists show as activity. The same member's repeats never bump (product.md,
    /// promise 3): only somebody else than the last one to act moves the thread up.
    pub fn active(&mut self, by: Option<i64>, now: Micros) {
        if by.is_none() || by != self.last_actor_id {
            self.last_activity_at = self.last_activity_at.max(now);
        }
        self.last_actor_id = by;
    }

    /// Writes the row, its state's columns and the next version.
    pub fn save(&mut self, c: &mut Conn) -> QueryResult<()> {
        self.thread_version += 1;
        let (solved, unsolved, unanswered, closed) = self.flags();
        diesel::update(questions::table.find(self.post_id))
            .set((
                questions::last_activity_at.eq(self.last_activity_at),
                questions::last_actor_id.eq(self.last_actor_id),
                questions::score.eq(self.score),
                questions::answers.eq(self.answers),
                questions::answers_by_others.eq(self.answers_by_others),
                questions::affected_people.eq(self.affected_people),
                questions::affected_organisations.eq(self.affected_organisations),
                questions::followers.eq(self.followers),
                questions::accepted_id.eq(self.accepted_id),
                questions::accepted_at.eq(self.accepted_at),
                questions::endorsed.eq(self.endorsed),
                questions::closed_at.eq(self.closed_at),
                questions::closed_by.eq(self.closed_by),
                questions::close_reason.eq(&self.close_reason),
                questions::duplicate_of.eq(self.duplicate_of),
                questions::thread_version.eq(self.thread_version),
                questions::cycle.eq(self.cycle),
                questions::listed.eq(self.listed),
                questions::solved.eq(solved),
                questions::unsolved.eq(unsolved),
                questions::unanswered.eq(unanswered),
                questions::closed.eq(closed),
            ))
            .execute(c)?;
        Ok(())
    }

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
