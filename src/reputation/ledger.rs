//! The ledger in the database: rows, and the sums that members carry.

use diesel::prelude::*;

use super::book::Book;
use super::outcome::{Base, Day, Given, Reason, State};
use crate::clock::{DAY, Micros};
use crate::db::schema::{ledger, members, posts, votes};
use crate::db::{self, Conn, Fixed, fixed};
use crate::posts::restrictions::{self, Scope};

/// The book of an act: rows are written in the act's transaction.
pub(super) struct Ledger<'a> {
    /// The act's.
    pub(super) c: &'a mut Conn,
    /// Where the post that is credited stands; None where nothing new is given: opposite rows stand where theirs do.
    pub(super) place: Option<Place>,
}

/// A post's thread and space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The question of its thread.
    pub question_id: i64,
    /// Its space.
    pub space_id: i64,
}

/// Without votes of an import that a newer dump tells otherwise: those are replaced, not undone.
pub(super) const NOT_REPLACED: Fixed = fixed("(ledger.by_id IS NOT NULL OR ledger.state <> 'undone')");

type BaseRow =
    (i64, i64, i64, String, Option<i64>, Option<i64>, Option<i64>, i64, i64, Option<String>, Micros);

impl Book for Ledger<'_> {
    type Error = diesel::result::Error;

    fn day(&mut self, member: i64, by: Option<i64>, day: Micros) -> QueryResult<Day> {
        let rows: Vec<(String, i64, Option<i64>)> = ledger::table
            .filter(ledger::member_id.eq(member))
            .filter(ledger::given_at.ge(day))
            .filter(ledger::given_at.lt(day + DAY))
            .filter(ledger::base_id.is_null())
            .filter(NOT_REPLACED)
            .select((ledger::reason, ledger::points, ledger::by_id))
            .load(self.c)?;
        let mut sums = Day::default();
        for (reason, points, caused_by) in rows {
            if let Some(reason) = Reason::parse(&reason) {
                sums.add(reason, points, caused_by, by);
            }
        }
        Ok(sums)
    }

    fn edits(&mut self, member: i64) -> QueryResult<i64> {
        let points: Vec<i64> = ledger::table
            .filter(ledger::member_id.eq(member))
            .filter(ledger::reason.eq(Reason::Edit.as_str()))
            .filter(ledger::base_id.is_null())
            .select(ledger::points)
            .load(self.c)?;
        Ok(points.iter().sum())
    }

    fn bases(&mut self, post: i64, by: Option<i64>) -> QueryResult<Vec<Base>> {
        let columns = (
            ledger::id,
            ledger::member_id,
            ledger::points,
            ledger::reason,
            ledger::post_id,
            ledger::by_id,
            ledger::subject_id,
            ledger::settings_id,
            ledger::outcomes,
            ledger::state,
            ledger::given_at,
        );
        let of_post = ledger::table
            .filter(ledger::post_id.eq(post))
            .filter(ledger::base_id.is_null())
            .filter(ledger::state.ne(State::Undone.as_str()));
        let rows: Vec<BaseRow> = match by {
            Some(by) => {
                of_post.filter(ledger::by_id.eq(by)).order(ledger::id).select(columns).load(self.c)?
            }
            None => of_post.order(ledger::id).select(columns).load(self.c)?,
        };
        Ok(rows.into_iter().filter_map(base).collect())
    }

    fn give(&mut self, given: Given) -> QueryResult<()> {
        diesel::insert_into(ledger::table)
            .values((
                ledger::member_id.eq(given.member),
                ledger::points.eq(given.points),
                ledger::reason.eq(given.reason.as_str()),
                ledger::post_id.eq(given.post),
                ledger::question_id.eq(self.place.map(|place| place.question_id)),
                ledger::space_id.eq(self.place.map(|place| place.space_id)),
                ledger::by_id.eq(given.by),
                ledger::subject_id.eq(given.subject),
                ledger::settings_id.eq(given.settings),
                ledger::outcomes.eq(given.outcomes),
                ledger::state.eq(State::Given.as_str()),
                ledger::given_at.eq(given.at),
            ))
            .execute(self.c)?;
        self.carry(&given, given.points, given.outcomes)
    }

    fn turn(&mut self, base: &Base, to: State, at: Micros) -> QueryResult<()> {
        db::update(ledger::table, ledger::id.eq(base.id), ledger::state.eq(to.as_str())).execute(self.c)?;
        let sign = match (base.state, to) {
            (State::Given, State::Suspended | State::Undone) => -1,
            (State::Suspended, State::Given) => 1,
            _ => return Ok(()),
        };
        let last: i64 = ledger::table
            .filter(ledger::base_id.eq(base.id))
            .order(ledger::id.desc())
            .select(ledger::id)
            .first(self.c)
            .optional()?
            .unwrap_or(base.id);
        let (question, space): (Option<i64>, Option<i64>) =
            ledger::table.find(base.id).select((ledger::question_id, ledger::space_id)).first(self.c)?;
        let given = &base.given;
        diesel::insert_into(ledger::table)
            .values((
                ledger::member_id.eq(given.member),
                ledger::points.eq(sign * given.points),
                ledger::reason.eq(given.reason.as_str()),
                ledger::post_id.eq(given.post),
                ledger::question_id.eq(question),
                ledger::space_id.eq(space),
                ledger::by_id.eq(given.by),
                ledger::subject_id.eq(given.subject),
                ledger::settings_id.eq(given.settings),
                ledger::outcomes.eq(given.outcomes),
                ledger::base_id.eq(base.id),
                ledger::reverses.eq(last),
                ledger::given_at.eq(at),
            ))
            .execute(self.c)?;
        self.carry(given, sign * given.points, sign * given.outcomes)
    }

    fn is_annulled(&mut self, post: i64, voter: i64) -> QueryResult<bool> {
        let by: Option<Option<i64>> =
            votes::table.find((post, voter)).select(votes::annulled_by).first(self.c).optional()?;
        Ok(by.flatten().is_some())
    }

    fn is_removed(&mut self, post: i64) -> QueryResult<bool> {
        let why: Option<String> = posts::table.find(post).select(posts::deleted_why).first(self.c)?;
        Ok(why.is_some())
    }
}

impl Ledger<'_> {
    /// Adds to what a member carries.
    fn carry(&mut self, given: &Given, points: i64, outcomes: i64) -> QueryResult<()> {
        let good = if given.reason.is_good() { outcomes } else { 0 };
        let bad = if given.reason.is_bad() { outcomes } else { 0 };
        let more = (
            members::reputation.eq(members::reputation + points),
            members::good.eq(members::good + good),
            members::bad.eq(members::bad + bad),
        );
        db::update(members::table, members::id.eq(given.member), more).execute(self.c)?;
        Ok(())
    }
}

fn base(row: BaseRow) -> Option<Base> {
    let (id, member, points, reason, post, by, subject, settings, outcomes, state, at) = row;
    let given =
        Given { member, points, reason: Reason::parse(&reason)?, post, by, subject, settings, outcomes, at };
    Some(Base { id, state: State::parse(&state?)?, given })
}

/// Whether votes in a thread bring nothing at `now`: what a restriction of kind [`WITHHELD`] says while it lasts.
pub(super) fn is_withheld(c: &mut Conn, question_id: i64, now: Micros) -> QueryResult<bool> {
    let restrictions = restrictions::in_force(c, (Scope::Question, question_id), now)?;
    Ok(restrictions.iter().any(|restriction| restriction.kind == WITHHELD))
}

/// The kind of restriction on a question under which votes in its thread bring nothing.
pub const WITHHELD: &str = "no-points";

/// Whether two members are of one organisation. A shared e-mail domain is only shown to moderators where votes look arranged:
/// who has no organisation may well be a stranger to others with such an address.
pub(super) fn are_of_one_organisation(c: &mut Conn, one: i64, other: i64) -> QueryResult<bool> {
    let rows: Vec<Option<i64>> = members::table
        .filter(members::id.eq(one).or(members::id.eq(other)))
        .select(members::organisation_id)
        .load(c)?;
    Ok(matches!(rows.as_slice(), [Some(one), Some(other)] if one == other))
}
