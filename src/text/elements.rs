//! What each HTML tag is to us: kept, seen through, swallowed, or not HTML at all.

/// An element we keep, and how it may nest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// `b`, `em`, `sub` …
    Format(&'static str),
    Code,
    Link,
    /// Around a task's checkbox and its words, so that the checkbox has a name. Never from a source.
    Label,
    Paragraph,
    /// The level as it is written out.
    Heading(u8),
    Pre,
    Summary,
    Caption,
    Quote,
    UnorderedList,
    OrderedList,
    Item,
    DescriptionList,
    Term,
    Description,
    Details,
    Table,
    /// `thead`, `tbody`, `tfoot`
    RowGroup(&'static str),
    Row,
    /// `td`, `th`
    Cell(&'static str),
}

/// A kept element that has no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Void {
    Break,
    Rule,
    Image,
    Checkbox,
}

/// What a tag's name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Element(Element),
    Void(Void),
    /// The tag is dropped, its content stays in the line.
    Inline,
    /// The tag is dropped, its content stands apart as a paragraph.
    Block,
    /// Dropped together with its content when HTML is imported; Markdown shows such tags as they were typed.
    Swallowed,
    /// Not known: dropped when HTML is imported; Markdown shows such tags as they were typed (`Vec<String>`).
    Unknown,
}

impl Tag {
    pub(super) fn of(name: &str) -> Self {
        use Element as E;
        Self::Element(match name {
            "b" => E::Format("b"),
            "i" => E::Format("i"),
            "em" => E::Format("em"),
            "strong" => E::Format("strong"),
            "kbd" => E::Format("kbd"),
            "samp" => E::Format("samp"),
            "var" => E::Format("var"),
            "sub" => E::Format("sub"),
            "sup" => E::Format("sup"),
            "s" | "strike" => E::Format("s"),
            "del" => E::Format("del"),
            "ins" => E::Format("ins"),
            "u" => E::Format("u"),
            "small" => E::Format("small"),
            "mark" => E::Format("mark"),
            "q" => E::Format("q"),
            "cite" => E::Format("cite"),
            "code" | "tt" => E::Code,
            "a" => E::Link,
            "p" => E::Paragraph,
            "h1" => E::Heading(1),
            "h2" => E::Heading(2),
            "h3" => E::Heading(3),
            "h4" => E::Heading(4),
            "h5" => E::Heading(5),
            "h6" => E::Heading(6),
            "pre" => E::Pre,
            "summary" => E::Summary,
            "caption" => E::Caption,
            "blockquote" => E::Quote,
            "ul" => E::UnorderedList,
            "ol" => E::OrderedList,
            "li" => E::Item,
            "dl" => E::DescriptionList,
            "dt" => E::Term,
            "dd" => E::Description,
            "details" => E::Details,
            "table" => E::Table,
            "thead" => E::RowGroup("thead"),
            "tbody" => E::RowGroup("tbody"),
            "tfoot" => E::RowGroup("tfoot"),
            "tr" => E::Row,
            "td" => E::Cell("td"),
            "th" => E::Cell("th"),
            _ => return Self::not_an_element(name),
        })
    }

    fn not_an_element(name: &str) -> Self {
        match name {
            "br" => Self::Void(Void::Break),
            "hr" => Self::Void(Void::Rule),
            "img" => Self::Void(Void::Image),
            "input" => Self::Void(Void::Checkbox),
            "span" | "font" | "big" | "abbr" | "acronym" | "dfn" | "label" | "time" | "bdi" | "bdo"
            | "nobr" | "wbr" | "col" | "colgroup" => Self::Inline,
            "div" | "section" | "article" | "header" | "footer" | "main" | "nav" | "aside" | "figure"
            | "figcaption" | "address" | "center" => Self::Block,
            "script" | "style" | "template" | "svg" | "math" | "iframe" | "object" | "noembed"
            | "noframes" | "head" => Self::Swallowed,
            _ => Self::Unknown,
        }
    }
}

impl Element {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Format(name) | Self::RowGroup(name) | Self::Cell(name) => name,
            Self::Code => "code",
            Self::Link => "a",
            Self::Label => "label",
            Self::Paragraph => "p",
            Self::Heading(1) => "h1",
            Self::Heading(2) => "h2",
            Self::Heading(3) => "h3",
            Self::Heading(4) => "h4",
            Self::Heading(5) => "h5",
            Self::Heading(_) => "h6",
            Self::Pre => "pre",
            Self::Summary => "summary",
            Self::Caption => "caption",
            Self::Quote => "blockquote",
            Self::UnorderedList => "ul",
            Self::OrderedList => "ol",
            Self::Item => "li",
            Self::DescriptionList => "dl",
            Self::Term => "dt",
            Self::Description => "dd",
            Self::Details => "details",
            Self::Table => "table",
            Self::Row => "tr",
        }
    }

    /// Stands in a line of text, and is closed by whatever closes the line.
    pub(super) fn is_inline(self) -> bool {
        matches!(self, Self::Format(_) | Self::Code | Self::Link | Self::Label)
    }

    /// Holds a line of text and no other block.
    pub(super) fn is_line(self) -> bool {
        matches!(self, Self::Paragraph | Self::Heading(_) | Self::Pre | Self::Summary | Self::Caption)
    }

    /// A part of a table that holds only other parts of it.
    pub(super) fn is_table_frame(self) -> bool {
        matches!(self, Self::Table | Self::RowGroup(_) | Self::Row)
    }

    /// Counts towards the nesting limit. What does not count cannot nest without something that does.
    pub(super) fn counts(self) -> bool {
        matches!(
            self,
            Self::Format(_)
                | Self::Code
                | Self::Link
                | Self::Pre
                | Self::Quote
                | Self::Details
                | Self::Table
                | Self::UnorderedList
                | Self::OrderedList
                | Self::DescriptionList
        )
    }

    /// Whether an end tag of `other` closes this.
    pub(super) fn closed_by(self, other: Self) -> bool {
        match (self, other) {
            (Self::Heading(_), Self::Heading(_)) => true,
            _ => self == other,
        }
    }
}
