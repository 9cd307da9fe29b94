//! Removing as spam or abuse, and bringing back: what it costs, what comes back, who may.

use diesel::prelude::*;
use peerhall::db::schema::{ledger, members};
use peerhall::db::{Error, On};
use peerhall::reputation::figures::{self, Figures};
use serde_json::json;

use crate::harness::{Answer, Hall, Member};
use crate::threads::{answer, ask};

const WORDS: &str = "Turn the key twice, wait until the lamp is out, and turn it back.";

fn points(hall: &Hall, member: &Member<'_>) -> i64 {
    let id = member.id;
    hall.read(move |c| members::table.find(id).select(members::reputation).first(c))
}

fn remove(member: &Member<'_>, post: i64) -> Answer {
    member.api().post(&format!("/posts/{post}/remove"), &json!({ "why": "spam" }))
}

fn undelete(member: &Member<'_>, post: i64) -> Answer {
    member.api().post(&format!("/posts/{post}/undelete"), &json!({}))
}

fn accept(member: &Member<'_>, question: i64, answer: i64) {
    member.api().put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": answer })).expect(204);
}

/// Ann's question with Bo's answer, voted up and accepted by Ann; and a moderator.
fn scene(hall: &Hall) -> (Member<'_>, Member<'_>, Member<'_>, i64, i64) {
    let (ann, bo, moderator) = (hall.member("Ann"), hall.member("Bo"), hall.member_as("moderator", "Mo"));
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let reply = answer(&bo, question, WORDS);
    ann.api().put(&format!("/posts/{reply}/vote"), &json!({ "value": 1 })).expect(200);
    accept(&ann, question, reply);
    (ann, bo, moderator, question, reply)
}

#[test]
fn whoever_deletes_their_spam_in_time_is_still_marked_for_it_and_once() {
    let hall = Hall::start();
    let (ann, bo, moderator, question, reply) = scene(&hall);
    bo.api().delete(&format!("/posts/{reply}")).expect(204);
    assert_eq!(points(&hall, &bo), 10, "the vote stays, the acceptance went");
    remove(&moderator, reply).expect(204);
    assert_eq!(points(&hall, &bo), -50);
    hall.said(&["check"], "");
    remove(&moderator, reply).expect_problem(409, "deleted");
    undelete(&bo, reply).expect_problem(403, "own-removed");
    undelete(&moderator, reply).expect(204);
    assert_eq!(points(&hall, &bo), 10);
    let shown = ann.api().get(&format!("/questions/{question}")).expect(200).json();
    assert_eq!(shown["answers"].as_array().unwrap().len(), 1);
    hall.said(&["check"], "");
    remove(&moderator, reply).expect(204);
    assert_eq!(points(&hall, &bo), -50);
    let counting: i64 = hall.read(|c| {
        let removed = ledger::table.filter(ledger::reason.eq("removed")).filter(ledger::state.eq("given"));
        removed.count().get_result(c)
    });
    assert_eq!(counting, 1);
    hall.said(&["check"], "");
}

#[test]
fn a_deleted_question_and_an_endorsed_answer_can_be_marked_too_and_a_deleted_comment_not() {
    let hall = Hall::start();
    let (_, bo, moderator, _, reply) = scene(&hall);
    let staff = hall.member_as("staff", "Stella");
    let talk = json!({ "body": "Buy cheap lamps." });
    let comment = crate::closed_space::made(staff.api().post(&format!("/posts/{reply}/comments"), &talk));
    staff.api().delete(&format!("/posts/{comment}")).expect(204);
    staff.api().put(&format!("/answers/{reply}/endorsed"), &json!({})).expect(204);
    bo.api().delete(&format!("/posts/{reply}")).expect(204);
    remove(&moderator, reply).expect(204);
    assert_eq!(points(&hall, &bo), -50, "neither vote nor endorsement is left");
    let spam = ask(&bo, "Who wants to buy cheap lamps?", &["lamps"]);
    bo.api().delete(&format!("/posts/{spam}")).expect(204);
    remove(&moderator, spam).expect(204);
    assert_eq!(points(&hall, &bo), -100);
    remove(&moderator, comment).expect_problem(409, "deleted");
    hall.said(&["check"], "");
    undelete(&moderator, spam).expect(204);
    undelete(&moderator, reply).expect(204);
    assert_eq!(points(&hall, &bo), 10);
    hall.said(&["check"], "");
}

#[test]
fn a_moderator_does_not_bring_back_what_others_removed_of_theirs() {
    let hall = Hall::start();
    let (ann, _, moderator, question, _) = scene(&hall);
    let other = hall.member_as("moderator", "Max");
    let own = answer(&moderator, question, "Whoever asks such things should not own a lamp.");
    remove(&other, own).expect(204);
    let detail = undelete(&moderator, own).expect_problem(403, "own-removed")["detail"].clone();
    assert!(detail.as_str().unwrap().contains("another moderator"), "{detail}");
    moderator.post(&format!("/posts/{own}/undelete"), &[]).expect(403);
    assert_eq!(points(&hall, &moderator), -50);
    let path = format!("/questions/{question}/why-does-the-lamp-smoke-at-night");
    let button = format!("formaction=\"/posts/{own}/undelete\"");
    assert!(!moderator.get(&path).expect(200).text().contains(&button));
    assert!(other.get(&path).expect(200).text().contains(&button));
    undelete(&other, own).expect(204);
    assert_eq!(points(&hall, &moderator), 0);
    moderator.api().delete(&format!("/posts/{own}")).expect(204);
    undelete(&moderator, own).expect(204);
    undelete(&ann, own).expect_problem(409, "not-deleted");
}

#[test]
fn the_question_before_removing_says_what_it_costs_now() {
    let hall = Hall::start();
    let (ann, _, moderator, question, _) = scene(&hall);
    let path = format!("/questions/{question}/why-does-the-lamp-smoke-at-night");
    let asked = || moderator.get(&path).expect(200).text().to_owned();
    assert!(asked().contains("points and 50 more"));
    for (removed, words) in [(7, "points and 7 more"), (0, "votes’ points from its author?")] {
        let now = hall.clock.now();
        hall.db()
            .write_now(On::Named("settings", 0), move |c| {
                Ok::<_, Error>(figures::set(c, &Figures { removed, ..Figures::default() }, None, now)?)
            })
            .unwrap();
        let page = asked();
        assert!(page.contains(words) && !page.contains("50 more"), "{removed}");
    }
    assert!(!ann.get(&path).expect(200).text().contains("Remove as"));
}

#[test]
fn what_a_removal_ended_has_to_be_said_again_and_the_pages_say_so() {
    let hall = Hall::start();
    let (ann, bo, moderator, question, reply) = scene(&hall);
    let path = format!("/questions/{question}/why-does-the-lamp-smoke-at-night");
    let page = |member: &Member<'_>| member.get(&path).expect(200).text().to_owned();
    assert!(page(&moderator).contains("would have to be said again"));
    remove(&moderator, reply).expect(204);
    for member in [&moderator, &bo] {
        assert!(page(member).contains("have to say so again"), "{}", member.name);
    }
    let back = moderator.post(&format!("/posts/{reply}/undelete"), &[]).expect(303);
    assert!(moderator.browser().follow(back).text().contains("have to say so again"));
    assert!(!page(&bo).contains("have to say so again"));
    assert_eq!((points(&hall, &ann), points(&hall, &bo)), (0, 10));
    accept(&ann, question, reply);
    assert_eq!((points(&hall, &ann), points(&hall, &bo)), (2, 25));
    hall.said(&["check"], "");
    bo.api().delete(&format!("/posts/{reply}")).expect(204);
    let back = bo.post(&format!("/posts/{reply}/undelete"), &[]).expect(303);
    assert!(!bo.browser().follow(back).text().contains("have to say so again"), "nothing was removed");
}
