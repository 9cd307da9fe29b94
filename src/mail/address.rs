//! The place's own mailbox, and the addresses made from it by a tag after a plus sign (RFC 5233, subaddressing).
//!
//! A tag says what an e-mail is for: `r…` answers one, `s-KEY` asks in a space, `b…` takes what comes back. Whether a tag
//! may be believed is judged by those who make it.

use lettre::Address;

/// An address of this place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    local: String,
    domain: String,
}

impl Mailbox {
    /// Reads `name@example.com` or `Anything <name@example.com>`; None for what is no address, or has a tag already.
    #[must_use]
    pub fn parse(text: &str) -> Option<Mailbox> {
        let bare = match text.rsplit_once('<') {
            Some((_, rest)) => rest.strip_suffix('>')?,
            None => text,
        };
        let address: Address = bare.trim().parse().ok()?;
        let plain = address.is_plain() && !address.user().contains('+');
        plain.then(|| Mailbox { local: address.user().to_owned(), domain: address.domain().to_lowercase() })
    }

    /// The mailbox of a place that was given none: `peerhall` at the host of its public URL.
    #[must_use]
    pub fn of_url(public_url: &str) -> Mailbox {
        let host = url::Url::parse(public_url).ok().and_then(|url| url.domain().map(str::to_owned));
        Mailbox { local: "peerhall".to_owned(), domain: host.unwrap_or_else(|| "localhost".to_owned()) }
    }

    /// The part after the `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The address itself.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// The address with a tag.
    #[must_use]
    pub fn tagged(&self, tag: &str) -> String {
        format!("{}+{tag}@{}", self.local, self.domain)
    }

    /// The tag of an address of this place, in lower case (servers on the way may change that); empty for the address
    /// itself; None for another's.
    #[must_use]
    pub fn tag_of(&self, address: &str) -> Option<String> {
        let (local, domain) = address.trim().rsplit_once('@')?;
        if !domain.eq_ignore_ascii_case(&self.domain) {
            return None;
        }
        let (name, tag) = local.split_once('+').unwrap_or((local, ""));
        name.eq_ignore_ascii_case(&self.local).then(|| tag.to_ascii_lowercase())
    }
}

/// Whether an address can stand in an envelope: RFC 5321, ASCII alone.
trait Plain {
    fn is_plain(&self) -> bool;
}

impl Plain for Address {
    fn is_plain(&self) -> bool {
        let (local, domain): (&str, &str) = (self.user(), self.domain());
        local.is_ascii() && domain.is_ascii() && local.len() <= 64 && domain.len() <= 255
    }
}

#[cfg(test)]
mod tests {
    use super::Mailbox;

    #[test]
    fn tags_are_read_whatever_their_case() {
        let hall = Mailbox::parse("Peerhall <Hall@Example.com>").unwrap();
        assert_eq!(hall.tagged("r1"), "Hall+r1@example.com");
        assert_eq!(hall.tag_of("hall+R1@EXAMPLE.com").as_deref(), Some("r1"));
        assert_eq!(hall.tag_of("hall@example.com").as_deref(), Some(""));
        assert_eq!(hall.tag_of("other+r1@example.com"), None);
        assert_eq!(hall.tag_of("hall+r1@example.org"), None);
    }

    #[test]
    fn what_is_no_address_is_no_mailbox() {
        for wrong in ["", "hall", "@example.com", "a+b@example.com", "a@b\r\nBcc: c@d", "<a@b"] {
            assert_eq!(Mailbox::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Mailbox::of_url("https://help.example.com").address(), "peerhall@help.example.com");
        assert_eq!(Mailbox::of_url("http://127.0.0.1:8080").address(), "peerhall@localhost");
    }
}
