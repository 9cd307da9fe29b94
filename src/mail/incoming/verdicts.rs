//! Two verdicts on a message: whether a person wrote it, and whether it may be answered (RFC 3834, sections 2 and 5).
//!
//! They differ: what a person sends through a mailing list is not automatic and must not be answered by us.

use mail_parser::Message;

use super::{has, kind_of, said};

/// The verdicts, each with what gave it away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// No person wrote it: a bounce, an out-of-office note, a newsletter.
    pub automatic: Option<&'static str>,
    /// Nothing may be sent in answer.
    pub unanswerable: Option<&'static str>,
}

/// Headers that only automatic answers have.
const ROBOTS: &[&str] =
    &["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "Auto-Reply", "X-Failed-Recipients"];

/// How automatic answers begin that have no header to say so, in the languages met most.
const AWAY: &[&str] = &[
    "automatic reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "out of office",
    "out of the office",
    "abwesenheitsnotiz",
    "automatische antwort",
    "réponse automatique",
    "absence du bureau",
    "respuesta automática",
    "risposta automatica",
    "resposta automática",
    "automatisch antwoord",
    "automatyczna odpowiedź",
    "自動応答",
    "自动回复",
];

/// Senders that never read.
const NOBODY: &[&str] = &[
    "mailer-daemon",
    "postmaster",
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "bounce",
    "bounces",
];

pub(super) fn judge(
    message: &Message<'_>,
    return_path: Option<&str>,
    from: Option<&str>,
    subject: &str,
    bounce: bool,
) -> Verdicts {
    let automatic = automatic(message, return_path, from, subject, bounce);
    Verdicts { automatic, unanswerable: automatic.or_else(|| unanswerable(message, return_path, from)) }
}

fn automatic(
    message: &Message<'_>,
    return_path: Option<&str>,
    from: Option<&str>,
    subject: &str,
    bounce: bool,
) -> Option<&'static str> {
    if bounce || kind_of(message) == "multipart/report" {
        return Some("it reports on a delivery");
    }
    if return_path == Some("") {
        return Some("its envelope has no sender");
    }
    if said(message, "Auto-Submitted").is_some_and(|said| !said.is_empty() && first_word(&said) != "no") {
        return Some("Auto-Submitted");
    }
    if ROBOTS.iter().any(|name| has(message, name)) {
        return Some("a header of automatic answers");
    }
    if said(message, "Precedence")
        .is_some_and(|said| matches!(first_word(&said), "bulk" | "junk" | "auto_reply"))
    {
        return Some("Precedence");
    }
    if from.is_some_and(|from| {
        let local = from.split('@').next().unwrap_or_default().to_lowercase();
        matches!(local.as_str(), "mailer-daemon" | "postmaster")
    }) {
        return Some("a mail server wrote it");
    }
    let subject = subject.to_lowercase();
    AWAY.iter().any(|begin| subject.starts_with(begin)).then_some("its subject is one of automatic answers")
}

fn unanswerable(
    message: &Message<'_>,
    return_path: Option<&str>,
    from: Option<&str>,
) -> Option<&'static str> {
    let list = ["List-Id", "List-Post", "List-Unsubscribe", "Mailing-List", "X-Mailing-List"];
    if list.iter().any(|name| has(message, name)) {
        return Some("it came through a list");
    }
    if said(message, "Precedence").is_some_and(|said| first_word(&said) == "list") {
        return Some("it came through a list");
    }
    if said(message, "X-Auto-Response-Suppress")
        .is_some_and(|said| said.split(',').any(|one| matches!(one.trim(), "all" | "autoreply" | "oof")))
    {
        return Some("it asks for no automatic answer");
    }
    if has(message, "X-Loop") {
        return Some("it has been here");
    }
    let Some(from) = from else { return Some("it has not one sender") };
    let local = |address: &str| address.split('@').next().unwrap_or_default().to_lowercase();
    if NOBODY.contains(&local(from).as_str())
        || return_path.is_some_and(|path| NOBODY.contains(&local(path).as_str()))
    {
        return Some("nobody reads at its sender's address");
    }
    None
}

fn first_word(said: &str) -> &str {
    said.split([';', ' ', '(', ',']).next().unwrap_or_default()
}
