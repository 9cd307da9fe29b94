//! The question page: one thread with everything its reader may see and do, composed from the rooms below.
//!
//! It owns `/questions/{id}/…` and `/posts/{id}/…`, as pages and in the API, and `/o/…` for old addresses; it writes no table of its own.
//! Promises: one reader ([`view::load`]) serves page and API alike; its number of statements is fixed.

pub mod api;
mod compose;
pub mod editing;
pub mod kept;
pub mod origin;
mod relation;
pub mod rerender;
pub mod routes;
pub mod schema;
pub mod verdicts;
pub mod view;

pub use view::View;
