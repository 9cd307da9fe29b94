//! Bounces: delivery status notifications (RFC 3464).

use mail_parser::{Message, MimeHeaders};

use super::kind_of;

/// What a mail server says of an e-mail of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// Whether it failed for good: action `failed` with a status of class 5.
    pub permanent: bool,
    /// The enhanced status code (RFC 3463), where there is one.
    pub status: String,
    /// What the other server said.
    pub words: String,
}

/// Reads the report; None where the message is none.
pub(super) fn read(message: &Message<'_>) -> Option<Bounce> {
    if kind_of(message) != "multipart/report" {
        return None;
    }
    let report = message.parts.iter().find(|part| {
        part.content_type().is_some_and(|kind| {
            kind.ctype().eq_ignore_ascii_case("message")
                && kind.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("delivery-status"))
        })
    })?;
    let text = String::from_utf8_lossy(report.contents()).into_owned();
    let field = |name: &str| {
        let line = text.lines().take(1_000).find(|line| {
            line.split_once(':').is_some_and(|(field, _)| field.trim().eq_ignore_ascii_case(name))
        });
        let value = line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned());
        value.unwrap_or_default()
    };
    let status = field("Status").split_whitespace().next().unwrap_or_default().to_owned();
    let failed = field("Action").eq_ignore_ascii_case("failed");
    let said = field("Diagnostic-Code");
    let words = said.split_once(';').map_or(said.as_str(), |(_, words)| words).trim();
    let words: String = words.chars().filter(|c| !c.is_control()).take(200).collect();
    Some(Bounce { permanent: failed && status.starts_with('5'), status, words })
}
