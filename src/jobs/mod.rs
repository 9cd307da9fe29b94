//! What happens by time: rows with a `due_at`, swept by one node at a time.
//!
//! A lease row says which node; losing it is harmless, because what a sweep does is guarded by unique keys
//! and happens in the transaction that removes the row.

pub mod leases;
pub mod sweeper;
pub mod timed;

use std::fmt;

/// This process among others on the same database: a random name, new at each start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node(String);

impl Node {
    /// A new random name.
    pub fn random() -> Node {
        let mut bytes = [0_u8; 8];
        // Without randomness a fixed name still works: leases then pass between nodes of one name.
        let _ = getrandom::fill(&mut bytes);
        Node(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
