//! Verdicts about gurus, as pure functions over facts: who is one, what becomes of a standing, who may be on a question.

use crate::clock::{DAY, HOUR, Micros};
use crate::reputation::figures::Figures;
use crate::reputation::rules::{percent_asked, percent_had, ratio};

/// What facts are counted over.
pub const YEAR: Micros = 365 * DAY;
/// From the word that something is missing until the standing ends.
pub const NOTICE: Micros = 30 * DAY;
/// Who said no is asked again after this.
pub const ASK_AGAIN: Micros = 180 * DAY;
/// Who was dismissed is asked again after this.
pub const AFTER_DISMISSAL: Micros = 365 * DAY;
/// How long a claim lasts.
pub const CLAIM: Micros = 2 * HOUR;
/// Questions one may be on at once.
pub const CLAIMS: i64 = 3;
/// How often one may be on the same question within a day: nobody keeps it waiting for them by claiming it again and again.
pub const CLAIMS_OF_ONE: i64 = 2;

/// What a member showed in one tag within a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Answers accepted by somebody else, or endorsed.
    pub answers: i64,
    /// Outcomes that speak for them: votes up, accepted, endorsed.
    pub good: i64,
    /// Outcomes that speak against them: votes down, removals.
    pub bad: i64,
}

impl Facts {
    /// Whether they are enough to be a guru.
    #[must_use]
    pub fn met(&self, figures: &Figures) -> bool {
        self.answers >= figures.guru_answers && ratio(self.good, self.bad) >= figures.guru_ratio
    }

    /// The share of good outcomes, in percent, rounded down: what is not reached does not look as if it was.
    #[must_use]
    pub fn share(&self) -> i64 {
        percent_had(ratio(self.good, self.bad))
    }
}

/// What the figures ask for, in percent.
#[must_use]
pub fn least_share(figures: &Figures) -> i64 {
    percent_asked(figures.guru_ratio)
}

/// Where a standing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Offered, and not yet answered.
    Invited,
    /// In force.
    Active,
    /// In force, but not to be asked for a while.
    Paused,
    /// Offered, and not wanted.
    Declined,
    /// No more.
    Ended,
}

impl State {
    /// As stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Invited => "invited",
            State::Active => "active",
            State::Paused => "paused",
            State::Declined => "declined",
            State::Ended => "ended",
        }
    }

    /// Reads a state's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<State> {
        [State::Invited, State::Active, State::Paused, State::Declined, State::Ended]
            .into_iter()
            .find(|state| state.as_str() == name)
    }

    /// Whether its member is a guru.
    #[must_use]
    pub fn in_force(self) -> bool {
        matches!(self, State::Active | State::Paused)
    }
}

/// A standing, as far as time and facts decide about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// Where it is.
    pub state: State,
    /// Earned by facts, not given by a moderator.
    pub earned: bool,
    /// When it ends, if that was said.
    pub ending_at: Option<Micros>,
    /// Not offered again before.
    pub not_before: Option<Micros>,
    /// A moderator ended it.
    pub dismissed: bool,
}

/// What becomes of a standing when facts are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing.
    Stays,
    /// It is offered.
    Invite,
    /// What was offered is no longer there to be taken.
    Withdraw,
    /// It will end at this moment, unless the facts are met again.
    Lapse(Micros),
    /// The facts are met again.
    Keep,
    /// It ends.
    End,
}

/// What becomes of a standing, or of none, where the facts are `met` or not.
#[must_use]
pub fn turn(course: Option<&Course>, met: bool, now: Micros) -> Turn {
    let Some(course) = course else {
        return if met { Turn::Invite } else { Turn::Stays };
    };
    match (course.state, met) {
        _ if !course.earned && course.state != State::Ended && course.state != State::Declined => Turn::Stays,
        (State::Declined | State::Ended, true) if course.not_before.is_none_or(|from| from <= now) => {
            Turn::Invite
        }
        (State::Invited, false) => Turn::Withdraw,
        (State::Active | State::Paused, true) if course.ending_at.is_some() => Turn::Keep,
        (State::Active | State::Paused, false) => match course.ending_at {
            None => Turn::Lapse(now + NOTICE),
            Some(at) if at <= now => Turn::End,
            Some(_) => Turn::Stays,
        },
        _ => Turn::Stays,
    }
}

/// Whether a member may say yes: to what is offered, or, where they said no or stepped down, to what the facts still offer.
#[must_use]
pub fn may_accept(course: &Course, met: bool) -> bool {
    match course.state {
        State::Invited => met || !course.earned,
        State::Declined | State::Ended => met && !course.dismissed,
        State::Active | State::Paused => false,
    }
}

/// What decides who may be on a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claiming {
    /// It is listed, neither solved nor closed, and not with staff.
    pub waits: bool,
    /// The viewer asked it.
    pub own: bool,
    /// A guru in one of its tags, somebody who solved something there, or a moderator.
    pub expert: bool,
    /// Who is on it now: whether it is the viewer, and until when.
    pub claimed: Option<(bool, Micros)>,
    /// On how many questions the viewer is.
    pub claims: i64,
    /// How often they were on this one within a day.
    pub today: i64,
}

/// Why one cannot be on a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoClaim {
    /// One's own.
    Own,
    /// It does not wait.
    NotWaiting,
    /// Nothing shows that they know.
    NotExpert,
    /// Somebody is on it, until then.
    Claimed(Micros),
    /// On too many already.
    TooMany,
    /// On this one often enough for a day.
    Often,
}

/// Whether somebody may be on a question from `now`. Who is on it already stays so, and no longer.
///
/// # Errors
/// Why not.
pub fn may_claim(facts: &Claiming, now: Micros) -> Result<(), NoClaim> {
    if facts.own {
        return Err(NoClaim::Own);
    }
    if !facts.waits {
        return Err(NoClaim::NotWaiting);
    }
    if !facts.expert {
        return Err(NoClaim::NotExpert);
    }
    match facts.claimed {
        Some((true, until)) if until > now => Ok(()),
        Some((false, until)) if until > now => Err(NoClaim::Claimed(until)),
        _ if facts.claims >= CLAIMS => Err(NoClaim::TooMany),
        _ if facts.today >= CLAIMS_OF_ONE => Err(NoClaim::Often),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EARNED: Course =
        Course { state: State::Active, earned: true, ending_at: None, not_before: None, dismissed: false };

    #[test]
    fn facts_are_met_by_answers_and_share_together() {
        let figures = Figures::default();
        for (answers, good, bad, met) in [
            (5, 4, 0, true),
            (4, 40, 0, false),
            (5, 3, 0, false),
            (5, 10, 2, true),
            (5, 10, 3, false),
            (0, 0, 0, false),
        ] {
            assert_eq!(Facts { answers, good, bad }.met(&figures), met, "{answers} {good} {bad}");
        }
        assert_eq!(Facts { answers: 5, good: 4, bad: 0 }.share(), 75);
        assert_eq!(Facts { answers: 5, good: 10, bad: 3 }.share(), 70);
        assert_eq!(least_share(&figures), 75);
    }

    #[test]
    fn a_standing_takes_its_course() {
        let now = 1_000 * DAY;
        let at = |state| Course { state, ..EARNED };
        let table = [
            (None, true, Turn::Invite),
            (None, false, Turn::Stays),
            (Some(at(State::Invited)), true, Turn::Stays),
            (Some(at(State::Invited)), false, Turn::Withdraw),
            (Some(at(State::Active)), true, Turn::Stays),
            (Some(at(State::Active)), false, Turn::Lapse(now + NOTICE)),
            (Some(at(State::Paused)), false, Turn::Lapse(now + NOTICE)),
            (Some(Course { ending_at: Some(now + 1), ..EARNED }), true, Turn::Keep),
            (Some(Course { ending_at: Some(now + 1), ..EARNED }), false, Turn::Stays),
            (Some(Course { ending_at: Some(now), ..EARNED }), false, Turn::End),
            (Some(Course { not_before: Some(now + 1), ..at(State::Declined) }), true, Turn::Stays),
            (Some(Course { not_before: Some(now), ..at(State::Declined) }), true, Turn::Invite),
            (Some(at(State::Ended)), true, Turn::Invite),
            (Some(at(State::Ended)), false, Turn::Stays),
            (Some(Course { earned: false, ..EARNED }), false, Turn::Stays),
            (Some(Course { earned: false, ..at(State::Invited) }), false, Turn::Stays),
            (Some(Course { earned: false, ..at(State::Ended) }), true, Turn::Invite),
        ];
        for (course, met, expected) in table {
            assert_eq!(turn(course.as_ref(), met, now), expected, "{course:?} {met}");
        }
    }

    #[test]
    fn one_says_yes_to_what_is_offered_and_to_what_one_had_declined() {
        let at = |state| Course { state, ..EARNED };
        assert!(may_accept(&at(State::Invited), true) && !may_accept(&at(State::Invited), false));
        assert!(may_accept(&Course { earned: false, ..at(State::Invited) }, false));
        assert!(may_accept(&at(State::Declined), true) && !may_accept(&at(State::Declined), false));
        assert!(!may_accept(&Course { dismissed: true, ..at(State::Ended) }, true));
        assert!(!may_accept(&at(State::Active), true));
    }

    #[test]
    fn a_claim_is_for_those_who_know_and_one_at_a_time() {
        let facts = Claiming { waits: true, own: false, expert: true, claimed: None, claims: 0, today: 0 };
        let now = 100;
        for (facts, expected) in [
            (facts, Ok(())),
            (Claiming { own: true, ..facts }, Err(NoClaim::Own)),
            (Claiming { waits: false, ..facts }, Err(NoClaim::NotWaiting)),
            (Claiming { expert: false, ..facts }, Err(NoClaim::NotExpert)),
            (Claiming { claimed: Some((false, 101)), ..facts }, Err(NoClaim::Claimed(101))),
            (Claiming { claimed: Some((false, 100)), ..facts }, Ok(())),
            (Claiming { claimed: Some((true, 101)), claims: CLAIMS, ..facts }, Ok(())),
            (Claiming { claims: CLAIMS, ..facts }, Err(NoClaim::TooMany)),
            // What was one's own is over, though nobody has cleared it yet.
            (Claiming { claimed: Some((true, 100)), claims: CLAIMS, ..facts }, Err(NoClaim::TooMany)),
            (Claiming { today: CLAIMS_OF_ONE - 1, ..facts }, Ok(())),
            (Claiming { today: CLAIMS_OF_ONE, ..facts }, Err(NoClaim::Often)),
            (Claiming { claimed: Some((true, 101)), today: CLAIMS_OF_ONE, ..facts }, Ok(())),
        ] {
            assert_eq!(may_claim(&facts, now), expected, "{facts:?}");
        }
    }
}
