//! Search: what was written found again, by its words; similar questions before one is asked.
//!
//! Promises:
//! - nothing is found, counted, quoted or suggested that the viewer may not open: access is part of every search, and
//!   what is shown is looked up in the database again, which also gives its text;
//! - what was posted is found within a second, on every node;
//! - whatever is typed is answered with bounded work; what was not understood is searched as words, and said.
//!
//! The index can be deleted at any time: it is made anew from the database.

pub mod analysis;
pub mod api;
pub mod aside_routes;
mod deflected;
pub mod evaluate;
pub mod find;
pub mod hits;
pub mod index;
mod missed;
mod near;
pub mod pages;
pub mod query;
pub mod routes;
pub mod saved;
mod snippet;
pub mod synonyms;
