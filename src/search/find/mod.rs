//! Searching in the index: what matches and how well, similar questions, words one may have meant.
//!
//! Promises: nothing is found, counted or suggested that is not in the viewer's [`FindScope`]; work is bounded by the
//! number of words and by limits stated here.

mod collect;
mod dictionary;
mod filter;
mod rank;
mod run;
mod scope;
mod similar;
mod statistics;
mod sums;
mod terms;

pub use collect::{Facets, Hit, Order};
pub use dictionary::{completions, correction};
pub use rank::{Weighed, standing};
pub use run::{Found, Search, search};
pub use scope::FindScope;
pub use similar::{Alike, Near, Weights, similar};
pub use terms::{languages, wanted};
