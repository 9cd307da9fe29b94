//! Stack Exchange data dumps: reading them and saying what each row means.
//!
//! [`dump`] finds the files, [`reader`] streams their [`rows`], [`kinds`] and [`history`] say as pure functions
//! what they become, [`staging`] puts on disk what has to be seen by post though it comes by id, [`import()`]
//! brings it all into the hall.

pub mod dump;
pub mod history;
mod import;
pub mod kinds;
pub mod reader;
#[cfg(test)]
mod reader_tests;
pub mod rows;
pub mod staging;

pub use import::import;
