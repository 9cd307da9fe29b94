//! The story as it is written down: who, what, and how long ago. See the head of `story/community.toml`.

use serde::{Deserialize, Deserializer};

use super::Wrong;
use crate::clock::{DAY, HOUR, MINUTE, Micros};
use crate::spaces::AskField;
use crate::web::Role;

/// All of it.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub community: Community,
    /// In the order of the files.
    pub questions: Vec<Question>,
}

/// The place and its people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Community {
    pub site_name: String,
    pub contact: String,
    #[serde(rename = "space")]
    pub spaces: Vec<Space>,
    #[serde(rename = "entitlement")]
    pub entitlements: Vec<Entitlement>,
    #[serde(rename = "person")]
    pub people: Vec<Person>,
    #[serde(rename = "guru")]
    pub gurus: Vec<Guru>,
}

/// Somebody is appointed, and says yes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Guru {
    pub person: String,
    pub tag: String,
    pub by: String,
    pub ago: Span,
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Space {
    pub key: String,
    pub name: String,
    pub description: String,
    pub product: Option<String>,
    #[serde(default)]
    pub fields: Vec<AskField>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entitlement {
    pub organisation: String,
    pub product: String,
    pub tier: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub key: String,
    pub name: String,
    pub email: String,
    #[serde(default = "customer")]
    pub role: Role,
    pub organisation: Option<String>,
    pub joined: Span,
    pub time_zone: String,
    pub about: String,
    /// Offered to whoever opens the demo.
    #[serde(default)]
    pub sign_in: bool,
    pub suspended: Option<Suspended>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Suspended {
    pub by: String,
    pub ago: Span,
    pub days: i64,
    pub reason: String,
}

/// The questions of one space.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Threads {
    #[serde(rename = "question")]
    questions: Vec<Question>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// By which others name it.
    pub key: Option<String>,
    /// Set by [`read`] from the file.
    #[serde(skip)]
    pub space: &'static str,
    pub ago: Span,
    pub by: String,
    pub title: String,
    pub tags: Vec<String>,
    pub body: String,
    /// Values of the space's own fields.
    #[serde(default)]
    pub fields: serde_json::Map<String, serde_json::Value>,
    /// How often others have read it.
    pub views: u32,
    #[serde(default)]
    pub up: Vec<String>,
    #[serde(default)]
    pub down: Vec<String>,
    #[serde(default)]
    pub follow: Vec<String>,
    #[serde(default)]
    pub affected: Vec<Affected>,
    #[serde(default, rename = "comment")]
    pub comments: Vec<Comment>,
    #[serde(default, rename = "answer")]
    pub answers: Vec<Answer>,
    #[serde(default, rename = "edit")]
    pub edits: Vec<Edit>,
    pub close: Option<Close>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    pub by: String,
    pub after: Span,
    pub body: String,
    #[serde(default)]
    pub up: Vec<String>,
    #[serde(default)]
    pub down: Vec<String>,
    /// When the asker accepted it.
    pub accepted: Option<Span>,
    /// By whom of staff, and when.
    pub endorsed: Option<Deed>,
    pub deleted: Option<Deed>,
    #[serde(default, rename = "comment")]
    pub comments: Vec<Comment>,
    #[serde(default, rename = "edit")]
    pub edits: Vec<Edit>,
    /// Edits by others that wait.
    #[serde(default, rename = "suggestion")]
    pub suggestions: Vec<Edit>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Comment {
    pub by: String,
    pub after: Span,
    pub body: String,
    pub deleted: Option<Deed>,
}

/// Who did something, and when.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deed {
    pub by: String,
    pub after: Span,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    pub by: String,
    pub after: Span,
    pub reason: String,
    pub title: Option<String>,
    pub tags: Option<Vec<String>>,
    pub body: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Affected {
    pub by: String,
    pub after: Span,
    pub version: Option<String>,
    pub platform: Option<String>,
    pub note: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Close {
    pub by: String,
    pub after: Span,
    pub reason: String,
    /// Another question's key.
    pub duplicate_of: String,
}

/// A length of time, written `41d6h`, `1h30m`, `50m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span(pub Micros);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        let text = String::deserialize(deserializer)?;
        span(&text)
            .map(Span)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no span such as 3d4h")))
    }
}

fn span(text: &str) -> Option<Micros> {
    text.split_inclusive(['d', 'h', 'm']).try_fold(0, |sum: Micros, part| {
        let one = match part.chars().next_back()? {
            'd' => DAY,
            'h' => HOUR,
            'm' => MINUTE,
            _ => return None,
        };
        let number: Micros = part[..part.len() - 1].parse().ok()?;
        number.checked_mul(one)?.checked_add(sum)
    })
}

fn customer() -> Role {
    Role::Customer
}

/// Reads the story that is built in.
pub(super) fn read() -> Result<Story, Wrong> {
    let community = parse("community.toml", include_str!("story/community.toml"))?;
    let mut questions = Vec::new();
    for (space, file, text) in [
        ("general", "general.toml", include_str!("story/general.toml")),
        ("link", "link.toml", include_str!("story/link.toml")),
        ("installers", "installers.toml", include_str!("story/installers.toml")),
    ] {
        let threads: Threads = parse(file, text)?;
        questions.extend(threads.questions.into_iter().map(|question| Question { space, ..question }));
    }
    Ok(Story { community, questions })
}

fn parse<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, Wrong> {
    toml::from_str(text).map_err(|error| Wrong::Unreadable { file, why: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::{DAY, HOUR, MINUTE, span};

    #[test]
    fn a_span_is_numbers_with_units() {
        assert_eq!(span("41d6h"), Some(41 * DAY + 6 * HOUR));
        assert_eq!(span("1h30m"), Some(HOUR + 30 * MINUTE));
        for wrong in ["5", "d", "5y", "5d3", "-1d6h-"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
