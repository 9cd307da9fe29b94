//! Suggested edits: who edits at once and who suggests, who decides, merging, points, and rolling back.

use diesel::prelude::*;
use peerhall::db::schema::{ledger, members, posts, revisions};
use peerhall::db::{Error, On};
use serde_json::{Value, json};

use crate::harness::{Hall, Member, eventually};
use crate::inbox::notices;
use crate::threads::{answer, ask};

pub const WORDS: &str = "Turn the key twice.\n\nWait until the lamp is out.\n\nTurn it back.";

pub fn suggest(member: &Member<'_>, reply: i64, body: &str, version: i64) -> i64 {
    let edit = json!({ "body": body, "version": version, "reason": "clearer" });
    let answer = member.api().patch(&format!("/answers/{reply}"), &edit).expect(202);
    answer.json()["suggestion_id"].as_i64().unwrap()
}

pub fn approve(member: &Member<'_>, suggestion: i64, version: i64) -> crate::harness::Answer {
    let decision = json!({ "decision": "approve", "version": version });
    member.api().post(&format!("/suggestions/{suggestion}/decision"), &decision)
}

pub fn body(member: &Member<'_>, question: i64) -> (String, i64) {
    let shown = member.api().get(&format!("/questions/{question}")).expect(200).json();
    let reply = &shown["answers"][0];
    (reply["body"].as_str().unwrap().to_owned(), reply["version"].as_i64().unwrap())
}

pub fn points(hall: &Hall, member: &Member<'_>) -> i64 {
    let id = member.id;
    hall.read(move |c| members::table.find(id).select(members::reputation).first(c))
}

pub fn state(member: &Member<'_>, suggestion: i64) -> String {
    let shown = member.api().get(&format!("/suggestions/{suggestion}")).expect(200).json();
    shown["state"].as_str().unwrap().to_owned()
}

pub fn queue(member: &Member<'_>) -> Vec<i64> {
    let listed: Value = member.api().get("/suggestions").expect(200).json();
    listed["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

/// Gives points as if they had been earned; `check` would object.
pub fn earn(hall: &Hall, member: &Member<'_>, points: i64) {
    let id = member.id;
    hall.db()
        .write_now(On::Member(id), move |c| {
            let earned = (members::reputation.eq(points), members::good.eq(50));
            diesel::update(members::table.find(id)).set(earned).execute(c)?;
            Ok::<_, Error>(())
        })
        .unwrap();
}

/// A question of Ann's with Bo's answer, and Cy who looks on.
pub fn scene(hall: &Hall) -> (Member<'_>, Member<'_>, Member<'_>, i64, i64) {
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"));
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let reply = answer(&bo, question, WORDS);
    (ann, bo, cy, question, reply)
}

#[test]
fn an_edit_of_anothers_post_waits_until_its_author_approves_it_and_is_its_suggesters() {
    let hall = Hall::start();
    let (ann, bo, cy, question, reply) = scene(&hall);
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    assert_eq!(body(&cy, question), (WORDS.to_owned(), 1), "nothing is changed yet");
    assert_eq!((queue(&bo), queue(&ann), queue(&cy)), (vec![suggestion], vec![], vec![]));
    eventually("the author's notice", || {
        notices(&bo).iter().any(|notice| notice["what"] == "suggested").then_some(())
    });
    let page = bo.get(&format!("/questions/{question}/why-does-the-lamp-smoke-at-night")).expect(200);
    assert!(page.text().contains("1 suggested edit waiting"));
    assert!(bo.get(&format!("/suggestions/{suggestion}")).expect(200).text().contains("three times"));
    ann.api().get(&format!("/suggestions/{suggestion}")).expect_problem(404, "not-found");
    approve(&ann, suggestion, 1).expect_problem(404, "not-found");
    approve(&cy, suggestion, 1).expect_problem(403, "suggestion-decider");
    approve(&bo, suggestion, 1).expect(204);
    assert_eq!(body(&cy, question), (WORDS.replace("twice", "three times"), 2));
    assert_eq!((points(&hall, &cy), points(&hall, &bo)), (2, 0));
    let editor: Option<i64> = hall.read(move |c| posts::table.find(reply).select(posts::edited_by).first(c));
    assert_eq!(editor, Some(cy.id));
    eventually("the suggester's notice", || {
        notices(&cy)
            .iter()
            .any(|notice| {
                notice["what"] == "approved" && notice["url"] == format!("/suggestions/{suggestion}")
            })
            .then_some(())
    });
    approve(&bo, suggestion, 2).expect_problem(409, "already");
    assert!(queue(&bo).is_empty());
    hall.said(&["check"], "");
}

#[test]
fn a_rejection_says_why_and_changes_nothing() {
    let hall = Hall::start();
    let (_, bo, cy, question, reply) = scene(&hall);
    let suggestion = suggest(&cy, reply, "Something else altogether, and wrong.", 1);
    let path = format!("/suggestions/{suggestion}/decision");
    bo.api().post(&path, &json!({ "decision": "reject" })).expect_problem(422, "invalid");
    bo.post(&path, &[("decision", "reject"), ("verdict", "other")]).expect_page(422);
    bo.post(&path, &[("decision", "reject"), ("verdict", "wrong"), ("words", "It burns.")]).expect(303);
    let shown = cy.api().get(&format!("/suggestions/{suggestion}")).expect(200).json();
    assert_eq!((shown["verdict"].as_str(), shown["words"].as_str()), (Some("wrong"), Some("It burns.")));
    assert!(cy.get(&format!("/suggestions/{suggestion}")).expect(200).text().contains("It burns."));
    assert_eq!((body(&cy, question), points(&hall, &cy)), ((WORDS.to_owned(), 1), 0));
    hall.said(&["check"], "");
}

#[test]
fn what_changed_meanwhile_is_merged_and_a_decider_who_saw_less_is_refused() {
    let hall = Hall::start();
    let (_, bo, cy, question, reply) = scene(&hall);
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    let own = json!({ "body": WORDS.replace("back.", "back slowly."), "version": 1 });
    bo.api().patch(&format!("/answers/{reply}"), &own).expect(200);
    approve(&bo, suggestion, 1).expect_problem(409, "stale");
    assert_eq!(state(&bo, suggestion), "waiting");
    let shown = bo.api().get(&format!("/suggestions/{suggestion}")).expect(200).json();
    assert_eq!((shown["post_version"].as_i64(), &shown["conflicts"]), (Some(2), &json!([])));
    approve(&bo, suggestion, 2).expect(204);
    let both = WORDS.replace("twice", "three times").replace("back.", "back slowly.");
    assert_eq!(body(&bo, question), (both, 3));
}

#[test]
fn changes_of_the_same_place_wait_for_words_of_the_decider() {
    let hall = Hall::start();
    let (_, bo, cy, question, reply) = scene(&hall);
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    let own = json!({ "body": WORDS.replace("twice", "once"), "version": 1 });
    bo.api().patch(&format!("/answers/{reply}"), &own).expect(200);
    let shown = bo.api().get(&format!("/suggestions/{suggestion}")).expect(200).json();
    let conflict = json!([{ "field": "body", "current": "Turn the key once.", "suggested": "Turn the key three times." }]);
    assert_eq!(shown["conflicts"], conflict);
    approve(&bo, suggestion, 2).expect_problem(409, "suggestion-torn");
    assert_eq!(state(&cy, suggestion), "waiting");
    let mine = WORDS.replace("twice", "once or three times");
    let path = format!("/suggestions/{suggestion}/decision");
    let stale = bo.post(&path, &[("decision", "approve"), ("version", "1"), ("body", &mine)]);
    assert!(stale.expect_page(409).contains("once or three times"), "what was typed is kept");
    bo.post(&path, &[("decision", "approve"), ("version", "2"), ("body", &mine)]).expect(303);
    assert_eq!(body(&bo, question), (mine, 3));
    assert_eq!(points(&hall, &cy), 2);
}

#[test]
fn of_two_who_decide_at_once_one_is_told_that_it_is_done() {
    let hall = Hall::start();
    let (_, bo, cy, question, reply) = scene(&hall);
    let moderator = hall.member_as("moderator", "Mo");
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    let (bo_api, mo_api) = (bo.api(), moderator.api());
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let decision = json!({ "decision": "approve", "version": 1 });
        let path = format!("/suggestions/{suggestion}/decision");
        let both = [bo_api, mo_api].map(|api| {
            let (path, decision) = (path.clone(), decision.clone());
            scope.spawn(move || api.post(&path, &decision).status)
        });
        both.map(|one| one.join().unwrap()).to_vec()
    });
    let mut sorted = statuses.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [204, 409], "{statuses:?}");
    assert_eq!((body(&bo, question).1, points(&hall, &cy)), (2, 2));
    hall.said(&["check"], "");
}

#[test]
fn who_has_earned_it_edits_at_once_and_a_helper_changes_tags_alone() {
    let hall = Hall::start();
    let (ann, _, cy, question, reply) = scene(&hall);
    let edit = |change: &Value| cy.api().patch(&format!("/questions/{question}"), change);
    edit(&json!({ "tags": ["lamps", "smoke"], "version": 1 })).expect(202);
    earn(&hall, &cy, 250);
    edit(&json!({ "tags": ["lamps", "smoke"], "version": 1 })).expect(200);
    edit(&json!({ "tags": ["lamps"], "title": "Why do lamps smoke at night?", "version": 2 })).expect(202);
    earn(&hall, &cy, 600);
    edit(&json!({ "title": "Why do lamps smoke at night?", "version": 2 })).expect(200);
    let change = json!({ "body": WORDS.replace("twice", "once"), "version": 1 });
    cy.api().patch(&format!("/answers/{reply}"), &change).expect(200);
    let comment = json!({ "body": "Thank you for that." });
    let comment = crate::closed_space::made(ann.api().post(&format!("/posts/{reply}/comments"), &comment));
    let path = format!("/comments/{comment}");
    cy.api().patch(&path, &json!({ "body": "No thanks.", "version": 1 })).expect_problem(403, "not-yours");
}

#[test]
fn an_editor_decides_about_others_suggestions_and_not_about_their_own() {
    let hall = Hall::start();
    let (_, bo, cy, _, reply) = scene(&hall);
    let dee = hall.member("Dee");
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    assert!(queue(&dee).is_empty());
    earn(&hall, &dee, 600);
    earn(&hall, &cy, 600);
    assert_eq!((queue(&dee), queue(&cy), queue(&bo)), (vec![suggestion], vec![], vec![suggestion]));
    approve(&cy, suggestion, 1).expect_problem(403, "suggestion-decider");
    approve(&dee, suggestion, 1).expect(204);
}

#[test]
fn a_second_suggestion_takes_the_place_of_the_first_and_one_without_a_change_is_none() {
    let hall = Hall::start();
    let (_, bo, cy, _, reply) = scene(&hall);
    let first = suggest(&cy, reply, &WORDS.replace("twice", "once"), 1);
    let second = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    assert_eq!((state(&cy, first), state(&cy, second)), ("withdrawn".to_owned(), "waiting".to_owned()));
    approve(&bo, first, 1).expect_problem(409, "already");
    let same = json!({ "body": WORDS, "version": 1 });
    cy.api().patch(&format!("/answers/{reply}"), &same).expect_problem(422, "invalid");
    bo.api().delete(&format!("/suggestions/{second}")).expect_problem(403, "suggestion-not-own");
    cy.api().delete(&format!("/suggestions/{second}")).expect(204);
    assert!(queue(&bo).is_empty());
    hall.said(&["check"], "");
}

#[test]
fn the_form_says_that_it_suggests_and_the_twenty_first_that_waits_is_refused() {
    let hall = Hall::start();
    let (ann, _, cy, question, reply) = scene(&hall);
    let thread = cy.get(&format!("/questions/{question}/why-does-the-lamp-smoke-at-night")).expect(200);
    assert!(thread.text().contains(&format!("href=\"/posts/{reply}/edit\"")));
    assert!(cy.get(&format!("/posts/{reply}/edit")).expect(200).text().contains("goes to its author"));
    let form = [("body", "Turn the key until it clicks."), ("reason", "shorter"), ("version", "1")];
    cy.post(&format!("/posts/{reply}/edit"), &form).expect(303);
    for n in 0..19 {
        let id = answer(&ann, question, &format!("Answer number {n}, in so many words."));
        suggest(&cy, id, "Another answer, in other words.", 1);
    }
    let last = answer(&ann, question, "One answer too many, in so many words.");
    let edit = json!({ "body": "Another answer, in other words.", "version": 1 });
    cy.api().patch(&format!("/answers/{last}"), &edit).expect_problem(403, "suggestions-full");
}

#[test]
fn nothing_is_suggested_for_a_deleted_post_and_a_suggestion_on_it_is_not_approved() {
    let hall = Hall::start();
    let (ann, bo, cy, question, reply) = scene(&hall);
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    bo.api().delete(&format!("/posts/{reply}")).expect(204);
    approve(&bo, suggestion, 1).expect_problem(409, "deleted");
    cy.api().get(&format!("/suggestions/{suggestion}")).expect_problem(404, "not-found");
    ann.api().delete(&format!("/posts/{question}")).expect(204);
    let edit = json!({ "title": "Why do lamps smoke?", "version": 1 });
    cy.api().patch(&format!("/questions/{question}"), &edit).expect_problem(404, "not-found");
}

#[test]
fn rolling_back_brings_the_old_text_and_takes_the_points_of_what_came_after_it_once() {
    let hall = Hall::start();
    let (_, bo, cy, question, reply) = scene(&hall);
    approve(&bo, suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1), 1).expect(204);
    let second = suggest(&cy, reply, &WORDS.replace("twice", "four times"), 2);
    approve(&bo, second, 2).expect(204);
    assert_eq!(points(&hall, &cy), 4);
    let path = format!("/posts/{reply}/rollback");
    cy.api().post(&path, &json!({ "to": 1, "version": 3 })).expect_problem(403, "privilege-points");
    bo.api().post(&path, &json!({ "to": 3, "version": 3 })).expect_problem(422, "invalid");
    bo.api().post(&path, &json!({ "to": 1, "version": 2 })).expect_problem(409, "stale");
    let done = bo.api().post(&path, &json!({ "to": 2, "version": 3, "reason": "too often" })).expect(200);
    assert_eq!(done.json()["version"], 4);
    assert_eq!(body(&bo, question), (WORDS.replace("twice", "three times"), 4));
    assert_eq!(points(&hall, &cy), 2, "only what came after goes back");
    assert!(
        bo.get(&format!("/posts/{reply}/revisions"))
            .expect(200)
            .text()
            .contains("Rolled back to version 2: too often")
    );
    bo.post(&path, &[("to", "1"), ("version", "4")]).expect(303);
    bo.post(&path, &[("to", "3"), ("version", "5")]).expect(303);
    assert_eq!((body(&bo, question).0, points(&hall, &cy)), (WORDS.replace("twice", "four times"), 0));
    assert_eq!(cy.api().get(&format!("/suggestions/{second}")).json()["undone"], true);
    let rows: i64 = hall.read(|c| ledger::table.filter(ledger::reason.eq("edit")).count().get_result(c));
    assert_eq!(rows, 4, "two given, two taken back");
    hall.said(&["check"], "");
}

#[test]
fn html_of_an_import_that_is_rolled_back_to_is_html_again_and_sanitised() {
    let hall = Hall::start();
    let (_, bo, _, question, reply) = scene(&hall);
    bo.api()
        .patch(
            &format!("/answers/{reply}"),
            &json!({ "body": "Turn the key until it clicks.", "version": 1 }),
        )
        .expect(200);
    // As an import would have left it.
    hall.db()
        .write_now(On::Thread(question), move |c| {
            let first = revisions::table.filter(revisions::post_id.eq(reply)).filter(revisions::number.eq(1));
            let html = "<p>Turn it <b>twice</b>.</p><script>alert(1)</script>";
            let old = (revisions::body.eq(html), revisions::body_format.eq("html"));
            diesel::update(first).set(old).execute(c)?;
            Ok::<_, Error>(())
        })
        .unwrap();
    bo.api().post(&format!("/posts/{reply}/rollback"), &json!({ "to": 1, "version": 2 })).expect(200);
    let shown = bo.api().get(&format!("/questions/{question}")).expect(200).json();
    let html = shown["answers"][0]["body_html"].as_str().unwrap();
    assert!(html.contains("<b>twice</b>") || html.contains("<strong>twice</strong>"), "{html}");
    assert!(!html.contains("script"), "{html}");
    let format: String = hall.read(move |c| {
        use peerhall::db::schema::post_texts;
        post_texts::table.find(reply).select(post_texts::body_format).first(c)
    });
    assert_eq!(format, "html");
}

#[test]
fn a_moderator_of_other_spaces_sees_and_decides_nothing() {
    let hall = Hall::start();
    let (_, _, cy, _, reply) = scene(&hall);
    let moderator = hall.member_as("moderator", "Mo");
    let admin = hall.member_as("admin", "Ada");
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    assert_eq!(queue(&moderator), [suggestion]);
    admin.api().post("/spaces", &json!({ "key": "elsewhere", "name": "Elsewhere" })).expect(201);
    let limit = [("where", "only"), ("space-elsewhere", "1")];
    admin.post(&format!("/admin/members/{}/spaces", moderator.id), &limit).expect(303);
    assert!(queue(&moderator).is_empty());
    approve(&moderator, suggestion, 1).expect_problem(404, "not-found");
}
