//! What an event changes in the index.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::source::Which;
use crate::events::{Fact, Recorded};

/// Somebody asked that the index be built anew, on every node.
#[derive(Serialize)]
pub struct SearchRebuildAsked {}

impl Fact for SearchRebuildAsked {
    const KIND: &'static str = "SearchRebuildAsked";
}

/// Events that change nothing by which a post is found.
const NOTHING: &[&str] = &["AffectedCounted", "PostsLinked", "QuestionDeflected"];

/// What a batch of events changes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// By thread.
    pub threads: HashMap<i64, Which>,
    /// Whether all is to be built anew.
    pub rebuild: bool,
}

impl Changes {
    /// Of these events.
    pub fn of(events: &[Recorded]) -> Changes {
        let mut changes = Changes::default();
        for event in events {
            changes.rebuild |= event.kind == SearchRebuildAsked::KIND;
            let Some(thread) = event.question_id else { continue };
            if NOTHING.contains(&event.kind.as_str()) {
                continue;
            }
            match posts(event, thread) {
                Some(ids) => {
                    let which = changes.threads.entry(thread).or_insert(Which::These(BTreeSet::new()));
                    ids.into_iter().for_each(|id| which.add(id));
                }
                // Of what is not known here, the whole thread is looked at again.
                None => {
                    changes.threads.insert(thread, Which::All);
                }
            }
        }
        changes
    }
}

/// The posts an event is about; None for the whole thread.
fn posts(event: &Recorded, thread: i64) -> Option<Vec<i64>> {
    let payload: serde_json::Value = serde_json::from_str(&event.payload).ok()?;
    let id = |name: &str| payload.get(name).and_then(serde_json::Value::as_i64);
    match event.kind.as_str() {
        // Similar questions are found by the answers, too.
        "AnswerPosted" => id("answer_id").map(|id| vec![id, thread]),
        "CommentPosted" => id("comment_id").map(|id| vec![id]),
        "VoteCast" | "TalliesImported" => id("post_id").map(|id| vec![id]),
        // Its words may be those its question is found by.
        "PostEdited" => id("post_id").filter(|id| *id != thread).map(|id| vec![id, thread]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, thread: i64, payload: &str) -> Recorded {
        Recorded {
            position: Some(1),
            id: 1,
            kind: kind.to_owned(),
            schema_version: 1,
            occurred_at: 0,
            recorded_at: 0,
            origin: "live".to_owned(),
            actor_id: None,
            question_id: Some(thread),
            space_id: Some(1),
            payload: payload.to_owned(),
        }
    }

    #[test]
    fn an_event_that_nobody_knows_yet_changes_its_whole_thread() {
        let changes = Changes::of(&[
            event("VoteCast", 7, r#"{"post_id":9}"#),
            event("ThreadMoved", 7, "{}"),
            event("VoteCast", 7, r#"{"post_id":8}"#),
        ]);
        assert_eq!(changes.threads, HashMap::from([(7, Which::All)]));
    }

    #[test]
    fn a_vote_changes_its_post_alone_and_an_answer_its_question_too() {
        let changes = Changes::of(&[
            event("VoteCast", 7, r#"{"post_id":9}"#),
            event("AnswerPosted", 7, r#"{"answer_id":12}"#),
            event("AffectedCounted", 8, "{}"),
        ]);
        assert_eq!(changes.threads, HashMap::from([(7, Which::These(BTreeSet::from([7, 9, 12])))]));
    }

    #[test]
    fn an_edited_question_changes_all_that_stands_under_its_title() {
        let changes = Changes::of(&[event("PostEdited", 7, r#"{"post_id":7}"#)]);
        assert_eq!(changes.threads, HashMap::from([(7, Which::All)]));
    }
}
