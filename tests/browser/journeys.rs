//! Whole journeys of people.

use fantoccini::key::Key;
use serde_json::json;

use crate::browser::{Browser, Scripts};
use crate::harness::{Hall, PASSWORD, Place, Process, eventually};

#[test]
fn from_the_set_up_link_to_an_accepted_answer() {
    first_day(Scripts::On);
}

#[test]
fn from_the_set_up_link_to_an_accepted_answer_without_scripts() {
    first_day(Scripts::Off);
}

/// An administrator sets the hall up and invites a customer, who asks; the administrator answers, and the customer
/// accepts.
fn first_day(scripts: Scripts) {
    let place = Place::new(&[]);
    let server = Process::start(&place);
    let base = format!("http://{}", server.address);
    let file = place.folder().join("peerhall_data_dir").join("setup-link");
    let link = eventually("the set-up link", || std::fs::read_to_string(&file).ok());

    let ada = Browser::start(&base, scripts);
    ada.open(link.trim());
    ada.fill("site_name", "Harbour Help");
    ada.fill("name", "Ada Lund");
    ada.fill("email", "ada@example.org");
    ada.fill("password", PASSWORD);
    ada.click("main form button");
    ada.wait_for("a[href='/admin']");
    assert!(ada.text().contains("Harbour Help"), "{}", ada.text());

    ada.open("/admin/invitations");
    ada.fill("email", "cy@example.org");
    ada.click("form[action='/admin/invitations'] button");
    ada.wait_for("main");
    let invitation = ada.script("return document.querySelector('main input[readonly]').value");
    let invitation = invitation.as_str().expect("the invitation's link").to_owned();
    assert!(invitation.starts_with(&format!("{base}/join/")), "{invitation}");

    let cy = Browser::start(&base, scripts);
    cy.open(&invitation);
    cy.fill("name", "Cy Okafor");
    cy.fill("password", PASSWORD);
    cy.click("main form button");
    cy.wait_for("a[href='/ask']");

    cy.open("/ask");
    cy.fill("title", "Why does the lamp at the pier blink twice?");
    cy.fill("body", "Since the storm it blinks **twice**, then rests. Is that a signal?");
    cy.fill("tags", "lamps, pier");
    cy.click("form[action='/ask'] button.button");
    cy.wait_for("#reply");
    assert!(cy.path().starts_with("/questions/"), "{}", cy.path());
    assert_eq!(cy.text_of("h1"), "Why does the lamp at the pier blink twice?");
    assert_eq!(cy.text_of("main .prose strong"), "twice");

    ada.open("/");
    ada.click("main a[href*='/questions/'][href*='lamp']");
    ada.wait_for("#reply");
    ada.fill_in("#reply textarea[name='body']", "It means that the harbour is open again. All is well.");
    ada.click("#reply form button.button");
    ada.wait_for(".answers .prose");
    assert!(ada.text_of(".answers").contains("the harbour is open again"));

    cy.open(&cy.path());
    cy.click(".answers .accept");
    cy.wait_for("button[formaction$='/unaccept']");
    cy.click(".answers .vote-up");
    cy.wait_for(".answers .vote-up[aria-pressed='true']");
    assert!(cy.text_of(".answers .vote-score").contains('1'));

    // What the next visitor of the list sees.
    ada.open("/questions?state=solved");
    ada.wait_for("main a[href*='lamp']");
}

#[test]
fn a_wrong_form_comes_back_with_every_word_and_the_mistakes_named() {
    let hall = Hall::start();
    hall.add_member("Ann Asker", &[]);
    for scripts in [Scripts::On, Scripts::Off] {
        let ann = signed_in(&hall, "Ann Asker", scripts);
        ann.open("/ask");
        ann.fill("title", "Too short");
        ann.fill("body", "This is long enough for a body, and every word of it is kept.");
        ann.fill("tags", "forms");
        ann.click("form[action='/ask'] button.button");
        ann.wait_for("[role='alert']");
        let kept = ann.script("return document.querySelector('textarea[name=body]').value");
        assert_eq!(kept, "This is long enough for a body, and every word of it is kept.");
        assert!(ann.count("[aria-invalid='true']") > 0);
    }
}

#[test]
fn signing_in_and_asking_need_no_mouse() {
    let hall = Hall::start();
    hall.add_member("Kim Keys", &[]);
    let kim = Browser::start(&base(&hall), Scripts::On);
    kim.open("/ask");
    assert_eq!(kim.path(), "/sign-in");
    tab_to(&kim, "[name=email]");
    kim.type_text("kim.keys@example.org");
    tab_to(&kim, "[name=password]");
    kim.type_text(PASSWORD);
    kim.press(Key::Enter, &[]);
    kim.wait_for("form[action='/ask']");

    // The first stop leads past the navigation.
    tab_to(&kim, ".skip");
    assert_ne!(outline(&kim), "none", "the skip link shows no focus");
    kim.press(Key::Enter, &[]);
    tab_to(&kim, "[name=title]");
    assert_ne!(outline(&kim), "none", "a field shows no focus");
    kim.type_text("Can I ask without a mouse?");
    tab_to(&kim, "textarea[name=body]");
    kim.type_text("I should like to know whether everything can be reached from here.");
    tab_to(&kim, "[name=tags]");
    kim.type_text("keyboard");
    tab_to(&kim, "form[action='/ask'] button.button");
    assert_ne!(outline(&kim), "none", "the button shows no focus");
    kim.press(Key::Enter, &[]);
    kim.wait_for("#reply");
    assert_eq!(kim.text_of("h1"), "Can I ask without a mouse?");

    // And on to the menu and out.
    kim.open("/");
    tab_to(&kim, "[data-menu] summary");
    kim.press(Key::Enter, &[]);
    tab_to(&kim, "[formaction='/sign-out']");
    kim.press(Key::Enter, &[]);
    kim.wait_for("[name=password]");
}

#[test]
fn what_is_answered_already_is_read_while_its_title_is_typed_without_a_mouse() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann Asker"), hall.member("Bob"));
    let question = json!({ "space": "general", "title": "The lantern at the pier blinks twice",
        "body": "It rests in between. Why is that?", "tags": ["lanterns"] });
    let question = ann.api().post("/questions", &question).expect(201).json()["id"].as_i64().unwrap();
    let text = json!({ "body": "The harbour is **open** again." });
    let answers = format!("/questions/{question}/answers");
    let answer = bob.api().post(&answers, &text).expect(201).json()["id"].as_i64().unwrap();
    let chosen = json!({ "answer_id": answer });
    ann.api().put(&format!("/questions/{question}/accepted"), &chosen).expect(204);
    eventually("the answer is found", || {
        let found = bob.api().get("/search?q=harbour");
        (found.status == 200 && found.json()["total"] == 1).then_some(())
    });

    let bob = signed_in(&hall, "Bob", Scripts::On);
    bob.open("/ask");
    bob.script("document.querySelector('[name=title]').focus()");
    bob.type_text("Why does the lantern blink?");
    bob.wait_for("[data-similar] summary");
    let said = bob.script("return document.querySelector('[data-similar-status]').textContent");
    assert!(said.as_str().unwrap_or_default().starts_with("1 "), "{said}");

    // None of these: on with the question, and they stay away while the title stays.
    tab_to(&bob, "[data-none] button");
    bob.press(Key::Enter, &[]);
    tab_to(&bob, "textarea[name=body]");
    assert_eq!(bob.script("return document.querySelector('[data-similar]').hidden"), true);

    bob.script("document.querySelector('[name=title]').focus()");
    bob.type_text(" Twice!");
    bob.wait_for("[data-similar]:not([hidden]) summary");
    tab_to(&bob, "[data-similar] summary");
    assert_ne!(outline(&bob), "none", "a suggestion shows no focus");
    bob.press(Key::Enter, &[]);
    assert_eq!(bob.text_of("[data-similar] .prose strong"), "open");
    tab_to(&bob, "[data-solved]");
    bob.press(Key::Enter, &[]);
    bob.wait_for(".flashes");
    assert!(bob.path().starts_with(&format!("/questions/{question}/")), "{}", bob.path());
    bob.open("/ask");
    assert_eq!(bob.count("template ~ [data-here], .flash [data-here]"), 0, "{}", bob.text());
}

#[test]
fn words_that_were_written_are_offered_in_the_search_box() {
    let hall = Hall::start();
    let ann = hall.member("Ann Asker");
    let question = json!({ "space": "general", "title": "Thermostats that never calibrate",
        "body": "Mine does not, whatever I do with it.", "tags": ["heating"] });
    ann.api().post("/questions", &question).expect(201);
    eventually("the question is found", || {
        let found = ann.api().get("/search?q=thermostats");
        (found.status == 200 && found.json()["total"] == 1).then_some(())
    });
    let ann = signed_in(&hall, "Ann Asker", Scripts::On);
    ann.open("/");
    ann.script("document.querySelector('[data-search]').focus()");
    ann.type_text("never thermo");
    ann.wait_for("datalist option");
    let offered = ann.script("return document.querySelector('datalist option').value");
    assert_eq!(offered, "never thermostats");
}

/// Where a hall is.
pub fn base(hall: &Hall) -> String {
    format!("http://{}", hall.address)
}

/// A browser in which this member has signed in.
pub fn signed_in(hall: &Hall, name: &str, scripts: Scripts) -> Browser {
    let browser = Browser::start(&base(hall), scripts);
    browser.open("/sign-in");
    browser.fill("email", &format!("{}@example.org", name.to_lowercase().replace(' ', ".")));
    browser.fill("password", PASSWORD);
    browser.click("main form button");
    browser.wait_for("[data-menu]");
    browser
}

/// Presses Tab until this has the focus.
#[track_caller]
pub fn tab_to(browser: &Browser, css: &str) {
    for _ in 0..60 {
        let here = format!("return document.activeElement.matches({css:?})");
        if browser.script(&here) == true {
            return;
        }
        browser.press(Key::Tab, &[]);
    }
    panic!("sixty tabs do not lead to {css} at {}", browser.path());
}

/// How the focus shows: the outline's style of what has it.
fn outline(browser: &Browser) -> String {
    let style = browser.script(
        "const s = getComputedStyle(document.activeElement); \
         return s.outlineStyle !== 'none' ? s.outlineStyle : (s.boxShadow !== 'none' ? 'shadow' : 'none')",
    );
    style.as_str().unwrap_or_default().to_owned()
}
