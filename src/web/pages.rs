//! Pages that belong to no feature, and the parts that pages of all features share.
//!
//! View structs hold what a template shows, nothing more; handlers fill them. Times are UTC microseconds, texts
//! are plain unless their type is [`crate::text::SafeHtml`], URLs are paths of this site.

use std::collections::BTreeMap;

use serde::Serialize;

use super::render::{Page, Title};
use super::shell::Role;

#[cfg(test)]
mod samples;

/// What is wrong with a form, field by field: the field's name as posted, and a sentence for the person.
/// The field `""` stands for the form as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldErrors {
    /// In the order they were found, for the summary above a form.
    list: Vec<(String, String)>,
    /// The same by field, for the line under it.
    fields: BTreeMap<String, String>,
}

impl FieldErrors {
    /// Notes what is wrong with a field; the first word about a field stands.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        if !self.fields.contains_key(field) {
            let message = message.into();
            self.list.push((field.to_owned(), message.clone()));
            self.fields.insert(field.to_owned(), message);
        }
    }

    /// Puts a field's name before its words in the summary, where nothing else says which field is meant.
    pub fn name(&mut self, field: &str, name: &str) {
        for (_, message) in self.list.iter_mut().filter(|(known, _)| known == field) {
            *message = format!("{name}: {message}");
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// A link with its words.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    pub href: String,
    pub text: String,
}

/// The two ends of a keyset list; `None` where the list ends. Full URLs, filters included.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Pager {
    /// Towards the start of the list.
    pub newer: Option<String>,
    /// Towards the end of the list.
    pub older: Option<String>,
}

/// A person as named beside what they did.
#[derive(Debug, Clone, Serialize)]
pub struct Author {
    /// The member's id; `None` for a name alone (imported without an account, or a forgotten account).
    pub id: Option<i64>,
    /// The shown name, in any script.
    pub name: String,
    /// One or two letters, see [`super::shell::initials`].
    pub initials: String,
    /// The member's role; `customer` is not marked.
    pub role: Role,
}

/// Something went wrong between us and a visitor. Also the page for 403 and 404.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// HTTP status code, 400 to 599.
    pub status: u16,
    /// One line that names the problem.
    pub heading: String,
    /// What happened, a sentence or two.
    pub what: String,
    /// What was kept of the visitor's work; `None` when there was nothing to keep.
    pub kept: Option<String>,
    /// What to do next.
    pub next: String,
    /// Where to go from here.
    pub recovery: Option<Link>,
    /// Names this request in the log.
    pub request_id: String,
}

/// A form that could not be saved, with every word typed into it.
#[derive(Debug, Clone, Serialize)]
pub struct TypedTextPage {
    pub status: u16,
    /// One line that names the problem.
    pub heading: String,
    /// Why it was not saved.
    pub what: String,
    /// What to do next.
    pub next: String,
    /// The fields with text, in the order of the form; passwords and tokens are never among them.
    pub fields: Vec<TypedField>,
    /// Path the form is posted to once more by "Try again"; `None` when trying again can't help.
    pub action: Option<String>,
    pub recovery: Option<Link>,
    pub request_id: String,
}

/// One field of a form that could not be saved.
#[derive(Debug, Clone, Serialize)]
pub struct TypedField {
    /// The field's name as posted.
    pub name: String,
    /// The field's name for people.
    pub label: String,
    /// What was typed.
    pub value: String,
}

/// Asks once more before an act that can't be undone.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmPage {
    /// The question, such as "Revoke every invitation?".
    pub heading: String,
    /// What will happen, and what will not.
    pub what: String,
    /// Path the answer "yes" is posted to.
    pub action: String,
    /// Fields posted along, unseen.
    pub fields: Vec<TypedField>,
    /// Words on the button that does it.
    pub yes: String,
    /// Where "no" leads.
    pub back: Link,
}

/// What this place is, readable without signing in. Holds nothing of the community.
#[derive(Debug, Clone, Serialize)]
pub struct AboutPage {
    /// Version of the program, such as `0.1.0`.
    pub version: String,
    /// Whom to write to, an e-mail address; `None` when the administrator gave none.
    pub contact: Option<String>,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "web/error.html";

    fn title(&self) -> Title<'_> {
        Title::around("title-text", &self.heading)
    }
}

impl Page for TypedTextPage {
    const TEMPLATE: &'static str = "web/typed_text.html";

    fn title(&self) -> Title<'_> {
        Title::around("title-text", &self.heading)
    }
}

impl Page for ConfirmPage {
    const TEMPLATE: &'static str = "web/confirm.html";

    fn title(&self) -> Title<'_> {
        Title::around("title-text", &self.heading)
    }
}

impl Page for AboutPage {
    const TEMPLATE: &'static str = "web/about.html";

    fn title(&self) -> Title<'_> {
        Title::words("about-title")
    }
}
