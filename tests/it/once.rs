//! The `Idempotency-Key`: a request that is sent again acts once and gets the first answer, whatever it was.

use serde_json::{Value, json};

use crate::harness::{Answer, Hall, Member};
use crate::threads::{answer, ask};

const JSON: &str = "application/json";

fn send(member: &Member<'_>, path: &str, key: &str, format: &str, body: &str) -> Answer {
    let headers = [("idempotency-key", key), ("content-type", format)];
    member.api().request("POST", path, &headers, body.as_bytes().to_vec())
}

fn said(words: &str) -> String {
    json!({ "body": words }).to_string()
}

/// The same status, body and format again, and marked as such.
#[track_caller]
fn same_again(first: &Answer, again: &Answer) {
    assert_eq!((first.status, first.text()), (again.status, again.text()));
    assert_eq!(first.header("content-type"), again.header("content-type"));
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(first.header("idempotent-replayed"), None);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
}

fn answers(member: &Member<'_>, question: i64) -> usize {
    let shown: Value = member.api().get(&format!("/questions/{question}")).expect(200).json();
    shown["answers"].as_array().unwrap().len()
}

#[test]
fn a_repeated_request_with_the_same_key_acts_once() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "How often will this be answered?", &["x"]);
    let path = format!("/questions/{id}/answers");
    let once = || send(&bob, &path, "only-once", JSON, &said("Exactly once, thanks to the key.")).expect(201);
    same_again(&once(), &once());
    assert_eq!(answers(&ann, id), 1);
}

#[test]
fn a_refusal_is_answered_again_even_when_the_act_would_succeed_by_now() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let moderator = hall.member_as("moderator", "Mo");
    let id = ask(&ann, "Will this be closed for a while?", &["x"]);
    moderator.post(&format!("/questions/{id}/close"), &[("reason", "a pause")]).expect(303);
    let path = format!("/questions/{id}/answers");
    let late = || send(&bob, &path, "late", JSON, &said("I come too late with this one.")).expect(403);
    let first = late();
    moderator.post(&format!("/questions/{id}/reopen"), &[]).expect(303);
    same_again(&first, &late());
    assert_eq!(answers(&ann, id), 0);
}

#[test]
fn a_request_that_could_not_be_read_is_answered_again() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let path = format!("/questions/{}/answers", ask(&ann, "What is this heap of brackets?", &["x"]));
    for (key, format, body, status) in [
        ("broken", JSON, "{{{", 400),
        ("wrong type", JSON, "{\"body\": 7}", 422),
        ("no json", "text/plain", "words", 415),
    ] {
        let once = || send(&bob, &path, key, format, body).expect(status);
        same_again(&once(), &once());
    }
}

#[test]
fn a_key_serves_one_request_whether_it_was_done_or_refused() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "Which of the two will be taken?", &["x"]);
    let path = format!("/questions/{id}/answers");
    send(&bob, &path, "done", JSON, &said("The first words under this key.")).expect(201);
    send(&bob, &path, "refused", JSON, "{\"body\": 7}").expect(422);
    for key in ["done", "refused"] {
        send(&bob, &path, key, JSON, &said("Other words under the same key."))
            .expect_problem(422, "key-reused");
    }
    let comments = format!("/posts/{id}/comments");
    send(&bob, &comments, "done", JSON, &said("The first words under this key."))
        .expect_problem(422, "key-reused");
    assert_eq!(answers(&ann, id), 1);
}

#[test]
fn keys_of_two_tokens_have_nothing_to_do_with_each_other() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "Who may use the same key?", &["x"]);
    let path = format!("/questions/{id}/answers");
    for member in [&ann, &bob] {
        send(member, &path, "shared", JSON, &said(&format!("Words of {}, for one.", member.id))).expect(201);
    }
    assert_eq!(answers(&ann, id), 2);
}

#[test]
fn too_often_is_not_kept_for_it_means_later() {
    let hall = Hall::with(&[("PEERHALL_LIMITS", "on")]);
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let post = answer(&bob, ask(&ann, "How fast can one comment?", &["x"]), "As fast as one likes, or not?");
    let path = format!("/posts/{post}/comments");
    let mut last = None;
    for n in 0..200 {
        let answer = send(&ann, &path, &format!("key-{n}"), JSON, &said(&format!("Comment number {n}.")));
        if answer.status == 429 {
            last = Some(n);
            break;
        }
    }
    let n = last.expect("two hundred comments in a moment are too many");
    let again = send(&ann, &path, &format!("key-{n}"), JSON, &said(&format!("Comment number {n}.")));
    assert_eq!(again.header("idempotent-replayed"), None);
}

#[test]
fn who_may_not_use_a_route_any_more_gets_no_kept_answer_of_it() {
    let hall = Hall::start();
    let (ada, cem) = (hall.member_as("admin", "Ada"), hall.member_as("admin", "Cem"));
    let once = || send(&ada, "/organisations", "org", JSON, "{\"name\": \"Teplo\"}");
    once().expect(201);
    cem.post(&format!("/admin/members/{}/role", ada.id), &[("role", "customer")]).expect(303);
    once().expect_problem(403, "area");
}

#[test]
fn a_long_refusal_is_not_kept_and_does_not_say_what_was_sent() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "How much can be echoed?", &["x"]);
    let path = format!("/questions/{id}");
    let body = json!({ "version": format!(", expected {}", "a".repeat(500_000)) }).to_string();
    let headers = [("idempotency-key", "long"), ("content-type", JSON)];
    let answer = ann.api().request("PATCH", &path, &headers, body.into_bytes()).expect(422);
    assert!(answer.text().len() < 2_000, "{}", answer.text().len());
}
