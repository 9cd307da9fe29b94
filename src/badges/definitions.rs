//! Which badges there are: of which outcomes, what is counted of them, and which figure it takes.

use crate::reputation::Reason;
use crate::reputation::figures::Figures;

/// A badge.
#[derive(Debug)]
pub struct Definition {
    /// As stored, in addresses, and in keys of words: `badge-name-…`, `badge-for-…`.
    pub key: &'static str,
    /// The outcomes that are looked at, as the ledger has them.
    pub outcomes: &'static [Reason],
    /// What is counted of them.
    pub counts: Counts,
    /// How much it takes; at 0 nobody is awarded it.
    pub figure: fn(&Figures) -> i64,
}

/// What of outcomes is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// How many a member has.
    Outcomes,
    /// How many different people caused them.
    People,
    /// Days the question had waited when this post answered it first; 0 for an answer that was not the first.
    DaysUnanswered,
    /// Other people who have the question too.
    Affected,
    /// Members who opened the question since the answer stands there.
    Readers,
    /// Days since the version before, at an edit that changed some of the text.
    DaysSinceEdited,
}

impl Counts {
    /// Whether it is counted post by post, and so can be had for several; else a member has it once.
    pub fn each_post(self) -> bool {
        !matches!(self, Counts::Outcomes | Counts::People)
    }
}

const WON: &[Reason] = &[Reason::Accepted, Reason::Endorsed];

/// All badges, as pages list them.
pub const ALL: &[Definition] = &[
    Definition {
        key: "first-accepted",
        outcomes: &[Reason::Accepted],
        counts: Counts::Outcomes,
        figure: |figures| figures.badge_first_accepted,
    },
    Definition {
        key: "solver",
        outcomes: &[Reason::Accepted],
        counts: Counts::Outcomes,
        figure: |figures| figures.badge_solver,
    },
    Definition {
        key: "mainstay",
        outcomes: &[Reason::Accepted],
        counts: Counts::Outcomes,
        figure: |figures| figures.badge_mainstay,
    },
    Definition {
        key: "helped-many",
        outcomes: &[Reason::Accepted],
        counts: Counts::People,
        figure: |figures| figures.badge_helped_many,
    },
    Definition {
        key: "confirmed",
        outcomes: &[Reason::Endorsed],
        counts: Counts::Outcomes,
        figure: |figures| figures.badge_confirmed,
    },
    Definition {
        key: "worth-the-wait",
        outcomes: WON,
        counts: Counts::DaysUnanswered,
        figure: |figures| figures.badge_worth_the_wait,
    },
    Definition {
        key: "solved-for-many",
        outcomes: WON,
        counts: Counts::Affected,
        figure: |figures| figures.badge_solved_for_many,
    },
    Definition {
        key: "read-by-many",
        outcomes: WON,
        counts: Counts::Readers,
        figure: |figures| figures.badge_read_by_many,
    },
    Definition {
        key: "kept-current",
        outcomes: WON,
        counts: Counts::DaysSinceEdited,
        figure: |figures| figures.badge_kept_current,
    },
    Definition {
        key: "careful-editor",
        outcomes: &[Reason::Edit],
        counts: Counts::Outcomes,
        figure: |figures| figures.badge_careful_editor,
    },
    Definition {
        key: "verdict-given",
        outcomes: &[Reason::Accepting],
        counts: Counts::Outcomes,
        figure: |figures| figures.badge_verdict_given,
    },
];

/// The badge of this key.
pub fn known(key: &str) -> Option<&'static Definition> {
    ALL.iter().find(|badge| badge.key == key)
}

/// Whether badges take something else by one set of figures than by another.
pub fn take_other(one: &Figures, other: &Figures) -> bool {
    ALL.iter().any(|badge| (badge.figure)(one) != (badge.figure)(other))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_badge_has_a_key_and_a_figure_of_its_own() {
        let keys: HashSet<&str> = ALL.iter().map(|badge| badge.key).collect();
        assert_eq!(keys.len(), ALL.len());
        // With every figure another number, each definition must read another one.
        let mut numbered = serde_json::to_value(Figures::default()).unwrap();
        let mut next = 1;
        for (name, value) in numbered.as_object_mut().unwrap() {
            if name.starts_with("badge_") {
                *value = next.into();
                next += 1;
            }
        }
        let numbered: Figures = serde_json::from_value(numbered).unwrap();
        let read: HashSet<i64> = ALL.iter().map(|badge| (badge.figure)(&numbered)).collect();
        assert_eq!(read.len(), ALL.len());
        assert_eq!(next - 1, ALL.len() as i64, "a figure for each badge, and none besides");
    }
}
