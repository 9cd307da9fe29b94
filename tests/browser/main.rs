//! Tests in a real Chromium: whole journeys of people, and how every kind of page looks, reads and is reached.
//!
//! The hall is the one of [`harness`]; the browsers are those of [`browser`]. Pictures of all pages, wide and
//! narrow, light and dark, are left in `target/screenshots` for people to look at.
//!
//! - `journeys`: from the set-up link to an accepted answer, with scripts and without; by keyboard alone
//! - `drafts`: what is typed is kept in the tab until it is sent
//! - `inbox`: notices, live, by keyboard alone, and without scripts
//! - `pages`: every kind of page, looked at by axe, and on a screen of 360 pixels
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, unused_imports, reason = "shared with tests/it, which uses the rest")]
#[path = "../harness/mod.rs"]
mod harness;

mod browser;
mod drafts;
mod inbox;
mod journeys;
mod pages;
mod weight;
