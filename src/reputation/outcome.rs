//! Outcomes and what a book holds of them: reasons, states, rows, what a day brought. Values only.

use serde::{Deserialize, Serialize};

use crate::clock::{DAY, Micros};

/// Why points were given, or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// An answer was voted up.
    AnswerUp,
    /// An answer was voted down.
    AnswerDown,
    /// A question was voted up.
    QuestionUp,
    /// A question was voted down.
    QuestionDown,
    /// The member voted an answer down.
    DownCast,
    /// Their answer was accepted.
    Accepted,
    /// They accepted an answer.
    Accepting,
    /// Staff endorsed their answer.
    Endorsed,
    /// A staff resolution cited their post.
    Assist,
    /// An edit they suggested was approved.
    Edit,
    /// Their post was removed as spam or abuse.
    Removed,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 11] = [
        Reason::AnswerUp,
        Reason::AnswerDown,
        Reason::QuestionUp,
        Reason::QuestionDown,
        Reason::DownCast,
        Reason::Accepted,
        Reason::Accepting,
        Reason::Endorsed,
        Reason::Assist,
        Reason::Edit,
        Reason::Removed,
    ];

    /// What votes bring.
    pub const VOTES: [Reason; 5] =
        [Reason::AnswerUp, Reason::AnswerDown, Reason::QuestionUp, Reason::QuestionDown, Reason::DownCast];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::AnswerUp => "answer-up",
            Reason::AnswerDown => "answer-down",
            Reason::QuestionUp => "question-up",
            Reason::QuestionDown => "question-down",
            Reason::DownCast => "down-cast",
            Reason::Accepted => "accepted",
            Reason::Accepting => "accepting",
            Reason::Endorsed => "endorsed",
            Reason::Assist => "assist",
            Reason::Edit => "edit",
            Reason::Removed => "removed",
        }
    }

    /// Reads a stored reason.
    pub fn parse(name: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.as_str() == name)
    }

    /// What counts as a good outcome (product.md: counted up-votes, accepted, endorsed).
    pub fn is_good(self) -> bool {
        matches!(self, Reason::AnswerUp | Reason::QuestionUp | Reason::Accepted | Reason::Endorsed)
    }

    /// What counts as a bad one (down-votes, removals).
    pub fn is_bad(self) -> bool {
        matches!(self, Reason::AnswerDown | Reason::QuestionDown | Reason::Removed)
    }

    fn is_up(self) -> bool {
        matches!(self, Reason::AnswerUp | Reason::QuestionUp)
    }

    fn is_down(self) -> bool {
        matches!(self, Reason::AnswerDown | Reason::QuestionDown)
    }
}

/// Whether what a base row gave still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It does.
    Given,
    /// It does not while something lasts.
    Suspended,
    /// It never will again.
    Undone,
}

impl State {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Given => "given",
            State::Suspended => "suspended",
            State::Undone => "undone",
        }
    }

    /// Reads a stored state.
    pub fn parse(name: &str) -> Option<State> {
        [State::Given, State::Suspended, State::Undone].into_iter().find(|state| state.as_str() == name)
    }
}

/// Why an outcome brings no points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nothing {
    /// The actor is the author.
    Own,
    /// Both are of one organisation.
    Organisation,
    /// Votes in this thread bring nothing while a restriction lasts.
    Withheld,
}

/// What an event tells the ledger besides its own fact, so that a replay needs nothing but the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Version of the figures.
    pub settings: i64,
    /// Whose post it is, if a member's.
    pub author: Option<i64>,
    /// Why it brings nothing, if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nothing: Option<Nothing>,
}

impl Credit {
    /// The author, where the outcome brings something.
    pub(super) fn to(&self) -> Option<i64> {
        self.author.filter(|_| self.nothing.is_none())
    }
}

/// What was given, as the first row of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Who has it.
    pub member: i64,
    /// How many, never 0.
    pub points: i64,
    /// What for.
    pub reason: Reason,
    /// About which post.
    pub post: Option<i64>,
    /// Who caused it.
    pub by: Option<i64>,
    /// What of, where a post has several: the suggestion.
    pub subject: Option<i64>,
    /// Version of the figures.
    pub settings: i64,
    /// Votes it stands for.
    pub outcomes: i64,
    /// When.
    pub at: Micros,
}

impl Given {
    /// Whether it stands for votes of an import that name no person.
    pub fn is_of_import(&self) -> bool {
        self.by.is_none() && Reason::VOTES.contains(&self.reason)
    }
}

/// A base row as a book knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The row.
    pub id: i64,
    /// Never [`State::Undone`].
    pub state: State,
    /// What it gave.
    pub given: Given,
}

/// What somebody was given on one UTC day by votes, whatever became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Points by votes up.
    pub points: i64,
    /// Votes up by one certain person that counted.
    pub pair_up: i64,
    /// Votes down by that person that counted.
    pub pair_down: i64,
}

/// The first microsecond of a moment's UTC day.
pub fn day_of(at: Micros) -> Micros {
    at - at.rem_euclid(DAY)
}

impl Day {
    /// Adds a base row of the day, given `by` somebody.
    pub fn add(&mut self, reason: Reason, points: i64, by: Option<i64>, counted: Option<i64>) {
        let pair = counted.is_some() && by == counted;
        if reason.is_up() {
            self.points += points;
            self.pair_up += i64::from(pair);
        } else if reason.is_down() {
            self.pair_down += i64::from(pair);
        }
    }
}
