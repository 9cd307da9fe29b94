//! Markdown as people write it here: CommonMark with GitHub's tables, strikethrough, task lists and alerts, Stack
//! Exchange's spoilers, and a list of allowed HTML tags. No footnotes: their ids would collide between posts.

use std::fmt;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

use super::nesting::{self, Rules, Strange, Target};
use super::{Limits, Refusal, Rendered, SafeHtml, char_count, sanitise};

/// Renders Markdown to HTML that may be shown.
///
/// # Errors
/// [`Refusal::TooLong`], [`Refusal::TooDeep`] or [`Refusal::TooLarge`] when a limit is passed. The work up to a refusal
/// is bounded as well.
pub fn markdown(source: &str, limits: &Limits) -> Result<Rendered, Refusal> {
    let found = char_count(source);
    if found > limits.chars {
        return Err(Refusal::TooLong { max: limits.chars, found });
    }
    render(source, limits)
}

/// Renders Markdown for the HTML part of an e-mail from `site` (its address without a slash at the end); None where a limit
/// is passed.
#[must_use]
pub fn in_mail(source: &str, site: &str) -> Option<SafeHtml> {
    let rendered = markdown(source, &Limits::default()).ok()?;
    Some(sanitise::for_mail(&rendered.html, site))
}

/// Renders Markdown of any length.
pub(super) fn render(source: &str, limits: &Limits) -> Result<Rendered, Refusal> {
    if source.lines().any(opens_too_many) {
        return Err(Refusal::TooDeep { max: limits.depth });
    }
    let html = to_html(source, limits.html_bytes)?;
    let rules = Rules {
        depth: limits.depth,
        html_bytes: limits.html_bytes,
        strange: Strange::Show,
        target: Target::Page,
    };
    let arranged = nesting::arrange(&html, &rules)?;
    Ok(Rendered {
        html: sanitise::sanitise(&arranged.html),
        text: arranged.text,
        outside_links: arranged.outside_links,
    })
}

/// Most quotes and lists that one line may open.
///
/// The parser walks every open container again on each line, so depth times lines is what it costs; the nesting limit
/// is checked exactly, but only on what it has parsed. Far above that limit, because a line of code may look like quotes.
const OPENED_BY_LINE: usize = 100;

/// Whether a line begins with more quote and list marks than anybody would write.
fn opens_too_many(line: &str) -> bool {
    // Most lines are decided here: each mark takes a character.
    if line.len() <= OPENED_BY_LINE {
        return false;
    }
    let rule = line.trim().as_bytes().first().copied().filter(|b| matches!(b, b'-' | b'*' | b'_'));
    if rule.is_some_and(|mark| line.bytes().all(|b| b == mark || b.is_ascii_whitespace())) {
        return false;
    }
    let mut rest = line.trim_start();
    for _ in 0..OPENED_BY_LINE {
        match after_mark(rest) {
            Some(after) => rest = after.trim_start(),
            None => return false,
        }
    }
    true
}

/// What follows the quote or list mark at the beginning of a line.
fn after_mark(line: &str) -> Option<&str> {
    let after = match line.as_bytes().first()? {
        b'>' => return Some(&line[1..]),
        b'-' | b'*' | b'+' => &line[1..],
        b'0'..=b'9' => {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            line[digits..].strip_prefix(['.', ')'])?
        }
        _ => return None,
    };
    after.starts_with([' ', '\t']).then_some(after)
}

pub(super) fn to_html(source: &str, max: usize) -> Result<String, Refusal> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut events = Vec::new();
    let mut least_bytes = 0;
    for event in Parser::new_ext(source, options) {
        // Short rows of a wide table are filled up with cells that nobody wrote.
        least_bytes += if matches!(event, Event::Start(_)) { "<p></p>".len() } else { 0 };
        if least_bytes > max {
            return Err(Refusal::TooLarge { max });
        }
        events.push(event);
    }
    mark_spoilers(&mut events);
    let mut out = Capped { html: String::with_capacity(source.len() * 3 / 2), max };
    // Writing to a String fails only where the cap makes it.
    html::write_html_fmt(&mut out, events.into_iter()).map_err(|_| Refusal::TooLarge { max })?;
    Ok(out.html)
}

/// Quotes whose lines begin with `>!` are spoilers: shown when one asks for them.
fn mark_spoilers(events: &mut [Event<'_>]) {
    let mut open_quotes = Vec::new();
    for at in 0..events.len() {
        match &events[at] {
            Event::Start(Tag::BlockQuote(None)) => {
                let is_spoiler = matches!(events.get(at + 1), Some(Event::Start(Tag::Paragraph)))
                    && matches!(events.get(at + 2), Some(Event::Text(text)) if text.starts_with('!'));
                open_quotes.push(is_spoiler);
                if is_spoiler {
                    events[at] = Event::Html("<blockquote class=\"spoiler\">".into());
                    strip_marks(&mut events[at + 1..]);
                }
            }
            Event::Start(Tag::BlockQuote(_)) => open_quotes.push(false),
            Event::End(TagEnd::BlockQuote(_)) => {
                let is_spoiler = open_quotes.pop() == Some(true);
                events[at] =
                    if is_spoiler { Event::Html("</blockquote>\n".into()) } else { events[at].clone() };
            }
            _ => {}
        }
    }
}

/// Takes the `!` from the beginning of each line of a spoiler's paragraphs.
fn strip_marks(spoiler: &mut [Event<'_>]) {
    let mut begins_line = false;
    for event in spoiler {
        match event {
            Event::Start(Tag::BlockQuote(_)) | Event::End(TagEnd::BlockQuote(_)) => return,
            Event::Text(text) if begins_line && text.starts_with('!') => {
                *text = text[1..].trim_start().to_owned().into();
                begins_line = false;
            }
            Event::Start(Tag::Paragraph) | Event::SoftBreak | Event::HardBreak => begins_line = true,
            _ => begins_line = false,
        }
    }
}

/// A string that refuses to grow past its cap.
struct Capped {
    html: String,
    max: usize,
}

impl fmt::Write for Capped {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        if self.html.len() + s.len() > self.max {
            return Err(fmt::Error);
        }
        self.html.push_str(s);
        Ok(())
    }
}
