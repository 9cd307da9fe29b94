//! Where links and images may lead, and finding addresses in plain text.

use std::sync::LazyLock;

use linkify::{LinkFinder, LinkKind};

/// A link's target that may be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Destination {
    /// A path or fragment of this site.
    Within(String),
    /// An `http`, `https` or `mailto` address.
    Outside(String),
}

impl Destination {
    /// Reads an `href`. None for every scheme other than http, https and mailto, and for relative paths, which
    /// would change their meaning with the page that shows them.
    pub(super) fn of(href: &str) -> Option<Self> {
        Self::read(href).filter(|found| match found {
            Self::Within(_) => true,
            // What no browser could follow, such as a host that cannot be one, is no link.
            Self::Outside(href) => url::Url::parse(href).is_ok(),
        })
    }

    fn read(href: &str) -> Option<Self> {
        // As a browser would: outer blanks and controls go, tabs and line ends vanish (WHATWG URL, basic parser).
        let href = href.trim_matches(|c: char| c.is_whitespace() || c.is_control());
        let href: String = href.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        // Browsers take a backslash for a slash and so see hosts where others see paths; controls hide things.
        if href.is_empty() || href.contains(|c: char| c == '\\' || c.is_control()) {
            return None;
        }
        if let Some(scheme) = scheme(&href) {
            let rest = &href[scheme.len() + 1..];
            return match scheme.to_ascii_lowercase().as_str() {
                "http" | "https" if rest.len() > 2 && rest.starts_with("//") => Some(Self::Outside(href)),
                "mailto" if !rest.is_empty() => Some(Self::Outside(href)),
                _ => None,
            };
        }
        if href.starts_with("//") {
            return (href.len() > 2).then(|| Self::Outside(format!("https:{href}")));
        }
        if is_within_site(&href) {
            return Some(Self::Within(href));
        }
        href.get(..4)
            .filter(|www| www.eq_ignore_ascii_case("www."))
            .map(|_| Self::Outside(format!("https://{href}")))
    }

    pub(super) fn href(&self) -> &str {
        match self {
            Self::Within(href) | Self::Outside(href) => href,
        }
    }

    /// The host of an http or https address.
    pub(super) fn host(&self) -> Option<&str> {
        let Self::Outside(href) = self else { return None };
        let (_, rest) = href.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let host = authority.rsplit('@').next()?;
        (!host.is_empty()).then_some(host)
    }

    /// The last part of an address's path, usually the name of a file.
    pub(super) fn file_name(&self) -> Option<&str> {
        let (_, rest) = self.href().split_once("://")?;
        let path = rest.split(['?', '#']).next()?;
        path.split('/').skip(1).last().filter(|name| !name.is_empty())
    }

    /// Whether this is an attachment of this site, the only images a reader's browser may load by itself.
    ///
    /// Strict about its letters and without dots that climb: what looks like an attachment must be one, not a page
    /// that acts when it is fetched.
    pub(super) fn is_attachment(&self) -> bool {
        let Self::Within(path) = self else { return false };
        path.strip_prefix("/attachments/").is_some_and(|rest| {
            !rest.is_empty()
                && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.'))
                && !rest.split('/').any(|segment| segment.is_empty() || segment.starts_with('.'))
        })
    }
}

/// A path from the root of this site, or a fragment of the page, and nothing that a browser takes for a host.
pub(super) fn is_within_site(href: &str) -> bool {
    (href.starts_with('/') && !href.starts_with("//") && !href.contains('\\')) || href.starts_with('#')
}

/// The scheme of an absolute address: what stands before the first colon, unless that is already in a path.
fn scheme(href: &str) -> Option<&str> {
    let end = href.find([':', '/', '?', '#'])?;
    href[end..].starts_with(':').then(|| &href[..end])
}

static FINDER: LazyLock<LinkFinder> = LazyLock::new(|| {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    finder
});

/// Splits a plain text at the addresses in it: each part with the destination it names, if it names one.
pub(super) fn find(text: &str) -> impl Iterator<Item = (&str, Option<Destination>)> {
    FINDER.spans(text).map(|span| {
        let destination = span.kind().and_then(|_| Destination::of(span.as_str()));
        (span.as_str(), destination.filter(|found| matches!(found, Destination::Outside(_))))
    })
}
