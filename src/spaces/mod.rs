//! Spaces: product areas, each with its own access rule.
//!
//! A space without a product is open to every member. One with a product is entered by members whose
//! organisation is entitled to it, by members with a personal grant, and by staff. [`enterable`] is that rule as
//! a query fragment; page, list, API and every count are scoped by it, so there is one rule and no other.
//! An end of an entitlement or a grant is compared with the viewer's own now: it takes effect at the next request.

mod access;
pub mod api;
pub mod ask_fields;
mod find;
pub mod grants;
pub mod import;
mod moderators;
mod put;
pub mod rules;

pub use access::{enterable, entered_by, enterers, may_enter, moderates};
pub use ask_fields::{AskField, AskFields, FieldKind, set_fields};
pub use find::{Scope, Space, by_id, by_key, list, list_with_products, page, scope};
pub use moderators::{limit_moderator, limits, limits_of_many};
pub use put::{GENERAL, Said, ensure_general, put};
