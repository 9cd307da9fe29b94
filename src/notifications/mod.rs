//! Notifications: the right word to the right person, once; in the inbox, live, by e-mail, or in a digest.
//!
//! Promises:
//! - nobody is told of their own act, of what they may not open (looked up again when an e-mail leaves and when the inbox is
//!   read), or twice of one fact; an import tells nobody;
//! - how somebody hears of what is theirs to choose: per kind, thread, tag and space, with quiet hours;
//! - many recipients are told in pieces, so that no request waits for them;
//! - what comes in by e-mail is posted where its signed address says and its sender is who it was made for, and nowhere else.
//!
//! What happened it learns from the event log alone.

pub mod api;
mod badges;
mod check;
mod deliver;
pub mod digest;
mod fanout;
mod guru_month;
mod gurus;
mod housekeeping;
pub mod inbox;
pub mod inbox_routes;
pub mod incoming;
pub mod invariants;
mod kinds;
mod letters;
mod levels;
pub mod live;
mod look;
pub mod pages;
mod personal;
mod power;
mod quiet;
mod quietable;
pub mod reading;
pub mod reminders;
pub mod searches;
pub mod settings_routes;
pub mod signed;
pub mod subscriptions;
mod targets;
pub mod unsubscribe_routes;

pub use badges::BadgeNotices;
pub use check::MailCheck;
pub use fanout::{Fanout, Notifier};
pub use guru_month::GuruMonths;
pub use gurus::GuruNotices;
pub use housekeeping::Housekeeping;
pub use inbox::rebuild_unread;
pub use kinds::{Kind, Level, Reason};
pub use power::PowerNotices;
