//! The letters about accounts. Each says what happened, what to do, and what to do if it was not you.

use super::sessions::Browser;
use crate::clock::{Micros, moment};
use crate::mail::Outgoing;
use crate::web::letter::{Block, Letter, LetterError, Letterhead, say};

/// Whom an account letter is for.
#[derive(Clone, Debug)]
pub struct Addressee {
    /// The member, if there is one already.
    pub member: Option<i64>,
    /// Their name, if it is known.
    pub name: Option<String>,
    /// Where to.
    pub email: String,
    /// BCP 47 tag.
    pub locale: String,
}

/// What happened to an account that its owner is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// Somebody signed in from a browser that was not seen before.
    SignedIn(Browser),
    /// The password was changed, or set anew by a link.
    PasswordChanged,
    /// An API token of this name was made.
    TokenMade(String),
    /// The address was changed to this one; told to the former.
    AddressChanged(String),
    /// Somebody asked for this address to become the account's.
    AddressAsked(String),
}

impl Happened {
    fn key(&self) -> &'static str {
        match self {
            Happened::SignedIn(_) => "signed-in",
            Happened::PasswordChanged => "password-changed",
            Happened::TokenMade(_) => "token-made",
            Happened::AddressChanged(_) => "address-changed",
            Happened::AddressAsked(_) => "address-asked",
        }
    }
}

fn greeting(to: &Addressee) -> Result<Block, LetterError> {
    let text = match &to.name {
        Some(name) => say(&to.locale, "mail-hello", &[("name", name.as_str().into())])?,
        None => say(&to.locale, "mail-hello-nobody", &[])?,
    };
    Ok(Block::Words { text })
}

/// A link by which a new password is set.
///
/// # Errors
/// [`LetterError`].
pub fn reset(
    head: &Letterhead,
    to: &Addressee,
    token: &str,
    ends_at: Micros,
    now: Micros,
) -> Result<Outgoing, LetterError> {
    let words = |key| say(&to.locale, key, &[]);
    let letter = Letter {
        locale: to.locale.clone(),
        subject: say(&to.locale, "mail-reset-subject", &[("site", head.name().into())])?,
        blocks: vec![
            greeting(to)?,
            Block::Words { text: words("mail-reset-what")? },
            Block::Button { label: words("mail-reset-button")?, url: head.url(&format!("/reset/{token}")) },
            Block::Small { text: words("mail-reset-ends")? },
            Block::Small { text: words("mail-reset-not-you")? },
        ],
        why: words("mail-why-account")?,
        foot: Vec::new(),
    };
    secret(head, &letter, "reset", to, ends_at, now)
}

/// A link by which an address is confirmed, sent to that address.
///
/// # Errors
/// [`LetterError`].
pub fn confirm(
    head: &Letterhead,
    to: &Addressee,
    token: &str,
    ends_at: Micros,
    now: Micros,
) -> Result<Outgoing, LetterError> {
    let words = |key| say(&to.locale, key, &[]);
    let letter = Letter {
        locale: to.locale.clone(),
        subject: say(&to.locale, "mail-confirm-subject", &[("site", head.name().into())])?,
        blocks: vec![
            greeting(to)?,
            Block::Words { text: words("mail-confirm-what")? },
            Block::Button {
                label: words("mail-confirm-button")?,
                url: head.url(&format!("/confirm/{token}")),
            },
            Block::Small { text: words("mail-confirm-ends")? },
        ],
        why: words("mail-why-account")?,
        foot: Vec::new(),
    };
    secret(head, &letter, "confirm", to, ends_at, now)
}

/// An invitation, with who sends it and the space it opens.
///
/// # Errors
/// [`LetterError`].
pub fn invitation(
    head: &Letterhead,
    to: &Addressee,
    token: &str,
    by: Option<&str>,
    ends_at: Micros,
    now: Micros,
) -> Result<Outgoing, LetterError> {
    let site = head.name();
    let what = match by {
        Some(by) => {
            say(&to.locale, "mail-invitation-by", &[("by", by.into()), ("site", site.as_str().into())])?
        }
        None => say(&to.locale, "mail-invitation-what", &[("site", site.as_str().into())])?,
    };
    let ends = say(&to.locale, "mail-invitation-ends", &[("until", moment(ends_at).into())])?;
    let letter = Letter {
        locale: to.locale.clone(),
        subject: say(&to.locale, "mail-invitation-subject", &[("site", site.as_str().into())])?,
        blocks: vec![
            greeting(to)?,
            Block::Words { text: what },
            Block::Words { text: say(&to.locale, "mail-invitation-place", &[])? },
            Block::Button {
                label: say(&to.locale, "mail-invitation-button", &[])?,
                url: head.url(&format!("/join/{token}")),
            },
            Block::Small { text: ends },
        ],
        why: say(&to.locale, "mail-why-invited", &[])?,
        foot: Vec::new(),
    };
    secret(head, &letter, "invitation", to, ends_at, now)
}

/// To somebody who asked to join and is a member: the words that the page cannot say.
///
/// # Errors
/// [`LetterError`].
pub fn member_already(
    head: &Letterhead,
    to: &Addressee,
    fact: String,
    now: Micros,
) -> Result<Outgoing, LetterError> {
    let words = |key| say(&to.locale, key, &[]);
    let letter = Letter {
        locale: to.locale.clone(),
        subject: say(&to.locale, "mail-already-subject", &[("site", head.name().into())])?,
        blocks: vec![
            greeting(to)?,
            Block::Words { text: words("mail-already-what")? },
            Block::Button { label: words("mail-already-button")?, url: head.url("/sign-in") },
            Block::Small { text: words("mail-already-forgotten")? },
        ],
        why: words("mail-why-account")?,
        foot: Vec::new(),
    };
    let mail = head.outgoing(&letter, "already", &to.email, fact, now)?;
    Ok(Outgoing { member_id: to.member, ..mail })
}

/// To somebody who asked to join and is not let in.
///
/// # Errors
/// [`LetterError`].
pub fn declined(
    head: &Letterhead,
    to: &Addressee,
    fact: String,
    now: Micros,
) -> Result<Outgoing, LetterError> {
    let letter = Letter {
        locale: to.locale.clone(),
        subject: say(&to.locale, "mail-declined-subject", &[("site", head.name().into())])?,
        blocks: vec![greeting(to)?, Block::Words { text: say(&to.locale, "mail-declined-what", &[])? }],
        why: say(&to.locale, "mail-why-asked", &[])?,
        foot: Vec::new(),
    };
    head.outgoing(&letter, "declined", &to.email, fact, now)
}

/// Something happened to an account. `fact` tells two alike apart.
///
/// # Errors
/// [`LetterError`].
pub fn happened(
    head: &Letterhead,
    to: &Addressee,
    what: &Happened,
    fact: String,
    now: Micros,
) -> Result<Outgoing, LetterError> {
    let at = moment(now);
    let site = head.name();
    let (kind, at) = (what.key(), at.as_str());
    let told = match what {
        Happened::SignedIn(browser) => {
            let device = super::sessions::device(&browser.user_agent);
            let args =
                [("at", at.into()), ("device", device.into()), ("from", browser.address.as_str().into())];
            say(&to.locale, "mail-happened-signed-in", &args)?
        }
        Happened::PasswordChanged => say(&to.locale, "mail-happened-password-changed", &[("at", at.into())])?,
        Happened::TokenMade(name) => {
            say(&to.locale, "mail-happened-token-made", &[("at", at.into()), ("name", name.as_str().into())])?
        }
        Happened::AddressChanged(new) => say(
            &to.locale,
            "mail-happened-address-changed",
            &[("at", at.into()), ("new", new.as_str().into())],
        )?,
        Happened::AddressAsked(new) => say(
            &to.locale,
            "mail-happened-address-asked",
            &[("at", at.into()), ("new", new.as_str().into())],
        )?,
    };
    let subject = say(&to.locale, &format!("mail-subject-{kind}"), &[("site", site.into())])?;
    let mut blocks = vec![
        greeting(to)?,
        Block::Words { text: told },
        Block::Words { text: say(&to.locale, "mail-happened-you", &[])? },
    ];
    // The former address signs nobody in any more: only a person can help there.
    if matches!(what, Happened::AddressChanged(_)) {
        blocks.push(Block::Words { text: say(&to.locale, "mail-happened-not-you-person", &[])? });
    } else {
        blocks.push(Block::Words { text: say(&to.locale, "mail-happened-not-you", &[])? });
        blocks.push(Block::Button {
            label: say(&to.locale, "mail-happened-button", &[])?,
            url: head.url("/reset/new"),
        });
    }
    let letter = Letter {
        locale: to.locale.clone(),
        subject,
        blocks,
        why: say(&to.locale, "mail-why-security", &[])?,
        foot: Vec::new(),
    };
    let mail = head.outgoing(&letter, "security", &to.email, fact, now)?;
    Ok(Outgoing { member_id: to.member, ..mail })
}

/// A letter with a link that opens something: wiped once it is over, not sent after the link's end.
fn secret(
    head: &Letterhead,
    letter: &Letter,
    kind: &'static str,
    to: &Addressee,
    ends_at: Micros,
    now: Micros,
) -> Result<Outgoing, LetterError> {
    let mut mail = head.outgoing(letter, kind, &to.email, String::new(), now)?;
    mail.fact = format!("{kind} {}", mail.message_id);
    Ok(Outgoing { member_id: to.member, secret: true, ends_at: Some(ends_at), ..mail })
}
