//! A book in memory: for replays, and for imports whose points are reckoned before they are written.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use super::book::Book;
use super::outcome::{Base, Day, Given, Reason, State, day_of};
use super::replay::Sum;
use crate::clock::Micros;

/// What was given, added up.
#[derive(Debug, Default)]
pub(super) struct Memory {
    sums: HashMap<i64, Sum>,
    days: HashMap<(i64, Micros), i64>,
    pairs: HashMap<(i64, i64, Micros), (i64, i64)>,
    edits: HashMap<i64, i64>,
    bases: HashMap<i64, Vec<Base>>,
    pub(super) annulled: HashSet<(i64, i64)>,
    pub(super) removed: HashSet<i64>,
    pub(super) suggested: HashMap<i64, i64>,
    given: i64,
}

impl Book for Memory {
    type Error = Infallible;

    fn day(&mut self, member: i64, by: Option<i64>, day: Micros) -> Result<Day, Infallible> {
        let points = self.days.get(&(member, day)).copied().unwrap_or_default();
        let pair = by.and_then(|by| self.pairs.get(&(by, member, day)).copied());
        let (pair_up, pair_down) = pair.unwrap_or_default();
        Ok(Day { points, pair_up, pair_down })
    }

    fn edits(&mut self, member: i64) -> Result<i64, Infallible> {
        Ok(self.edits.get(&member).copied().unwrap_or_default())
    }

    fn bases(&mut self, post: i64, by: Option<i64>) -> Result<Vec<Base>, Infallible> {
        let bases = self.bases.get(&post).into_iter().flatten();
        Ok(bases.filter(|base| by.is_none_or(|by| base.given.by == Some(by))).cloned().collect())
    }

    fn give(&mut self, given: Given) -> Result<(), Infallible> {
        let day = day_of(given.at);
        let mut sums = Day::default();
        sums.add(given.reason, given.points, given.by, given.by);
        *self.days.entry((given.member, day)).or_default() += sums.points;
        if let Some(by) = given.by {
            let pair = self.pairs.entry((by, given.member, day)).or_default();
            *pair = (pair.0 + sums.pair_up, pair.1 + sums.pair_down);
        }
        if given.reason == Reason::Edit {
            *self.edits.entry(given.member).or_default() += given.points;
        }
        self.carry(&given, 1);
        self.given += 1;
        let base = Base { id: self.given, state: State::Given, given };
        self.bases.entry(base.given.post.unwrap_or_default()).or_default().push(base);
        Ok(())
    }

    fn turn(&mut self, base: &Base, to: State, _: Micros) -> Result<(), Infallible> {
        match (base.state, to) {
            (State::Given, State::Suspended | State::Undone) => self.carry(&base.given, -1),
            (State::Suspended, State::Given) => self.carry(&base.given, 1),
            _ => {}
        }
        if to == State::Undone && base.given.is_of_import() {
            self.spend(base.given.member, base.given.reason, -base.given.points, base.given.at);
        }
        let bases = self.bases.entry(base.given.post.unwrap_or_default()).or_default();
        match to {
            State::Undone => bases.retain(|kept| kept.id != base.id),
            to => bases.iter_mut().filter(|kept| kept.id == base.id).for_each(|kept| kept.state = to),
        }
        Ok(())
    }

    fn is_annulled(&mut self, post: i64, voter: i64) -> Result<bool, Infallible> {
        Ok(self.annulled.contains(&(post, voter)))
    }

    fn is_removed(&mut self, post: i64) -> Result<bool, Infallible> {
        Ok(self.removed.contains(&post))
    }
}

impl Memory {
    /// What everybody has, those who had something and have nothing any more among them.
    pub(super) fn sums(&self) -> impl Iterator<Item = (i64, Sum)> {
        self.sums.iter().map(|(member, sum)| (*member, *sum))
    }

    /// All that was given and not undone, in its order.
    pub(super) fn given(&self) -> Vec<Given> {
        let mut bases: Vec<&Base> = self.bases.values().flatten().collect();
        bases.sort_unstable_by_key(|base| base.id);
        bases.into_iter().map(|base| base.given.clone()).collect()
    }

    /// Notes what was given, and is no part of the sums.
    pub(super) fn spend(&mut self, member: i64, reason: Reason, points: i64, at: Micros) {
        let mut day = Day::default();
        day.add(reason, points, None, None);
        *self.days.entry((member, day_of(at))).or_default() += day.points;
    }

    fn carry(&mut self, given: &Given, sign: i64) {
        let sum = self.sums.entry(given.member).or_default();
        sum.points += sign * given.points;
        sum.good += if given.reason.is_good() { sign * given.outcomes } else { 0 };
        sum.bad += if given.reason.is_bad() { sign * given.outcomes } else { 0 };
    }
}
