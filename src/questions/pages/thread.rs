//! The question page: a thread that is the same for every reader of its space, and one viewer's slots in it.
//!
//! [`Thread`], [`Post`] and [`Comment`] become fragments (components `thread_head`, `post_head`, `post_comment` …): nothing
//! in them depends on the viewer. [`Mine`], [`MyPost`] and [`MyComment`] become slots (`slot_…`): small, never cached.

use serde::Serialize;

use super::{PostKind, SpaceName, State};
use crate::text::SafeHtml;
use crate::web::pages::{Author, FieldErrors, Link};
use crate::web::render::{Page, Title};

/// `GET /questions/{id}/{slug}`.
#[derive(Debug, Clone, Serialize)]
pub struct ThreadPage {
    pub thread: Thread,
    /// The viewer's relation to the question as a whole.
    pub mine: Mine,
    /// What may be done about answering.
    pub answer_form: AnswerForm,
}

/// What every reader of the space sees of a question. Changes when `thread_version` does.
#[derive(Debug, Clone, Serialize)]
pub struct Thread {
    pub id: i64,
    /// Canonical path, `/questions/{id}/{slug}`.
    pub url: String,
    pub title: String,
    pub space: SpaceName,
    pub tags: Vec<String>,
    /// What was given for the space's own fields: label and value.
    pub fields: Vec<(String, String)>,
    pub state: State,
    /// Set when the question is closed.
    pub closing: Option<Closing>,
    /// Who acts next; `None` when solved or closed.
    pub next_step: Option<NextStep>,
    /// The official statement on top, where there is one.
    pub notice: Option<Notice>,
    pub affected: Affected,
    pub followers: i64,
    pub views: i64,
    /// Stands for the views in a page that is kept.
    pub views_hole: Option<String>,
    pub created_at: i64,
    pub last_activity_at: i64,
    pub question: Question,
    /// Id of the answer that solved it: the accepted one, else the first endorsed one.
    pub solution_id: Option<i64>,
    /// In the order of product.md: accepted, endorsed, score, Wilson bound, oldest.
    pub answers: Vec<Answer>,
    /// Duplicates of this one and related questions, within the space's scope.
    pub links: Vec<LinkedQuestion>,
}

/// The asker's post and the viewer's slot for it.
#[derive(Debug, Clone, Serialize)]
pub struct Question {
    pub post: Post,
    pub mine: MyPost,
}

/// One answer and the viewer's slot for it.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    pub post: Post,
    pub mine: MyPost,
}

/// A question's or an answer's own text with its comments.
#[derive(Debug, Clone, Serialize)]
pub struct Post {
    pub id: i64,
    /// Question or answer.
    pub kind: PostKind,
    pub author: Author,
    /// The author is a guru in one of the thread's tags.
    pub guru: bool,
    pub created_at: i64,
    pub html: SafeHtml,
    /// BCP 47 tag of the text's language where it is known, for screen readers and the choice of letters.
    pub language: Option<String>,
    /// Up minus down, tallies of an import included.
    pub score: i64,
    /// Set when the text was changed after it was written.
    pub edited: Option<Edited>,
    /// Set on the accepted answer: by whom (the asker) and when.
    pub accepted: Option<Mark>,
    /// Set when staff confirmed the answer.
    pub endorsed: Option<Mark>,
    /// Set for imported posts.
    pub origin: Option<Origin>,
    /// Set for a deleted post, which only its author and moderators are given.
    pub deleted: Option<Deleted>,
    /// Oldest first.
    pub comments: Vec<Comment>,
}

/// A comment under a post.
#[derive(Debug, Clone, Serialize)]
pub struct Comment {
    pub id: i64,
    pub author: Author,
    /// As of a post.
    pub guru: bool,
    pub created_at: i64,
    pub html: SafeHtml,
    pub edited: Option<Edited>,
    /// Set for a deleted comment, which only its author and moderators are given.
    pub deleted: Option<Deleted>,
}

/// The last change of a text.
#[derive(Debug, Clone, Serialize)]
pub struct Edited {
    pub at: i64,
    /// `None` when the author changed it.
    pub by: Option<Author>,
}

/// Who set a mark, and when.
#[derive(Debug, Clone, Serialize)]
pub struct Mark {
    pub by: Author,
    pub at: i64,
}

/// Where an imported post was written.
#[derive(Debug, Clone, Serialize)]
pub struct Origin {
    /// Name of the source, such as `thunderbird-2023`.
    pub source: String,
}

/// Who took a post away, when, and how.
#[derive(Debug, Clone, Serialize)]
pub struct Deleted {
    pub at: i64,
    pub by: Author,
    /// As spam or abuse.
    pub marked: bool,
}

/// Why a question takes no more answers.
#[derive(Debug, Clone, Serialize)]
pub struct Closing {
    /// A sentence in the closer's words or from the list of reasons; may be empty for imported ones.
    pub reason: String,
    /// The question this one is a duplicate of.
    pub duplicate_of: Option<Link>,
    /// `None` for imported ones.
    pub by: Option<Author>,
    pub at: Option<i64>,
}

/// Who acts next.
#[derive(Debug, Clone, Serialize)]
pub struct NextStep {
    pub who: WaitingFor,
    /// Who is on it, or who handed it over to staff.
    pub by: Option<Author>,
    /// Since when; `None` when nothing is planned.
    pub since: Option<i64>,
    /// By when, where a policy or a claim says so.
    pub due_at: Option<i64>,
}

/// On whom a question waits. Words for it: `next-step-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WaitingFor {
    Peers,
    Gurus,
    Asker,
    Staff,
    Moderator,
    None,
}

/// A dated official statement on top of a thread.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    pub html: SafeHtml,
    pub by: Author,
    pub at: i64,
    /// When the next word is promised.
    pub next_update_at: Option<i64>,
}

/// "I have this too."
#[derive(Debug, Clone, Default, Serialize)]
pub struct Affected {
    /// Members, the asker not among them.
    pub people: i64,
    pub organisations: i64,
    /// Counted where the thread was imported from; no person behind it.
    pub imported: i64,
}

/// A question that belongs to this one.
#[derive(Debug, Clone, Serialize)]
pub struct LinkedQuestion {
    pub url: String,
    pub title: String,
    pub state: State,
    /// True when it was closed as a duplicate of this one.
    pub duplicate: bool,
}

/// The viewer's relation to a question.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Mine {
    pub following: bool,
    pub affected: bool,
    /// False for the asker, who has it anyway.
    pub may_be_affected: bool,
    /// Posts `reason`, `duplicate_of` (a question's id or URL, may be empty) to `/questions/{id}/close`.
    pub may_close: bool,
    /// Posts to `/questions/{id}/reopen`.
    pub may_reopen: bool,
    /// Posts to `/questions/{id}/claim`.
    pub may_claim: bool,
    /// Posts to `/questions/{id}/release`.
    pub may_release: bool,
    /// May give it to staff, from `/questions/{id}/hand-over`.
    pub may_hand_over: bool,
    /// May read `/questions/{id}/candidates`.
    pub may_see_candidates: bool,
    /// Stands for what a moderator may do, in a page that is kept.
    pub hole: Option<String>,
}

/// What the viewer did and may do with a post. Everything false: a reader.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MyPost {
    /// The viewer's vote: −1, 0 or 1.
    pub vote: i64,
    /// False on one's own posts, and while suspended.
    pub may_vote: bool,
    /// The viewer wrote it.
    pub own: bool,
    /// The asker may choose this answer.
    pub may_accept: bool,
    /// The asker may take the choice back.
    pub may_unaccept: bool,
    pub may_edit: bool,
    /// Where not, an edit is suggested, or saved by who has earned that: the form says which.
    pub may_suggest: bool,
    /// Suggested edits that wait, for the author and moderators.
    pub suggestions: i64,
    pub may_delete: bool,
    pub may_undelete: bool,
    /// Posts to `/posts/{id}/endorse`.
    pub may_endorse: bool,
    /// Posts to `/posts/{id}/unendorse`.
    pub may_unendorse: bool,
    /// Posts `why`, `spam` or `abuse`, to `/posts/{id}/remove`.
    pub may_remove: bool,
    /// What that costs its author, for those who may.
    pub removal_cost: i64,
    pub may_comment: bool,
    /// A comment that was refused, given back with what is wrong.
    pub comment_form: CommentForm,
    /// The viewer's rights on the post's comments, in the same order; those missing are taken as none.
    pub comments: Vec<MyComment>,
    /// Stands for all this in a page that is kept.
    pub hole: Option<String>,
}

/// Rights on a comment.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MyComment {
    pub may_edit: bool,
    pub may_delete: bool,
    pub may_undelete: bool,
    /// Stands for all this in a page that is kept.
    pub hole: Option<String>,
}

/// Posts `body` to `/posts/{id}/comments`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CommentForm {
    pub body: String,
    pub errors: FieldErrors,
}

/// Posts `body` to `/questions/{id}/answers`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AnswerForm {
    /// Why the viewer can't answer (words: `answer-refused-…`); `None` shows the form.
    pub refused: Option<&'static str>,
    /// As typed, given back when something is wrong.
    pub body: String,
    pub errors: FieldErrors,
    /// The viewer asked this question: the form says to use it for a solution only.
    pub own_question: bool,
    /// Stands for the form in a page that is kept.
    pub hole: Option<String>,
    /// Stands for the line where answers would be, in a page that is kept.
    pub none_hole: Option<String>,
}

impl Page for ThreadPage {
    const TEMPLATE: &'static str = "questions/thread.html";

    fn title(&self) -> Title<'_> {
        Title::around("title-text", &self.thread.title)
    }
}
