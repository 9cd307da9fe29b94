//! E-mail: what goes out waits in a durable outbox until a server took it; what comes in is read and judged.
//!
//! Promises:
//! - an e-mail is written down in the transaction of what it tells, and tells one fact once;
//! - none is lost by a crash; a second copy leaves only when the program ended between a server's word and ours, and
//!   carries the same `Message-ID`;
//! - before each attempt whoever wrote it is asked whether it may still go ([`sender::Check`]);
//! - an address that refuses is not written to again until a person says so.
//!
//! It knows nothing of questions, and renders nothing.

pub mod address;
pub mod incoming;
mod message;
pub mod outbox;
pub mod sender;
mod smtp;
mod smtp_url;
pub mod suppressions;

pub use address::Mailbox;
pub use outbox::{Headers, Outgoing, put};
pub use smtp_url::{SmtpUrl, SmtpUrlError};

/// A new `Message-ID` (RFC 5322, 3.6.4) without its angle brackets: 128 random bits at the domain of `mailbox`. The
/// part before the `@` also stands in the envelope's sender, so that a bounce names the e-mail it is about.
///
/// # Errors
/// When the system has no randomness to give.
pub fn fresh_id(mailbox: &Mailbox) -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{token}@{}", mailbox.domain()))
}
