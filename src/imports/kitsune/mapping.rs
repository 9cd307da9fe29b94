//! What the fields of a support thread become in the hall. Pure.

use unic_langid::LanguageIdentifier;

use super::reader::{AnswerRow, QuestionRow};
use crate::clock::Micros;
use crate::imports::tags::{self, Fitted};

/// Who wrote something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Creator<'a> {
    /// A member of the source, by name: the name is the original id.
    Member(&'a str),
    /// A name that several people share after their addresses were struck out: shown, no member.
    Named(&'a str),
    /// Nobody is named.
    Unknown,
}

/// Reads a `creator`.
pub fn creator(name: Option<&str>) -> Creator<'_> {
    match name.map(str::trim) {
        None | Some("") => Creator::Unknown,
        Some(name) if name.contains("redacted@") => Creator::Named(name),
        Some(name) => Creator::Member(name),
    }
}

/// The tags of a question: its topic first, then its own.
pub fn tags(question: &QuestionRow) -> Fitted {
    tags::fit(question.topic.iter().chain(&question.tags).map(String::as_str))
}

/// The language of a thread as a canonical BCP 47 tag (`pt-BR`); `None` where the locale is absent or no such tag.
pub fn language(locale: Option<&str>) -> Option<String> {
    let language: LanguageIdentifier = locale?.trim().parse().ok()?;
    (!language.language.is_empty()).then(|| language.to_string())
}

/// People who said "I have this problem, too"; a figure below zero is none.
pub fn affected(question: &QuestionRow) -> i64 {
    question.num_votes.unwrap_or(0).max(0)
}

/// Votes on an answer that have no person: (up, down).
pub fn tally(answer: &AnswerRow) -> (i64, i64) {
    (answer.num_helpful.unwrap_or(0).max(0), answer.num_unhelpful.unwrap_or(0).max(0))
}

/// When something last changed: never before it was made, though the source's zones sometimes say so.
pub fn changed_at(created: Micros, updated: Option<Micros>) -> Micros {
    updated.map_or(created, |updated| updated.max(created))
}

/// When a text was edited, if it was.
pub fn edited_at(created: Micros, updated: Option<Micros>) -> Option<Micros> {
    updated.filter(|updated| *updated > created)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_creator_is_a_member_unless_the_name_was_struck_out() {
        for (name, expected) in [
            (Some("ann"), Creator::Member("ann")),
            (Some(" ann@home "), Creator::Member("ann@home")),
            (Some("redacted@example.invalid"), Creator::Named("redacted@example.invalid")),
            (Some("x redacted@gmail.com"), Creator::Named("x redacted@gmail.com")),
            (Some(" "), Creator::Unknown),
            (None, Creator::Unknown),
        ] {
            assert_eq!(creator(name), expected, "{name:?}");
        }
    }

    #[test]
    fn locales_become_canonical_languages() {
        for (locale, expected) in [
            (Some("en-US"), Some("en-US")),
            (Some("pt-br"), Some("pt-BR")),
            (Some("sr"), Some("sr")),
            (Some("no language!"), None),
            (Some(""), None),
            (None, None),
        ] {
            assert_eq!(language(locale).as_deref(), expected, "{locale:?}");
        }
    }

    #[test]
    fn times_never_run_backwards() {
        assert_eq!(changed_at(10, Some(5)), 10);
        assert_eq!(changed_at(10, Some(15)), 15);
        assert_eq!(changed_at(10, None), 10);
        assert_eq!(edited_at(10, Some(5)), None);
        assert_eq!(edited_at(10, Some(10)), None);
        assert_eq!(edited_at(10, Some(15)), Some(15));
    }

    #[test]
    fn topic_and_tags_are_tags_and_figures_are_never_negative() {
        let question: QuestionRow = serde_json::from_str(
            r#"{"id": 1, "created": "2024-01-01T00:00:00Z", "topic": "sync", "tags": ["sync_1", "sync", "a b"],
                "num_votes": -3}"#,
        )
        .unwrap();
        assert_eq!(tags(&question).tags, ["sync", "sync-1", "a-b"]);
        assert_eq!(affected(&question), 0);
        let answer: AnswerRow = serde_json::from_str(
            r#"{"id": 1, "question_id": 1, "created": "2024-01-01T00:00:00Z", "num_helpful": 4, "num_unhelpful": -1}"#,
        )
        .unwrap();
        assert_eq!(tally(&answer), (4, 0));
    }
}
