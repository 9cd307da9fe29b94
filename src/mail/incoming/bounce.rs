//! Bounces: delivery status notifications (RFC 3464).

use mail_parser::Message;

use super::kind_of;
use super::parts::Leaf;

/// Characters of a report that are looked at.
const REPORT_MOST: usize = 20_000;

/// What a mail server says of an e-mail of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// Whether it failed for good: action `failed` with a status of class 5.
    pub permanent: bool,
    /// The enhanced status code (RFC 3463), where there is one.
    pub status: String,
    /// The addresses it says it was for, in lower case: the one written to, and the one it was forwarded to.
    pub recipients: Vec<String>,
    /// What the other server said.
    pub words: String,
}

/// Reads the report; None where the message is none.
pub(super) fn read(message: &Message<'_>, leaves: &[Leaf<'_>]) -> Option<Bounce> {
    if kind_of(message) != "multipart/report" {
        return None;
    }
    let report = leaves.iter().find(|leaf| leaf.kind() == "message/delivery-status")?;
    let text: String = String::from_utf8_lossy(report.raw()).chars().take(REPORT_MOST).collect();
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
    let address = |name: &str| {
        let said = field(name).to_lowercase();
        said.split_once(';').map(|(_, address)| address.trim().trim_matches(['<', '>']).to_owned())
    };
    let recipients = [address("Original-Recipient"), address("Final-Recipient")];
    let recipients = recipients.into_iter().flatten().filter(|address| address.contains('@')).collect();
    Some(Bounce { permanent: failed && status.starts_with('5'), status, recipients, words })
}

impl Bounce {
    /// Whether it says that nobody is at `address`, and never will be (RFC 3463: no such mailbox, no such host, moved,
    /// disabled, refuses all mail). What is too long, forbidden or full today says nothing of tomorrow, and what became of an
    /// e-mail that was forwarded says nothing of the address that forwards.
    #[must_use]
    pub fn nobody_at(&self, address: &str) -> bool {
        const NOBODY: &[&str] = &["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];
        let address = address.trim().to_lowercase();
        self.permanent
            && NOBODY.contains(&self.status.as_str())
            && self.recipients.iter().all(|said| *said == address)
    }
}
