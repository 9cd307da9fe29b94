//! Why something is not done to a member.

use crate::db::Refusal as Refuses;
use crate::web::{FieldProblem, Problem};

/// Why something is not done to a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such member.
    NotFound,
    /// Only administrators do this.
    NotAdministrator,
    /// The member's role is the actor's own, or above it.
    Rank,
    /// One does not do this to oneself.
    Oneself,
    /// Nobody could run the place any more.
    LastAdministrator,
    /// Nobody signs in as this member: imported and not claimed, forgotten, or no person.
    NobodyThere,
    /// The member is not suspended.
    NotSuspended,
    /// Fields that cannot be taken.
    Fields(Vec<FieldProblem>),
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
            Refusal::NotAdministrator => Problem::forbidden("not-administrator"),
            Refusal::Rank => Problem::forbidden("rank"),
            Refusal::Oneself => Problem::forbidden("oneself"),
            Refusal::LastAdministrator => Problem::forbidden("last-administrator"),
            Refusal::NobodyThere => Problem::conflict("nobody-there"),
            Refusal::NotSuspended => Problem::conflict("not-suspended"),
            Refusal::Fields(fields) => Problem::invalid(fields),
        }
    }
}
