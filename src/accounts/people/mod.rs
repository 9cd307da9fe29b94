//! People: members as others see them, and what may be done to a member by those who look after the place.
//!
//! Promises: an address is never part of what members see of each other; counts and posts are those the viewer may
//! open; a role is changed by administrators only, and one who can enter always remains. The list and the profile
//! compose rows of posts and questions, because this feature owns their URLs.

mod acts;

mod list;
mod profile;

pub mod rules;

pub use acts::{set_organisation, set_role, suspend, unsuspend};
pub use list::{Card, Found, Key, everyone, page};
pub use profile::{Counts, PostKey, Posted, Profile, Suspended, counts, posts, profile, suspended};
pub use rules::Refusal;
