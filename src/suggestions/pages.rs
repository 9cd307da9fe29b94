//! What the pages of suggested edits show.

#[cfg(test)]
mod samples;

use serde::Serialize;

use crate::questions::pages::{DiffLine, PostKind, TextLimits};
use crate::web::pages::{Author, FieldErrors, Pager};
use crate::web::render::{Page, Title};

/// `GET /suggestions`, and with `mine=1` the viewer's own.
#[derive(Debug, Clone, Serialize)]
pub struct SuggestionsPage {
    /// Whether the viewer's own are shown.
    pub mine: bool,
    /// On what the viewer wrote, oldest first.
    pub yours: Vec<SuggestionRow>,
    /// On what others wrote, oldest first; with `mine` the viewer's own, newest first.
    pub rows: Vec<SuggestionRow>,
    pub pager: Pager,
}

/// A suggestion in a list.
#[derive(Debug, Clone, Serialize)]
pub struct SuggestionRow {
    pub id: i64,
    /// Of its question.
    pub title: String,
    pub kind: PostKind,
    pub by: Author,
    /// May be empty.
    pub reason: String,
    pub at: i64,
    /// `waiting`, `approved`, `rejected` or `withdrawn`.
    pub state: String,
    /// Approved, and rolled back since.
    pub undone: bool,
}

/// `GET /suggestions/{id}`. Posts `decision`, `version`, and `title`, `tags`, `body` to approve or `verdict`, `words` to reject,
/// to `/suggestions/{id}/decision`; its suggester posts to `/suggestions/{id}/withdraw`.
#[derive(Debug, Clone, Serialize)]
pub struct SuggestionPage {
    pub id: i64,
    pub kind: PostKind,
    /// The thread with the post's anchor.
    pub post_url: String,
    pub question_title: String,
    pub by: Author,
    pub at: i64,
    /// May be empty.
    pub reason: String,
    /// As in [`SuggestionRow`].
    pub state: String,
    /// The viewer decides, now.
    pub decides: bool,
    /// The viewer suggested it.
    pub own: bool,
    /// The post changed since it was suggested.
    pub outdated: bool,
    /// The post's number of versions, as the viewer sees it.
    pub version: i64,
    /// Title before and after, when it changes.
    pub title: Option<(String, String)>,
    /// Tags taken away and added, when they change.
    pub tags: Option<(Vec<String>, Vec<String>)>,
    pub diff: Vec<DiffLine>,
    /// Places that were changed on both sides: what stands now, and what is suggested.
    pub clashes: Vec<(String, String)>,
    /// The suggested title, where the title was changed on both sides.
    pub title_clash: Option<String>,
    /// The tags of both sides are too many, or none.
    pub tags_clash: bool,
    /// What approving saves; may be improved.
    pub form: SuggestionForm,
    /// Once it was decided.
    pub decided: Option<Decided>,
    /// Somebody changed the post while the viewer was deciding.
    pub stale: bool,
    pub errors: FieldErrors,
    pub limits: TextLimits,
}

/// What is typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SuggestionForm {
    /// Questions only.
    pub title: Option<String>,
    /// Questions only.
    pub tags: Option<String>,
    pub body: String,
    /// Whether the fields are open to be changed.
    pub open: bool,
    /// Named reasons to reject: key of `verdict-…`.
    pub verdicts: Vec<String>,
    pub verdict: String,
    pub words: String,
}

/// What was decided.
#[derive(Debug, Clone, Serialize)]
pub struct Decided {
    pub by: Author,
    pub at: i64,
    /// Key of `verdict-…`; empty for none.
    pub verdict: String,
    /// May be empty.
    pub words: String,
    /// Where its version is, when it was approved.
    pub history: Option<String>,
    pub undone: bool,
}

impl Page for SuggestionsPage {
    const TEMPLATE: &'static str = "suggestions/queue.html";

    fn title(&self) -> Title<'_> {
        Title::words("suggestions-title")
    }
}

impl Page for SuggestionPage {
    const TEMPLATE: &'static str = "suggestions/suggestion.html";

    fn title(&self) -> Title<'_> {
        Title::around("suggestion-title", &self.question_title)
    }
}
