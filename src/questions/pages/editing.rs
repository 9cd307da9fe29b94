//! Writing: asking, editing, and the history of a text.

use serde::Serialize;

use super::{PostKind, SpaceName, State};
use crate::text::{self, Change, SafeHtml};
use crate::web::pages::{Author, FieldErrors, Pager};
use crate::web::render::{Page, Title};

/// `GET /ask`. Posts `space`, `title`, `body`, `tags` and the spaces' own fields to `/ask`. What was typed comes back with `errors`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AskPage {
    /// Spaces the viewer may ask in; with one, no choice is shown.
    pub spaces: Vec<SpaceChoice>,
    /// Key of the chosen space; empty when none is chosen yet.
    pub space: String,
    pub title: String,
    /// Markdown as typed.
    pub body: String,
    /// As typed: tags separated by commas or spaces.
    pub tags: String,
    /// What may answer it already, where no script can look while the title is typed.
    pub similar: Vec<SimilarQuestion>,
    /// Whether it was looked for.
    pub looked: bool,
    pub limits: TextLimits,
    pub errors: FieldErrors,
}

/// A question like one that is asked or read.
#[derive(Debug, Clone, Serialize)]
pub struct SimilarQuestion {
    pub id: i64,
    pub url: String,
    pub title: String,
    pub excerpt: String,
    pub state: State,
    pub answers: i64,
    /// The chosen answer.
    pub answer_html: Option<SafeHtml>,
    /// Why a moderator is told that it may be the same: the rarest words that both have. Empty where nobody is.
    pub duplicate: Vec<String>,
}

/// A space to ask in.
#[derive(Debug, Clone, Serialize)]
pub struct SpaceChoice {
    pub key: String,
    pub name: String,
    /// What belongs there, a sentence; may be empty.
    pub about: String,
    /// What it asks besides; may be empty.
    pub fields: Vec<FieldAsked>,
}

/// One of a space's own fields, to be filled in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FieldAsked {
    /// `fields.SPACE.KEY`: fields of several spaces stand in one form.
    pub name: String,
    pub label: String,
    /// May be empty.
    pub hint: String,
    pub required: bool,
    /// A whole number is asked for.
    pub number: bool,
    /// To choose from; empty for a line to type in.
    pub choices: Vec<String>,
    /// As typed.
    pub value: String,
}

/// Sizes, in characters; they are settings.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct TextLimits {
    pub title_min: u32,
    pub title_max: u32,
    pub body_min: u32,
    pub body_max: u32,
    pub comment_max: u32,
    pub tags_max: u32,
}

/// `GET /posts/{id}/edit`. Posts `title`, `tags` (questions only), `body`, `reason`, `version` to the same path.
#[derive(Debug, Clone, Serialize)]
pub struct EditPage {
    pub id: i64,
    pub kind: PostKind,
    /// Where "cancel" and "saved" lead: the thread with the post's anchor.
    pub post_url: String,
    pub question_title: String,
    /// Questions only.
    pub title: Option<String>,
    /// Questions only, separated by spaces or commas.
    pub tags: Option<String>,
    /// Markdown.
    pub body: String,
    pub reason: String,
    /// The version these words were made from; after a conflict the current one.
    pub version: i64,
    /// Set when somebody else saved in between.
    pub conflict: Option<Conflict>,
    /// True when an imported HTML text was turned into Markdown for this form.
    pub converted: bool,
    /// True when the text is somebody else's.
    pub of_another: bool,
    /// Set when the edit becomes a suggestion.
    pub suggesting: Option<Suggesting>,
    /// It becomes one only where it changes the tags: changing tags was taken from the viewer.
    pub tags_suggested: bool,
    pub limits: TextLimits,
    pub errors: FieldErrors,
}

/// How an edit is suggested.
#[derive(Debug, Clone, Serialize)]
pub struct Suggesting {
    /// Changes of tags alone are saved at once.
    pub tags_at_once: bool,
    /// The viewer's suggestion that waits already and would give way to this one.
    pub waiting: Option<i64>,
}

/// What stands now, beside what the viewer typed.
#[derive(Debug, Clone, Serialize)]
pub struct Conflict {
    pub by: Author,
    pub at: i64,
    pub reason: String,
    /// Questions only.
    pub title: Option<String>,
    /// Questions only.
    pub tags: Option<String>,
    pub body: String,
}

/// `GET /posts/{id}/revisions`.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionsPage {
    pub kind: PostKind,
    /// The thread with the post's anchor.
    pub post_url: String,
    pub question_title: String,
    /// Newest first.
    pub revisions: Vec<Revision>,
    /// Older versions are rolled back to by posting `to`, `version` and `reason` to `/posts/{id}/rollback`.
    pub may_roll_back: bool,
    pub id: i64,
    /// The current version.
    pub version: i64,
    pub pager: Pager,
}

/// One version of a text and what it changed against the one before.
#[derive(Debug, Clone, Serialize)]
pub struct Revision {
    /// 1 is the first text.
    pub number: i64,
    pub by: Author,
    pub at: i64,
    /// May be empty.
    pub reason: String,
    /// Title before and after, when it changed.
    pub title: Option<(String, String)>,
    /// Tags taken away and added, when they changed.
    pub tags: Option<(Vec<String>, Vec<String>)>,
    /// Space before and after, when the question was moved.
    pub space: Option<(SpaceName, SpaceName)>,
    /// Changed lines with some around them; the first revision shows its text as added lines.
    pub diff: Vec<DiffLine>,
}

/// One line of a diff.
#[derive(Debug, Clone, Serialize)]
pub struct DiffLine {
    pub mark: DiffMark,
    /// The line in pieces; an empty list for an empty line or a gap.
    pub pieces: Vec<DiffPiece>,
}

impl DiffLine {
    /// The changed lines with three unchanged ones around them.
    pub fn between(old: &str, new: &str) -> Vec<DiffLine> {
        const AROUND: usize = 3;
        let lines = text::diff(old, new);
        let near = |index: usize| {
            let from = index.saturating_sub(AROUND);
            lines.iter().skip(from).take(index - from + AROUND + 1).any(|line| line.change != Change::Same)
        };
        let mut shown: Vec<DiffLine> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            if near(index) {
                let mark = match line.change {
                    Change::Same => DiffMark::Same,
                    Change::Removed => DiffMark::Removed,
                    Change::Added => DiffMark::Added,
                };
                let pieces = line
                    .parts
                    .iter()
                    .map(|part| DiffPiece { text: part.text.clone(), changed: part.changed })
                    .collect();
                shown.push(DiffLine { mark, pieces });
            } else if shown.last().is_none_or(|last| last.mark != DiffMark::Gap) {
                shown.push(DiffLine { mark: DiffMark::Gap, pieces: Vec::new() });
            }
        }
        shown
    }

    /// A first version's lines: nothing was there to be changed.
    pub fn whole(body: &str) -> Vec<DiffLine> {
        let piece = |line: &str| DiffPiece { text: line.to_owned(), changed: false };
        body.lines().map(|line| DiffLine { mark: DiffMark::Same, pieces: vec![piece(line)] }).collect()
    }
}

/// Tags taken away and added.
pub fn changed_tags(old: &[String], new: &[String]) -> (Vec<String>, Vec<String>) {
    let missing = |from: &[String], other: &[String]| {
        from.iter().filter(|tag| !other.contains(tag)).cloned().collect::<Vec<_>>()
    };
    (missing(old, new), missing(new, old))
}

/// What a diff line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DiffMark {
    Same,
    Added,
    Removed,
    /// Unchanged lines left out.
    Gap,
}

/// A part of a line.
#[derive(Debug, Clone, Serialize)]
pub struct DiffPiece {
    pub text: String,
    /// True for the very words that differ.
    pub changed: bool,
}

impl Default for TextLimits {
    fn default() -> Self {
        Self {
            title_min: 10,
            title_max: 200,
            body_min: 20,
            body_max: 60_000,
            comment_max: 3_000,
            tags_max: 5,
        }
    }
}

impl Page for AskPage {
    const TEMPLATE: &'static str = "questions/ask.html";

    fn title(&self) -> Title<'_> {
        Title::words("ask-title")
    }
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "questions/edit.html";

    fn title(&self) -> Title<'_> {
        Title::around("edit-title", &self.question_title)
    }
}

impl Page for RevisionsPage {
    const TEMPLATE: &'static str = "questions/revisions.html";

    fn title(&self) -> Title<'_> {
        Title::around("revisions-title", &self.question_title)
    }
}
