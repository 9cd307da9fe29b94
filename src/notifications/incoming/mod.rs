//! E-mails that come in: answers to what we sent, questions to a space's address, and what comes back.
//!
//! Promises:
//! - where a message belongs is decided by the signed address it was sent to, who wrote it by the sender that address was made
//!   for; never by its subject;
//! - the same message is dealt with once; what cannot be posted waits where staff see it, and nothing is lost;
//! - automatic mail is never posted and never answered; no member's e-mails are posted without end.

mod act;
mod answer;
mod route;
mod store;

use actix_web::web::Bytes;

use crate::clock::Micros;
use crate::db::{Conn, Db, Error, On};
use crate::mail::incoming::{Received, read};
use crate::web::letter::Letterhead;

pub use route::{VOUCHES, Wanted};
pub use store::{Kept, count, dismiss, forget_old, has_worked, waiting};

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is this post now.
    Posted(i64),
    /// It was dealt with before.
    Again,
    /// It said that an e-mail of ours did not arrive.
    Bounce,
    /// No person wrote it.
    Automatic(&'static str),
    /// It waits for staff, for this reason.
    Quarantined(&'static str),
}

impl Outcome {
    /// In a word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Posted(_) => "posted",
            Outcome::Again => "again",
            Outcome::Bounce => "bounce",
            Outcome::Automatic(_) => "automatic",
            Outcome::Quarantined(_) => "quarantined",
        }
    }
}

/// What dealing with messages needs.
#[derive(Clone)]
pub struct Desk {
    /// The database.
    pub db: Db,
    /// The letterhead, with our address and secret.
    pub head: Letterhead,
    /// Whether rates are limited.
    pub limited: bool,
}

/// Takes one message (RFC 5322). After a failure nothing was done, and the message is to be handed in again.
///
/// # Errors
/// The database's.
pub async fn take(desk: &Desk, raw: Bytes, now: Micros) -> Result<Outcome, Error> {
    // Reading and rendering take as long as the message is large: not here, where requests are answered.
    let whole = raw.clone();
    let received = match off_the_loop(move || read(&whole)).await? {
        Ok(received) => received,
        Err(unreadable) => return unreadable_kept(desk, &raw, &unreadable.to_string(), now).await,
    };
    let (head, seen) = (desk.head.clone(), received.clone());
    let wanted = desk
        .db
        .read(move |c| {
            if store::is_known(c, &seen.fingerprint)? {
                return Ok::<_, Error>(None);
            }
            Ok(Some(route::wanted(c, &head, &seen, now)?))
        })
        .await?;
    let Some(wanted) = wanted else { return Ok(Outcome::Again) };
    let (head, seen) = (desk.head.clone(), received.clone());
    let prepared = off_the_loop(move || act::prepared(&head, &seen, wanted)).await?;
    let (head, limited) = (desk.head.clone(), desk.limited);
    desk.db.write(prepared.on(), move |c| act::done(c, &head, &received, &prepared, limited, now)).await
}

async fn off_the_loop<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Busy)
}

async fn unreadable_kept(desk: &Desk, raw: &[u8], why: &str, now: Micros) -> Result<Outcome, Error> {
    let text: String =
        String::from_utf8_lossy(raw.get(..raw.len().min(20_000)).unwrap_or_default()).into_owned();
    let fingerprint = crate::web::secret::digest(raw);
    let why = why.to_owned();
    desk.db
        .write(On::Nothing, move |c: &mut Conn| {
            let row = store::New {
                fingerprint: &fingerprint,
                sender: "",
                recipient: "",
                subject: "",
                outcome: "quarantined",
                reason: &why,
                member: None,
                post: None,
                text: &text,
            };
            let new = store::keep(c, &row, now)?;
            Ok::<_, Error>(if new { Outcome::Quarantined("unreadable") } else { Outcome::Again })
        })
        .await
}

/// The sender's address, for people.
fn sender(received: &Received) -> String {
    received.from.clone().or_else(|| received.return_path.clone()).unwrap_or_default()
}
