//! The stack of open elements, and what is written when one is opened, filled or closed.

use super::super::Refusal;
use super::super::elements::Element;
use super::super::links::{self, Destination};
use super::super::tags::{self, Attributes};
use super::{Target, Writer};

const TABLE_OPEN: &str = "<div class=\"table-scroll\" tabindex=\"0\"><table>";
const PRE_OPEN: &str = "<pre tabindex=\"0\">";
/// What Stack Exchange's editor writes when nobody describes an image.
const NO_DESCRIPTION: &str = "enter image description here";

impl Writer<'_> {
    /// The innermost open element that is wanted, unless a barrier comes first.
    pub(super) fn nearest(
        &self,
        is_wanted: impl Fn(Element) -> bool,
        is_barrier: impl Fn(Element) -> bool,
    ) -> Option<usize> {
        for (at, open) in self.stack.iter().enumerate().rev() {
            if is_wanted(*open) {
                return Some(at);
            }
            if is_barrier(*open) {
                return None;
            }
        }
        None
    }

    /// Closes what is open inside the nearest wanted element; false and nothing closed when there is none.
    pub(super) fn close_down_to(
        &mut self,
        is_wanted: impl Fn(Element) -> bool,
        is_barrier: impl Fn(Element) -> bool,
    ) -> bool {
        let found = self.nearest(is_wanted, is_barrier);
        if let Some(at) = found {
            self.close_from(at + 1);
        }
        found.is_some()
    }

    pub(super) fn close_from(&mut self, at: usize) {
        while self.stack.len() > at {
            self.pop();
        }
    }

    pub(super) fn make_room_for_block(&mut self) -> Result<(), Refusal> {
        while self.stack.last().is_some_and(|open| open.is_inline() || open.is_line()) {
            self.pop();
        }
        self.ensure_cell()
    }

    /// Content that stands between the parts of a table gets a cell of its own.
    pub(super) fn ensure_cell(&mut self) -> Result<(), Refusal> {
        if self.stack.last().is_some_and(|open| open.is_table_frame()) {
            if self.stack.last() != Some(&Element::Row) {
                self.push(Element::Row, Attributes::default())?;
            }
            self.push(Element::Cell("td"), Attributes::default())?;
        }
        Ok(())
    }

    pub(super) fn in_line(&self, element: Element) -> bool {
        self.stack.iter().rev().take_while(|open| open.is_inline()).any(|open| *open == element)
    }

    pub(super) fn push(&mut self, element: Element, attributes: Attributes<'_>) -> Result<(), Refusal> {
        use Element as E;
        if !element.is_inline() {
            self.add_text(" ");
        }
        let for_page = self.rules.target == Target::Page;
        let element = match element {
            // A page has its own first and second level; a post's headings stand below them.
            E::Heading(level) if for_page => E::Heading((level + 2).min(6)),
            _ => element,
        };
        let out = &mut self.out.html;
        match element {
            E::Table if for_page => out.push_str(TABLE_OPEN),
            E::Pre if for_page => out.push_str(PRE_OPEN),
            E::Cell(name) => tags::cell(out, name, attributes),
            E::OrderedList => tags::ordered_list(out, attributes),
            E::Quote => tags::quote(out, attributes.quote_class()),
            E::Code => {
                let in_block = self.stack.contains(&E::Pre);
                let language =
                    if in_block { attributes.language().or_else(|| self.language.take()) } else { None };
                tags::code(out, language.as_deref());
            }
            _ => {
                out.push('<');
                out.push_str(element.name());
                out.push('>');
            }
        }
        if element == E::Pre {
            self.language = attributes.language().or_else(|| self.language.take());
        }
        self.enter(element)
    }

    pub(super) fn enter(&mut self, element: Element) -> Result<(), Refusal> {
        self.stack.push(element);
        if element.counts() {
            self.depth += 1;
            if self.depth > self.rules.depth {
                return Err(Refusal::TooDeep { max: self.rules.depth });
            }
        }
        self.check_size()
    }

    fn pop(&mut self) {
        let Some(element) = self.stack.pop() else { return };
        if element.counts() {
            self.depth -= 1;
        }
        if !element.is_inline() {
            self.add_text(" ");
        }
        if matches!(element, Element::Paragraph | Element::Format(_)) {
            let name = element.name();
            let is_empty = self
                .out
                .html
                .strip_suffix('>')
                .and_then(|s| s.strip_suffix(name))
                .is_some_and(|s| s.ends_with('<'));
            if is_empty {
                self.out.html.truncate(self.out.html.len() - name.len() - 2);
                return;
            }
        }
        self.out.html.push_str("</");
        self.out.html.push_str(element.name());
        self.out.html.push('>');
        if element == Element::Table && self.rules.target == Target::Page {
            self.out.html.push_str("</div>");
        }
    }

    /// Writes the text that waits.
    pub(super) fn flush(&mut self) -> Result<(), Refusal> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let pending = std::mem::take(&mut self.pending);
        if self.stack.last().is_some_and(|open| open.is_table_frame()) && pending.trim().is_empty() {
            return Ok(());
        }
        self.ensure_cell()?;
        self.add_text(&pending);
        let mut text = pending.as_str();
        if self.stack.last() == Some(&Element::Pre)
            && (self.out.html.ends_with(PRE_OPEN) || self.out.html.ends_with("<pre>"))
        {
            // HTML ignores one; were there two, each further pass would take one more.
            text = text.trim_start_matches(|c| c == '\n' || !tags::is_printable(c));
        }
        let is_literal = |open: &Element| matches!(open, Element::Code | Element::Pre | Element::Link);
        if self.rules.target == Target::Editor || self.stack.iter().any(is_literal) {
            tags::escape(&mut self.out.html, text);
            return self.check_size();
        }
        for (part, destination) in links::find(text) {
            match destination {
                Some(to) => {
                    self.outside_link(&to);
                    tags::link(&mut self.out.html, &to, None, None);
                    tags::escape(&mut self.out.html, part);
                    self.out.html.push_str("</a>");
                }
                None => tags::escape(&mut self.out.html, part),
            }
        }
        self.check_size()
    }

    /// An attachment stays an image. An image from elsewhere would tell its host who reads, so it becomes a link.
    pub(super) fn image(&mut self, attributes: Attributes<'_>) {
        let source = attributes.get("src").and_then(|src| Destination::of(&src));
        let alt = attributes.get("alt").unwrap_or_default();
        let alt = if alt.trim() == NO_DESCRIPTION { "" } else { alt.trim() };
        let Some(source) = source else {
            tags::escape(&mut self.out.html, alt);
            self.add_text(alt);
            return;
        };
        if source.is_attachment() || self.rules.target == Target::Editor {
            tags::image(&mut self.out.html, source.href(), alt);
            self.add_text(alt);
            return;
        }
        let name = if alt.is_empty() { source.file_name().unwrap_or_default() } else { alt };
        let words = match (name, source.host()) {
            ("", None) => source.href().to_owned(),
            ("", Some(host)) => host.to_owned(),
            (name, None) => name.to_owned(),
            (name, Some(host)) => format!("{name} ({host})"),
        };
        self.outside_link(&source);
        // A link inside a link is not possible; the outer one usually leads to the same image.
        let linked = self.in_line(Element::Link);
        if !linked {
            tags::link(&mut self.out.html, &source, None, Some("external-image"));
        }
        tags::escape(&mut self.out.html, &words);
        if !linked {
            self.out.html.push_str("</a>");
        }
        self.add_text(&words);
    }

    pub(super) fn outside_link(&mut self, to: &Destination) {
        self.out.outside_links += usize::from(matches!(to, Destination::Outside(_)));
    }

    /// Adds to the plain text, whitespace folded.
    pub(super) fn add_text(&mut self, text: &str) {
        for c in text.chars() {
            if !c.is_whitespace() {
                self.out.text.extend(Some(c).filter(|c| tags::is_printable(*c)));
            } else if !self.out.text.is_empty() && !self.out.text.ends_with(' ') {
                self.out.text.push(' ');
            }
        }
    }

    pub(super) fn check_size(&self) -> Result<(), Refusal> {
        let max = self.rules.html_bytes;
        if self.out.html.len() > max { Err(Refusal::TooLarge { max }) } else { Ok(()) }
    }
}
