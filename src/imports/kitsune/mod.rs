//! Mozilla Support threads ("kitsune"): JSON lines, one question or answer each.
//!
//! [`reader`] streams them, [`mapping`] says as pure functions what their fields become, [`import()`] brings them
//! into the hall.

mod import;
pub mod mapping;
pub mod reader;

pub use import::import;
