//! The form on a person's page by which a moderator makes them a guru.

use serde::Serialize;

use crate::web::pages::FieldErrors;

/// Posts `tag`, `reason` to `/people/{id}/gurus`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AppointForm {
    pub tag: String,
    pub reason: String,
    pub errors: FieldErrors,
}
