//! What the inbox, the notification settings and the unsubscribe page show.

#[cfg(test)]
mod samples;

use serde::Serialize;

use crate::web::pages::Pager;
use crate::web::render::{Page, Title};

/// `GET /inbox`: notices grouped by their thread, the newest first.
#[derive(Debug, Clone, Default, Serialize)]
pub struct InboxPage {
    /// Groups, by their newest notice.
    pub threads: Vec<InboxThread>,
    /// Whether only unread ones are shown.
    pub unread_only: bool,
    /// How many are not read.
    pub unread: i64,
    /// Suggested edits that the viewer decides about, up to a hundred.
    pub suggestions: i64,
    pub pager: Pager,
}

/// The notices of one thread, or those without one.
#[derive(Debug, Clone, Serialize)]
pub struct InboxThread {
    /// None for notices of no thread.
    pub question_id: Option<i64>,
    /// The question's title, or what the notice is about.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// Whether any of them is unread.
    pub unread: bool,
    pub items: Vec<InboxItem>,
}

/// One notice.
#[derive(Debug, Clone, Serialize)]
pub struct InboxItem {
    pub id: i64,
    /// Who did it, by name; None for nobody in particular.
    pub by: Option<String>,
    /// What happened: key of `notice-…`.
    pub what: String,
    /// Why the reader is told: key of `reason-…`.
    pub reason: String,
    /// The tag, space or search, by name; empty for none.
    pub subject: String,
    /// The beginning of what was written.
    pub text: String,
    pub url: String,
    pub read: bool,
    pub at: i64,
}

/// `GET /settings/notifications`.
#[derive(Debug, Clone, Serialize)]
pub struct NotificationsPage {
    /// One row per kind: posts `kind-KIND`.
    pub kinds: Vec<LevelRow>,
    /// Followed tags, spaces and threads: each posts its own name.
    pub tags: Vec<LevelRow>,
    pub spaces: Vec<LevelRow>,
    pub threads: Vec<LevelRow>,
    /// Spaces that are not followed yet: key and name.
    pub other_spaces: Vec<(String, String)>,
    /// `off`, `daily` or `weekly`.
    pub digest: String,
    /// Whether quiet hours are on, and as `22:00`.
    pub quiet: bool,
    pub quiet_from: String,
    pub quiet_until: String,
    /// IANA name of the member's time zone.
    pub time_zone: String,
    /// Whether there is an address to write to.
    pub has_email: bool,
    /// What could not be taken, in words.
    pub problem: Option<String>,
}

/// How one hears of something.
#[derive(Debug, Clone, Serialize)]
pub struct LevelRow {
    /// Name of the form field.
    pub field: String,
    /// Key of `kind-…` for kinds; else empty.
    pub kind: String,
    /// What it is, for what has a name of its own.
    pub name: String,
    /// Where it leads; empty for nowhere.
    pub url: String,
    /// The level now; empty: as of the kinds.
    pub level: String,
}

/// `GET /unsubscribe/{token}`; posts there.
#[derive(Debug, Clone, Serialize)]
pub struct UnsubscribePage {
    pub token: String,
    /// Key of `quieter-…`.
    pub what: String,
    /// The thread, tag, space or search by name; empty for none.
    pub name: String,
    /// Whether it is done.
    pub done: bool,
}

impl Page for InboxPage {
    const TEMPLATE: &'static str = "notifications/inbox.html";
    fn title(&self) -> Title<'_> {
        Title::words("inbox-title")
    }
}

impl Page for NotificationsPage {
    const TEMPLATE: &'static str = "notifications/settings.html";
    fn title(&self) -> Title<'_> {
        Title::words("notifications-title")
    }
}

impl Page for UnsubscribePage {
    const TEMPLATE: &'static str = "notifications/unsubscribe.html";
    fn title(&self) -> Title<'_> {
        Title::words("unsubscribe-title")
    }
}
