//! Suggested edits: what a member would change in another's question or answer, waiting for its author, an editor or a
//! moderator.
//!
//! Promises: a suggestion remembers the version it was made from and never changes; approving it saves what its decider
//! saw, in one transaction that looks at both versions again, or refuses and leaves it waiting; what was suggested is its
//! suggester's version, what the decider changed of it is a version of their own on top; the points are the suggester's, and
//! go back when the post is rolled back behind it. Nobody decides about their own, and what the viewer may not see of a post
//! they do not see of its suggestions either.
//! It does not decide who may edit at once: that is `questions`' ([`crate::questions::way_to_edit`]).

pub mod api;
mod decide;
pub mod invariants;
mod merge;
pub mod pages;
mod roll_back;
pub mod roll_back_routes;
pub mod routes;
mod rules;
mod store;
mod suggest;
mod view;

pub use decide::{Approval, Rejection, approve, reject};
pub use roll_back::{Back, roll_back};
pub use rules::Verdict;
pub use store::{Entry, count_to_decide, told, waiting_of};
pub use suggest::{Outcome, edit_or_suggest, withdraw};

use crate::clock::HOUR;
use crate::web::limits::Limit;

/// Suggestions a member may make.
pub const LIMIT: Limit = Limit { scope: "suggest", most: 30, window: HOUR };

/// Suggestions of one member that may wait at a time.
pub const WAITING: i64 = 20;
