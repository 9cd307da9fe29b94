//! What beside its words makes a post come first: documented factors, all gentle, all bounded.
//!
//! | what | factor |
//! | --- | --- |
//! | its thread has an accepted or endorsed answer | 1.12 |
//! | score above zero | 1 + 0.06 · ln(1 + score), at most 1.3 |
//! | score below zero | 0.85 |
//! | age | 1 + 0.12 · 2^(−age / 180 days) |
//! | a comment | 0.75 |
//!
//! Posts with the same words differ by at most half; a post that has a word in its title beats one that has not.

use crate::clock::{DAY, Micros};
use crate::search::index::document::Kind;

/// No product of factors is larger.
pub const LARGEST: f32 = 1.12 * 1.3 * 1.12;

/// How much a word of a title counts beside the same word in a body.
pub const TITLE: f32 = 1.6;

/// How much a word counts that stands only in the title an answer stands under.
pub const CONTEXT: f32 = 0.4;

/// What decides the factors.
#[derive(Clone, Copy, Debug)]
pub struct Weighed {
    /// The thread has a solution.
    pub solved: bool,
    /// Up minus down.
    pub score: i64,
    /// Since it was written.
    pub age: Micros,
    /// What it is.
    pub kind: Kind,
}

/// The product of the factors.
pub fn factor(facts: Weighed) -> f32 {
    let solved = if facts.solved { 1.12 } else { 1.0 };
    let score = match facts.score {
        ..0 => 0.85,
        score => (1.0 + 0.06 * (1.0 + score as f32).ln()).min(1.3),
    };
    let half_lives = facts.age.max(0) as f32 / (180 * DAY) as f32;
    let fresh = 1.0 + 0.12 * (-half_lives).exp2();
    let kind = if facts.kind == Kind::Comment { 0.75 } else { 1.0 };
    solved * score * fresh * kind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_factor_exceeds_the_bound_that_searching_relies_on() {
        for solved in [false, true] {
            for score in [-1_000_000, -1, 0, 1, 50, 1_000_000_000] {
                for age in [-DAY, 0, DAY, 10_000 * DAY] {
                    for kind in Kind::ALL {
                        let factor = factor(Weighed { solved, score, age, kind });
                        assert!(factor <= LARGEST + 1e-6 && factor > 0.5, "{factor}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_solved_thread_comes_before_the_same_words_unsolved() {
        let facts = Weighed { solved: false, score: 0, age: DAY, kind: Kind::Question };
        assert!(factor(Weighed { solved: true, ..facts }) > factor(facts));
    }
}
