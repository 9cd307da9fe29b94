//! Verdicts about questions, as pure functions over facts.

use serde::Serialize;

use crate::posts::Refusal;

/// What decides a question's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateFacts {
    /// Closed by a moderator or an import.
    pub closed: bool,
    /// An answer was chosen or endorsed.
    pub has_solution: bool,
    /// Visible answers by others than the asker.
    pub answers_by_others: i64,
}

/// A question's state: the first that holds (contract.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Takes no more answers.
    Closed,
    /// Has a chosen or endorsed answer.
    Solved,
    /// No visible answer by another.
    Unanswered,
    /// Answered, but not solved.
    Open,
}

impl State {
    /// Reads a state's name, as in URLs.
    pub fn parse(name: &str) -> Option<State> {
        match name {
            "closed" => Some(State::Closed),
            "solved" => Some(State::Solved),
            "unanswered" => Some(State::Unanswered),
            "open" => Some(State::Open),
            _ => None,
        }
    }
}

/// The state of a question with these facts.
pub fn state(facts: StateFacts) -> State {
    if facts.closed {
        State::Closed
    } else if facts.has_solution {
        State::Solved
    } else if facts.answers_by_others == 0 {
        State::Unanswered
    } else {
        State::Open
    }
}

/// Who acts next, and by when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Peers answer; waiting since this moment.
    Peers {
        /// Since when.
        since: i64,
    },
    /// Somebody who knows is on it.
    Gurus {
        /// Who.
        by: i64,
        /// Since when.
        since: i64,
        /// Until when.
        until: i64,
    },
    /// The asker judges the answers; waiting since the last activity.
    Asker {
        /// Since when.
        since: i64,
    },
    /// Staff finish it: peers handed it over.
    Staff {
        /// Who handed it over.
        by: i64,
        /// When.
        since: i64,
    },
    /// Nothing is planned: it was imported, or asked before any policy.
    Nothing,
}

/// What decides about a question's next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepFacts {
    /// Its state.
    pub state: State,
    /// Whether it came with an import.
    pub imported: bool,
    /// When it was asked.
    pub created_at: i64,
    /// When something last happened.
    pub last_activity_at: i64,
    /// Who is on it: member, since, until.
    pub claim: Option<(i64, i64, i64)>,
    /// Who handed it over to staff, and when.
    pub handed_over: Option<(i64, i64)>,
}

/// The next step of a question, or None when it is solved or closed. What was handed over is with staff; else whoever said
/// that they are on it acts. Until escalation policies exist, any other question asked here waits for peers, then for its
/// asker's verdict.
pub fn next_step(facts: &StepFacts) -> Option<NextStep> {
    if matches!(facts.state, State::Closed | State::Solved) {
        return None;
    }
    if let Some((by, since)) = facts.handed_over {
        return Some(NextStep::Staff { by, since });
    }
    if let Some((by, since, until)) = facts.claim {
        return Some(NextStep::Gurus { by, since, until });
    }
    Some(match facts.state {
        _ if facts.imported => NextStep::Nothing,
        State::Unanswered => NextStep::Peers { since: facts.created_at },
        _ => NextStep::Asker { since: facts.last_activity_at },
    })
}

/// Whether the viewer may choose an answer of a question.
///
/// # Errors
/// [`Refusal::NotAsker`] or [`Refusal::NotAnAnswer`].
pub fn may_accept(viewer: i64, asker: Option<i64>, is_visible_answer: bool) -> Result<(), Refusal> {
    if asker != Some(viewer) {
        return Err(Refusal::NotAsker);
    }
    if is_visible_answer { Ok(()) } else { Err(Refusal::NotAnAnswer) }
}

/// The lower bound of the 95 % Wilson score interval for `up` of `up + down` (E. B. Wilson 1927, "Probable
/// inference, the law of succession, and statistical inference"); 0 without votes.
pub fn wilson_lower_bound(up: i64, down: i64) -> f64 {
    let (up, down) = (up.max(0) as f64, down.max(0) as f64);
    let n = up + down;
    if n == 0.0 {
        return 0.0;
    }
    const Z: f64 = 1.959_963_984_540_054;
    let share = up / n;
    let z2 = Z * Z;
    let spread = Z * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    (share + z2 / (2.0 * n) - spread) / (1.0 + z2 / n)
}

/// What decides an answer's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Chosen by the asker.
    pub accepted: bool,
    /// Confirmed by staff.
    pub endorsed: bool,
    /// Votes up.
    pub up: i64,
    /// Votes down.
    pub down: i64,
    /// When it was written.
    pub created_at: i64,
    /// Breaks the last tie.
    pub id: i64,
}

/// The order of answers (product.md): accepted; endorsed; score, highest first; at equal score the lower bound
/// of the 95 % Wilson interval, highest first; oldest first.
pub fn order(a: &Place, b: &Place) -> std::cmp::Ordering {
    let score = |place: &Place| place.up - place.down;
    b.accepted
        .cmp(&a.accepted)
        .then(b.endorsed.cmp(&a.endorsed))
        .then(score(b).cmp(&score(a)))
        .then(wilson_lower_bound(b.up, b.down).total_cmp(&wilson_lower_bound(a.up, a.down)))
        .then(a.created_at.cmp(&b.created_at))
        .then(a.id.cmp(&b.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_state_that_holds_is_the_state() {
        let table = [
            (true, true, 3, State::Closed),
            (false, true, 0, State::Solved),
            (false, false, 0, State::Unanswered),
            (false, false, 1, State::Open),
        ];
        for (closed, has_solution, answers_by_others, expected) in table {
            assert_eq!(state(StateFacts { closed, has_solution, answers_by_others }), expected);
        }
    }

    #[test]
    fn a_question_in_work_always_has_a_next_step() {
        let asked = StepFacts {
            state: State::Unanswered,
            imported: false,
            created_at: 5,
            last_activity_at: 9,
            claim: None,
            handed_over: None,
        };
        let open = StepFacts { state: State::Open, ..asked };
        assert_eq!(next_step(&asked), Some(NextStep::Peers { since: 5 }));
        assert_eq!(next_step(&open), Some(NextStep::Asker { since: 9 }));
        assert_eq!(next_step(&StepFacts { imported: true, ..open }), Some(NextStep::Nothing));
        let claimed = StepFacts { claim: Some((3, 6, 7)), ..asked };
        assert_eq!(next_step(&claimed), Some(NextStep::Gurus { by: 3, since: 6, until: 7 }));
        let handed = StepFacts { handed_over: Some((4, 8)), ..claimed };
        assert_eq!(next_step(&handed), Some(NextStep::Staff { by: 4, since: 8 }));
        for state in [State::Solved, State::Closed] {
            assert_eq!(next_step(&StepFacts { state, ..handed }), None);
        }
    }

    #[test]
    fn the_wilson_bound_agrees_with_published_figures() {
        // 10 of 10: [0.7225, 1]; 1 of 2: [0.0945, 0.9055] (R, prop.test without correction; binom::binom.wilson).
        assert!((wilson_lower_bound(10, 0) - 0.7225).abs() < 1e-4);
        assert!((wilson_lower_bound(1, 1) - 0.0945).abs() < 1e-4);
        assert_eq!(wilson_lower_bound(0, 0), 0.0);
    }

    #[test]
    fn answers_stand_in_the_order_of_the_product() {
        let plain = Place { accepted: false, endorsed: false, up: 0, down: 0, created_at: 0, id: 0 };
        let expected = [
            Place { accepted: true, down: 9, id: 1, ..plain },
            Place { endorsed: true, down: 3, id: 2, ..plain },
            Place { up: 5, id: 3, ..plain },
            Place { up: 2, down: 0, id: 4, ..plain },
            Place { up: 3, down: 1, id: 5, ..plain },
            Place { created_at: 1, id: 7, ..plain },
            Place { created_at: 2, id: 6, ..plain },
        ];
        let mut shuffled = expected;
        shuffled.reverse();
        shuffled.sort_by(order);
        assert_eq!(shuffled.map(|place| place.id), expected.map(|place| place.id));
    }

    #[test]
    fn only_the_asker_chooses_and_only_among_visible_answers() {
        assert_eq!(may_accept(1, Some(1), true), Ok(()));
        assert_eq!(may_accept(2, Some(1), true), Err(Refusal::NotAsker));
        assert_eq!(may_accept(1, None, true), Err(Refusal::NotAsker));
        assert_eq!(may_accept(1, Some(1), false), Err(Refusal::NotAnAnswer));
    }
}
