//! Members and the ways in: sessions, passwords, invitations, organisations and entitlements.

pub mod actor;
pub mod address_change;
pub mod address_requests;
pub mod api;
pub mod audit;
pub mod book_rules;
pub mod colleagues;
pub mod dead_link;
mod directory;
pub mod entitlements;
pub mod facts;
mod housekeeping;
pub mod import;
pub mod invitations;
pub mod join_requests;
pub mod known_browser;
pub mod letters;
pub mod members;
pub mod names;
mod one_time;
pub mod organisations;
pub mod oversight;
pub mod pages;
pub mod password_rules;
pub mod passwords;
pub mod products;
pub mod reached;
pub mod request_routes;
pub mod reset_routes;
mod security;
mod seen;
pub mod sessions;
pub mod settings;
pub mod settings_routes;
pub mod setup;
pub mod setup_routes;
mod sign_in;
pub mod sign_in_routes;
pub mod tokens;

pub use directory::{Directory, may_enter};
pub use housekeeping::Housekeeping;
pub use seen::Seen;

#[cfg(test)]
mod tests;
