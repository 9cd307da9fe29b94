//! Why something about gurus is refused.

use crate::clock::moment;
use crate::db::Refusal as Refuses;
use crate::posts;
use crate::web::{FieldProblem, Problem};

/// A fact that stands in the way.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// It is not there, or not for this viewer.
    NotFound,
    /// Moderators of all spaces appoint and dismiss.
    NotModerator,
    /// Nobody appoints or dismisses themselves.
    OwnStanding,
    /// It is so already.
    Already,
    /// There is no invitation to say yes or no to.
    NotInvited,
    /// They are no guru there.
    NotGuru,
    /// The facts are not met.
    NotMet {
        /// Answers accepted or endorsed there within a year.
        answers: i64,
        /// How many it takes.
        needed: i64,
        /// Their share of good outcomes, in percent.
        share: i64,
        /// What it takes.
        least: i64,
    },
    /// Only questions that wait can be claimed or handed over.
    NotWaiting,
    /// One's own question.
    OwnQuestion,
    /// Neither a guru in one of its tags nor somebody who solved something there.
    NotExpert,
    /// Somebody is on it.
    Claimed {
        /// Until when.
        until: i64,
    },
    /// As many as one can be on at once.
    TooManyClaims {
        /// How many that are.
        most: i64,
    },
    /// On this one often enough today.
    ClaimedOften {
        /// How often that is.
        most: i64,
    },
    /// It is not theirs to release.
    NotClaimed,
    /// Fields that cannot be taken.
    Fields(Vec<FieldProblem>),
    /// What the posts refuse.
    Post(posts::Refusal),
}

impl Refuses for Refusal {}

impl From<FieldProblem> for Refusal {
    fn from(field: FieldProblem) -> Refusal {
        Refusal::Fields(vec![field])
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        match refusal {
            Refusal::NotFound => Problem::not_found(),
            Refusal::NotModerator => Problem::forbidden("not-hall-moderator"),
            Refusal::OwnStanding => Problem::forbidden("own-standing"),
            Refusal::Already => Problem::conflict("already"),
            Refusal::NotInvited => Problem::conflict("not-invited"),
            Refusal::NotGuru => Problem::conflict("not-guru"),
            Refusal::NotMet { answers, needed, share, least } => Problem::forbidden("guru-not-met")
                .with("answers", answers)
                .with("needed", needed)
                .with("share", share)
                .with("least", least),
            Refusal::NotWaiting => Problem::conflict("not-waiting"),
            Refusal::OwnQuestion => Problem::forbidden("own-question"),
            Refusal::NotExpert => Problem::forbidden("not-expert"),
            Refusal::Claimed { until } => Problem::conflict("claimed").with("until", moment(until)),
            Refusal::TooManyClaims { most } => Problem::forbidden("too-many-claims").with("most", most),
            Refusal::ClaimedOften { most } => Problem::forbidden("claimed-often").with("most", most),
            Refusal::NotClaimed => Problem::conflict("not-claimed"),
            Refusal::Fields(fields) => Problem::invalid(fields),
            Refusal::Post(refusal) => refusal.into(),
        }
    }
}

/// For commands.
impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::NotFound => f.write_str("there is no such member, or they may not enter"),
            Refusal::Already => f.write_str("they are a guru there already"),
            Refusal::Fields(fields) => {
                let told: Vec<String> =
                    fields.iter().map(|field| crate::web::field_words("en", field)).collect();
                f.write_str(&told.join("; "))
            }
            other => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn until_when_somebody_is_on_it_is_said_as_people_read_moments() {
        let problem = Problem::from(Refusal::Claimed { until: 1_700_000_000_000_000 });
        assert_eq!(problem.facts, [("until", "2023-11-14, 22:13 UTC".to_owned())]);
    }
}
