//! What all letters to members have that one can hear less of: the link that ends them, in the foot and as a header for one
//! click (RFC 8058), and the way to all settings.

use super::signed::{Quieter, quieter_token};
use crate::accounts::reached::Reached;
use crate::clock::Micros;
use crate::mail::{Headers, Outgoing};
use crate::web::letter::{Block, Letter, LetterError, Letterhead, say};

/// A letter that its reader can hear less of.
pub(super) struct Quietable {
    /// The kind of e-mail, as the outbox has it.
    pub(super) kind: &'static str,
    /// What it tells, among all e-mails.
    pub(super) fact: String,
    /// What its link makes quieter.
    pub(super) quieter: Quieter,
    pub(super) subject: String,
    pub(super) blocks: Vec<Block>,
    /// Why its reader gets it.
    pub(super) why: String,
}

/// The letter as an e-mail; who needs more headers adds them.
pub(super) fn outgoing(
    head: &Letterhead,
    to: &Reached,
    email: &str,
    letter: Quietable,
    now: Micros,
) -> Result<Outgoing, LetterError> {
    let Quietable { kind, fact, quieter, subject, blocks, why } = letter;
    let locale = to.viewer.locale.as_str();
    let unsubscribe =
        head.url(&format!("/unsubscribe/{}", quieter_token(&head.secret, to.viewer.id, &quieter)));
    let foot = vec![
        (say(locale, "mail-stop", &[])?, unsubscribe.clone()),
        (say(locale, "mail-settings", &[])?, head.url("/settings/notifications")),
    ];
    let letter = Letter { locale: locale.to_owned(), subject, blocks, why, foot };
    let mail = head.outgoing(&letter, kind, email, fact, now)?;
    let headers = Headers { unsubscribe: Some(unsubscribe), ..mail.headers };
    Ok(Outgoing { member_id: Some(to.viewer.id), headers, ..mail })
}
