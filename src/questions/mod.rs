//! Questions: the thread row with its counters and state, tags, asking, choosing, closing, following, lists.
//!
//! Promises: every act that changes what a thread shows raises `thread_version` in its own transaction; counters
//! are kept there too and a follower compares them with a recount; lists and counts are scoped by the viewer.
//! Answers, comments and votes change the thread through the acts published here, never by writing its row.

mod affected;
pub mod api;
mod ask;
pub mod ask_routes;
mod change;
mod choose;
mod close;
pub mod counters;
mod edit;
mod endorse;
mod follow;
pub mod import;
pub mod invariants;
pub mod linked;
pub mod list;
pub mod pages;
pub mod popular;
pub mod readers;
pub mod rebuild;
pub mod routes;
pub mod rules;
pub mod tags;
pub mod thread;
mod urls;
mod versions;
pub mod views;

pub use affected::{AffectedBy, count_me, uncount_me};
pub use ask::{Draft, LIMIT as ASK_LIMIT, ON as ASK_ON, ask};
pub use change::{remove, remove_as, restore};
pub use choose::{accept, unaccept};
pub use close::{close, reopen};
pub(crate) use edit::PostEdited;
pub use edit::{
    Changes, Prepared, Revised, changes, earned, earned_for, edit, put, tell_edited, way_to_edit, write,
};
pub use endorse::{endorse, unendorse};
pub use follow::{follow, take_up, unfollow};
pub use rules::{NextStep, State};
pub use tags::{TagCount, TagName, tag_named, tags_of, tags_of_many};
pub use thread::{Claim, HandedOver, Thread};
pub use urls::{post_url, question_url};
pub use versions::Versions;
