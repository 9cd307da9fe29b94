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

/// No factor for age is larger.
pub const FRESHEST: f32 = 1.12;

/// How much a word of a title counts beside the same word in a body.
pub const TITLE: f32 = 1.6;

/// How much a word counts that stands only in the title an answer stands under.
pub const CONTEXT: f32 = 0.4;

/// What decides the factors that stay as they are.
#[derive(Clone, Copy, Debug)]
pub struct Weighed {
    /// The thread has a solution.
    pub solved: bool,
    /// Up minus down.
    pub score: i64,
    /// What it is.
    pub kind: Kind,
}

/// The product of all factors but the one for age.
pub fn standing(weighed: Weighed) -> f32 {
    let solved = if weighed.solved { 1.12 } else { 1.0 };
    let score = match weighed.score {
        ..0 => 0.85,
        score => (1.0 + 0.06 * (1.0 + score as f32).ln()).min(1.3),
    };
    let kind = if weighed.kind == Kind::Comment { 0.75 } else { 1.0 };
    solved * score * kind
}

/// The factor for age.
pub fn freshness(age: Micros) -> f32 {
    let half_lives = age.max(0) as f32 / (180 * DAY) as f32;
    1.0 + 0.12 * (-half_lives).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_factor_exceeds_what_is_written_above() {
        for solved in [false, true] {
            for score in [-1_000_000, -1, 0, 1, 50, 1_000_000_000] {
                for kind in Kind::ALL {
                    let standing = standing(Weighed { solved, score, kind });
                    assert!(standing <= 1.12 * 1.3 + 1e-6 && standing > 0.5, "{standing}");
                }
            }
        }
        for age in [-DAY, 0, DAY, 10_000 * DAY] {
            assert!((1.0..=FRESHEST).contains(&freshness(age)), "{age}");
        }
    }

    #[test]
    fn a_solved_thread_comes_before_the_same_words_unsolved() {
        let weighed = Weighed { solved: false, score: 0, kind: Kind::Question };
        assert!(standing(Weighed { solved: true, ..weighed }) > standing(weighed));
    }
}
