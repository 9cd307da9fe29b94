//! People: members as others see them, and the page by which one becomes a member.
//!
//! Promises: an address is never part of what members see of each other; counts and posts are those the viewer may
//! open. The list and the profile compose rows of accounts, posts and questions, so this room stands above them; it
//! writes nothing and leaves what is done to a member to [`crate::accounts::oversight`]. Ledgers, figures and leaderboards are read
//! from what `reputation` wrote.

pub mod api;
pub mod appoint_routes;
mod chart;
mod earned;
pub mod figures;
pub mod join;
pub mod kept_figures;
pub mod leaders;
mod ledger;
pub mod ledger_routes;
mod list;
mod narrowed;
pub mod pages;
mod period;
mod posted;
pub mod privileges;
mod profile;
pub mod recognition_pages;
pub mod routes;
pub mod standings;

pub use list::{Card, Found, Key, beginning, everyone, page};
pub use profile::{Counts, PostKey, Posted, Profile, Suspended, counts, profile, suspended};

use crate::web::Role;
use crate::web::pages::Author;
use crate::web::shell::initials;

/// A member as named beside what they did; `role` as stored.
pub fn author(id: i64, name: &str, role: &str) -> Author {
    Author { id: Some(id), name: name.to_owned(), initials: initials(name), role: Role::stored(role) }
}
