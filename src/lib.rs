//! Peerhall: a self-hosted, gated peer-support community.

pub mod accounts;
pub mod administration;
pub mod questions;
pub mod text;
pub mod web;
