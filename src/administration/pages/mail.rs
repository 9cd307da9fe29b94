//! What the pages about e-mail and about those who want to join show.

use serde::Serialize;

use crate::mail::outbox::Listed;
use crate::notifications::incoming::Kept;
use crate::web::pages::Pager;
use crate::web::render::{Page, Title};

/// `GET /admin/mail`.
#[derive(Debug, Clone, Serialize)]
pub struct MailPage {
    /// Whether there is a server to hand e-mails to.
    pub sends: bool,
    /// The place's own address.
    pub address: String,
    /// The state that is shown; empty for all.
    pub state: String,
    /// States with how many there are.
    pub counts: Vec<(String, i64)>,
    pub mails: Vec<MailRow>,
    /// Address, what was said, since when.
    pub suppressed: Vec<(String, String, i64)>,
    pub pager: Pager,
}

/// One e-mail.
#[derive(Debug, Clone, Serialize)]
pub struct MailRow {
    pub id: i64,
    pub to: String,
    pub subject: String,
    pub state: String,
    pub attempts: i64,
    pub created_at: i64,
    /// When it is tried next; for those that wait.
    pub due_at: Option<i64>,
    /// What the server said last, or why it is over.
    pub problem: Option<String>,
    /// Whether its text is still there.
    pub readable: bool,
}

/// `GET /admin/mail/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct OneMailPage {
    pub mail: MailRow,
    /// The text part; empty once wiped.
    pub text: String,
}

/// A row of the outbox as it is shown.
pub fn mail(row: Listed) -> MailRow {
    MailRow {
        id: row.id,
        to: row.recipient,
        subject: row.subject,
        due_at: (row.state == "waiting").then_some(row.due_at),
        state: row.state,
        attempts: row.attempts,
        created_at: row.created_at,
        problem: row.problem,
        readable: !row.body_text.is_empty(),
    }
}

/// `GET /mail/received`.
#[derive(Debug, Clone, Serialize)]
pub struct ReceivedPage {
    pub mails: Vec<ReceivedRow>,
}

/// One e-mail that waits for staff.
#[derive(Debug, Clone, Serialize)]
pub struct ReceivedRow {
    pub id: i64,
    pub sender: String,
    pub recipient: String,
    pub subject: String,
    pub reason: String,
    pub text: String,
    pub received_at: i64,
}

impl From<Kept> for ReceivedRow {
    fn from(kept: Kept) -> ReceivedRow {
        ReceivedRow {
            id: kept.id,
            sender: kept.sender,
            recipient: kept.recipient,
            subject: kept.subject,
            reason: kept.reason,
            text: kept.text,
            received_at: kept.received_at,
        }
    }
}

/// `GET /admin/requests`.
#[derive(Debug, Clone, Serialize)]
pub struct RequestsPage {
    /// Whether visitors may ask.
    pub open: bool,
    pub requests: Vec<RequestRow>,
}

/// Somebody who wants to join. Posts `decision` to `/admin/requests/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct RequestRow {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub organisation: String,
    pub message: String,
    pub asked_at: i64,
}

impl Page for MailPage {
    const TEMPLATE: &'static str = "administration/mail.html";
    fn title(&self) -> Title<'_> {
        Title::words("admin-mail")
    }
}

impl Page for OneMailPage {
    const TEMPLATE: &'static str = "administration/one_mail.html";
    fn title(&self) -> Title<'_> {
        Title::words("admin-mail")
    }
}

impl Page for ReceivedPage {
    const TEMPLATE: &'static str = "administration/received.html";
    fn title(&self) -> Title<'_> {
        Title::words("received-title")
    }
}

impl Page for RequestsPage {
    const TEMPLATE: &'static str = "administration/requests.html";
    fn title(&self) -> Title<'_> {
        Title::words("admin-requests")
    }
}
