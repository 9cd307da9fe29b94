//! Lists: questions by state, space and tag; the tags themselves. All counts are within the viewer's scope.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::{SpaceName, State};
pub use crate::questions::list::Sort;
use crate::web::pages::{Author, Pager};
use crate::web::render::{Page, Title};

/// `GET /` and `GET /questions`: one list with filters.
#[derive(Debug, Clone, Serialize)]
pub struct ListPage {
    pub filters: ListFilters,
    /// Newest, active, unanswered, solved, mine; made by [`ListFilters::tabs`].
    pub tabs: Vec<Tab>,
    pub rows: Vec<QuestionRow>,
    pub pager: Pager,
    /// Spaces the viewer may enter, by name; empty or one: no choice is shown.
    pub spaces: Vec<SpaceLink>,
    /// Tags much used in what is listed, most used first, at most some twelve.
    pub tags: Vec<TagCard>,
    /// Set when the list is of one tag.
    pub tag_header: Option<TagHeader>,
    /// Whether the viewer follows the tag, or the space, that the list is of.
    pub following: Option<bool>,
    /// True when there is not a single question in the whole place yet: the list greets.
    pub nothing_yet: bool,
}

/// What the list is narrowed to. Its URL is `/questions?…` with what differs from the defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ListFilters {
    pub space: Option<SpaceName>,
    pub tag: Option<String>,
    /// `open` includes unanswered; `solved` includes closed questions with a solution.
    pub state: Option<State>,
    pub sort: Sort,
    /// Only the viewer's own questions (`mine=1`).
    pub mine: bool,
}

/// One tab over a list. Words for `key`: `tab-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tab {
    pub key: &'static str,
    pub href: String,
    pub current: bool,
}

/// One question in a list.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionRow {
    pub id: i64,
    pub url: String,
    pub title: String,
    /// The first words of the body as plain text, some 200 characters.
    pub excerpt: String,
    /// BCP 47 tag of title and excerpt where it is known.
    pub language: Option<String>,
    pub state: State,
    /// Visible answers.
    pub answers: i64,
    pub score: i64,
    /// People who have it too, the asker not counted; tallies of an import included.
    pub affected: i64,
    pub tags: Vec<String>,
    pub space: SpaceName,
    pub author: Author,
    pub created_at: i64,
    /// When something last happened in the thread; equal to `created_at` when nothing did.
    pub last_activity_at: i64,
}

/// A space to choose in a list.
#[derive(Debug, Clone, Serialize)]
pub struct SpaceLink {
    pub name: String,
    pub href: String,
    pub current: bool,
}

/// A tag with its count.
#[derive(Debug, Clone, Serialize)]
pub struct TagCard {
    pub name: String,
    /// Visible questions with it.
    pub questions: i64,
}

/// The head of a tag's own list.
#[derive(Debug, Clone, Serialize)]
pub struct TagHeader {
    pub name: String,
    pub questions: i64,
    /// What the tag is for, plain text; may be empty.
    pub about: String,
}

/// `GET /tags?q=…&after=…`.
#[derive(Debug, Clone, Serialize)]
pub struct TagsPage {
    /// What was searched for, as typed.
    pub query: String,
    pub tags: Vec<TagCard>,
    pub pager: Pager,
}

impl ListFilters {
    /// The five tabs for these filters; space and tag stay, state, sort and `mine` follow the tab.
    #[must_use]
    pub fn tabs(&self) -> Vec<Tab> {
        let narrowed = |state, sort, mine| Self { state, sort, mine, ..self.clone() };
        [
            ("newest", narrowed(None, Sort::Newest, false)),
            ("active", narrowed(None, Sort::Active, false)),
            ("unanswered", narrowed(Some(State::Unanswered), Sort::Newest, false)),
            ("solved", narrowed(Some(State::Solved), Sort::Newest, false)),
            ("mine", narrowed(None, Sort::Newest, true)),
        ]
        .into_iter()
        .map(|(key, filters)| Tab { key, href: filters.href(None), current: filters == *self })
        .collect()
    }

    /// The URL of this list; `cursor` is one more parameter, such as `("after", "…")`.
    #[must_use]
    pub fn href(&self, cursor: Option<(&str, &str)>) -> String {
        let mut parameters = Vec::new();
        let mut add = |name: &str, value: &str| {
            parameters.push(format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
        };
        if let Some(space) = &self.space {
            add("space", &space.key);
        }
        if let Some(tag) = &self.tag {
            add("tag", tag);
        }
        match self.state {
            Some(State::Closed) => add("state", "closed"),
            Some(State::Solved) => add("state", "solved"),
            Some(State::Unanswered) => add("state", "unanswered"),
            Some(State::Open) => add("state", "open"),
            None => {}
        }
        match self.sort {
            Sort::Newest => {}
            Sort::Active => add("sort", "active"),
            Sort::Score => add("sort", "score"),
        }
        if self.mine {
            add("mine", "1");
        }
        if let Some((name, value)) = cursor {
            add(name, value);
        }
        if parameters.is_empty() { "/".to_owned() } else { format!("/questions?{}", parameters.join("&")) }
    }
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "questions/list.html";

    fn title(&self) -> Title<'_> {
        match (&self.filters.tag, &self.filters.space) {
            (Some(tag), _) => Title::around("list-title-tag", tag),
            (None, Some(space)) => Title::around("list-title-space", &space.name),
            (None, None) => Title::words("list-title"),
        }
    }
}

impl Page for TagsPage {
    const TEMPLATE: &'static str = "questions/tags.html";

    fn title(&self) -> Title<'_> {
        Title::words("tags-title")
    }
}

#[cfg(test)]
mod tests {
    use super::{ListFilters, Sort};
    use crate::questions::pages::{SpaceName, State};

    #[test]
    fn the_list_without_filters_is_the_start_page() {
        assert_eq!(ListFilters::default().href(None), "/");
    }

    #[test]
    fn filters_and_cursors_are_escaped_in_the_url() {
        let filters = ListFilters {
            space: Some(SpaceName { key: "a&b".into(), name: "A & B".into() }),
            tag: Some("c++".into()),
            state: Some(State::Unanswered),
            sort: Sort::Active,
            mine: false,
        };
        assert_eq!(
            filters.href(Some(("after", "x=1"))),
            "/questions?space=a%26b&tag=c%2B%2B&state=unanswered&sort=active&after=x%3D1"
        );
    }

    #[test]
    fn at_most_one_tab_is_current_and_the_tag_stays() {
        let filters = ListFilters { tag: Some("imap".into()), mine: true, ..ListFilters::default() };
        let tabs = filters.tabs();
        assert_eq!(tabs.iter().filter(|t| t.current).map(|t| t.key).collect::<Vec<_>>(), ["mine"]);
        assert!(tabs.iter().all(|t| t.href.contains("tag=imap")));
    }
}
