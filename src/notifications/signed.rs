//! Addresses and links that act without a session: each is for one member and one thing, and vouched for by the site's secret.
//!
//! A reply address is worth something only together with the e-mail address of the member it was made for, for half a year,
//! and only while that member may enter and may open the post. An unsubscribe link can only make it quieter.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::clock::{DAY, Micros};
use crate::web::secret::Secret;

/// Days a reply address is good for.
const REPLY_DAYS: i64 = 183;
/// Hexadecimal digits of a reply address's proof: 80 bits.
const PROOF: usize = 20;

/// What a reply address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Whom it was made for.
    pub member: i64,
    /// The post that is answered.
    pub post: i64,
}

/// The tag of a reply address. Lower case letters and digits alone, for servers on the way may change the case.
#[must_use]
pub fn reply_tag(secret: &Secret, reply: Reply, now: Micros) -> String {
    let body = format!("{:x}-{:x}-{:x}", reply.member, reply.post, now.div_euclid(DAY));
    format!("r{body}-{}", proof(secret, &body))
}

/// What a tag says, if it is one of ours and not too old.
#[must_use]
pub fn read_reply(secret: &Secret, tag: &str, now: Micros) -> Option<Reply> {
    let (body, given) = tag.strip_prefix('r')?.rsplit_once('-')?;
    let right = proof(secret, body);
    if right.len() != given.len()
        || !bool::from(subtle::ConstantTimeEq::ct_eq(right.as_bytes(), given.as_bytes()))
    {
        return None;
    }
    let mut parts = body.split('-').map(|part| i64::from_str_radix(part, 16));
    let (member, post, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let age = now.div_euclid(DAY) - day;
    (0..=REPLY_DAYS).contains(&age).then_some(Reply { member, post })
}

fn proof(secret: &Secret, body: &str) -> String {
    hex(secret, "reply-address", body, PROOF)
}

fn hex(secret: &Secret, purpose: &str, body: &str, digits: usize) -> String {
    let vouched = URL_SAFE_NO_PAD.decode(secret.vouch(purpose, body)).unwrap_or_default();
    let hex: String = vouched.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.get(..digits).unwrap_or_default().to_owned()
}

/// Digits of an e-mail's id in the address that what comes back goes to, and of the proof after them: together no longer than
/// what the local part of an address has room for.
const RETURN: usize = 16;

/// The tag of the address to which what comes back of an e-mail goes; `id` is the left part of its `Message-ID`. That id is
/// known to everybody whom its reader answers, so it proves nothing by itself.
#[must_use]
pub fn bounce_tag(secret: &Secret, id: &str) -> String {
    let id = id.get(..RETURN).unwrap_or(id);
    format!("b{id}{}", hex(secret, "return-address", id, RETURN))
}

/// The first digits of the e-mail's id that such a tag is of, if it is one of ours.
#[must_use]
pub fn read_bounce(secret: &Secret, tag: &str) -> Option<String> {
    let (id, given) = tag.strip_prefix('b')?.split_at_checked(RETURN)?;
    let right = hex(secret, "return-address", id, RETURN);
    let same = right.len() == given.len()
        && bool::from(subtle::ConstantTimeEq::ct_eq(right.as_bytes(), given.as_bytes()));
    (same && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| id.to_owned())
}

/// What an unsubscribe link makes quieter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quieter {
    /// E-mails of a kind.
    Kind(super::Kind),
    /// E-mails about a thread.
    Thread(i64),
    /// E-mails about a tag that is followed.
    Tag(i64),
    /// E-mails about a space that is followed.
    Space(i64),
    /// E-mails about a saved search.
    Search(i64),
    /// The digest.
    Digest,
}

impl Quieter {
    fn text(&self) -> String {
        match self {
            Quieter::Kind(kind) => format!("kind.{}", kind.as_str()),
            Quieter::Thread(id) => format!("thread.{id}"),
            Quieter::Tag(id) => format!("tag.{id}"),
            Quieter::Space(id) => format!("space.{id}"),
            Quieter::Search(id) => format!("search.{id}"),
            Quieter::Digest => "digest.0".to_owned(),
        }
    }

    fn read(text: &str) -> Option<Quieter> {
        let (what, which) = text.split_once('.')?;
        let id = || which.parse::<i64>().ok();
        Some(match what {
            "kind" => Quieter::Kind(super::Kind::parse(which)?),
            "thread" => Quieter::Thread(id()?),
            "tag" => Quieter::Tag(id()?),
            "space" => Quieter::Space(id()?),
            "search" => Quieter::Search(id()?),
            "digest" => Quieter::Digest,
            _ => return None,
        })
    }
}

/// The token of an unsubscribe link.
#[must_use]
pub fn quieter_token(secret: &Secret, member: i64, what: &Quieter) -> String {
    let body = format!("{member}.{}", what.text());
    format!("{body}.{}", secret.vouch("unsubscribe", &body))
}

/// What such a token says, if it is one of ours.
#[must_use]
pub fn read_quieter(secret: &Secret, token: &str) -> Option<(i64, Quieter)> {
    let (body, given) = token.rsplit_once('.')?;
    if !secret.vouches("unsubscribe", body, given) {
        return None;
    }
    let (member, what) = body.split_once('.')?;
    Some((member.parse().ok()?, Quieter::read(what)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new(*b"0123456789abcdef0123456789abcdef")
    }

    #[test]
    fn a_reply_address_is_good_for_what_it_says() {
        let (reply, now) = (Reply { member: 7, post: 4_100_200_300 }, 20_000 * DAY);
        let tag = reply_tag(&secret(), reply, now);
        assert!(tag.len() < 50, "{tag}");
        assert_eq!(tag, tag.to_lowercase());
        assert_eq!(read_reply(&secret(), &tag, now + 100 * DAY), Some(reply));
        assert_eq!(read_reply(&secret(), &tag, now + 200 * DAY), None);
        let other = reply_tag(&secret(), Reply { member: 8, ..reply }, now);
        let forged = format!("{}-{}", other.rsplit_once('-').unwrap().0, tag.rsplit_once('-').unwrap().1);
        assert_eq!(read_reply(&secret(), &forged, now), None);
        for broken in ["", "r", "r-", "r7-7-7-", "r7-7", "rzz-1-1-00000000000000000000"] {
            assert_eq!(read_reply(&secret(), broken, now), None, "{broken}");
        }
    }

    #[test]
    fn what_comes_back_is_believed_by_its_address_alone() {
        let id = "0123456789abcdef0123456789abcdef";
        let tag = bounce_tag(&secret(), id);
        assert_eq!(read_bounce(&secret(), &tag).as_deref(), Some("0123456789abcdef"));
        for forged in ["b", "b0123456789abcdef", &format!("b{id}"), &tag.replacen('0', "1", 1)] {
            assert_eq!(read_bounce(&secret(), forged), None, "{forged}");
        }
    }

    #[test]
    fn an_unsubscribe_link_says_whose_and_what() {
        for what in [
            Quieter::Kind(crate::notifications::Kind::Answer),
            Quieter::Thread(5),
            Quieter::Tag(1),
            Quieter::Space(2),
            Quieter::Search(3),
            Quieter::Digest,
        ] {
            let token = quieter_token(&secret(), 9, &what);
            assert_eq!(read_quieter(&secret(), &token), Some((9, what)));
            assert_eq!(read_quieter(&secret(), &token.replacen('9', "8", 1)), None);
        }
    }
}
