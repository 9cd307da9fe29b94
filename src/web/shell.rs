//! The shell: what stands around every page, whoever looks at it.
//!
//! Handlers fill one [`Shell`] per request; templates read it as `shell`. It promises to be complete: a
//! template never asks the session, the clock or the database. Nothing of a shell may enter a cached
//! thread fragment: fragments are components, and components do not see it.

use serde::Serialize;

pub use super::viewer::Role;

/// Everything the frame of a page shows.
#[derive(Debug, Clone, Serialize)]
pub struct Shell {
    /// The name given to this place by its administrator, plain text.
    pub site_name: String,
    /// The member who looks; `None` for a visitor, who sees no navigation at all.
    pub viewer: Option<ShellViewer>,
    /// The session's token for forms. Never empty on a page that has a form: visitors have one too.
    pub csrf: String,
    /// Path of this page without its query, such as `/questions/12/a-slug`.
    pub path: String,
    /// Where in the navigation that is.
    pub place: Place,
    /// Messages to be shown once, oldest first.
    pub flashes: Vec<Flash>,
    /// BCP 47 tag of the interface language, such as `en`.
    pub locale: String,
    /// When the page is made, in UTC microseconds.
    pub now: i64,
    /// Set where a page is made to be kept: what stands for the viewer's own. Never shown to anybody.
    pub holes: Option<ShellHoles>,
}

/// Marks of what is filled in for each answer.
#[derive(Debug, Clone, Serialize)]
pub struct ShellHoles {
    /// The way around the place.
    pub top: String,
    /// Messages.
    pub flashes: String,
    /// The viewer's id.
    pub member: String,
}

/// A place of the navigation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Lists of questions, and threads.
    Questions,
    Tags,
    People,
    Search,
    Inbox,
    /// What needs a guru.
    Needs,
    Admin,
    /// None of them.
    #[default]
    Elsewhere,
}

impl Place {
    /// The place that a path belongs to.
    #[must_use]
    pub fn of(path: &str) -> Place {
        match path {
            "/" => Place::Questions,
            "/tags" => Place::Tags,
            "/search" => Place::Search,
            "/inbox" => Place::Inbox,
            "/needs-you" | "/guru" => Place::Needs,
            path if path.starts_with("/questions") => Place::Questions,
            path if path.starts_with("/people") => Place::People,
            path if path.starts_with("/admin") => Place::Admin,
            _ => Place::Elsewhere,
        }
    }
}

/// The member who looks at the page.
#[derive(Debug, Clone, Serialize)]
pub struct ShellViewer {
    pub id: i64,
    pub name: String,
    pub role: Role,
    /// One or two letters; see [`initials`].
    pub initials: String,
    /// Reputation points, possibly negative.
    pub reputation: i64,
    /// Notices not read.
    pub unread: i64,
    /// Whether they are a guru in some tag.
    pub guru: bool,
}

/// A message shown once, after an act.
#[derive(Debug, Clone, Serialize)]
pub struct Flash {
    pub kind: FlashKind,
    /// Plain text, already in the viewer's language.
    pub text: String,
    /// One act that belongs to the message, such as undoing what was just done.
    pub act: Option<FlashAct>,
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FlashKind {
    /// Something was done.
    Done,
    /// Something to know.
    Note,
    /// Something was not done.
    Problem,
}

/// A button inside a flash message: a POST to `action` without further fields.
#[derive(Debug, Clone, Serialize)]
pub struct FlashAct {
    /// Words on the button, in the viewer's language.
    pub label: String,
    /// A path of this site, such as `/posts/12/undelete`.
    pub action: String,
}

/// The first letters of the first and the last word of a name, at most two, upper-cased where the script
/// has cases; a question mark for a name without letters or digits.
#[must_use]
pub fn initials(name: &str) -> String {
    let letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let mut letters = name.split_whitespace().filter_map(letter);
    let first = letters.next();
    let last = letters.next_back();
    let both: String = first.into_iter().chain(last).flat_map(char::to_uppercase).take(2).collect();
    if both.is_empty() { "?".to_owned() } else { both }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_taken_from_the_first_and_the_last_word() {
        assert_eq!(initials("Mara del Valle"), "MV");
        assert_eq!(initials("  ada "), "A");
        assert_eq!(initials("山田 太郎"), "山太");
        assert_eq!(initials("«…»"), "?");
    }
}
