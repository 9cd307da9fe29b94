//! Text: turns what people wrote into what others may safely see.
//!
//! Promises: everything here is a pure function of its arguments and knows nothing of questions, members or
//! databases; work and output are bounded by the size of the input and by [`Limits`]; no input makes it panic.
//! [`SafeHtml`] is the only type that means "may be shown as HTML", and only this module makes it from what
//! people wrote.
//!
//! The way of a body: Markdown → HTML ([`markdown()`]; an imported HTML body starts here, [`html`]) → nested
//! properly, links and images settled (`nesting`) → sanitised against an allow-list (`sanitise`).
//!
//! It does not store, does not decide how long a text of which kind may be, and does not know who reads it.

mod diff;
mod elements;
mod excerpt;
mod import;
mod language;
mod links;
mod markdown;
mod marked;
mod mentions;
mod merge;
mod nesting;
mod sanitise;
mod size;
mod tags;
#[cfg(test)]
mod tests;
mod title;
mod to_markdown;

use thiserror::Error;

pub use diff::{Change, DiffLine, Part, diff};
pub use excerpt::excerpt;
pub use import::{html, imported_markdown, plain, visible_text};
pub use language::language;
pub use markdown::{in_mail, markdown};
pub use marked::marked;
pub use mentions::mentions;
pub use merge::{Clash, MergedLines, merge};
pub use sanitise::SafeHtml;
pub use size::{char_count, check_size, clean_body};
pub use title::{clean_name, clean_title, slug};
pub use to_markdown::html_to_markdown;

/// The version of the rules by which sources become HTML. Stored beside rendered HTML; a stored rendering of
/// another version is made anew when it is next read. Raise it with every change of the output for any input.
pub const RENDERER_VERSION: i64 = 2;

/// What one body may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest source, in Unicode scalar values after trimming.
    pub chars: usize,
    /// How many containers (quotes, lists, tables, links, emphasis, allowed raw HTML) may stand inside each other.
    /// List items, table rows and paragraphs come with their container and do not count.
    pub depth: usize,
    /// Largest HTML before sanitising, in bytes.
    pub html_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { chars: 60_000, depth: 40, html_bytes: 1_000_000 }
    }
}

/// A body ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    pub html: SafeHtml,
    /// What a reader sees, without markup, whitespace folded to single spaces: for search, excerpts, e-mail.
    pub text: String,
    /// How many links lead outside this site, images from elsewhere included.
    pub outside_links: usize,
}

/// Why a text cannot be taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Fewer characters than the smallest size, both in Unicode scalar values of the trimmed text.
    #[error("the text has {found} characters and needs at least {min}")]
    TooShort { min: usize, found: usize },
    /// More characters than the largest size, both in Unicode scalar values of the trimmed text.
    #[error("the text has {found} characters, at most {max} are possible")]
    TooLong { max: usize, found: usize },
    /// Containers nested deeper than the limit.
    #[error("quotes, lists and formatting are nested more than {max} deep")]
    TooDeep { max: usize },
    /// The text would become more HTML than the limit, in bytes.
    #[error("the formatted text would be larger than {max} bytes")]
    TooLarge { max: usize },
}
