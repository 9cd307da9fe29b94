//! The inbox: live in every tab, read by keyboard alone, and just as well without scripts.

use fantoccini::key::Key;
use serde_json::json;

use crate::browser::{Browser, Scripts};
use crate::harness::{Hall, Member, eventually};
use crate::journeys::{signed_in, tab_to};

fn question(ann: &Member<'_>) -> i64 {
    let draft = json!({"space": "general", "title": "Why does the lantern flicker at night?",
        "body": "It flickers from ten to three, every single night.", "tags": ["lamps"]});
    ann.api().post("/questions", &draft).expect(201).json()["id"].as_i64().unwrap()
}

fn answer(by: &Member<'_>, question: i64, body: &str) {
    by.api().post(&format!("/questions/{question}/answers"), &json!({ "body": body })).expect(201);
}

/// The number in the head; nothing where it is not shown.
fn badge(browser: &Browser) -> String {
    let shown =
        "const c = document.querySelector('[data-inbox] [data-count]'); return c.hidden ? '' : c.textContent";
    browser.script(shown).as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_number_of_notices_is_live_in_every_tab_and_they_are_read_by_keyboard() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let id = question(&ann);
    let browser = signed_in(&hall, "Ann", Scripts::On);
    assert_eq!(badge(&browser), "");
    answer(&bo, id, "Tighten the second screw, then wait a minute.");
    eventually("the number, without loading the page again", || (badge(&browser) == "1").then_some(()));
    // A page that is open on the inbox shows what is new by itself.
    tab_to(&browser, "[data-inbox]");
    browser.press(Key::Enter, &[]);
    browser.wait_for(".inbox-item-new");
    answer(&bo, id, "Or tighten the third screw, then wait two minutes.");
    eventually("the second in the list", || (browser.count(".inbox-item-new") == 2).then_some(()));
    assert_eq!(badge(&browser), "2");
    tab_to(&browser, ".inbox-item-new a");
    browser.press(Key::Enter, &[]);
    browser.wait_for("#reply");
    eventually("reading the thread reads its notices", || (badge(&browser).is_empty()).then_some(()));
}

#[test]
fn the_inbox_and_its_settings_need_no_scripts() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let id = question(&ann);
    answer(&bo, id, "Tighten the second screw, then wait a minute.");
    eventually("a notice", || (ann.api().get("/inbox").json()["unread"] == 1).then_some(()));
    let browser = signed_in(&hall, "Ann", Scripts::Off);
    browser.open("/inbox");
    assert!(browser.text_of(".inbox-item-new").contains("Bo answered"));
    browser.click("[formaction='/inbox/read']");
    browser.wait_for(".inbox-item");
    assert_eq!(browser.count(".inbox-item-new"), 0);

    browser.open("/questions?tag=lamps");
    browser.click("[formaction='/tags/lamps/follow'][aria-pressed='false']");
    browser.wait_for("[formaction='/tags/lamps/follow'][aria-pressed='true']");
    browser.open("/settings/notifications");
    browser.click("[name='kind-answer'] option[value='daily']");
    browser.click("main form button.button");
    browser.wait_for(".flash");
    let kept = ann.api().get("/me/notifications").expect(200).json();
    assert_eq!(kept["answer"], "daily", "{kept}");
    browser.open("/questions?tag=lamps");
    browser.click("[formaction='/tags/lamps/follow'][aria-pressed='true']");
    browser.wait_for("[formaction='/tags/lamps/follow'][aria-pressed='false']");
}
