//! The one type for HTML that may be shown, and the one place that makes it from what people wrote.
//!
//! The allow-list here is kept narrower than what `nesting` writes needs, and wider than nothing: whatever mistake is
//! made before, no script, style, id, name, form or foreign address comes past it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use serde::Serialize;

use super::links;

/// HTML that may be shown to anybody as it is.
///
/// Made only by this module's functions from what people wrote, or taken back from where such HTML was stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// Takes back HTML that this module once made and our own database kept. Never for anything else: nothing is
    /// checked here.
    pub fn from_stored(html: String) -> Self {
        Self(html)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Passes HTML through the allow-list.
///
/// Its cost grows faster than the nesting of the input: only for what `nesting` has put in order, or for flat text.
pub(super) fn sanitise(html: &str) -> SafeHtml {
    SafeHtml(SANITISER.clean(html).to_string())
}

const TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
];

/// Attributes whose values are checked further by [`check`] or by the scheme rules.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "class"]),
    ("blockquote", &["class"]),
    ("code", &["class"]),
    ("div", &["class", "tabindex"]),
    ("img", &["src", "alt", "loading"]),
    ("input", &["type", "disabled", "checked"]),
    ("ol", &["start"]),
    ("pre", &["tabindex"]),
    ("td", &["class", "colspan", "rowspan"]),
    ("th", &["class", "colspan", "rowspan"]),
];

/// The classes of quotes: GitHub's five alerts as pulldown-cmark writes them, and Stack Exchange's spoiler.
pub(super) const QUOTE_CLASSES: &[&str] = &[
    "markdown-alert-note",
    "markdown-alert-tip",
    "markdown-alert-important",
    "markdown-alert-warning",
    "markdown-alert-caution",
    "spoiler",
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect();
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.iter().copied().collect())
        .clean_content_tags(HashSet::from([
            "script", "style", "template", "svg", "math", "iframe", "noembed", "noframes",
        ]))
        .tag_attributes(attributes)
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Custom(Box::new(within_site)))
        .attribute_filter(check)
        .link_rel(Some("nofollow ugc noopener"));
    builder
});

/// HTML that may be shown, for an e-mail: addresses of this site are made whole with `site` in front, and images are left
/// out, for what is fetched when an e-mail is opened tells that it was.
pub(super) fn for_mail(html: &SafeHtml, site: &str) -> SafeHtml {
    let whole = url::Url::parse(site).map_or(UrlRelative::Deny, UrlRelative::RewriteWithBase);
    let attributes: HashMap<&str, HashSet<&str>> = [
        ("a", HashSet::from(["href"])),
        ("ol", HashSet::from(["start"])),
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("th", HashSet::from(["colspan", "rowspan"])),
    ]
    .into();
    let left_out = ["img", "input", "label", "details", "summary"];
    let tags = TAGS.iter().copied().filter(|tag| !left_out.contains(tag)).collect();
    let mut builder = Builder::empty();
    builder
        .tags(tags)
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(whole)
        .link_rel(None);
    SafeHtml(builder.clean(html.as_str()).to_string())
}

fn within_site(href: &str) -> Option<Cow<'_, str>> {
    links::is_within_site(href).then_some(Cow::Borrowed(href))
}

/// Attributes with a closed set of values keep only these.
fn check<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let fits = match (element, attribute) {
        ("a", "class") => value == "external-image",
        ("blockquote", "class") => QUOTE_CLASSES.contains(&value),
        ("code", "class") => value.strip_prefix("language-").is_some_and(is_language),
        ("div", "class") => value == "table-scroll",
        ("div" | "pre", "tabindex") => value == "0",
        ("td" | "th", "class") => matches!(value, "align-left" | "align-center" | "align-right"),
        ("td" | "th", "colspan" | "rowspan") => is_figure(value, 3),
        ("ol", "start") => is_figure(value, 9),
        ("img", "src") => links::Destination::of(value).is_some_and(|to| to.is_attachment()),
        ("img", "loading") => value == "lazy",
        ("input", "checked") => value.is_empty(),
        _ => true,
    };
    fits.then_some(value.into())
}

/// A name of a programming language as classes carry it: `rust`, `c++`, `objective-c`.
pub(super) fn is_language(name: &str) -> bool {
    (1..=30).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'#' | b'-' | b'_' | b'.'))
}

/// A natural number of at most `digits` digits.
pub(super) fn is_figure(value: &str, digits: usize) -> bool {
    (1..=digits).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}
