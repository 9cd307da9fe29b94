//! Stand-in until the text module is merged.

use serde::Serialize;

/// HTML that went through the sanitiser.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// HTML read back from the store.
    #[must_use]
    pub fn from_stored(html: String) -> Self {
        Self(html)
    }
}
