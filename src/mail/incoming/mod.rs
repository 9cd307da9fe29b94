//! What came in: one RFC 5322 message as values, with verdicts that need nothing but the message.
//!
//! Promises: any bytes give an answer; nesting and size are bounded; two verdicts are kept apart: *is automatic* (no person
//! wrote it) and *must not be answered* (an answer could come back for ever, or reach a list).

mod bounce;
mod parts;
mod quotes;
mod verdicts;

#[cfg(test)]
mod tests;

use mail_parser::{Address, HeaderName, Message, MessageParser, MimeHeaders};
use sha2::{Digest, Sha256};

use crate::text::html_to_markdown;

pub use bounce::Bounce;
use parts::Leaf;
pub use verdicts::Verdicts;

/// Bytes of a message at most.
pub const LARGEST: usize = 30_000_000;
/// Characters of a text that are looked at.
const TEXT_MOST: usize = 200_000;
/// Attachments that are named.
const NAMED_MOST: usize = 20;

/// A message that came in.
#[derive(Clone, Debug)]
pub struct Received {
    /// SHA-256 of its `Message-ID` and sender, or of the whole where it has none: the same message comes twice.
    pub fingerprint: String,
    /// Its `Message-ID` without brackets.
    pub message_id: Option<String>,
    /// The address in `From`, where there is exactly one.
    pub from: Option<String>,
    /// The envelope's sender, from `Return-Path`: empty for `<>`; None where it is not said.
    pub return_path: Option<String>,
    /// Every address it may have been for: `Delivered-To` and its like, `To`, `Cc`.
    pub recipients: Vec<String>,
    /// Its subject, one line.
    pub subject: String,
    /// What its writer wrote, as Markdown: quotes of earlier e-mails and signatures taken off.
    pub text: String,
    /// Names of its attachments.
    pub attachments: Vec<String>,
    /// What it is and whether it may be answered.
    pub verdicts: Verdicts,
    /// What mail servers found out about its sender: each `Authentication-Results` (RFC 8601), in lower case.
    pub authentication: Vec<String>,
    /// What it says of an e-mail that could not be delivered.
    pub bounce: Option<Bounce>,
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// More than [`LARGEST`].
    #[error("the message has more than {LARGEST} bytes")]
    TooLarge,
    /// No header at all.
    #[error("this is no e-mail: it has no header")]
    NoMessage,
}

impl Received {
    /// Whether its sender is to be believed, where `server` is the name of the mail server whose word counts: with one, where
    /// that server vouches for it (DMARC, RFC 7489); without, where no server on the way found it to be forged.
    #[must_use]
    pub fn is_vouched_for(&self, server: Option<&str>) -> bool {
        let Some(server) = server else {
            return !self.authentication.iter().any(|said| said.contains("dmarc=fail"));
        };
        let of_server = |said: &&String| {
            let name = said.split([';', ' ']).next().unwrap_or_default();
            name.eq_ignore_ascii_case(server)
        };
        // The topmost of that name: the server puts its own above what came with the message.
        self.authentication.iter().find(of_server).is_some_and(|said| {
            said.split([';', ' ']).any(|word| word == "dmarc=pass") && !said.contains("dmarc=fail")
        })
    }
}

/// Reads a message.
///
/// # Errors
/// [`Unreadable`].
pub fn read(raw: &[u8]) -> Result<Received, Unreadable> {
    if raw.len() > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    let raw = without_mbox_line(raw);
    let message = MessageParser::default().parse_headers(raw).filter(|message| !message.headers().is_empty());
    let message = message.ok_or(Unreadable::NoMessage)?;
    let leaves = parts::leaves(raw);
    // Programs differ in which of two fields they believe: who sends two is nobody.
    let one_field = message.headers().iter().filter(|field| field.name == HeaderName::From).count() == 1;
    let senders = addresses(message.from());
    let from = match senders.as_slice() {
        [(address, _)] if one_field => Some(address.clone()),
        _ => None,
    };
    let message_id = message.message_id().map(|id| one_line(id, 300)).filter(|id| !id.is_empty());
    let return_path = return_path(&message);
    let subject = one_line(message.subject().unwrap_or_default(), 500);
    let bounce = bounce::read(&message, &leaves);
    let verdicts =
        verdicts::judge(&message, return_path.as_deref(), from.as_deref(), &subject, bounce.is_some());
    Ok(Received {
        fingerprint: fingerprint(raw, message_id.as_deref(), from.as_deref()),
        message_id,
        from,
        return_path,
        recipients: recipients(&message),
        subject,
        text: written_text(&leaves),
        attachments: attachments(&leaves),
        authentication: authentication(&message),
        verdicts,
        bounce,
    })
}

/// Pipes of some mail servers put an mbox line in front (`From ann@example.com Thu …`).
fn without_mbox_line(raw: &[u8]) -> &[u8] {
    if !raw.starts_with(b"From ") {
        return raw;
    }
    let end = raw.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |end| end + 1);
    raw.get(end..).unwrap_or_default()
}

fn fingerprint(raw: &[u8], id: Option<&str>, from: Option<&str>) -> String {
    let mut hash = Sha256::new();
    match id {
        Some(id) => {
            hash.update(id.as_bytes());
            hash.update([0]);
            hash.update(from.unwrap_or_default().to_lowercase().as_bytes());
        }
        None => hash.update(raw),
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn addresses(of: Option<&Address<'_>>) -> Vec<(String, String)> {
    let Some(of) = of else { return Vec::new() };
    of.iter()
        .filter_map(|one| Some((one.address()?.trim().to_owned(), one.name().unwrap_or_default().to_owned())))
        .filter(|(address, _)| address.contains('@'))
        .take(100)
        .collect()
}

/// The topmost: the server that took the message put it there; what is below came with it.
fn return_path(message: &Message<'_>) -> Option<String> {
    let mut fields = message.headers_raw().filter(|(name, _)| name.eq_ignore_ascii_case("Return-Path"));
    let (_, said) = fields.next()?;
    let inner = said.trim().trim_start_matches('<');
    Some(inner.split('>').next().unwrap_or_default().trim().to_owned())
}

/// Every `Authentication-Results`, in lower case.
fn authentication(message: &Message<'_>) -> Vec<String> {
    let fields = message.headers_raw();
    let fields = fields.filter(|(name, _)| name.eq_ignore_ascii_case("Authentication-Results"));
    fields.take(50).map(|(_, said)| one_line(said, 10_000).to_lowercase()).collect()
}

fn recipients(message: &Message<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for name in ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"] {
        for (header, value) in message.headers_raw() {
            if header.eq_ignore_ascii_case(name) {
                found.push(value.trim().trim_matches(['<', '>']).trim().to_owned());
            }
        }
    }
    found.extend(addresses(message.to()).into_iter().map(|(address, _)| address));
    found.extend(addresses(message.cc()).into_iter().map(|(address, _)| address));
    let mut seen = std::collections::HashSet::new();
    found.retain(|address| seen.insert(address.to_lowercase()));
    found.truncate(200);
    found
}

/// The first that is something to read decides: HTML alone, or all that is plain.
fn written_text(leaves: &[Leaf<'_>]) -> String {
    let mut words = leaves.iter().filter(|leaf| leaf.is_words());
    let mut plain = String::new();
    for leaf in words.by_ref() {
        let text = cut(&leaf.text());
        if text.trim().is_empty() {
            continue;
        }
        match leaf.kind().as_str() {
            "text/html" if plain.is_empty() => return quotes::written(&html_to_markdown(&text)),
            "text/plain" if plain.is_empty() => plain = text,
            // Further pieces of it, as some programs write them around pictures.
            "text/plain" if plain.chars().count() < TEXT_MOST => {
                plain.push_str("\n\n");
                plain.push_str(&text);
            }
            _ => {}
        }
    }
    quotes::written(&plain)
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_MOST).collect()
}

fn attachments(leaves: &[Leaf<'_>]) -> Vec<String> {
    let attached = leaves.iter().filter(|leaf| !leaf.is_words());
    attached.take(NAMED_MOST).map(Leaf::name).collect()
}

/// A header's text on one line.
fn one_line(text: &str, most: usize) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

/// Whether a header is there at all.
fn has(message: &Message<'_>, name: &str) -> bool {
    message.headers_raw().any(|(header, _)| header.eq_ignore_ascii_case(name))
}

/// A header's text, in lower case.
fn said(message: &Message<'_>, name: &str) -> Option<String> {
    let value = message.headers_raw().find(|(header, _)| header.eq_ignore_ascii_case(name));
    value.map(|(_, value)| one_line(value, 500).to_lowercase())
}

/// The kind of the whole message, such as `multipart/report`.
fn kind_of(message: &Message<'_>) -> String {
    let kind = message.content_type();
    let kind = kind.map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
    kind.unwrap_or_default().to_lowercase()
}
