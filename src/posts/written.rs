//! A text on its way in: checked, rendered and measured before any transaction begins.

use tokio::sync::Semaphore;

use super::Kind;
use crate::text::{self, Limits, Rendered};
use crate::web::{FieldProblem, Problem};

/// Sizes of contract.md, in Unicode scalar values of the trimmed text.
pub mod sizes {
    use std::ops::RangeInclusive;

    /// A question's title.
    pub const TITLE: RangeInclusive<usize> = 10..=200;
    /// A question's or an answer's body.
    pub const BODY: RangeInclusive<usize> = 20..=60_000;
    /// A comment's body.
    pub const COMMENT: RangeInclusive<usize> = 2..=3_000;
    /// How many tags a question has.
    pub const TAGS: RangeInclusive<usize> = 1..=5;
    /// A tag's letters.
    pub const TAG: RangeInclusive<usize> = 1..=35;
}

/// A Markdown body that was checked and rendered.
#[derive(Clone, Debug)]
pub struct Written {
    /// As the author wrote it, trimmed.
    pub body: String,
    /// `markdown`, or `html` of an import.
    pub format: &'static str,
    /// What readers see.
    pub rendered: Rendered,
    /// ISO 639-1, where it could be told.
    pub language: Option<&'static str>,
}

impl Written {
    /// Checks and renders a body. Costs some tens of microseconds: call it outside of transactions.
    ///
    /// # Errors
    /// What is wrong with the field `body`.
    pub fn new(kind: Kind, body: &str) -> Result<Written, FieldProblem> {
        let body = text::clean_body(body).trim().to_owned();
        let allowed = if kind == Kind::Comment { sizes::COMMENT } else { sizes::BODY };
        text::check_size(&body, allowed).map_err(refused)?;
        let rendered = text::markdown(&body, &Limits::default()).map_err(refused)?;
        let language = text::language(&rendered.text);
        Ok(Written { body, format: "markdown", rendered, language })
    }

    /// A source that was accepted once, to stand again as it was: rendered and sanitised anew, and never refused.
    pub fn again(body: String, format: &str) -> Written {
        let html = format == "html";
        let rendered = if html {
            text::html(&body)
        } else {
            text::markdown(&body, &Limits::default()).unwrap_or_else(|_| text::imported_markdown(&body))
        };
        let language = text::language(&rendered.text);
        Written { body, format: if html { "html" } else { "markdown" }, rendered, language }
    }
}

/// A stored source as forms offer it: HTML of an import as Markdown.
pub fn offered(body: &str, format: &str) -> String {
    if format == "html" { text::html_to_markdown(body) } else { body.to_owned() }
}

/// Texts that are rendered at the same time, and are not to be kept.
static UNFINISHED: Semaphore = Semaphore::const_new(4);

/// Renders a text that may be unfinished, of any size up to the largest body. Rendering is bounded per text; how many are
/// rendered at once is bounded here.
///
/// # Errors
/// What is wrong with the field `body`, or too much at once.
pub async fn unfinished(body: &str) -> Result<Rendered, Problem> {
    let body = text::clean_body(body).into_owned();
    let wrong = |refusal| Problem::invalid_field(refused(refusal));
    text::check_size(&body, 0..=*sizes::BODY.end()).map_err(wrong)?;
    if body.trim().is_empty() {
        return text::markdown("", &Limits::default()).map_err(wrong);
    }
    let _turn = UNFINISHED.try_acquire().map_err(|_| Problem::busy())?;
    let rendered = actix_web::web::block(move || text::markdown(body.trim(), &Limits::default())).await;
    rendered.map_err(|_| Problem::busy())?.map_err(wrong)
}

fn refused(refusal: text::Refusal) -> FieldProblem {
    match refusal {
        text::Refusal::TooShort { min, found } => {
            FieldProblem::new("body", "too-short").with("min", min).with("found", found)
        }
        text::Refusal::TooLong { max, found } => {
            FieldProblem::new("body", "too-long").with("max", max).with("found", found)
        }
        text::Refusal::TooDeep { max } => FieldProblem::new("body", "too-deep").with("max", max),
        text::Refusal::TooLarge { .. } => FieldProblem::new("body", "too-heavy"),
    }
}
