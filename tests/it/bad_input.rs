//! Every writing route, with everything that could be wrong with what it is sent: always a clear 4xx, never a
//! change, never a fault of ours.

use serde_json::{Value, json};

use crate::closed_space::made;
use crate::harness::{Answer, Hall, Member};
use crate::requests::{Ids, Route, Sample, filled, routes, sample};
use crate::state::state;

#[test]
fn whatever_json_is_wrong_is_refused_and_changes_nothing() {
    let hall = Hall::start();
    let scene = Scene::prepare(&hall);
    let before = state(hall.db());
    for route in writing().filter(|route| route.api) {
        let Some(Sample::Json(right, required)) = sample(&route.method, route.path, &scene.ids) else {
            continue;
        };
        for path in filled(route.path, &scene.ids) {
            for (what, body) in wrong_json(&right, required) {
                let answer = scene.send(&route, &path, "application/json", body);
                assert_refused(&answer, what.as_str());
            }
            for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "", "é"] {
                let answer = scene.send(&route, &path, kind, serde_json::to_vec(&right).unwrap());
                assert_refused(&answer, &format!("content type `{kind}`"));
                assert_eq!(answer.status, 415, "{} as `{kind}`", answer.asked);
            }
        }
    }
    assert_eq!(before, state(hall.db()));
}

#[test]
fn whatever_form_is_wrong_is_refused_and_changes_nothing() {
    let hall = Hall::start();
    let scene = Scene::prepare(&hall);
    let token = scene.admin.form_token();
    let before = state(hall.db());
    for route in writing().filter(|route| !route.api) {
        let Some(Sample::Form(right, required)) = sample(&route.method, route.path, &scene.ids) else {
            continue;
        };
        for path in filled(route.path, &scene.ids) {
            for (what, body) in wrong_forms(&right, required, &token) {
                let answer = scene.admin.post_raw(&path, body);
                assert_refused(&answer, what.as_str());
                answer.expect_page(answer.status);
            }
            // The router reads escapes as the letters they mean; the gate must not read anything else.
            let answer = scene.admin.post_raw(&escaped(&path), without_token(&right));
            assert_refused(&answer, "no token and a path written with an escape");
        }
    }
    assert_eq!(before, state(hall.db()));
}

/// The path with its last letter as an escape.
fn escaped(path: &str) -> String {
    let (begin, last) = path.split_at(path.len() - 1);
    format!("{begin}%{:02x}", last.as_bytes()[0])
}

fn without_token(fields: &[(&str, String)]) -> Vec<u8> {
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    pairs.join("&").into_bytes()
}

#[test]
fn an_id_that_is_none_is_refused() {
    let hall = Hall::start();
    let scene = Scene::prepare(&hall);
    let before = state(hall.db());
    let ids = [
        "987654321",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "-1",
        "0",
        "1.5",
        "1e3",
        "one",
        "%00",
        "%ff",
        "1%2f2",
        "%F0%9F%A6%98",
        "11111111111111111111111111111111111111111111111111111111111111",
    ];
    for route in routes().into_iter().filter(|route| route.path.contains("{id}")) {
        for id in ids {
            let path = filled(&route.path.replace("{id}", id), &scene.ids).remove(0);
            let answer = scene.right(&route, &path);
            assert_refused(&answer, &format!("the id `{id}`"));
        }
    }
    assert_eq!(before, state(hall.db()));
}

#[test]
fn a_query_that_makes_no_sense_is_refused() {
    let hall = Hall::start();
    let scene = Scene::prepare(&hall);
    let queries = [
        "after=nonsense",
        "after=%ff",
        "after=",
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=many",
        "limit=99999999999999999999",
        "sort=sideways",
        "state=elated",
        "space=nowhere",
        "tag=%00",
        "sort=newest&sort=newest",
    ];
    for query in queries {
        let answer = scene.admin.api().get(&format!("/questions?{query}"));
        let empty = query == "after=";
        assert!(empty || (400..500).contains(&answer.status), "{query}: {}", answer.shown());
        assert!(answer.status < 500, "{query}: {}", answer.shown());
    }
}

#[test]
fn a_stale_version_is_a_conflict_that_keeps_what_was_typed() {
    let hall = Hall::start();
    let scene = Scene::prepare(&hall);
    let path = format!("/questions/{}", scene.ids.question);
    let change = json!({"title": "A title that is newer than the first", "version": 1});
    scene.admin.api().patch(&path, &change).expect(200);
    let answer =
        scene.admin.api().patch(&path, &json!({"title": "A title that came too late", "version": 1}));
    assert_eq!(answer.status, 409, "{}", answer.shown());
    let fields = [
        ("title", "A title that came too late"),
        ("body", "A body that came too late as well, and is kept."),
        ("tags", "printing"),
        ("version", "1"),
    ];
    let page = scene.admin.post(&format!("/posts/{}/edit", scene.ids.question), &fields);
    assert!(page.expect_page(409).contains("A body that came too late as well"), "{}", page.shown());
}

#[test]
fn every_writing_route_has_a_sample_or_needs_none() {
    let ids = Ids { question: 1, answer: 2, comment: 3, member: 1 };
    let missing: Vec<String> = writing()
        .filter(|route| sample(&route.method, route.path, &ids).is_none())
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert!(missing.is_empty(), "say in requests.rs what a right request carries: {missing:#?}");
}

fn writing() -> impl Iterator<Item = Route> {
    routes().into_iter().filter(Route::writes)
}

/// An administrator, whom no area turns away, and an open thread of somebody else.
struct Scene<'h> {
    admin: Member<'h>,
    ids: Ids,
}

impl<'h> Scene<'h> {
    fn prepare(hall: &'h Hall) -> Scene<'h> {
        let admin = hall.member_as("admin", "Ada Admin");
        let asker = hall.member("Ann Asker");
        let question = json!({"space": "general", "title": "Why does my printer sleep?",
            "body": "It sleeps after every single page.", "tags": ["printing"]});
        let question = made(asker.api().post("/questions", &question));
        let text = json!({ "body": "Have you tried to wake it, gently?" });
        let answer = made(asker.api().post(&format!("/questions/{question}/answers"), &text));
        let comment = made(asker.api().post(&format!("/posts/{question}/comments"), &text));
        admin.browser();
        admin.api();
        Scene { admin, ids: Ids { question, answer, comment, member: asker.id } }
    }

    fn send(&self, route: &Route, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let headers: &[(&str, &str)] = if kind.is_empty() { &[] } else { &[("content-type", kind)] };
        self.admin.api().request(&route.method, path.trim_start_matches("/api/v1"), headers, body)
    }

    /// A request in which only the path is wrong.
    fn right(&self, route: &Route, path: &str) -> Answer {
        match sample(&route.method, route.path, &self.ids) {
            _ if !route.writes() && !route.api => self.admin.get(path),
            Some(Sample::Form(fields, _)) => {
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                self.admin.post(path, &fields)
            }
            Some(Sample::Json(value, _)) if route.writes() => {
                self.send(route, path, "application/json", serde_json::to_vec(&value).unwrap())
            }
            _ => self.send(route, path, "", Vec::new()),
        }
    }
}

#[track_caller]
fn assert_refused(answer: &Answer, what: &str) {
    assert!(
        (400..500).contains(&answer.status) && answer.status != 429,
        "{} with {what}: {}",
        answer.asked,
        answer.shown()
    );
    if answer.asked.contains("/api/") {
        let problem = answer.json();
        let title = problem["title"].as_str().unwrap_or_default();
        assert!(!title.is_empty(), "{} with {what}: no title: {problem}", answer.asked);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.asked);
    }
}

/// Everything that can be wrong with a JSON body, each with its name.
fn wrong_json(right: &Value, required: &[&str]) -> Vec<(String, Vec<u8>)> {
    let text = serde_json::to_string(right).unwrap();
    let mut wrong: Vec<(String, Vec<u8>)> = vec![
        ("a body cut in the middle".into(), text.as_bytes()[..text.len() - 2].to_vec()),
        ("words after the body".into(), format!("{text} and more").into_bytes()),
        ("no JSON".into(), b"title=x".to_vec()),
        ("an array".into(), b"[]".to_vec()),
        ("a text".into(), b"\"text\"".to_vec()),
        ("a number".into(), b"12".to_vec()),
        ("invalid UTF-8".into(), [b"{\"body\": \"".as_slice(), b"\xff\xfe", b"\"}"].concat()),
        ("arrays nested 10,000 deep".into(), "[".repeat(10_000).into_bytes()),
        ("objects nested 10,000 deep".into(), "{\"a\":".repeat(10_000).into_bytes()),
        ("more than a megabyte".into(), format!("{{\"body\": \"{}\"}}", "a".repeat(1_100_000)).into_bytes()),
    ];
    if !required.is_empty() {
        wrong.push(("no body".into(), Vec::new()));
        wrong.push(("null".into(), b"null".to_vec()));
        wrong.push(("an empty object".into(), b"{}".to_vec()));
    }
    let Some(fields) = right.as_object() else { return wrong };
    let with = |name: &str, value: Value| -> Vec<u8> {
        let mut changed = fields.clone();
        changed.insert(name.to_owned(), value);
        serde_json::to_vec(&changed).unwrap()
    };
    for (name, value) in fields {
        if required.contains(&name.as_str()) {
            let mut without = fields.clone();
            without.remove(name);
            wrong.push((format!("no {name}"), serde_json::to_vec(&without).unwrap()));
            wrong.push((format!("{name} null"), with(name, Value::Null)));
        }
        let others =
            [json!(true), json!({"a": 1}), json!([[1]]), json!(1.5), json!(1e300), json!("nonsense")];
        for other in others.into_iter().filter(|other| kind(other) != kind(value) || value.is_i64()) {
            wrong.push((format!("{name} as {other}"), with(name, other)));
        }
        if value.is_i64() {
            for number in ["9223372036854775808", "-9223372036854775809", "-1", "9007199254740993"] {
                if name == "value" && number == "-1" {
                    continue; // a vote down
                }
                let body = String::from_utf8(with(name, json!("@"))).unwrap().replace("\"@\"", number);
                wrong.push((format!("{name} {number}"), body.into_bytes()));
            }
        }
        if value.is_string() {
            wrong.push((format!("{name} with NUL"), with(name, json!("a\u{0}b and so on and on"))));
            wrong.push((format!("{name} of 200,000 characters"), with(name, json!("a".repeat(200_000)))));
            let lone = String::from_utf8(with(name, json!("@"))).unwrap().replace("\"@\"", "\"\\ud800\"");
            wrong.push((format!("{name} with half a character"), lone.into_bytes()));
        }
        let twice = format!("{{\"{name}\": {value}, {}", &text[1..]);
        wrong.push((format!("{name} said twice"), twice.into_bytes()));
        if name == "body" {
            for mark in [">", "- ", "* > ", "**", "[", "<div>"] {
                let deep =
                    format!("{} {}", mark.repeat(10_000.min(59_000 / mark.len())), "so deep and deeper");
                if mark == ">" || mark == "- " || mark == "* > " {
                    wrong.push((
                        format!("Markdown nested 10,000 deep with `{mark}`"),
                        with(name, json!(deep)),
                    ));
                }
            }
        }
        if name == "tags" {
            let tags = [
                json!(["a", "b", "c", "d", "e", "f"]),
                json!([""]),
                json!(["a b"]),
                json!(["x".repeat(36)]),
                json!(["ta\u{0}g"]),
            ];
            for tags in tags {
                wrong.push((format!("tags {tags}"), with(name, tags)));
            }
        }
    }
    wrong
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

/// Everything that can be wrong with a form, each with its name.
fn wrong_forms(right: &[(&str, String)], required: &[&str], token: &str) -> Vec<(String, Vec<u8>)> {
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let body = |fields: &[(&str, String)]| -> String {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}&", encode(value)));
        format!("{}csrf={token}", pairs.collect::<String>())
    };
    let whole = body(right);
    let mut wrong = vec![
        ("no token".to_owned(), whole.replace(&format!("csrf={token}"), "").into_bytes()),
        ("a foreign token".to_owned(), whole.replace(token, &"x".repeat(token.len())).into_bytes()),
        ("the token twice".to_owned(), format!("{whole}&csrf={token}").into_bytes()),
        ("invalid UTF-8".to_owned(), format!("{whole}&more=%ff").into_bytes()),
        ("a broken escape".to_owned(), format!("{whole}&more=%f").into_bytes()),
        ("a NUL".to_owned(), format!("{whole}&more=%00").into_bytes()),
        ("101 fields".to_owned(), {
            let fields: String = (0..101).map(|n| format!("&f{n}=1")).collect();
            format!("{whole}{fields}").into_bytes()
        }),
        ("more than a megabyte".to_owned(), format!("{whole}&more={}", "a".repeat(1_100_000)).into_bytes()),
    ];
    for (name, value) in right {
        let with = |new: &str| {
            let fields: Vec<(&str, String)> = right
                .iter()
                .map(|(known, old)| (*known, if known == name { new.to_owned() } else { old.clone() }))
                .collect();
            body(&fields).into_bytes()
        };
        if required.contains(name) {
            let rest: Vec<(&str, String)> =
                right.iter().filter(|(known, _)| known != name).cloned().collect();
            wrong.push((format!("no {name}"), body(&rest).into_bytes()));
            wrong.push((format!("{name} empty"), with("")));
            wrong.push((format!("{name} of spaces"), with("   \t  ")));
        }
        if value.parse::<i64>().is_ok() && required.contains(name) {
            // Ending a session that has ended already is no mistake.
            let unknown = (*name != "session").then_some("-7");
            for number in ["9223372036854775808", "1.5", "one", "0x10"].into_iter().chain(unknown) {
                wrong.push((format!("{name} `{number}`"), with(number)));
            }
        } else if required.contains(name) && *name != "password" {
            wrong.push((format!("{name} of 200,000 characters"), with(&"a".repeat(200_000))));
        }
        if *name == "body" && required.contains(name) {
            wrong.push((
                "Markdown nested 10,000 deep".to_owned(),
                with(&format!("{} deep", ">".repeat(10_000))),
            ));
        }
        wrong.push((format!("{name} twice"), format!("{name}=again&{whole}").into_bytes()));
    }
    wrong
}
