//! What the pages about people and their accounts show: coming in, settings, people.
//!
//! Times are UTC microseconds, texts are plain, URLs are paths of this site. Passwords are never part of a
//! page: a form that comes back is filled with everything else.

use serde::Serialize;

use crate::web::pages::{Author, FieldErrors, Link, Pager};
use crate::web::render::{Page, Title};

mod appoint;
mod door;
#[cfg(test)]
mod samples;
mod standing;

pub use appoint::AppointForm;
pub use door::{ConfirmPage, ForgottenPage, RequestPage, ResetPage};
pub use standing::{BadgeChip, BadgeElsewhere, Graph, GraphStep, Helped, TagStanding};

/// `GET /sign-in`. Posts `email`, `password`, `next`, `csrf` to `/sign-in`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignInPage {
    /// The address as typed.
    pub email: String,
    /// Path to return to after signing in; empty for the start page. Checked by the handler, not here.
    pub next: String,
    /// Why signing in did not work, one sentence that is the same whether or not the account exists.
    pub problem: Option<String>,
}

/// `GET /setup/{token}`: the first administrator. Posts `name`, `email`, `password`, `site_name`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SetUpPage {
    /// The secret of the link, part of the form's address.
    pub token: String,
    pub name: String,
    pub email: String,
    pub site_name: String,
    /// Fewest characters of a password.
    pub password_min: u32,
    pub errors: FieldErrors,
}

/// `GET /join/{token}`: redeeming an invitation. Posts `name`, `email`, `handle`, `password`.
#[derive(Debug, Clone, Serialize)]
pub struct JoinPage {
    pub token: String,
    /// Set when the invitation gives a member who has none an address and a password; `name` and `handle` are not asked then.
    pub claim: Option<Claim>,
    /// Who sent the invitation; `None` when it was made on the command line.
    pub invited_by: Option<String>,
    /// The space the invitation opens, by name.
    pub space: Option<String>,
    pub name: String,
    pub email: String,
    /// True when the invitation is for this address only; the field is shown but can't be changed.
    pub email_fixed: bool,
    /// As typed, without `@`; may be empty.
    pub handle: String,
    /// Fewest characters of a password.
    pub password_min: u32,
    pub errors: FieldErrors,
}

/// The member without a password that an invitation hands over.
#[derive(Debug, Clone, Serialize)]
pub struct Claim {
    /// The shown name.
    pub name: String,
    /// Where they were imported from, such as `thunderbird-2023`; `None` for a member made by command.
    pub source: Option<String>,
}

/// `GET /settings`. Five forms, each posting to its own path; one that fails comes back on this page with its errors.
#[derive(Debug, Clone, Serialize)]
pub struct SettingsPage {
    pub profile: ProfileForm,
    pub address: AddressForm,
    pub password: PasswordForm,
    /// All open sessions, the current one first.
    pub sessions: Vec<SessionRow>,
    pub tokens: Vec<TokenRow>,
    pub token_form: TokenForm,
}

/// Posts `name`, `handle`, `about`, `locale`, `time_zone` to `/settings/profile`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ProfileForm {
    pub name: String,
    /// Without `@`; may be empty.
    pub handle: String,
    /// Shown, not editable here.
    pub email: Option<String>,
    /// Plain text, some paragraphs.
    pub about: String,
    /// BCP 47 tag.
    pub locale: String,
    /// Languages to choose from: tag, name in its own language.
    pub locales: Vec<(String, String)>,
    /// IANA name, such as `Europe/Vienna`; empty for UTC.
    pub time_zone: String,
    pub errors: FieldErrors,
}

/// Posts `email`, `current_password` to `/settings/email`: a link goes to the new address.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AddressForm {
    /// The new address as typed.
    pub email: String,
    pub errors: FieldErrors,
}

/// Posts `current_password`, `new_password` to `/settings/password`. Changing it ends all other sessions.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PasswordForm {
    /// Fewest characters of a password.
    pub password_min: u32,
    pub errors: FieldErrors,
}

/// One open session. `POST /settings/sessions/revoke` with `session` = its id, or `session=others`.
#[derive(Debug, Clone, Serialize)]
pub struct SessionRow {
    pub id: i64,
    /// Browser and system in few words, such as "Firefox on Linux".
    pub device: String,
    pub signed_in_at: i64,
    pub seen_at: i64,
    pub current: bool,
}

/// One API token. `POST /settings/tokens/{id}/revoke`.
#[derive(Debug, Clone, Serialize)]
pub struct TokenRow {
    pub id: i64,
    pub name: String,
    pub created_at: i64,
}

/// Posts `name` to `/settings/tokens`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TokenForm {
    pub name: String,
    /// The token just made, shown this one time.
    pub made: Option<String>,
    pub errors: FieldErrors,
}

/// `GET /people?q=…`.
#[derive(Debug, Clone, Serialize)]
pub struct PeoplePage {
    /// What was searched for, as typed.
    pub query: String,
    pub people: Vec<PersonCard>,
    pub pager: Pager,
}

/// One person in a list.
#[derive(Debug, Clone, Serialize)]
pub struct PersonCard {
    pub person: Author,
    /// Without `@`.
    pub handle: Option<String>,
    pub organisation: Option<String>,
    pub reputation: i64,
    pub questions: i64,
    pub answers: i64,
}

/// `GET /people/{id}`. Counts and posts are within the viewer's scope.
#[derive(Debug, Clone, Serialize)]
pub struct PersonPage {
    pub person: Author,
    /// Without `@`.
    pub handle: Option<String>,
    pub organisation: Option<String>,
    /// Plain text, paragraphs separated by empty lines.
    pub about: String,
    pub joined_at: i64,
    pub reputation: i64,
    pub questions: i64,
    pub answers: i64,
    /// Answers that were accepted.
    pub accepted: i64,
    /// Answers that staff endorsed.
    pub endorsed: i64,
    /// Approved edits that brought points.
    pub edits: i64,
    /// Different people who accepted an answer.
    pub helped: i64,
    /// None where nothing brought points yet.
    pub graph: Option<Graph>,
    /// Standing in the tags they know best.
    pub tags: Vec<TagStanding>,
    /// What the list is narrowed to, such as `accepted`; `all` for the latest posts.
    pub show: String,
    /// Whether the list is narrowed in any way.
    pub narrowed: bool,
    /// Set where people are listed in place of posts.
    pub helped_people: Option<Helped>,
    /// Latest posts, newest first, at most some twenty.
    pub posts: Vec<PersonPost>,
    pub older_posts: Option<String>,
    /// Set for an imported member whom nobody has claimed yet.
    pub imported: Option<Imported>,
    /// Set while the member is suspended.
    pub suspension: Option<Suspension>,
    /// Set when the viewer may suspend this person; posts `reason`, `until` to `/people/{id}/suspend`.
    pub suspend_form: Option<SuspendForm>,
    /// True when the viewer may end the suspension by `POST /people/{id}/unsuspend`.
    pub may_unsuspend: bool,
    /// True when this is the viewer.
    pub is_viewer: bool,
    /// Tags where they are a guru, as far as the viewer may know of them.
    pub guru_in: Vec<String>,
    /// Earned here.
    pub badges: Vec<BadgeChip>,
    /// Awarded where they were imported from, which is `source`.
    pub badges_elsewhere: Vec<BadgeElsewhere>,
    pub source: Option<String>,
    /// Set when the viewer may make them a guru.
    pub appoint_form: Option<AppointForm>,
    /// Whether the viewer may see how far the person is: themself, and moderators.
    pub sees_privileges: bool,
}

/// A post in a person's list.
#[derive(Debug, Clone, Serialize)]
pub struct PersonPost {
    pub kind: PostedKind,
    /// Title of the question.
    pub title: String,
    /// Path with the anchor of the post.
    pub url: String,
    pub score: i64,
    pub at: i64,
    /// An accepted answer, or a question with an accepted answer.
    pub solved: bool,
}

/// Kinds of posts in a person's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PostedKind {
    Question,
    Answer,
}

/// Where an unclaimed member comes from.
#[derive(Debug, Clone, Serialize)]
pub struct Imported {
    pub source: String,
    /// Set for administrators: posts to `/admin/invitations` with `claim` = the member's id.
    pub may_invite: bool,
}

/// A suspension in force.
#[derive(Debug, Clone, Serialize)]
pub struct Suspension {
    pub reason: String,
    pub by: String,
    pub since: i64,
    /// `None` until somebody ends it.
    pub until: Option<i64>,
}

/// The moderator's form; `until` is a date, `YYYY-MM-DD`, the end of that day in UTC; empty for no end.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SuspendForm {
    pub reason: String,
    pub until: String,
    pub errors: FieldErrors,
}

/// A link that no longer opens anything: used up, expired, revoked or mistyped. The same words for all, status 404.
#[derive(Debug, Clone, Serialize)]
pub struct DeadLinkPage {
    /// Where to go instead.
    pub recovery: Link,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "accounts/sign_in.html";

    fn title(&self) -> Title<'_> {
        Title::words("sign-in-title")
    }
}

impl Page for SetUpPage {
    const TEMPLATE: &'static str = "accounts/set_up.html";

    fn title(&self) -> Title<'_> {
        Title::words("set-up-title")
    }
}

impl Page for JoinPage {
    const TEMPLATE: &'static str = "accounts/join.html";

    fn title(&self) -> Title<'_> {
        Title::words("join-title")
    }
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "accounts/settings.html";

    fn title(&self) -> Title<'_> {
        Title::words("settings-title")
    }
}

impl Page for PeoplePage {
    const TEMPLATE: &'static str = "accounts/people.html";

    fn title(&self) -> Title<'_> {
        Title::words("people-title")
    }
}

impl Page for PersonPage {
    const TEMPLATE: &'static str = "accounts/person.html";

    fn title(&self) -> Title<'_> {
        Title::around("title-text", &self.person.name)
    }
}

impl Page for DeadLinkPage {
    const TEMPLATE: &'static str = "accounts/dead_link.html";

    fn title(&self) -> Title<'_> {
        Title::words("dead-link-title")
    }
}
