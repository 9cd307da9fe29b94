//! The letters of notices: what happened, what was written, where to go on, and how to hear less of it.

use super::kinds::{Kind, Reason};
use super::look::Look;
use super::quietable::{Quietable, outgoing};
use super::signed::{Quieter, Reply, reply_tag};
use crate::accounts::reached::Reached;
use crate::clock::Micros;
use crate::mail::{Headers, Outgoing};
use crate::web::letter::{Block, LetterError, Letterhead, say};

/// A notice to be written, with what its letter needs.
pub(super) struct Telling<'a> {
    pub(super) look: &'a Look,
    pub(super) what: &'static str,
    pub(super) kind: Kind,
    pub(super) reason: Reason,
    /// The tag or space that is followed: id and name.
    pub(super) subject: Option<(i64, String)>,
    /// Whether it is told by e-mail because of how this one thread is to be heard of.
    pub(super) by_thread: bool,
    /// Whether answers by e-mail are known to arrive.
    pub(super) answerable: bool,
    pub(super) fact: &'a str,
}

/// Its letter to `to`.
pub(super) fn notice(
    head: &Letterhead,
    telling: &Telling<'_>,
    to: &Reached,
    email: &str,
    now: Micros,
) -> Result<Outgoing, LetterError> {
    let (look, locale) = (telling.look, to.viewer.locale.as_str());
    let nobody = say(locale, "mail-somebody", &[])?;
    let by = look.by.clone().unwrap_or(nobody);
    let what = headline(telling, locale, &by)?;
    let mut blocks = vec![
        Block::Words { text: what },
        Block::Title { text: look.title.clone(), url: head.url(&look.question_url) },
    ];
    if matches!(telling.what, "asked" | "answered" | "commented" | "accepted" | "endorsed" | "edited")
        && !look.text.is_empty()
    {
        blocks.push(Block::Quote { by, text: look.text.clone(), html: look.html.clone() });
    }
    if let Some(reason) = &look.handed_over_for {
        blocks.push(Block::Quote { by: String::new(), text: reason.clone(), html: None });
    }
    if telling.what == "closed"
        && let Some(reason) = &look.closed_for
    {
        blocks.push(Block::Quote { by: String::new(), text: reason.clone(), html: None });
    }
    if let Some(words) = words_of(telling, locale)? {
        blocks.push(Block::Quote { by: String::new(), text: words, html: None });
    }
    let button = match telling.what {
        "asked" => "mail-notice-answer",
        "suggested" => "mail-notice-decide",
        _ => "mail-notice-open",
    };
    let url = match &look.suggestion {
        Some(suggestion) => head.url(&format!("/suggestions/{}", suggestion.id)),
        None => head.url(&look.post_url),
    };
    blocks.push(Block::Button { label: say(locale, button, &[])?, url });
    let answerable = matches!(telling.what, "asked" | "answered" | "commented" | "accepted" | "endorsed");
    if answerable && telling.answerable {
        let asked = telling.what == "asked";
        let key = if asked { "mail-notice-reply-question" } else { "mail-notice-reply-answer" };
        blocks.push(Block::Small { text: say(locale, key, &[])? });
    }
    let subject = if telling.what == "asked" { "mail-subject-new" } else { "mail-subject-re" };
    let letter = Quietable {
        kind: telling.kind.as_str(),
        fact: fact(to.viewer.id, telling.fact),
        quieter: quieter(telling),
        subject: say(locale, subject, &[("title", look.title.as_str().into())])?,
        blocks,
        why: why(telling, locale)?,
    };
    let mail = outgoing(head, to, email, letter, now)?;
    let reply = Reply { member: to.viewer.id, post: look.post_id };
    let domain = head.mailbox.domain();
    let (key, name) = &look.space;
    let headers = Headers {
        reply_to: answerable.then(|| head.mailbox.tagged(&reply_tag(&head.secret, reply, now))),
        references: vec![format!("question.{}@{domain}", look.question_id)],
        list: Some((format!("{} · {name}", head.name()), format!("{key}.{domain}"))),
        ..mail.headers
    };
    // Of what was removed the thread is what must still be open to its reader.
    let post = if telling.what == "removed" { look.question_id } else { look.post_id };
    Ok(Outgoing { post_id: Some(post), headers, ..mail })
}

/// What was said with a suggested edit, or with its rejection.
fn words_of(telling: &Telling<'_>, locale: &str) -> Result<Option<String>, LetterError> {
    let Some(suggestion) = &telling.look.suggestion else { return Ok(None) };
    if telling.what != "rejected" {
        return Ok(suggestion.reason.clone().filter(|_| telling.what == "suggested"));
    }
    let named = suggestion.verdict.as_deref().filter(|verdict| *verdict != "other");
    let named = named.map(|verdict| say(locale, &format!("verdict-{verdict}"), &[])).transpose()?;
    let said: Vec<String> = named.into_iter().chain(suggestion.words.clone()).collect();
    Ok(Some(said.join(" · ")).filter(|said| !said.is_empty()))
}

/// What an e-mail to a member tells, among all of them.
pub(super) fn fact(member: i64, fact: &str) -> String {
    format!("notice {member} {fact}")
}

fn headline(telling: &Telling<'_>, locale: &str, by: &str) -> Result<String, LetterError> {
    let args = [("by", by.into())];
    if telling.kind == Kind::Mention {
        return say(locale, "mail-notice-mentioned", &args);
    }
    let own = matches!(telling.reason, Reason::YourQuestion);
    let key = match (telling.what, own) {
        ("asked", _) => "mail-notice-asked",
        ("answered", true) => "mail-notice-answered-yours",
        ("answered", false) => "mail-notice-answered",
        ("commented", _) if telling.kind == Kind::Comment && own => "mail-notice-commented-question",
        ("commented", _) if telling.reason == Reason::YourAnswer => "mail-notice-commented-answer",
        ("commented", _) => "mail-notice-commented",
        ("accepted", _) if telling.kind == Kind::Accepted => "mail-notice-accepted-yours",
        ("accepted", _) => "mail-notice-accepted",
        ("endorsed", _) => "mail-notice-endorsed",
        ("edited", _) => "mail-notice-edited",
        ("removed", _) => "mail-notice-removed",
        ("closed", _) => "mail-notice-closed",
        ("suggested", _) => "mail-notice-suggested",
        ("approved", _) => "mail-notice-approved",
        ("improved", _) => "mail-notice-improved",
        ("rejected", _) => "mail-notice-rejected",
        ("handed-over", _) => "mail-notice-handed-over",
        _ => "mail-notice-reopened",
    };
    say(locale, key, &args)
}

fn why(telling: &Telling<'_>, locale: &str) -> Result<String, LetterError> {
    let subject = telling.subject.as_ref().map(|(_, name)| name.as_str()).unwrap_or_default();
    let key = match telling.reason {
        Reason::Mentioned => "mail-why-mentioned",
        Reason::YourQuestion => "mail-why-your-question",
        Reason::YourAnswer => "mail-why-your-answer",
        Reason::YourComment => "mail-why-your-comment",
        Reason::YourSuggestion => "mail-why-your-suggestion",
        Reason::Follow => "mail-why-follow",
        Reason::Tag => "mail-why-tag",
        Reason::Space => "mail-why-space",
        Reason::Saved => "mail-why-saved",
        Reason::Guru => "mail-why-guru",
        Reason::Staff => "mail-why-staff",
        Reason::Account => "mail-why-account",
    };
    say(locale, key, &[("subject", subject.into())])
}

/// What the link to hear less of it makes quieter.
fn quieter(telling: &Telling<'_>) -> Quieter {
    match (telling.reason, &telling.subject) {
        (Reason::Tag, Some((tag, _))) => Quieter::Tag(*tag),
        (Reason::Space, Some((space, _))) => Quieter::Space(*space),
        (Reason::Follow, _) => Quieter::Thread(telling.look.question_id),
        _ if telling.by_thread => Quieter::Thread(telling.look.question_id),
        _ => Quieter::Kind(telling.kind),
    }
}
