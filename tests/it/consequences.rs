//! What is done to somebody is told them: what it cost, by whom and why; titles only to who may open them, voters never.

use peerhall::reputation::figures::Figures;
use serde_json::{Value, json};

use crate::closed_space::{CANARY, ClosedSpace};
use crate::harness::{Hall, Member, eventually};
use crate::inbox::notices;
use crate::patterns::{BURST, decide, found};
use crate::reputation::{WORDS, set};
use crate::threads::{answer, ask};

/// The notice of this kind, when it has come.
fn told(member: &Member<'_>, what: &str) -> Value {
    eventually(what, || notices(member).into_iter().find(|one| one["what"] == what))
}

/// One vote by one person is a pattern.
fn suspicious(hall: &Hall) {
    set(hall, Figures { burst_votes: 1, ..Figures::default() });
}

fn annul(moderator: &Member<'_>) {
    let id = found(moderator, BURST).id;
    decide(moderator, id, "annul", "They share a desk.").expect(303);
}

#[test]
fn whose_votes_are_annulled_is_told_where_and_whose_posts_they_were_on_not_by_whom() {
    let hall = Hall::start();
    suspicious(&hall);
    let (ann, bo) = (hall.member("Ann Example"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let question = ask(&bo, "Why does the lamp smoke at night?", &["lamps"]);
    ann.api().put(&format!("/posts/{question}/vote"), &json!({ "value": 1 })).expect(200);
    annul(&moderator);
    let voter = told(&ann, "votes-annulled");
    assert_eq!(
        (&voter["question_id"], &voter["title"]),
        (&json!(question), &json!("Why does the lamp smoke at night?"))
    );
    let author = told(&bo, "votes-annulled-on");
    assert!(!author.to_string().contains("Ann"), "{author}");
    assert!(!bo.get("/inbox").expect(200).text().contains("Ann Example"));
}

#[test]
fn who_may_no_longer_open_it_is_not_told_the_title_of_what_they_voted_on() {
    let hall = Hall::start();
    suspicious(&hall);
    let closed = ClosedSpace::prepare(&hall);
    let other = hall.member_with("Olga", &["--organisation", "Insiders too"]);
    hall.said(&["entitlement", "add", "--organisation", "Insiders too", "--product", "Vaultware"], "");
    let moderator = hall.member_with("Mo", &["--role", "moderator", "--organisation", "Insiders"]);
    let vote = json!({ "value": 1 });
    other.api().put(&format!("/posts/{}/vote", closed.ids.answer), &vote).expect(200);
    let id = found(&moderator, BURST).id;
    hall.said(
        &[
            "entitlement",
            "add",
            "--organisation",
            "Insiders too",
            "--product",
            "Vaultware",
            "--until",
            "2001-01-01",
        ],
        "",
    );
    other.api().get(&format!("/questions/{}", closed.ids.question)).expect(404);
    decide(&moderator, id, "annul", "They share a desk.").expect(303);
    let told = told(&other, "votes-annulled");
    assert!(!told.to_string().contains(CANARY), "{told}");
    assert!(!other.get("/inbox").expect(200).everything().contains(CANARY));
}

#[test]
fn what_was_removed_as_spam_is_told_with_its_cost_whatever_its_author_hears_of() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let reply = answer(&bo, question, WORDS);
    bo.api().put("/me/notifications", &json!({ "changed": "off" })).expect(200);
    moderator.api().post(&format!("/posts/{reply}/remove"), &json!({ "why": "spam" })).expect(204);
    let one = told(&bo, "removed-spam");
    assert_eq!(one["question_id"], json!(question));
    let all = notices(&bo);
    assert!(all.iter().all(|one| one["what"] != "removed"), "told once: {all:?}");
}
