//! Reputation: points as a ledger, and what they open.
//!
//! Promises: every point is a row with a reason, tied to what caused it and to the version of the figures it was given
//! under; undoing an act writes opposite rows of exactly what it gave; replaying the event log gives the same sums.
//! It knows neither votes nor acceptances: those who do tell it in their acts' transactions.

mod acts;
mod book;
pub mod figures;
pub mod imported;
pub mod invariants;
mod ledger;
mod memory;
mod outcome;
pub mod replay;
pub mod rules;
pub mod taking;

pub use acts::{
    Done, Edit, accepted, annulled, edit_approved, edit_undone, endorsed, reinstated, removed, restored,
    unaccepted, unendorsed, voted,
};
pub use ledger::{Place, WITHHELD};
pub use outcome::{Credit, Reason};

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::members;
use crate::db::{Conn, Failure};
use crate::posts::Refusal;
use crate::web::{Role, Viewer};
use rules::{Lacking, Privilege, Standing, Taken};

/// Refuses who does not hold a privilege.
///
/// # Errors
/// [`Refusal::Unprivileged`] says what is missing.
pub fn require(c: &mut Conn, viewer: &Viewer, privilege: Privilege) -> Result<(), Failure<Refusal>> {
    let standing = standing(c, viewer.id)?;
    let figures = figures::in_force(c)?.figures;
    standing.holds(privilege, &figures, viewer.now).map_err(|lacking| refusal(&lacking).into())
}

/// What decides about a member's privileges.
pub fn standing(c: &mut Conn, member_id: i64) -> QueryResult<Standing> {
    type Row = (String, i64, i64, i64, String);
    let (role, points, good, bad, taken): Row = members::table
        .find(member_id)
        .select((members::role, members::reputation, members::good, members::bad, members::privileges_taken))
        .first(c)?;
    Ok(Standing { role: Role::stored(&role), points, good, bad, taken: read_taken(&taken) })
}

/// Reads what `members.privileges_taken` holds.
fn read_taken(stored: &str) -> Vec<Taken> {
    let read: Vec<(String, Option<Micros>)> = serde_json::from_str(stored).unwrap_or_default();
    read.into_iter()
        .filter_map(|(name, until)| Some(Taken { privilege: Privilege::parse(&name)?, until }))
        .collect()
}

fn refusal(lacking: &Lacking) -> Refusal {
    let kind = match lacking {
        Lacking { taken: true, taken_until: Some(_), .. } => "privilege-taken-until",
        Lacking { taken: true, .. } => "privilege-taken",
        Lacking { points, minimum, .. } if points < minimum => "privilege-points",
        _ => "privilege-ratio",
    };
    Refusal::Unprivileged {
        kind,
        facts: vec![
            ("privilege", lacking.privilege.as_str().to_owned()),
            ("level", lacking.level.as_str().to_owned()),
            ("minimum", lacking.minimum.to_string()),
            ("points", lacking.points.to_string()),
            ("missing", (lacking.minimum - lacking.points).max(0).to_string()),
            ("least", rules::percent_asked(lacking.least_ratio).to_string()),
            ("share", rules::percent_had(lacking.ratio).to_string()),
            ("until", lacking.taken_until.map(crate::clock::moment).unwrap_or_default()),
        ],
    }
}
