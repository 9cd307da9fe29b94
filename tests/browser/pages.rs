//! Every kind of page, with the texts that real people write: looked at by axe in light and dark, and on a screen
//! of 360 pixels. Pictures go to `target/screenshots`.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::browser::{Browser, Scheme, Scripts};
use crate::harness::{Answer, Api, Hall, eventually};
use crate::journeys::{base, signed_in};

const AXE: &str = include_str!("axe.min.js");

#[test]
fn no_page_for_visitors_has_a_serious_barrier_or_scrolls_sideways() {
    let hall = Hall::start();
    let visitor = Browser::start(&base(&hall), Scripts::On);
    let nowhere = "t".repeat(43);
    let pages = [
        ("sign-in", "/sign-in".to_owned()),
        ("request", "/request".to_owned()),
        ("forgotten", "/reset/new".to_owned()),
        ("about", "/about".to_owned()),
        ("dead-link", format!("/join/{nowhere}")),
    ];
    look_at_all(&visitor, &pages);
    let invitation = hall.said(&["invite", "create", "--email", "new@example.org"], "");
    let join = invitation.split("/join/").nth(1).expect("a link").to_owned();
    look_at_all(&visitor, &[("join", format!("/join/{join}"))]);
    let link = hall.folder().join("peerhall_data_dir").join("setup-link");
    if let Ok(link) = std::fs::read_to_string(link) {
        let token = link.trim().rsplit('/').next().unwrap_or_default().to_owned();
        look_at_all(&visitor, &[("set-up", format!("/setup/{token}"))]);
    }
}

#[test]
fn no_page_for_members_has_a_serious_barrier_or_scrolls_sideways() {
    let hall = Hall::start();
    let thread = Thread::write(&hall);
    let ida = signed_in(&hall, "Ida Asker", Scripts::On);
    let Thread { question, own_answer, member, .. } = thread;
    thread.wait_until_it_is_found(&hall);
    let pages = [
        ("list", "/".to_owned()),
        ("list-empty", "/questions?state=closed".to_owned()),
        ("list-tag", "/questions?tag=printing".to_owned()),
        ("thread", format!("/questions/{question}")),
        ("thread-plain", format!("/questions/{}", thread.plain)),
        ("related", format!("/related/{}", thread.plain)),
        ("search", "/search?q=printing+paper".to_owned()),
        ("search-none", "/search?q=zeppelin+is%3Anothing+score%3Amany".to_owned()),
        ("search-fresh", "/search".to_owned()),
        ("ask", "/ask".to_owned()),
        ("edit-question", format!("/posts/{question}/edit")),
        ("edit-answer", format!("/posts/{own_answer}/edit")),
        ("revisions", format!("/posts/{question}/revisions")),
        ("tags", "/tags".to_owned()),
        ("people", "/people".to_owned()),
        ("person", format!("/people/{member}")),
        ("settings", "/settings".to_owned()),
        ("inbox", "/inbox".to_owned()),
        ("inbox-unread", "/inbox?unread=1".to_owned()),
        ("notifications", "/settings/notifications".to_owned()),
        ("not-found", "/questions/987654321".to_owned()),
        ("forbidden", "/admin".to_owned()),
    ];
    look_at_all(&ida, &pages);

    // What is shown while a title is typed.
    ida.screen(1280, Scheme::Light);
    ida.open("/ask");
    ida.fill("title", "Who prints on paper here?");
    ida.wait_for("[data-similar] summary");
    ida.click("[data-similar] summary");
    look_at(&ida, "ask-similar", None);

    // Forms that come back.
    ida.screen(1280, Scheme::Light);
    ida.open("/ask");
    ida.script("document.querySelector('form[action=\"/ask\"]').noValidate = true");
    ida.fill("title", "Too short");
    ida.click("form[action='/ask'] > .acts .button");
    ida.wait_for("[role='alert']");
    look_at(&ida, "ask-wrong", None);
    ida.screen(1280, Scheme::Light);
    ida.open("/ask");
    ida.fill("title", "A question whose form has grown too old to be taken");
    ida.fill("body", "Every word of it should still be here when it is sent again.");
    ida.fill("tags", "forms");
    ida.script("document.querySelector('form[action=\"/ask\"] [name=csrf]').value = 'stale'");
    ida.click("form[action='/ask'] > .acts .button");
    ida.wait_for("h1");
    look_at(&ida, "typed-text", None);
}

#[test]
fn no_page_for_administrators_has_a_serious_barrier_or_scrolls_sideways() {
    let hall = Hall::start();
    let thread = Thread::write(&hall);
    thread.wait_until_it_is_found(&hall);
    hall.add_member("Ada Admin", &["--role", "admin"]);
    let moderator = hall.add_member("Mo", &["--role", "moderator"]);
    let space =
        hall.said(&["space", "add", "--key", "pier", "--name", "The pier", "--product", "Pierware"], "");
    let entitled =
        ["entitlement", "add", "--organisation", "Harbour & Sons", "--product", "Pierware", "--tier", "gold"];
    hall.said(&entitled, "");
    hall.said(&["invite", "create", "--email", "someone.with.a.very.long.address@subdomain.example.org"], "");
    let ada = signed_in(&hall, "Ada Admin", Scripts::On);
    ada.open("/search?q=a+zeppelin+that+nobody+has+written+about");
    let pages = [
        ("admin", "/admin".to_owned()),
        ("admin-members", "/admin/members".to_owned()),
        ("admin-moderator", format!("/admin/members/{moderator}/spaces")),
        ("admin-invitations", "/admin/invitations".to_owned()),
        ("admin-organisations", "/admin/organisations".to_owned()),
        ("admin-products", "/admin/products".to_owned()),
        ("admin-spaces", "/admin/spaces".to_owned()),
        ("admin-space", format!("/admin/spaces/{space}")),
        ("admin-settings", "/admin/settings".to_owned()),
        ("admin-audit", "/admin/audit".to_owned()),
        ("admin-mail", "/admin/mail".to_owned()),
        ("admin-requests", "/admin/requests".to_owned()),
        ("received", "/mail/received".to_owned()),
        ("missed", "/search/missed".to_owned()),
    ];
    look_at_all(&ada, &pages);
}

#[test]
fn no_page_of_recognition_has_a_serious_barrier_or_scrolls_sideways() {
    let hall = Hall::start();
    let thread = Thread::write(&hall);
    let Thread { plain, own_answer, member, .. } = thread;
    hall.add_member("Ada Admin", &["--role", "admin"]);
    let ada = signed_in(&hall, "Ada Admin", Scripts::On);
    // One vote up within an hour is much, so that there is something to review.
    ada.open("/admin/reputation");
    ada.fill("burst_votes", "1");
    ada.click("form[action='/admin/reputation'] .acts .button");
    ada.wait_for(".flash");
    let cem = hall.member("Cem Söderström-van der Straaten");
    well(cem.api().put(&format!("/posts/{own_answer}/vote"), &json!({ "value": 1 })));
    let edit = json!({ "body": "I do, now and then, when it is awake, and **never** on Sundays.", "version": 1,
        "reason": "Sundays, and a very long word: Donaudampfschifffahrtsgesellschaftskapitän" });
    let suggested = cem.api().patch(&format!("/answers/{own_answer}"), &edit).expect(202).json();
    hall.said(&["guru", "appoint", "--email", &cem.email, "--tag", "printing"], "");
    let token = format!("Bearer {}", hall.token("Ida Asker"));
    let headers = [("authorization", token.as_str())];
    eventually("a badge and a pattern", || {
        let person =
            hall.visitor().request("GET", &format!("/api/v1/people/{}", thread.badged), &headers, Vec::new());
        ada.open("/review/votes");
        let has_badge = !person.json()["badges"].as_array()?.is_empty();
        let count =
            ada.script("return document.querySelectorAll('main form[action^=\"/review/votes/\"]').length");
        (has_badge && count != 0).then_some(())
    });
    let pages = [
        ("badges", "/badges".to_owned()),
        ("badge", "/badges/first-accepted".to_owned()),
        ("leaders", "/people/leaders".to_owned()),
        ("profile", format!("/people/{}", thread.badged)),
        ("ledger", format!("/people/{}/reputation", thread.badged)),
        ("privileges", format!("/people/{member}/privileges")),
        ("guru", "/guru".to_owned()),
        ("needs-you", "/needs-you".to_owned()),
        ("gurus-of-tag", "/tags/printing/gurus".to_owned()),
        ("candidates", format!("/questions/{plain}/candidates")),
        ("suggestions", "/suggestions".to_owned()),
        ("suggestion", format!("/suggestions/{}", suggested["suggestion_id"])),
        ("patterns", "/review/votes".to_owned()),
        ("admin-reputation", "/admin/reputation".to_owned()),
    ];
    look_at_all(&ada, &pages);
}

#[test]
fn axe_sees_a_barrier_where_there_is_one() {
    let hall = Hall::start();
    let visitor = Browser::start(&base(&hall), Scripts::On);
    visitor.open("/sign-in");
    assert_eq!(barriers(&visitor), Vec::<String>::new());
    visitor.script("document.querySelector('main label').remove()");
    let found = barriers(&visitor).join("\n");
    assert!(found.contains("label"), "{found}");
}

/// A thread with everything in it that breaks layouts.
pub struct Thread {
    pub question: i64,
    own_answer: i64,
    plain: i64,
    member: i64,
    /// Whose answer was accepted.
    badged: i64,
}

impl Thread {
    pub fn write(hall: &Hall) -> Thread {
        let ida = hall.member("Ida Asker");
        let ben = hall.member("Benedikta Öztürk-Håkansson von der Weide");
        let question = made(
            ida.api(),
            "/questions",
            json!({
                "space": "general",
                "title": "Why does `printerd --wake-up-at-once-and-never-sleep-again` fail with \
                          Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen?",
                "body": QUESTION,
                "tags": ["printing", "c++", "sleep-and-wake-up", "a-tag-of-35-characters-as-they-may-", "linux"],
            }),
        );
        let answer = made(ben.api(), &format!("/questions/{question}/answers"), json!({ "body": ANSWER }));
        let other =
            json!({ "body": "Mine woke up after I moved it away from the window. ☀️ 🖨️ مرحبا بالعالم" });
        made(ben.api(), &format!("/questions/{question}/answers"), other);
        for n in 0..3 {
            let text = json!({ "body": format!("Comment {n} with `code`, a [link](https://example.org/{}) and **more**.",
                "long/".repeat(30)) });
            made(ida.api(), &format!("/posts/{answer}/comments"), text);
        }
        well(ida.api().put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": answer })));
        well(ida.api().put(&format!("/posts/{answer}/vote"), &json!({ "value": 1 })));
        well(ben.api().put(&format!("/questions/{question}/affected"), &json!({ "platform": "Linux" })));
        let edit = json!({"body": format!("{QUESTION}\n\nIt happens on Sundays, too."), "reason": "one more fact",
            "version": 1});
        well(ida.api().patch(&format!("/questions/{question}"), &edit));
        let plain = json!({"space": "general", "title": "Is anybody here who prints?",
            "body": "I have a small question about paper.", "tags": ["printing"]});
        let plain = made(ben.api(), "/questions", plain);
        let answer = json!({ "body": "I do, now and then, when it is awake." });
        let own_answer = made(ida.api(), &format!("/questions/{plain}/answers"), answer);
        Thread { question, own_answer, plain, member: ida.id, badged: ben.id }
    }
}

impl Thread {
    /// Waits until the index has it.
    fn wait_until_it_is_found(&self, hall: &Hall) {
        let token = format!("Bearer {}", hall.token("Ida Asker"));
        eventually("the thread is found", || {
            let headers = [("authorization", token.as_str())];
            let path = "/api/v1/search?q=[printing]+is:answer";
            let found = hall.visitor().request("GET", path, &headers, Vec::new());
            (found.status == 200 && found.json()["total"].as_u64()? > 0).then_some(())
        });
    }
}

/// Pages that are there to say no.
const REFUSED: &[(&str, u16)] = &[("dead-link", 404), ("not-found", 404), ("forbidden", 403)];

const QUESTION: &str = "It sleeps after every page.\n\n```sh\nprinterd --wake-up-at-once-and-never-sleep-again \
    --with-a-very-long-option=/usr/share/printerd/very/long/path/to/nowhere/at/all | tee output.log\n```\n\n\
    | model | pages before sleep | firmware | what it says | what it means | since |\n|---|---:|---|---|---|---|\n\
    | LX-200 | 1 | 4.2.1 | `E-77` | nothing | Monday |\n\n> Somebody said it was the cable.\n\n1. I changed it.\n\
    2. Nothing.\n   - Not even a beep.\n\nsupercalifragilisticexpialidocioussupercalifragilisticexpialidocioussuper";

const ANSWER: &str = "# Try this\n\nTurn **off** the *deep sleep*:\n\n```\nsleep = never\n```\n\n\
    See https://example.org/a/very/long/address/that/does/not/want/to/be/broken/anywhere/at/all?with=a&long=query\n\n\
    - [x] off\n- [ ] on\n\n![A lamp](https://example.org/lamp.png)";

#[track_caller]
fn well(answer: Answer) {
    assert!(answer.status < 400, "{}: {}", answer.asked, answer.shown());
}

#[track_caller]
fn made(api: &Api, path: &str, body: Value) -> i64 {
    api.post(path, &body).expect(201).json()["id"].as_i64().unwrap()
}

fn look_at_all(browser: &Browser, pages: &[(&str, String)]) {
    let wrong: Vec<String> =
        pages.iter().flat_map(|(name, path)| looked_at(browser, name, Some(path))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn look_at(browser: &Browser, name: &str, path: Option<&str>) {
    let wrong = looked_at(browser, name, path);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Opens the page wide and narrow, light and dark, takes the pictures, and says what is wrong with it.
fn looked_at(browser: &Browser, name: &str, path: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (width, scheme, word) in [
        (1280, Scheme::Light, "light"),
        (1280, Scheme::Dark, "dark"),
        (360, Scheme::Dark, "dark"),
        (360, Scheme::Light, "light"),
    ] {
        browser.screen(width, scheme);
        if let Some(path) = path {
            browser.open(path);
        }
        browser.wait_for("h1");
        if let Some(path) = path {
            let status =
                browser.script("return performance.getEntriesByType('navigation')[0].responseStatus");
            let right =
                REFUSED.iter().find(|(refused, _)| *refused == name).map_or(200, |(_, status)| *status);
            assert_eq!(status, right, "{name} at {path}");
            assert!(
                browser.path().starts_with(path.split('?').next().unwrap()),
                "{path} led to {}",
                browser.path()
            );
        }
        keep_picture(browser, &format!("{name}-{width}-{word}"));
        let here = format!("{name} at {width} pixels, {word}");
        let wide = browser.script(
            "const e = document.scrollingElement; if (e.scrollWidth <= e.clientWidth) return ''; \
             return [...document.querySelectorAll('body *')].filter(x => x.getBoundingClientRect().right > \
             e.clientWidth + 1).slice(0, 5).map(x => x.outerHTML.slice(0, 120)).join('\\n') || 'scrolls'",
        );
        if wide != "" {
            wrong.push(format!("{here} scrolls sideways because of:\n{}", wide.as_str().unwrap_or_default()));
        }
        // Contrast differs between light and dark, layout between wide and narrow: these two see it all.
        if (width == 1280) == (scheme == Scheme::Light) {
            wrong.extend(barriers(browser).into_iter().map(|barrier| format!("{here}: {barrier}")));
        }
    }
    wrong
}

/// What axe finds serious or critical.
fn barriers(browser: &Browser) -> Vec<String> {
    let script = format!(
        "const done = arguments[arguments.length - 1]; {AXE}; \
         axe.run(document, {{resultTypes: ['violations']}}).then(r => done(r.violations \
         .filter(v => v.impact === 'serious' || v.impact === 'critical') \
         .map(v => v.id + ' (' + v.impact + '): ' + v.help + '\\n  ' + \
              v.nodes.slice(0, 5).map(n => n.html.slice(0, 160) + '\\n    ' + n.any.map(a => a.message).join('; ')) \
              .join('\\n  '))), e => done(['axe failed: ' + e]))"
    );
    let found = browser.script_async(&script);
    let found = found.as_array().unwrap_or_else(|| panic!("axe said {found}"));
    found.iter().map(|barrier| barrier.as_str().unwrap_or_default().to_owned()).collect()
}

fn keep_picture(browser: &Browser, name: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), browser.picture()).unwrap();
}
