//! What the pages at the door show besides signing in: a forgotten password, a new address, asking to join.

use serde::Serialize;

use crate::web::pages::FieldErrors;
use crate::web::render::{Page, Title};

/// `GET /reset/new`. Posts `email` there.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ForgottenPage {
    /// The address as typed.
    pub email: String,
    /// Whether it was asked: then the page says to look into the mailbox, whoever has the address.
    pub asked: bool,
    pub errors: FieldErrors,
}

/// `GET /reset/{token}`. Posts `password` there.
#[derive(Debug, Clone, Serialize)]
pub struct ResetPage {
    pub token: String,
    /// Whose password it is.
    pub name: String,
    /// Fewest characters of a password.
    pub password_min: u32,
    pub errors: FieldErrors,
}

/// `GET /confirm/{token}`: a new address. Posts there.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmPage {
    pub token: String,
    /// The new address.
    pub email: String,
}

/// `GET /request`. Posts `name`, `email`, `organisation`, `message`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RequestPage {
    /// Whether visitors may ask at all.
    pub open: bool,
    /// Whether they did.
    pub asked: bool,
    pub name: String,
    pub email: String,
    pub organisation: String,
    pub message: String,
    pub errors: FieldErrors,
}

impl Page for ForgottenPage {
    const TEMPLATE: &'static str = "accounts/forgotten.html";
    fn title(&self) -> Title<'_> {
        Title::words("forgotten-title")
    }
}

impl Page for ResetPage {
    const TEMPLATE: &'static str = "accounts/reset.html";
    fn title(&self) -> Title<'_> {
        Title::words("reset-title")
    }
}

impl Page for ConfirmPage {
    const TEMPLATE: &'static str = "accounts/confirm.html";
    fn title(&self) -> Title<'_> {
        Title::words("confirm-title")
    }
}

impl Page for RequestPage {
    const TEMPLATE: &'static str = "accounts/request.html";
    fn title(&self) -> Title<'_> {
        Title::words("request-title")
    }
}
