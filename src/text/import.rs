//! Bodies that come from elsewhere: kept whatever they are, shown as well as they can be.
//!
//! Nothing is refused here. What is too deep, too large or would multiply is shown as plain text in paragraphs.

use std::borrow::Cow;

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::elements::{Element, Tag, Void};
use super::nesting::{self, Rules, Strange, Target};
use super::{Limits, Rendered, markdown, sanitise, tags};

/// Longest HTML source that is shown with its formatting, in bytes. Its cost grows with the length alone.
const HTML_MAX: usize = 1_000_000;
/// Longest Markdown source that is shown with its formatting, in bytes: what 60,000 characters take at most. For
/// hostile input the parser's cost grows faster than the length.
const MARKDOWN_MAX: usize = 240_000;

/// Renders an imported HTML body.
pub fn html(source: &str) -> Rendered {
    let arranged = match Rules::for_import(source, Target::Page) {
        Some(rules) => nesting::arrange(source, &rules).ok(),
        None => None,
    };
    match arranged {
        Some(arranged) => Rendered {
            html: sanitise::sanitise(&arranged.html),
            text: arranged.text,
            outside_links: arranged.outside_links,
        },
        None => plain(&visible_text(source)),
    }
}

/// Renders an imported Markdown body. Headings may lack the space after their `#`, as old posts wrote them.
pub fn imported_markdown(source: &str) -> Rendered {
    if source.len() > MARKDOWN_MAX {
        return plain(source);
    }
    let limits = Limits { chars: usize::MAX, html_bytes: html_bytes(source), ..Limits::default() };
    markdown::render(&space_headings(source), &limits).unwrap_or_else(|_| plain(source))
}

/// Renders plain text: blank lines part paragraphs, lines stay lines, nothing else has a meaning.
pub fn plain(source: &str) -> Rendered {
    let mut html = String::with_capacity(source.len() + 16);
    let mut text = String::with_capacity(source.len());
    let mut in_paragraph = false;
    for line in source.lines().map(str::trim_end) {
        if line.is_empty() {
            html.push_str(if in_paragraph { "</p>\n" } else { "" });
            in_paragraph = false;
            continue;
        }
        html.push_str(if in_paragraph { "<br>\n" } else { "<p>" });
        in_paragraph = true;
        tags::escape(&mut html, line);
        for word in line.split_whitespace() {
            text.push_str(if text.is_empty() { "" } else { " " });
            text.extend(word.chars().filter(|c| tags::is_printable(*c)));
        }
    }
    html.push_str(if in_paragraph { "</p>\n" } else { "" });
    Rendered { html: sanitise::sanitise(&html), text, outside_links: 0 }
}

impl Rules {
    /// None when the source is too long to be formatted at all.
    pub(super) fn for_import(source: &str, target: Target) -> Option<Self> {
        (source.len() <= HTML_MAX).then(|| Self {
            depth: Limits::default().depth,
            html_bytes: html_bytes(source),
            strange: Strange::Drop,
            target,
        })
    }
}

/// The room an import's HTML gets: a long post is long, only what multiplies is not wanted.
fn html_bytes(source: &str) -> usize {
    Limits::default().html_bytes + 4 * source.len()
}

/// Writes a space between `#` and the heading where a line begins so outside fenced code. Only where a letter, a link
/// or emphasis follows: `#12` and `#!` are something else.
fn space_headings(source: &str) -> Cow<'_, str> {
    if !source.contains('#') {
        return Cow::Borrowed(source);
    }
    let mut spaced = String::with_capacity(source.len() + 64);
    let mut in_fence = false;
    for line in source.split_inclusive('\n') {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            in_fence = !in_fence;
        }
        let words = line.trim_start_matches('#');
        let level = line.len() - words.len();
        if !in_fence
            && (1..=6).contains(&level)
            && words.starts_with(|c: char| c.is_alphabetic() || matches!(c, '[' | '*' | '_'))
        {
            spaced.push_str(&line[..level]);
            spaced.push(' ');
            spaced.push_str(words);
        } else {
            spaced.push_str(line);
        }
    }
    Cow::Owned(spaced)
}

/// The words of an HTML source with its paragraphs and lines, whatever its nesting.
pub fn visible_text(source: &str) -> String {
    let mut emitter = DefaultEmitter::<()>::default();
    emitter.naively_switch_states(true);
    let mut text = String::with_capacity(source.len());
    let mut hidden = false;
    for token in Tokenizer::new_with_emitter(source, emitter) {
        let Ok(token) = token;
        let name = match &token {
            Token::String(words) if !hidden => {
                text.push_str(&String::from_utf8_lossy(words));
                continue;
            }
            Token::StartTag(tag) => {
                // To the tokeniser the content of these two is one text, up to their end tag.
                hidden = matches!(&**tag.name, b"script" | b"style");
                &tag.name
            }
            Token::EndTag(tag) => {
                hidden = false;
                &tag.name
            }
            _ => continue,
        };
        match Tag::of(&String::from_utf8_lossy(name)) {
            Tag::Void(Void::Break) => text.push('\n'),
            Tag::Void(Void::Rule) | Tag::Block => text.push_str("\n\n"),
            Tag::Element(Element::Item | Element::Row | Element::Term) => text.push('\n'),
            Tag::Element(Element::Cell(_)) => text.push(' '),
            Tag::Element(element) if !element.is_inline() => text.push_str("\n\n"),
            _ => {}
        }
    }
    text
}
