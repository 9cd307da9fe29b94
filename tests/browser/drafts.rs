//! What is typed is kept in the browser until it is sent, for its author alone.

use serde_json::json;

use crate::browser::{Browser, Scripts};
use crate::harness::{Hall, PASSWORD};
use crate::journeys::signed_in;

const WORDS: &str = "It means that the harbour is open again, and all is well.";
const FIELD: &str = "#reply textarea[name='body']";

/// A question by Ida, whom the others answer.
fn question(hall: &Hall) -> String {
    let ida = hall.member("Ida Asker");
    let question = json!({ "space": "general", "title": "Why does the lamp blink twice?",
        "body": "Since the storm it blinks twice, then rests.", "tags": ["lamps"] });
    ida.api().post("/questions", &question).expect(201).json()["url"].as_str().unwrap().to_owned()
}

fn value(browser: &Browser) -> String {
    let script = format!("return document.querySelector({FIELD:?}).value");
    browser.script(&script).as_str().unwrap_or_default().to_owned()
}

fn kept(browser: &Browser) -> i64 {
    let count = "return Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')).length";
    browser.script(count).as_i64().unwrap()
}

fn sign_in(browser: &Browser, email: &str) {
    browser.wait_for("[name=password]");
    browser.fill("email", email);
    browser.fill("password", PASSWORD);
    browser.click("main form button");
    browser.wait_for("[data-menu]");
}

#[test]
fn an_answer_sent_after_the_session_ended_is_there_after_signing_in() {
    let hall = Hall::start();
    let thread = question(&hall);
    hall.add_member("Ben Baker", &[]);
    let ben = signed_in(&hall, "Ben Baker", Scripts::On);
    ben.open(&thread);
    ben.fill_in(FIELD, WORDS);
    ben.drop_cookies();
    ben.click("#reply form .acts button");
    sign_in(&ben, "ben.baker@example.org");
    ben.wait_for("main [data-elsewhere]");
    ben.click("main .flash a[href]");
    ben.wait_for("#reply [data-here]");
    assert_eq!(ben.path(), thread);
    assert_eq!(value(&ben), WORDS);
    ben.click("#reply form .acts button");
    ben.wait_for(".answers .prose");
    assert!(ben.text_of(".answers").contains(WORDS));
    assert_eq!((value(&ben).as_str(), kept(&ben)), ("", 0));
}

#[test]
fn what_was_typed_is_back_when_the_form_is_opened_again_until_it_is_discarded() {
    let hall = Hall::start();
    let thread = question(&hall);
    hall.add_member("Ben Baker", &[]);
    let ben = signed_in(&hall, "Ben Baker", Scripts::On);
    ben.open(&thread);
    ben.fill_in(FIELD, WORDS);
    ben.open("/tags");
    assert_eq!(ben.count("main [data-elsewhere]"), 0, "nothing was lost, so nothing is said elsewhere");
    ben.open(&thread);
    assert_eq!(value(&ben), WORDS);
    ben.click("#reply .flash button");
    assert_eq!((value(&ben).as_str(), ben.count("#reply [data-here]")), ("", 0));
    ben.open(&thread);
    assert_eq!((value(&ben).as_str(), kept(&ben)), ("", 0));
}

#[test]
fn nobody_else_at_the_same_browser_meets_a_draft() {
    let hall = Hall::start();
    let thread = question(&hall);
    hall.add_member("Ben Baker", &[]);
    hall.add_member("Cy Okafor", &[]);
    let browser = signed_in(&hall, "Ben Baker", Scripts::On);
    // Signing out forgets it.
    browser.open(&thread);
    browser.fill_in(FIELD, WORDS);
    assert_eq!(kept(&browser), 1);
    browser.click("[data-menu] summary");
    browser.click("[formaction='/sign-out']");
    browser.wait_for("[name=password]");
    assert_eq!(kept(&browser), 0);
    sign_in(&browser, "ben.baker@example.org");
    // A session that ends keeps it, for the same member only.
    browser.open(&thread);
    browser.fill_in(FIELD, WORDS);
    browser.drop_cookies();
    browser.open(&thread);
    sign_in(&browser, "cy.okafor@example.org");
    browser.open(&thread);
    assert_eq!((value(&browser).as_str(), kept(&browser)), ("", 0));
}

#[test]
fn an_edit_begun_before_somebody_elses_meets_the_conflict() {
    let hall = Hall::start();
    let thread = question(&hall);
    let id = thread.split('/').nth(2).unwrap().to_owned();
    let ida = signed_in(&hall, "Ida Asker", Scripts::On);
    let place = format!("/posts/{id}/edit");
    ida.open(&place);
    ida.fill("body", "Since the big storm it blinks twice, then rests.");
    let mo = hall.member_as("moderator", "Mo");
    let edit =
        json!({ "title": "Why does the lamp at the pier blink twice?", "reason": "clearer", "version": 1 });
    mo.api().patch(&format!("/questions/{id}"), &edit).expect(200);
    ida.open(&place);
    ida.wait_for("form [data-here]");
    ida.click("form[data-draft] .acts button");
    ida.wait_for(".theirs");
    assert!(ida.text_of(".theirs").contains("at the pier"));
}
