//! A closed space with a thread in it, the people inside and one outside.
//!
//! The space belongs to a product that only one organisation is entitled to. Its name, and the thread's title,
//! body, tag, answer and comments, hold a canary: a word that is nowhere else.

use serde_json::json;

use crate::harness::{Answer, Hall, Member};
use crate::requests::Ids;

/// The word that must not get out.
pub const CANARY: &str = "quokkazephyr";

/// The closed space's key, which everybody may know.
pub const SPACE: &str = "vault";

/// What was prepared.
pub struct ClosedSpace<'h> {
    /// Asked the question; entitled.
    pub asker: Member<'h>,
    /// Answered it; entitled.
    pub answerer: Member<'h>,
    /// A member like any other, not entitled.
    pub outsider: Member<'h>,
    /// The thread.
    pub ids: Ids,
}

impl<'h> ClosedSpace<'h> {
    /// Prepares it.
    pub fn prepare(hall: &'h Hall) -> ClosedSpace<'h> {
        let name = format!("Vault {CANARY}");
        hall.said(&["space", "add", "--key", SPACE, "--name", &name, "--product", "Vaultware"], "");
        hall.said(&["entitlement", "add", "--organisation", "Insiders", "--product", "Vaultware"], "");
        let asker = hall.member_with("Ida Inside", &["--organisation", "Insiders"]);
        let answerer = hall.member_with("Ivo Inside", &["--organisation", "Insiders"]);
        let outsider = hall.member_with("Otto Outside", &["--organisation", "Outsiders"]);
        let question = made(asker.api().post(
            "/questions",
            &json!({
                "space": SPACE,
                "title": format!("Why does the {CANARY} not open?"),
                "body": format!("The **{CANARY}** stays shut, whatever I turn."),
                "tags": [format!("{CANARY}-lock")],
            }),
        ));
        let text = json!({ "body": format!("Turn the {CANARY} to the left, twice.") });
        let answer = made(answerer.api().post(&format!("/questions/{question}/answers"), &text));
        let comment = made(asker.api().post(&format!("/posts/{question}/comments"), &text));
        made(asker.api().post(&format!("/posts/{answer}/comments"), &text));
        let ids = Ids { question, answer, comment, member: asker.id };
        ClosedSpace { asker, answerer, outsider, ids }
    }
}

/// The id of what was just made.
#[track_caller]
pub fn made(answer: Answer) -> i64 {
    answer.expect(201).json()["id"].as_i64().expect("an id")
}
