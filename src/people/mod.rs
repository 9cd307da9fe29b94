//! People: members as others see them, and the page by which one becomes a member.
//!
//! Promises: an address is never part of what members see of each other; counts and posts are those the viewer may
//! open. The list and the profile compose rows of accounts, posts and questions, so this room stands above them; it
//! writes nothing and leaves what is done to a member to [`crate::accounts::oversight`].

pub mod api;
pub mod join;
mod list;
pub mod pages;
pub mod privileges;
mod profile;
pub mod routes;

pub use list::{Card, Found, Key, beginning, everyone, page};
pub use profile::{Counts, PostKey, Posted, Profile, Suspended, counts, posts, profile, suspended};

use crate::web::Role;
use crate::web::pages::Author;
use crate::web::shell::initials;

/// A member as named beside what they did; `role` as stored.
pub fn author(id: i64, name: &str, role: &str) -> Author {
    Author { id: Some(id), name: name.to_owned(), initials: initials(name), role: Role::stored(role) }
}
