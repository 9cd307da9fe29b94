//! What the search page shows.

#[cfg(test)]
mod samples;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::find::Order;
use crate::questions::State;
use crate::questions::pages::{SimilarQuestion, SpaceName};
use crate::text::SafeHtml;
use crate::web::pages::{Author, Pager};
use crate::web::render::{Page, Title};

/// `GET /search?q=…&sort=…&after=…`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SearchPage {
    /// As typed.
    pub query: String,
    /// Whether anything was asked for.
    pub asked: bool,
    /// Posts in all.
    pub total: u64,
    /// Threads in which something was found, best first.
    pub threads: Vec<FoundThread>,
    /// Best, newest, highest.
    pub orders: Vec<OrderLink>,
    /// By what the list can be narrowed.
    pub facets: Vec<FacetGroup>,
    /// The query with its mistakes corrected.
    pub better: Option<Better>,
    /// Whether no post has all of the words.
    pub some_words_only: bool,
    /// What looked like an operator and was searched as words.
    pub not_understood: Vec<String>,
    /// Whether something was left out because it was too long.
    pub cut: bool,
    /// Whether the index is being repaired, and something may be missing.
    pub repairing: bool,
    /// Tags whose names fit.
    pub tags: Vec<String>,
    /// People whose names fit.
    pub people: Vec<Author>,
    /// The viewer's saved searches.
    pub saved: Vec<SavedRow>,
    /// Whether this one is among them.
    pub is_saved: bool,
    /// Whether the viewer may see what was searched for in vain.
    pub moderates: bool,
    /// Where to ask what was searched for.
    pub ask: String,
    pub pager: Pager,
}

/// `GET /related/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct RelatedPage {
    pub title: String,
    pub url: String,
    pub found: Vec<SimilarQuestion>,
}

/// `GET /search/missed`: questions nobody has written yet.
#[derive(Debug, Clone, Serialize)]
pub struct MissedPage {
    pub rows: Vec<MissedRow>,
}

/// What was searched for in vain.
#[derive(Debug, Clone, Serialize)]
pub struct MissedRow {
    pub id: i64,
    pub query: String,
    pub people: i64,
    pub last_at: i64,
    pub ask: String,
}

/// A search that was saved.
#[derive(Debug, Clone, Serialize)]
pub struct SavedRow {
    pub id: i64,
    pub query: String,
    pub href: String,
    /// How what is new is heard of: `off`, `inbox`, `now`, `daily` or `weekly`.
    pub notify: String,
}

/// Where a question with this title is asked.
#[must_use]
pub fn ask_href(title: &str) -> String {
    format!("/ask?title={}", utf8_percent_encode(title.trim(), NON_ALPHANUMERIC))
}

/// A thread with what was found in it.
#[derive(Debug, Clone, Serialize)]
pub struct FoundThread {
    pub url: String,
    pub title_html: SafeHtml,
    pub state: State,
    pub answers: i64,
    pub tags: Vec<String>,
    pub space: SpaceName,
    pub posts: Vec<FoundPost>,
}

/// A post that was found.
#[derive(Debug, Clone, Serialize)]
pub struct FoundPost {
    /// `question`, `answer` or `comment`.
    pub kind: &'static str,
    pub url: String,
    pub snippet_html: SafeHtml,
    pub language: Option<String>,
    pub author: Author,
    pub created_at: i64,
    pub score: i64,
}

/// One order of the list. Words for `key`: `search-order-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderLink {
    pub key: &'static str,
    pub href: String,
    pub current: bool,
}

/// Ways to narrow the list, of one sort. Words for `key`: `search-facet-…`.
#[derive(Debug, Clone, Serialize)]
pub struct FacetGroup {
    pub key: &'static str,
    pub links: Vec<FacetLink>,
}

/// One way to narrow the list.
#[derive(Debug, Clone, Serialize)]
pub struct FacetLink {
    /// What people called it; of states and kinds, the end of the key of its words.
    pub name: String,
    pub count: u64,
    pub href: String,
    pub current: bool,
}

/// A query that may have been meant.
#[derive(Debug, Clone, Serialize)]
pub struct Better {
    pub text: String,
    pub href: String,
}

/// The address of a search.
#[must_use]
pub fn href(query: &str, order: Order, after: Option<&str>) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut href = format!("/search?q={}", encode(query));
    if order != Order::Relevance {
        href.push_str(&format!("&sort={}", order.as_str()));
    }
    if let Some(after) = after {
        href.push_str(&format!("&after={}", encode(after)));
    }
    href
}

impl Page for SearchPage {
    const TEMPLATE: &'static str = "search/search.html";

    fn title(&self) -> Title<'_> {
        if self.asked { Title::around("search-title-for", &self.query) } else { Title::words("search-title") }
    }
}

impl Page for RelatedPage {
    const TEMPLATE: &'static str = "search/related.html";

    fn title(&self) -> Title<'_> {
        Title::around("related-title", &self.title)
    }
}

impl Page for MissedPage {
    const TEMPLATE: &'static str = "search/missed.html";

    fn title(&self) -> Title<'_> {
        Title::words("missed-title")
    }
}
