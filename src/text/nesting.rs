//! Puts HTML in order: every element we keep is nested as HTML wants it and closed in turn, nothing deeper than the
//! limit; links, images, headings and tables take the form in which posts show them.
//!
//! One pass, whose work grows with the length of the source alone: one token after the other, a stack that the
//! limit bounds. Formatting closed by a block is not opened again. So the tree builder behind the sanitiser never
//! meets what makes it slow or lets it multiply elements: mis-nested formatting, tables with foreign content,
//! depth (WHATWG HTML, "adoption agency algorithm", "reconstruct the active formatting elements").
//!
//! Not a sanitiser: what leaves here still goes through one.

mod output;

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::Refusal;
use super::elements::{Element, Tag, Void};
use super::links::Destination;
use super::tags::{self, Attributes};

/// What to do with tags that are none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strange {
    /// Show them as they were typed: in Markdown `Vec<String>` is meant so more often than not.
    Show,
    /// Drop them, scripts and the like with their content: in HTML they are tags.
    Drop,
}

/// For whom the HTML is put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Readers: headings below the page's own, images from elsewhere as links, addresses as links, tables in a frame
    /// that scrolls.
    Page,
    /// The converter to Markdown: as the source has it.
    Editor,
}

pub(super) struct Rules {
    pub depth: usize,
    pub html_bytes: usize,
    pub strange: Strange,
    pub target: Target,
}

#[derive(Debug, Default)]
pub(super) struct Arranged {
    pub html: String,
    /// The visible text, whitespace folded.
    pub text: String,
    pub outside_links: usize,
}

/// # Errors
/// [`Refusal::TooDeep`] and [`Refusal::TooLarge`], as soon as a limit is passed.
pub(super) fn arrange(source: &str, rules: &Rules) -> Result<Arranged, Refusal> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(rules.strange == Strange::Drop);
    let mut writer = Writer::new(source, rules);
    for token in Tokenizer::new_with_emitter(source, emitter) {
        let Ok(token) = token;
        writer.take(token)?;
    }
    writer.finish()
}

struct Writer<'s> {
    source: &'s str,
    rules: &'s Rules,
    out: Arranged,
    /// Text not yet written: tags that are dropped or shown must not cut a word or an address in two.
    pending: String,
    stack: Vec<Element>,
    depth: usize,
    /// The language announced for the next code block.
    language: Option<String>,
    /// The tag whose content is being dropped.
    swallowing: Option<String>,
    /// Tags that would swallow but are closed nowhere further on: searched for once, not again.
    unclosed: Vec<String>,
}

impl<'s> Writer<'s> {
    fn new(source: &'s str, rules: &'s Rules) -> Self {
        Self {
            source,
            rules,
            out: Arranged::default(),
            pending: String::new(),
            stack: Vec::new(),
            depth: 0,
            language: None,
            swallowing: None,
            unclosed: Vec::new(),
        }
    }

    fn take(&mut self, token: Token<usize>) -> Result<(), Refusal> {
        if let Some(name) = &self.swallowing {
            if matches!(&token, Token::EndTag(tag) if *tag.name == *name.as_bytes()) {
                self.swallowing = None;
            }
            return Ok(());
        }
        match token {
            Token::String(text) => self.pending.push_str(&String::from_utf8_lossy(&text)),
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name);
                let attributes = Attributes::of(&tag.attributes);
                match Tag::of(&name) {
                    Tag::Element(element) => self.open(element, attributes)?,
                    Tag::Void(void) => self.void(void, attributes)?,
                    Tag::Block => self.open(Element::Paragraph, Attributes::default())?,
                    Tag::Inline => {}
                    Tag::Swallowed | Tag::Unknown if self.rules.strange == Strange::Show => {
                        self.show(tag.span.start, tag.span.end);
                    }
                    Tag::Swallowed => self.swallow(&name, tag.span.end),
                    Tag::Unknown => {}
                }
            }
            Token::EndTag(tag) => match Tag::of(&String::from_utf8_lossy(&tag.name)) {
                Tag::Element(element) => self.close(element)?,
                Tag::Block => self.close(Element::Paragraph)?,
                Tag::Void(_) | Tag::Inline => {}
                Tag::Swallowed | Tag::Unknown if self.rules.strange == Strange::Show => {
                    self.show(tag.span.start, tag.span.end);
                }
                Tag::Swallowed | Tag::Unknown => {}
            },
            Token::Comment(comment) => {
                // `<?php … ?>`, `</ x>` and CDATA are "bogus comments" to HTML and words to those who type them.
                let raw = self.source.get(comment.span.start..).unwrap_or_default();
                if self.rules.strange == Strange::Show && !raw.starts_with("<!--") && raw.starts_with('<') {
                    self.show(comment.span.start, comment.span.end);
                } else if let Some(hint) = String::from_utf8_lossy(&comment).trim().strip_prefix("language:")
                {
                    self.language = tags::language_of_class(hint.trim());
                }
            }
            Token::Doctype(doctype) if self.rules.strange == Strange::Show => {
                self.show(doctype.span.start, doctype.span.end);
            }
            Token::Doctype(_) | Token::Error(_) => {}
        }
        Ok(())
    }

    fn show(&mut self, start: usize, end: usize) {
        self.pending.push_str(self.source.get(start..end).unwrap_or_default());
    }

    /// Drops everything to the end tag, if there is one; the rest of a post must not vanish behind a lone tag.
    fn swallow(&mut self, name: &str, from: usize) {
        if self.unclosed.iter().any(|known| known == name) {
            return;
        }
        let end = format!("</{name}");
        let rest = self.source.as_bytes().get(from..).unwrap_or_default();
        if rest.windows(end.len()).any(|at| at.eq_ignore_ascii_case(end.as_bytes())) {
            self.swallowing = Some(name.to_owned());
        } else {
            self.unclosed.push(name.to_owned());
        }
    }

    fn open(&mut self, element: Element, attributes: Attributes<'_>) -> Result<(), Refusal> {
        use Element as E;
        self.flush()?;
        match element {
            E::Link => return self.open_link(attributes),
            E::Item => {
                let is_list = |e| matches!(e, E::UnorderedList | E::OrderedList);
                if !self.close_down_to(is_list, |e| !e.is_inline() && !e.is_line() && e != E::Item) {
                    return self.open(E::Paragraph, Attributes::default());
                }
            }
            E::Term | E::Description => {
                let is_part = |e| matches!(e, E::Term | E::Description);
                if !self.close_down_to(
                    |e| e == E::DescriptionList,
                    |e| !e.is_inline() && !e.is_line() && !is_part(e),
                ) {
                    return self.open(E::Paragraph, Attributes::default());
                }
            }
            E::Summary if self.stack.last() != Some(&E::Details) => {
                return self.open(E::Paragraph, attributes);
            }
            E::Caption if self.stack.last() != Some(&E::Table) => return self.open(E::Paragraph, attributes),
            E::RowGroup(_) if !self.close_down_to(|e| e == E::Table, |_| false) => return Ok(()),
            E::Row if !self.close_down_to(|e| matches!(e, E::Table | E::RowGroup(_)), |_| false) => {
                return Ok(());
            }
            E::Cell(_) => {
                if !self.close_down_to(E::is_table_frame, |_| false) {
                    return self.open(E::Paragraph, Attributes::default());
                }
                if self.stack.last() != Some(&E::Row) {
                    self.push(E::Row, Attributes::default())?;
                }
            }
            E::Summary | E::Caption | E::RowGroup(_) | E::Row => {}
            _ if element.is_inline() => self.ensure_cell()?,
            _ => self.make_room_for_block()?,
        }
        self.push(element, attributes)
    }

    fn open_link(&mut self, attributes: Attributes<'_>) -> Result<(), Refusal> {
        self.close(Element::Link)?;
        // Without a place to go the words stay and the link goes.
        let Some(to) = attributes.get("href").and_then(|href| Destination::of(&href)) else { return Ok(()) };
        self.ensure_cell()?;
        self.outside_link(&to);
        tags::link(&mut self.out.html, &to, attributes.get("title").as_deref(), None);
        self.enter(Element::Link)
    }

    fn void(&mut self, void: Void, attributes: Attributes<'_>) -> Result<(), Refusal> {
        if void == Void::Checkbox
            && attributes.get("type").is_none_or(|kind| !kind.eq_ignore_ascii_case("checkbox"))
        {
            return Ok(());
        }
        self.flush()?;
        if void == Void::Rule {
            self.make_room_for_block()?;
        } else {
            self.ensure_cell()?;
        }
        match void {
            Void::Break => {
                self.out.html.push_str("<br>");
                self.add_text(" ");
            }
            Void::Rule => {
                self.out.html.push_str("<hr>");
                self.add_text(" ");
            }
            Void::Image => self.image(attributes),
            Void::Checkbox if self.rules.target == Target::Page => {
                if !self.in_line(Element::Label) {
                    self.push(Element::Label, Attributes::default())?;
                }
                let checked = if attributes.has("checked") { " checked=\"\"" } else { "" };
                self.out.html.push_str("<input type=\"checkbox\" disabled=\"\"");
                self.out.html.push_str(checked);
                self.out.html.push('>');
            }
            Void::Checkbox => {}
        }
        self.check_size()
    }

    fn close(&mut self, element: Element) -> Result<(), Refusal> {
        use Element as E;
        self.flush()?;
        let is_wanted = |open: E| open.closed_by(element);
        let is_cell_or_table = |open: E| matches!(open, E::Cell(_) | E::Table);
        let found = match element {
            _ if element.is_inline() => self.nearest(is_wanted, |open| !open.is_inline()),
            _ if element.is_line() => self.nearest(is_wanted, |open| !open.is_inline()),
            E::Table | E::RowGroup(_) | E::Row | E::Cell(_) => {
                self.nearest(is_wanted, |open| open == E::Table)
            }
            E::Item => self.nearest(is_wanted, |open| {
                is_cell_or_table(open) || matches!(open, E::UnorderedList | E::OrderedList)
            }),
            E::Term | E::Description => {
                self.nearest(is_wanted, |open| is_cell_or_table(open) || open == E::DescriptionList)
            }
            _ => self.nearest(is_wanted, is_cell_or_table),
        };
        if let Some(at) = found {
            self.close_from(at);
        }
        self.check_size()
    }

    fn finish(mut self) -> Result<Arranged, Refusal> {
        self.flush()?;
        self.close_from(0);
        self.check_size()?;
        self.out.text.truncate(self.out.text.trim_end().len());
        Ok(self.out)
    }
}
