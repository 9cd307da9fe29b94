//! Chance that can be repeated.

use std::hash::{BuildHasher, RandomState};

/// Numbers that look random and follow from a seed (xorshift64*, Marsaglia and Vigna).
pub struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    /// Seeded by `SEED` in the environment, else anew at each run. Print [`Random::seed`].
    pub fn from_environment() -> Random {
        let given = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| RandomState::new().hash_one(0) >> 32);
        // Zero would stay zero.
        Random { seed, state: seed | 1 << 63 }
    }

    /// What repeats this run.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        least + (self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16) % (most - least + 1)
    }
}
