//! Peerhall: a self-hosted, gated peer-support community. Peers answer first, and nobody is left without
//! an answer. ARCHITECTURE.md walks through the house.

pub mod accounts;
pub mod administration;
pub mod answers;
pub mod badges;
pub mod cli;
pub mod clock;
pub mod comments;
pub mod config;
pub mod db;
pub mod demo;
pub mod events;
pub mod gurus;
pub mod imports;
pub mod jobs;
pub mod mail;
pub mod metrics;
pub mod notifications;
pub mod openapi;
pub mod people;
pub mod posts;
pub mod questions;
pub mod reputation;
pub mod routes;
pub mod search;
pub mod server;
pub mod spaces;
pub mod suggestions;
pub mod text;
pub mod threads;
pub mod votes;
pub mod web;
