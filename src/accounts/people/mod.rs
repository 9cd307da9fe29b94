//! People: members as others see them, and what may be done to a member by those who look after the place.
//!
//! Promises: an address is never part of what members see of each other; counts and posts are those the viewer may
//! open; a role is changed by administrators only, and one who can enter always remains. The list and the profile
//! compose rows of posts and questions, because this feature owns their URLs.

mod acts;
pub mod api;
mod list;
mod profile;
pub mod routes;
pub mod rules;

pub use acts::{ADMINISTRATORS, set_organisation, set_role, suspend, unsuspend};
pub use list::{Card, Found, Key, everyone, page};
pub use profile::{Counts, PostKey, Posted, Profile, Suspended, counts, posts, profile, suspended};
pub use rules::Refusal;

use crate::web::Role;
use crate::web::pages::Author;
use crate::web::shell::initials;

/// A member as named beside what they did; `role` as stored.
pub fn author(id: i64, name: &str, role: &str) -> Author {
    Author { id: Some(id), name: name.to_owned(), initials: initials(name), role: Role::stored(role) }
}
