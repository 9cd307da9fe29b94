//! Gurus: who knows a tag, by what they showed there, and what needs them.
//!
//! Promises:
//! - a guru is a standing in a tag, never a role: it opens nothing that others may not open;
//! - it is offered for facts, or given by a moderator with a reason, and begins only when its member says yes;
//! - what is no longer earned ends a month after its member was told what is missing; what was given ends by hand alone;
//! - what needs somebody is ordered by what they know, by waiting and by how few others know it, and by nothing that noise
//!   can move; to decline costs nothing, and a claim hides nothing from others.
//!
//! Who is told of it is the business of `notifications`, who follow the events; waves of alerts will read [`candidates`].

pub mod api;
mod appointing;
mod candidates;
mod claims;
mod experts;
mod facts;
pub mod hours;
mod listed;
mod month;
mod needs;
mod own;
pub mod pages;
pub mod question_routes;
mod ranking;
mod refusal;
pub mod routes;
mod rules;
mod standings;
mod store;
mod sweep;
pub mod tag_routes;

pub use candidates::{Candidate, alerted, candidates};
pub use claims::{ClaimEnds, claim, decline, hand_over, hand_over_reason, release};
pub use experts::knows;
pub use listed::{GuruInTag, InTag, may_be_appointed, of_people, of_tag};
pub use month::{Month, achieved, in_months};
pub use needs::{Need, needs};
pub use ranking::{Able, Needing};
pub use refusal::Refusal;
pub use rules::{Facts, State, least_share};
pub use store::{Standing, of_question, standing};
pub use sweep::{GuruFacts, Sweep};
pub use tag_routes::appoint_now;
