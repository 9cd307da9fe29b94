//! Badges: what outcomes earn, and what an import brought from elsewhere.
//!
//! Promises: a badge names an outcome, never how much somebody did; it stands as long as the outcome it was earned by, so
//! that undoing and doing again earns nothing more; an import run twice awards nothing twice; who is paid to answer earns none.
//! Which badges there are is data (`definitions.rs`), their figures are settings of reputation, and one follower of the log
//! judges them all. Outcomes are rows of the ledger: what brings no points there earns no badge here.

mod awarded;
mod definitions;
mod evaluator;
mod evidence;
pub mod imported;
pub mod pages;
pub mod routes;
mod store;

pub use awarded::{Held, of_person, of_person_elsewhere};
pub use definitions::{Definition, known, take_other};
pub use evaluator::{Badges, judge_again};
