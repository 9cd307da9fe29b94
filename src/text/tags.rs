//! Writing start tags: which attributes stay, and with which values.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use html5gum::{HtmlString, Spanned};

use super::links::Destination;
use super::sanitise::{QUOTE_CLASSES, is_figure, is_language};

/// The attributes of a start tag as they were written.
#[derive(Clone, Copy, Default)]
pub(super) struct Attributes<'t>(Option<&'t BTreeMap<HtmlString, Spanned<HtmlString, usize>>>);

impl<'t> Attributes<'t> {
    pub(super) fn of(map: &'t BTreeMap<HtmlString, Spanned<HtmlString, usize>>) -> Self {
        Self(Some(map))
    }

    pub(super) fn get(self, name: &str) -> Option<Cow<'t, str>> {
        self.0?.get(name.as_bytes()).map(|value| String::from_utf8_lossy(&value.value))
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The programming language in the class, which is `language-rust` in Markdown and `lang-rust` at Stack Exchange.
    pub(super) fn language(self) -> Option<String> {
        self.get("class")?.split_whitespace().find_map(language_of_class)
    }

    /// The class of a quote, when it is one of those with a meaning.
    pub(super) fn quote_class(self) -> Option<&'static str> {
        let class = self.get("class")?;
        QUOTE_CLASSES.iter().find(|known| class.split_whitespace().any(|word| word == **known)).copied()
    }

    /// The alignment of a table's cell, from `style` (as pulldown-cmark writes it), `align`, or our own class.
    fn alignment(self) -> Option<&'static str> {
        let style = self.get("style");
        let value = style
            .as_deref()
            .and_then(|style| style.split(';').find_map(|rule| rule.trim().strip_prefix("text-align")))
            .map(|value| value.trim_start_matches([':', ' ']).trim().to_ascii_lowercase())
            .or_else(|| self.get("align").map(|value| value.trim().to_ascii_lowercase()))
            .or_else(|| {
                self.get("class").and_then(|class| class.strip_prefix("align-").map(str::to_owned))
            })?;
        match value.as_str() {
            "left" => Some("align-left"),
            "center" => Some("align-center"),
            "right" => Some("align-right"),
            _ => None,
        }
    }
}

/// The language that a class or a Stack Exchange language hint names; `lang-none` is none.
pub(super) fn language_of_class(class: &str) -> Option<String> {
    let name = class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-"))?;
    (is_language(name) && name != "none").then(|| name.to_owned())
}

pub(super) fn cell(out: &mut String, name: &str, attributes: Attributes<'_>) {
    let _ = write!(out, "<{name}");
    for span in ["colspan", "rowspan"] {
        if let Some(value) = attributes.get(span).filter(|value| is_figure(value, 3)) {
            let _ = write!(out, " {span}=\"{value}\"");
        }
    }
    if let Some(class) = attributes.alignment() {
        let _ = write!(out, " class=\"{class}\"");
    }
    out.push('>');
}

pub(super) fn ordered_list(out: &mut String, attributes: Attributes<'_>) {
    match attributes.get("start").filter(|start| is_figure(start, 9)) {
        Some(start) => {
            let _ = write!(out, "<ol start=\"{start}\">");
        }
        None => out.push_str("<ol>"),
    }
}

pub(super) fn code(out: &mut String, language: Option<&str>) {
    match language {
        Some(language) => {
            let _ = write!(out, "<code class=\"language-{language}\">");
        }
        None => out.push_str("<code>"),
    }
}

pub(super) fn quote(out: &mut String, class: Option<&str>) {
    match class {
        Some(class) => {
            let _ = write!(out, "<blockquote class=\"{class}\">");
        }
        None => out.push_str("<blockquote>"),
    }
}

pub(super) fn link(out: &mut String, to: &Destination, title: Option<&str>, class: Option<&str>) {
    if let Some(class) = class {
        let _ = write!(out, "<a class=\"{class}\" href=\"");
    } else {
        out.push_str("<a href=\"");
    }
    escape(out, to.href());
    if let Some(title) = title {
        out.push_str("\" title=\"");
        escape(out, title);
    }
    out.push_str("\">");
}

pub(super) fn image(out: &mut String, src: &str, alt: &str) {
    out.push_str("<img src=\"");
    escape(out, src);
    out.push_str("\" alt=\"");
    escape(out, alt);
    out.push_str("\" loading=\"lazy\">");
}

/// Whether a character may stand in HTML: line ends, tabs, and what is neither a control nor a noncharacter.
pub(super) fn is_printable(c: char) -> bool {
    let is_noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    matches!(c, '\n' | '\t') || (!c.is_control() && !is_noncharacter)
}

/// Writes text so that it stays text, between tags and in double-quoted attributes alike.
pub(super) fn escape(out: &mut String, text: &str) {
    for c in text.chars().filter(|c| is_printable(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}
