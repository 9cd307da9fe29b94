//! Who does an administrative act: a member, or whoever holds the command line.

use crate::web::{Role, Viewer};

/// The one who acts. The command line may do what an administrator may: who can run it can read the database.
#[derive(Clone, Copy, Debug)]
pub enum Actor<'a> {
    /// A member, as looked up in the act's own transaction.
    Member(&'a Viewer),
    /// A command beside the server.
    CommandLine,
}

impl Actor<'_> {
    /// The member, for the audit and the log; None on the command line.
    pub fn id(self) -> Option<i64> {
        match self {
            Actor::Member(viewer) => Some(viewer.id),
            Actor::CommandLine => None,
        }
    }

    /// What they may do.
    pub fn role(self) -> Role {
        match self {
            Actor::Member(viewer) => viewer.role,
            Actor::CommandLine => Role::Admin,
        }
    }

    /// Whether they run the place.
    pub fn administers(self) -> bool {
        self.role() >= Role::Admin
    }
}

impl<'a> From<&'a Viewer> for Actor<'a> {
    fn from(viewer: &'a Viewer) -> Actor<'a> {
        Actor::Member(viewer)
    }
}
