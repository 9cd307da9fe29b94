//! Every route there is, walked by those it is not for, with a canary in a closed space.
//!
//! The routes are asked for at run time, so a new one is walked without anybody thinking of it. To visitors every
//! gated route answers alike. To a member without the space's entitlement no answer holds the canary, and what is
//! closed cannot be told from what does not exist, in words, headers and counts.

use std::collections::BTreeSet;

use peerhall::clock::{DAY, rfc3339};

use crate::closed_space::{CANARY, ClosedSpace, SPACE};
use crate::harness::{Answer, Hall, Member, Visitor};
use crate::requests::{Ids, Route, Sample, filled, routes, sample};

/// The ungated paths of contract.md, as routes name them.
const UNGATED: &[&str] = &[
    "/sign-in",
    "/setup/{token}",
    "/join/{token}",
    "/request",
    "/reset/{token}",
    "/confirm/{token}",
    "/unsubscribe/{token}",
    "/report",
    "/hooks/in/{token}",
    "/about",
    "/api/v1/openapi.json",
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/favicon.ico",
    "/static/{name}",
    // Answers 401 by itself, as contract.md says of it.
    "/live",
];

/// A stream has no end to wait for: `inbox` has its tests.
const STREAM: &str = "/live";

/// Those of them that later issues build. One that is built leaves this list.
const LATER: &[&str] = &["/report", "/hooks/in/{token}"];

#[test]
fn the_ungated_routes_are_those_of_the_contract_and_no_others() {
    let found: BTreeSet<&str> =
        routes().iter().filter(|route| route.ungated).map(|route| route.path).collect();
    let promised: BTreeSet<&str> = UNGATED.iter().copied().filter(|path| !LATER.contains(path)).collect();
    assert_eq!(found, promised);
}

#[test]
fn a_visitor_is_turned_away_from_every_gated_route() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    for route in routes().iter().filter(|route| !route.ungated) {
        for path in filled(route.path, &closed.ids) {
            let answer = send(&hall.visitor(), route, &path, &closed.ids);
            if route.api {
                answer.expect_problem(401, "token");
            } else {
                assert_eq!(answer.status, 303, "{}", answer.asked);
                assert!(answer.location().starts_with("/sign-in"), "{}", answer.asked);
                assert!(answer.bytes.is_empty(), "{}: {}", answer.asked, answer.shown());
            }
            assert_silent(&answer);
        }
    }
}

#[test]
fn no_ungated_route_speaks_of_what_is_inside() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    for route in routes().iter().filter(|route| route.ungated) {
        for path in filled(route.path, &closed.ids) {
            assert_silent(&send(&hall.visitor(), route, &path, &closed.ids));
        }
    }
}

#[test]
fn a_member_without_the_entitlement_meets_the_canary_nowhere() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    for route in routes().iter().filter(|route| !route.writes() && route.path != STREAM) {
        for path in filled(route.path, &closed.ids) {
            let answer = walk(&closed.outsider, route, &path, &closed.ids);
            assert_silent(&answer);
            let inside = route.path.contains("{id}") && !route.path.contains("/people/");
            if inside {
                assert!([403, 404].contains(&answer.status), "{}: {}", answer.asked, answer.shown());
            }
        }
    }
    for path in [
        format!("/?space={SPACE}"),
        format!("/questions?space={SPACE}"),
        format!("/ask?space={SPACE}"),
        "/questions?sort=score".to_owned(),
        "/questions?state=unanswered".to_owned(),
        "/questions?mine=1".to_owned(),
    ] {
        assert_silent(&closed.outsider.get(&path));
    }
    for path in [format!("/questions?space={SPACE}"), "/questions?state=unanswered&sort=active".to_owned()] {
        assert_silent(&closed.outsider.api().get(&path));
    }
}

#[test]
fn what_is_closed_cannot_be_told_from_what_is_not_there() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    let nowhere = Ids { question: 987_654_321, answer: 987_654_321, comment: 987_654_321, ..closed.ids };
    for route in routes().iter().filter(|route| route.path.contains("{id}")) {
        let here = filled(route.path, &closed.ids);
        let there = filled(route.path, &nowhere);
        for (closed_path, absent_path) in here.iter().zip(&there) {
            if closed_path == absent_path {
                continue;
            }
            let one = plain(&walk(&closed.outsider, route, closed_path, &closed.ids), closed_path);
            let other = plain(&walk(&closed.outsider, route, absent_path, &closed.ids), absent_path);
            assert_eq!(one, other, "{} {}", route.method, route.path);
        }
    }
    let ask = |space: &str| {
        let question = serde_json::json!({"space": space, "title": "May I ask in here?",
            "body": "I should like to know what is in here.", "tags": ["doors"]});
        plain(&closed.outsider.api().post("/questions", &question), space)
    };
    assert_eq!(ask(SPACE), ask("nowhere"));
}

#[test]
fn what_happens_inside_changes_nothing_outside() {
    let hall = Hall::start();
    // Everybody is there, and the space; but nobody has said anything yet.
    let other = hall.member("Olga Outside");
    let closed_first = lists(&other);
    assert!(!closed_first.is_empty());
    let closed = ClosedSpace::prepare(&hall);
    let before = lists(&closed.outsider);
    let again = serde_json::json!({"space": SPACE, "title": format!("And the other {CANARY}?"),
        "body": format!("Neither does the other {CANARY} open."), "tags": ["doors"]});
    let id = crate::closed_space::made(closed.asker.api().post("/questions", &again));
    let text = serde_json::json!({ "body": format!("No {CANARY} opens on Sundays.") });
    let answer = closed.answerer.api().post(&format!("/questions/{id}/answers"), &text);
    let answer = crate::closed_space::made(answer);
    let vote = serde_json::json!({ "value": 1 });
    closed.asker.api().put(&format!("/posts/{answer}/vote"), &vote).expect(200);
    let after = lists(&closed.outsider);
    for (path, text) in &before {
        let now = after.iter().find(|(known, _)| known == path).map(|(_, text)| text);
        assert_eq!(Some(text), now, "{path} tells an outsider what happens in the closed space");
    }
}

#[test]
fn a_member_with_the_entitlement_meets_the_canary_where_it_belongs() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    let Ids { question, answer, .. } = closed.ids;
    for path in ["/", "/questions", "/tags", "/ask"] {
        assert!(closed.answerer.get(path).expect(200).text().contains(CANARY), "{path}");
    }
    let page = closed.answerer.get(&format!("/questions/{question}"));
    let page = closed.answerer.follow(page).expect(200);
    // Title, body, tag, answer, comments.
    assert!(page.text().matches(CANARY).count() >= 5, "{}", page.shown());
    for path in [format!("/questions/{question}"), format!("/posts/{answer}/revisions"), "/questions".into()]
    {
        assert!(closed.answerer.api().get(&path).expect(200).text().contains(CANARY), "{path}");
    }
}

#[test]
fn a_member_without_the_entitlement_can_do_nothing_inside() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    let before = closed.asker.api().get(&format!("/questions/{}", closed.ids.question)).expect(200).json();
    for route in routes().iter().filter(|route| route.writes() && route.path.contains("{id}")) {
        for path in filled(route.path, &closed.ids) {
            let answer = walk(&closed.outsider, route, &path, &closed.ids);
            assert!([403, 404].contains(&answer.status), "{}: {}", answer.asked, answer.shown());
            assert_silent(&answer);
        }
    }
    let after = closed.asker.api().get(&format!("/questions/{}", closed.ids.question)).expect(200).json();
    assert_eq!(before, after);
}

#[test]
fn losing_the_entitlement_closes_the_space_at_the_next_request() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    let path = format!("/questions/{}", closed.ids.question);
    closed.answerer.api().get(&path).expect(200);
    let ended = [
        "entitlement",
        "add",
        "--organisation",
        "Insiders",
        "--product",
        "Vaultware",
        "--until",
        "2020-01-01",
    ];
    hall.said(&ended, "");
    closed.answerer.api().get(&path).expect_problem(404, "not-found");
    assert_silent(&closed.answerer.get("/"));
}

#[test]
fn an_entitlement_that_runs_out_closes_the_space_by_itself() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    let soon = rfc3339(hall.clock.now() + DAY);
    let until =
        ["entitlement", "add", "--organisation", "Insiders", "--product", "Vaultware", "--until", &soon];
    hall.said(&until, "");
    let path = format!("/questions/{}", closed.ids.question);
    closed.answerer.api().get(&path).expect(200);
    hall.clock.advance(2 * DAY);
    closed.answerer.api().get(&path).expect_problem(404, "not-found");
}

/// A right request to a route, by a member's browser or token.
fn walk(member: &Member, route: &Route, path: &str, ids: &Ids) -> Answer {
    if !route.api {
        return send(member.browser(), route, path, ids);
    }
    let (headers, body) = json_of(route, ids);
    let path = path.trim_start_matches("/api/v1");
    member.api().request(&route.method, path, &headers, body)
}

fn send(visitor: &Visitor, route: &Route, path: &str, ids: &Ids) -> Answer {
    if route.api {
        let (headers, body) = json_of(route, ids);
        return visitor.request(&route.method, path, &headers, body);
    }
    if !route.writes() {
        return visitor.get(path);
    }
    match sample(&route.method, route.path, ids) {
        Some(Sample::Form(fields, _)) => {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            visitor.post(path, &fields)
        }
        _ => panic!("say in requests.rs what a right {} {} carries", route.method, route.path),
    }
}

fn json_of(route: &Route, ids: &Ids) -> (Vec<(&'static str, &'static str)>, Vec<u8>) {
    if !route.writes() {
        return (Vec::new(), Vec::new());
    }
    match sample(&route.method, route.path, ids) {
        Some(Sample::Json(value, _)) => {
            (vec![("content-type", "application/json")], serde_json::to_vec(&value).unwrap())
        }
        Some(Sample::Empty) => (Vec::new(), Vec::new()),
        _ => panic!("say in requests.rs what a right {} {} carries", route.method, route.path),
    }
}

#[track_caller]
fn assert_silent(answer: &Answer) {
    let everything = answer.everything().to_lowercase();
    assert!(!everything.contains(CANARY), "{} tells: {}", answer.asked, answer.shown());
    assert!(answer.status < 500, "{}: {}", answer.asked, answer.shown());
}

/// Every list and count a member can open without knowing an id.
fn lists(member: &Member) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    let fixed = routes().into_iter().filter(|route| !route.writes() && !route.path.contains('{'));
    for route in fixed {
        // The list of people shows who joined and when they were last seen, whatever they do.
        if ["/healthz", "/readyz", STREAM].contains(&route.path) {
            continue;
        }
        let ids = Ids { question: 1, answer: 1, comment: 1, member: 1 };
        let answer = walk(member, &route, route.path, &ids);
        seen.push((route.path.to_owned(), plain(&answer, "\u{0}")));
    }
    seen
}

/// An answer without what differs from one request to the next.
fn plain(answer: &Answer, path: &str) -> String {
    let mut kept = answer.clone();
    kept.headers.retain(|(name, _)| {
        !["date", "x-request-id", "set-cookie", "content-length"].contains(&name.as_str())
    });
    kept.headers.sort();
    let request = answer.header("x-request-id").unwrap_or("\u{0}");
    let mut text = kept.everything().replace(request, "REQUEST").replace(path, "PATH");
    for mark in ["name=\"csrf\" value=\"", "\"request_id\":\""] {
        let mut parts = text.split(mark);
        let mut masked = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            masked.push_str(mark);
            masked.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
        }
        text = masked;
    }
    text
}
