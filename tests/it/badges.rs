//! Badges: earned by outcomes alone, taken back with them, once each, and told to those who may know.

use diesel::prelude::*;
use peerhall::clock::DAY;
use peerhall::db::schema::badges;
use peerhall::db::{Error, On};
use peerhall::reputation::figures::{self, Figures};
use serde_json::{Value, json};

use crate::closed_space::{CANARY, ClosedSpace};
use crate::harness::{Hall, Member, eventually};
use crate::inbox::notices;
use crate::threads::{answer, ask};

const WORDS: &str = "Turn the key twice, wait until the lamp is out, and turn it back.";

/// What a member holds, as another sees it: badge and how often.
fn held(viewer: &Member<'_>, member: &Member<'_>) -> Vec<(String, i64)> {
    let shown = viewer.api().get(&format!("/people/{}", member.id)).expect(200).json();
    let badges = shown["badges"].as_array().unwrap().iter();
    badges.map(|one| (one["badge"].as_str().unwrap().to_owned(), one["times"].as_i64().unwrap())).collect()
}

fn has(viewer: &Member<'_>, member: &Member<'_>, badge: &str) -> i64 {
    held(viewer, member).iter().find(|(key, _)| key == badge).map_or(0, |(_, times)| *times)
}

#[track_caller]
fn comes_to(viewer: &Member<'_>, member: &Member<'_>, badge: &str, times: i64) {
    eventually(&format!("{badge} × {times}"), || (has(viewer, member, badge) == times).then_some(()));
}

fn accept(asker: &Member<'_>, question: i64, reply: i64) {
    asker.api().put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": reply })).expect(204);
}

fn unaccept(asker: &Member<'_>, question: i64) {
    asker.api().delete(&format!("/questions/{question}/accepted")).expect(204);
}

/// A question of `asker`, answered by `helper` and accepted.
fn solved(asker: &Member<'_>, helper: &Member<'_>, title: &str) -> (i64, i64) {
    let question = ask(asker, title, &["lamps"]);
    let reply = answer(helper, question, WORDS);
    accept(asker, question, reply);
    (question, reply)
}

fn set(hall: &Hall, change: impl Fn(&mut Figures) + Send + 'static) {
    let now = hall.clock.now();
    hall.db()
        .write_now(On::Named("settings", 0), move |c| {
            let mut figures = figures::in_force(c)?.figures;
            change(&mut figures);
            Ok::<_, Error>(figures::set(c, &figures, None, now)?)
        })
        .unwrap();
}

fn told(member: &Member<'_>) -> Vec<Value> {
    notices(member).into_iter().filter(|one| one["kind"] == "badge").collect()
}

/// Nothing is on its way any more: all who follow the log have seen the whole of it.
pub fn settled(hall: &Hall) {
    use peerhall::db::schema::{events, follower_cursors};
    eventually("the log is followed", || {
        let (last, waiting, behind) = hall.read(|c| {
            let last: Option<i64> = events::table.select(diesel::dsl::max(events::position)).first(c)?;
            let last = last.unwrap_or_default();
            let waiting: i64 = events::table.filter(events::position.is_null()).count().get_result(c)?;
            let behind = follower_cursors::table.filter(follower_cursors::position.lt(last));
            Ok((last, waiting, behind.count().get_result::<i64>(c)?))
        });
        (last > 0 && waiting == 0 && behind == 0).then_some(())
    });
}

#[test]
fn a_first_solution_is_a_badge_for_both_and_goes_with_the_verdict() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let (question, reply) = solved(&ann, &bo, "Why does the lamp smoke?");
    comes_to(&ann, &bo, "first-accepted", 1);
    comes_to(&bo, &ann, "verdict-given", 1);
    eventually("the notice", || (told(&bo).len() == 1).then_some(()));
    let page = ann.get(&format!("/people/{}", bo.id)).expect(200);
    assert!(page.text().contains("First solution"), "{}", page.shown());
    let rows = ann.get(&format!("/badges/first-accepted?person={}", bo.id)).expect(200);
    assert!(rows.text().contains(&format!("#answer-{reply}")), "the badge opens what it was earned by");
    let all = bo.api().get("/badges").expect(200).json();
    let first = all.as_array().unwrap().iter().find(|one| one["badge"] == "first-accepted").unwrap();
    assert_eq!((&first["held"], &first["each_post"]), (&json!(1), &json!(false)));

    unaccept(&ann, question);
    comes_to(&ann, &bo, "first-accepted", 0);
    comes_to(&bo, &ann, "verdict-given", 0);
    accept(&ann, question, reply);
    comes_to(&ann, &bo, "first-accepted", 1);
    settled(&hall);
    assert_eq!(told(&bo).len(), 1, "what was earned again is no news");
    hall.said(&["check"], "");
}

#[test]
fn a_badge_whose_outcome_went_stands_by_another_one() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let (first, _) = solved(&ann, &bo, "Why does the first lamp smoke?");
    let (_, second) = solved(&ann, &bo, "Why does the second lamp smoke?");
    comes_to(&ann, &bo, "first-accepted", 1);
    settled(&hall);
    unaccept(&ann, first);
    let link = format!("/badges/first-accepted?person={}", bo.id);
    eventually("the other one", || {
        ann.get(&link).expect(200).text().contains(&format!("#answer-{second}")).then_some(())
    });
    assert_eq!(has(&ann, &bo, "first-accepted"), 1);
}

#[test]
fn what_brings_no_points_earns_no_badge_and_staff_earn_none() {
    let hall = Hall::start();
    let (ann, stella) = (hall.member("Ann"), hall.member_as("staff", "Stella"));
    let (kim, lou) = (
        hall.member_with("Kim", &["--organisation", "Alpha"]),
        hall.member_with("Lou", &["--organisation", "Alpha"]),
    );
    solved(&ann, &ann, "Why does my own lamp smoke?");
    solved(&kim, &lou, "Why does the lamp of my colleague smoke?");
    solved(&ann, &stella, "Why does the lamp of the house smoke?");
    settled(&hall);
    for (member, badges) in
        [(&ann, vec![("verdict-given".to_owned(), 1)]), (&kim, vec![]), (&lou, vec![]), (&stella, vec![])]
    {
        assert_eq!(held(&ann, member), badges, "{}", member.name);
    }
}

#[test]
fn a_first_answer_after_a_week_was_worth_the_wait_and_a_second_was_not() {
    let hall = Hall::start();
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"));
    let long = ask(&ann, "Why does the old lamp smoke?", &["lamps"]);
    let soon = ask(&ann, "Why does the new lamp smoke?", &["lamps"]);
    answer(&cy, soon, WORDS);
    hall.clock.advance(7 * DAY);
    for question in [long, soon] {
        let reply = answer(&bo, question, WORDS);
        accept(&ann, question, reply);
    }
    comes_to(&ann, &bo, "worth-the-wait", 1);
    settled(&hall);
    assert_eq!(has(&ann, &bo, "worth-the-wait"), 1);
    let rows = cy.get(&format!("/badges/worth-the-wait?person={}", bo.id)).expect(200);
    assert!(rows.text().contains("Why does the old lamp smoke?"));
}

#[test]
fn those_who_have_the_question_too_count_while_they_have_it() {
    let hall = Hall::start();
    set(&hall, |figures| figures.badge_solved_for_many = 2);
    let (ann, bo, cy, dee) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"), hall.member("Dee"));
    let (question, _) = solved(&ann, &bo, "Why does the lamp smoke?");
    let path = format!("/questions/{question}/affected");
    cy.api().put(&path, &json!({})).expect(204);
    settled(&hall);
    assert_eq!(has(&ann, &bo, "solved-for-many"), 0);
    dee.api().put(&path, &json!({})).expect(204);
    comes_to(&ann, &bo, "solved-for-many", 1);
    // Earned by two, it stands by two, whatever it takes from now on.
    set(&hall, |figures| figures.badge_solved_for_many = 50);
    cy.api().delete(&path).expect(204);
    comes_to(&ann, &bo, "solved-for-many", 0);
}

#[test]
fn members_who_opened_an_answer_since_it_stands_there_are_its_readers() {
    let hall = Hall::start();
    set(&hall, |figures| figures.badge_read_by_many = 10);
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let readers: Vec<Member<'_>> = (0..10).map(|n| hall.member(&format!("Reader {n}"))).collect();
    let question = ask(&ann, "Why does the lamp smoke?", &["lamps"]);
    let open = |reader: &Member<'_>| {
        reader.follow(reader.get(&format!("/questions/{question}"))).expect(200);
    };
    let known = |n: i64| {
        eventually("readers are written down", || {
            let written: i64 = hall.read(|c| {
                use peerhall::db::schema::question_readers;
                question_readers::table.count().get_result(c)
            });
            (written == n).then_some(())
        });
    };
    // One of them was there before the answer, and never again.
    open(&readers[0]);
    known(1);
    hall.clock.advance(DAY);
    let reply = answer(&bo, question, WORDS);
    accept(&ann, question, reply);
    readers[1..].iter().for_each(open);
    readers[1..].iter().for_each(open);
    open(&bo);
    known(11);
    settled(&hall);
    assert_eq!(has(&ann, &bo, "read-by-many"), 0, "nine readers, and the author");
    hall.clock.advance(DAY);
    open(&readers[0]);
    let more = hall.member("One more");
    (0..9).for_each(|n| open(&hall.member(&format!("Late {n}"))));
    open(&more);
    comes_to(&ann, &bo, "read-by-many", 1);
    assert_eq!(
        ann.api().get(&format!("/questions/{question}")).expect(200).json()["answers"][0]["id"],
        reply
    );
}

#[test]
fn a_solution_brought_up_to_date_after_half_a_year_is_kept_current() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let mo = hall.member_as("moderator", "Mo");
    let (_, reply) = solved(&ann, &bo, "Why does the lamp smoke?");
    let edit = |member: &Member<'_>, body: &str, version: i64| {
        let edit = json!({ "body": body, "version": version });
        member.api().patch(&format!("/answers/{reply}"), &edit).expect(200);
    };
    let fresh = format!("{WORDS} With firmware 5 the key is turned once, and the lamp goes out at once.");
    hall.clock.advance(179 * DAY);
    edit(&bo, &fresh, 1);
    hall.clock.advance(181 * DAY);
    edit(&bo, &fresh.replace("once,", "once"), 2);
    settled(&hall);
    assert_eq!(has(&ann, &bo, "kept-current"), 0, "too soon, and a comma");
    hall.clock.advance(181 * DAY);
    edit(&mo, &format!("{fresh} With firmware 6 there is no key; hold the lamp for ten seconds."), 3);
    comes_to(&ann, &mo, "kept-current", 1);
    assert_eq!(has(&ann, &bo, "kept-current"), 0, "who did it has it");
    let back = [("version", "4"), ("to", "3")];
    mo.post(&format!("/posts/{reply}/rollback"), &back).expect(303);
    comes_to(&ann, &mo, "kept-current", 0);
}

#[test]
fn an_approved_edit_is_a_badge_until_it_is_rolled_back() {
    let hall = Hall::start();
    set(&hall, |figures| figures.badge_careful_editor = 1);
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"));
    let question = ask(&ann, "Why does the lamp smoke?", &["lamps"]);
    let reply = answer(&bo, question, WORDS);
    let edit = json!({ "body": format!("{WORDS} Then wait."), "version": 1, "reason": "clearer" });
    let suggested = cy.api().patch(&format!("/answers/{reply}"), &edit).expect(202).json();
    let decision = json!({ "decision": "approve", "version": 1 });
    bo.api().post(&format!("/suggestions/{}/decision", suggested["suggestion_id"]), &decision).expect(204);
    comes_to(&ann, &cy, "careful-editor", 1);
    bo.post(&format!("/posts/{reply}/rollback"), &[("version", "2"), ("to", "1")]).expect(303);
    comes_to(&ann, &cy, "careful-editor", 0);
}

#[test]
fn a_badge_for_a_post_of_a_closed_space_is_told_to_nobody_outside() {
    let hall = Hall::start();
    set(&hall, |figures| figures.badge_solved_for_many = 1);
    let closed = ClosedSpace::prepare(&hall);
    let staff = hall.member_as("staff", "Stella");
    // Colleagues earn nothing from each other; staff's word does.
    staff.api().put(&format!("/answers/{}/endorsed", closed.ids.answer), &json!({})).expect(204);
    closed.asker.api().delete(&format!("/questions/{}/accepted", closed.ids.question));
    staff.api().put(&format!("/questions/{}/affected", closed.ids.question), &json!({})).expect(204);
    comes_to(&closed.asker, &closed.answerer, "solved-for-many", 1);
    comes_to(&closed.outsider, &closed.answerer, "confirmed", 1);
    assert_eq!(has(&closed.outsider, &closed.answerer, "solved-for-many"), 0);
    for badge in ["solved-for-many", "confirmed"] {
        for path in [format!("/badges/{badge}"), format!("/badges/{badge}?person={}", closed.answerer.id)] {
            let page = closed.outsider.get(&path).expect(200);
            assert!(!page.everything().contains(CANARY), "{path}");
        }
    }
    let inside = closed.asker.get("/badges/solved-for-many").expect(200);
    assert!(inside.text().contains(CANARY));
}

#[test]
fn reading_the_log_again_changes_no_badge_and_another_figure_judges_what_was_there() {
    let hall = Hall::start();
    let admin = hall.member_as("admin", "Ada");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    for n in 0..3 {
        solved(&ann, &bo, &format!("Why does lamp number {n} smoke?"));
    }
    comes_to(&ann, &bo, "first-accepted", 1);
    settled(&hall);
    let rows = || -> Vec<(i64, Option<String>)> {
        hall.read(|c| badges::table.select((badges::member_id, badges::fact)).order(badges::id).load(c))
    };
    let before = rows();
    hall.said(&["reindex"], "");
    settled(&hall);
    assert_eq!(rows(), before);

    let page = admin.get("/admin/reputation").expect(200);
    let fields: Vec<(String, String)> = fields(page.text())
        .into_iter()
        .map(|(name, value)| if name == "badge_solver" { (name, "3".to_owned()) } else { (name, value) })
        .collect();
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post("/admin/reputation", &fields).expect(303);
    comes_to(&ann, &bo, "solver", 1);
    eventually("the notice", || told(&bo).iter().any(|one| one["title"] == "Solver").then_some(()));
    let wrong: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, if *name == "badge_solver" { "-1" } else { *value }))
        .collect();
    admin.post("/admin/reputation", &wrong).expect(422);
}

/// Names and values of number fields.
fn fields(page: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        Some(tag[from..from + tag[from..].find('"')?].to_owned())
    };
    page.split("<input")
        .skip(1)
        .filter_map(|rest| {
            let tag = format!(" {}", &rest[..rest.find('>')?]);
            (attribute(&tag, "type")? == "number").then_some(())?;
            Some((attribute(&tag, "name")?, attribute(&tag, "value")?))
        })
        .collect()
}
