//! Limiting moderators to spaces: by page, by command, and what it does.

use serde_json::json;

use crate::closed_space::made;
use crate::harness::{Hall, Member};

const TITLE: &str = "A question to be closed by somebody";

fn two_spaces(hall: &Hall) -> (Member<'_>, i64, i64) {
    hall.said(&["space", "add", "--key", "pumps", "--name", "Pumps"], "");
    let ann = hall.member("Ann");
    let ask = |space: &str| {
        let body = "It rattles every night at three, since the last update.";
        let question = json!({ "space": space, "title": TITLE, "body": body, "tags": ["x"] });
        made(ann.api().post("/questions", &question))
    };
    let (general, pumps) = (ask("general"), ask("pumps"));
    (ann, general, pumps)
}

fn close(moderator: &Member<'_>, question: i64) -> u16 {
    moderator.post(&format!("/questions/{question}/close"), &[("reason", "done")]).status
}

#[test]
fn an_administrator_limits_a_moderator_on_their_page_and_it_counts_at_once() {
    let hall = Hall::start();
    let (_ann, general, pumps) = two_spaces(&hall);
    let (ada, mo) = (hall.member_as("admin", "Ada"), hall.member_as("moderator", "Mo"));
    let place = format!("/admin/members/{}/spaces", mo.id);
    assert!(ada.get("/admin/members").expect(200).text().contains("In every space"));
    ada.post(&place, &[("where", "only"), ("space-pumps", "1")]).expect(303);
    assert_eq!((close(&mo, general), close(&mo, pumps)), (403, 303));
    assert!(ada.get("/admin/members").expect(200).text().contains("Only in"));
    let log = ada.get("/admin/audit").expect(200).text().to_owned();
    assert!(log.contains("Limited Mo to moderating these spaces: pumps"), "{log}");
    ada.post(&place, &[("where", "everywhere"), ("space-pumps", "1")]).expect(303);
    assert_eq!(close(&mo, general), 303);
    let log = ada.get("/admin/audit").expect(200).text().to_owned();
    assert!(log.contains("Let Mo moderate every space they may enter"), "{log}");
}

#[test]
fn ticking_nothing_does_not_lift_a_limit() {
    let hall = Hall::start();
    let (_ann, general, _) = two_spaces(&hall);
    let (ada, mo) = (hall.member_as("admin", "Ada"), hall.member_as("moderator", "Mo"));
    let place = format!("/admin/members/{}/spaces", mo.id);
    ada.post(&place, &[("where", "only"), ("space-pumps", "1")]).expect(303);
    assert!(ada.post(&place, &[("where", "only")]).expect_page(422).contains("Tick at least one space"));
    ada.post(&place, &[("where", "only"), ("space-pumps", "1"), ("space-nowhere", "1")]).expect_page(422);
    assert_eq!(close(&mo, general), 403);
}

#[test]
fn nobody_but_administrators_says_where_moderators_moderate() {
    let hall = Hall::start();
    let mo = hall.member_as("moderator", "Mo");
    let staff = hall.member_as("staff", "Sam");
    let place = format!("/admin/members/{}/spaces", mo.id);
    for member in [&mo, &staff] {
        member.get(&place).expect(403);
        member.post(&place, &[("where", "everywhere")]).expect(403);
    }
}

#[test]
fn the_command_limits_and_lifts_and_refuses_what_it_does_not_know() {
    let hall = Hall::start();
    let (_ann, general, pumps) = two_spaces(&hall);
    let mo = hall.member_as("moderator", "Mo");
    let id = hall.said(&["member", "moderates", "--email", &mo.email, "--space", "pumps"], "");
    assert_eq!(id, mo.id.to_string());
    assert_eq!((close(&mo, general), close(&mo, pumps)), (403, 303));
    for wrong in [
        vec!["--email", &mo.email, "--space", "nowhere"],
        vec!["--email", "nobody@example.org", "--everywhere"],
        vec!["--email", &mo.email],
        vec!["--email", &mo.email, "--space", "pumps", "--everywhere"],
    ] {
        let arguments: Vec<&str> = ["member", "moderates"].into_iter().chain(wrong).collect();
        assert!(!hall.run(&arguments, "").status.success(), "{arguments:?}");
    }
    assert_eq!(close(&mo, general), 403);
    hall.said(&["member", "moderates", "--email", &mo.email, "--everywhere"], "");
    assert_eq!(close(&mo, general), 303);
}
