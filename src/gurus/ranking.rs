//! What needs whom most, and who is asked first: orders as pure functions over facts.

use super::rules::CLAIMS;
use crate::clock::{HOUR, Micros};

/// What decides how much a question needs one member. Nothing here moves with votes, comments, answers, "I have this too",
/// followers, mentions, edits or activity: noise cannot move a question in the list, up or down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Needing {
    /// A guru in one of its tags.
    pub guru: bool,
    /// Answers of theirs accepted or endorsed in its tags within a year; of several tags, the most.
    pub solved: i64,
    /// Their points there in that time.
    pub points: i64,
    /// Since it was asked.
    pub waited: Micros,
    /// Other gurus of its tags who may enter its space.
    pub others: i64,
}

/// How much a question needs a member: what they know (0 to 1) counts twice, waiting (0 to 1, a week being all of it; the
/// first hours weigh most) and being one of few (1 for the only one, ½ with one other) once each.
#[must_use]
pub fn need(needing: &Needing) -> f64 {
    let hours = needing.waited.max(0) as f64 / HOUR as f64;
    let week = (1.0_f64 + 168.0).ln();
    let waited = ((1.0 + hours).ln() / week).min(1.0);
    2.0 * knowledge(needing.guru, needing.solved, needing.points)
        + waited
        + 1.0 / (1.0 + needing.others.max(0) as f64)
}

/// What somebody showed they know, 0 to 1: a guru all of it; else what was accepted or endorsed, and a little for points.
#[must_use]
pub fn knowledge(guru: bool, solved: i64, points: i64) -> f64 {
    if guru {
        return 1.0;
    }
    let (solved, points) = (solved.max(0) as f64, points.max(0) as f64);
    0.8 * solved / (solved + 5.0) + 0.1 * points / (points + 200.0)
}

/// What decides who is asked about a question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Able {
    /// A guru in one of its tags.
    pub guru: bool,
    /// As of [`Needing`].
    pub solved: i64,
    /// As of [`Needing`].
    pub points: i64,
    /// Questions they are on.
    pub claims: i64,
    /// Alerts they had today.
    pub alerts: i64,
    /// As many as they take a day.
    pub daily_alerts: i64,
    /// Whether it is within their hours.
    pub in_hours: bool,
    /// Whether they read its language, as far as it is known.
    pub speaks: bool,
}

impl Able {
    /// Whether they may be alerted now.
    #[must_use]
    pub fn free(&self) -> bool {
        self.in_hours && self.speaks && self.claims < CLAIMS && self.alerts < self.daily_alerts
    }

    /// How fit they are: those who are free before those who are not, gurus before others, then by what they know less what
    /// they have on their hands.
    #[must_use]
    pub fn fitness(&self) -> f64 {
        let load = 0.3 * self.claims.max(0) as f64 + 0.1 * self.alerts.max(0) as f64;
        let free = if self.free() { 8.0 } else { 0.0 };
        let guru = if self.guru { 4.0 } else { 0.0 };
        // Two gurus differ by what they solved.
        free + guru + knowledge(false, self.solved, self.points) + 2.0 * (1.0 - (load / (1.0 + load)))
    }
}

/// How many of the first are not all of the asker's own organisation, where there is anybody else.
pub const MIXED: usize = 3;

/// Sees to it that the first [`MIXED`] are not all of the asker's own organisation: `own` says of each in order whether they
/// are. Answers which one comes to the last of those places, if one must.
#[must_use]
pub fn mixed(own: &[bool]) -> Option<usize> {
    let first = own.get(..MIXED)?;
    if !first.iter().all(|own| *own) {
        return None;
    }
    own.iter().position(|own| !own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::DAY;

    #[test]
    fn a_question_needs_those_most_who_know_it_who_are_few_and_when_it_waits() {
        let base = Needing { solved: 3, points: 50, waited: HOUR, others: 2, guru: false };
        let more = [
            Needing { guru: true, ..base },
            Needing { solved: 4, ..base },
            Needing { points: 60, ..base },
            Needing { waited: 2 * HOUR, ..base },
            Needing { others: 1, ..base },
        ];
        for better in more {
            assert!(need(&better) > need(&base), "{better:?}");
        }
        let long = Needing { waited: 8 * DAY, ..base };
        assert!((need(&long) - need(&Needing { waited: 80 * DAY, ..base })).abs() < 1e-9);
    }

    #[test]
    fn who_is_free_comes_before_who_is_not_and_gurus_before_others() {
        let able = Able { daily_alerts: 5, in_hours: true, speaks: true, solved: 6, ..Able::default() };
        let guru = Able { guru: true, ..able };
        let ordered = [
            Able { solved: 20, ..guru },
            guru,
            Able { claims: 1, ..guru },
            Able { claims: 2, alerts: 2, ..guru },
            able,
            Able { in_hours: false, ..guru },
            Able { in_hours: false, ..able },
        ];
        assert!(ordered.windows(2).all(|pair| pair[0].fitness() > pair[1].fitness()));
        assert!(!Able { alerts: 5, ..guru }.free() && !Able { speaks: false, ..guru }.free());
    }

    #[test]
    fn the_first_asked_are_not_all_of_the_askers_own_organisation() {
        assert_eq!(mixed(&[true, true, true, true, false]), Some(4));
        assert_eq!(mixed(&[true, false, true]), None);
        assert_eq!(mixed(&[true, true, true]), None);
        assert_eq!(mixed(&[true, true]), None);
    }
}
