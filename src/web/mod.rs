//! What a handler needs: the gate before it, the visit it is given, pages and problems to answer with.
//!
//! It knows no feature. `accounts` tells it who a credential belongs to, through [`viewer::Lookup`].

pub mod api;
pub mod assets;
pub mod cookies;
pub mod cursor;
pub mod endpoint;
mod error_page;
pub mod fields;
pub mod finish;
mod formats;
#[cfg(test)]
pub mod gallery;
pub mod gate;
pub mod hall;
pub mod holes;
pub mod letter;
pub mod limits;
mod offload;
pub mod once;
mod page;
pub mod pages;
pub mod pieces;
pub mod problem;
pub mod render;
pub mod secret;
pub mod segments;
pub mod shell;
pub mod site_name;
pub mod traffic;
pub mod viewer;
pub mod visit;
pub mod words;

pub use endpoint::{Access, Endpoint};
pub use error_page::{ProblemDocument, field_words};
pub use fields::Fields;
pub use hall::Hall;
pub use letter::{Block, Letter, Letterhead};
pub use offload::offload;
pub use problem::{FieldProblem, Problem};
pub use viewer::{Role, Viewer};
pub use visit::Visit;
