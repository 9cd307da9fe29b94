//! Points: what outcomes bring, what limits them, and that a replay of the log gives the same.

use diesel::prelude::*;
use peerhall::clock::DAY;
use peerhall::db::schema::{members, restrictions};
use peerhall::db::{Error, On};
use peerhall::reputation::figures::{self, Figures};
use serde_json::{Value, json};

use crate::harness::{Hall, Member, eventually};
use crate::threads::{answer, ask};

/// An answer.
pub const WORDS: &str = "Turn the key twice, wait until the lamp is out, and turn it back.";

/// What a member has.
pub fn points(hall: &Hall, member: &Member<'_>) -> i64 {
    let id = member.id;
    hall.read(move |c| members::table.find(id).select(members::reputation).first(c))
}

/// Casts a vote.
pub fn vote(member: &Member<'_>, post: i64, value: i64) {
    member.api().put(&format!("/posts/{post}/vote"), &json!({ "value": value })).expect(200);
}

fn accept(member: &Member<'_>, question: i64, answer: i64) {
    member.api().put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": answer })).expect(204);
}

/// Puts figures in force.
pub fn set(hall: &Hall, figures: Figures) {
    let now = hall.clock.now();
    hall.db()
        .write_now(On::Named("settings", 0), move |c| Ok::<_, Error>(figures::set(c, &figures, None, now)?))
        .unwrap();
}

/// Levels open at once: for tests of what votes bring.
pub fn open_to_all() -> Figures {
    Figures { levels: [-1_000_000; 4], ratios: [0.0; 4], ..Figures::default() }
}

#[test]
fn outcomes_bring_what_the_product_says_and_undoing_takes_it_back() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let staff = hall.member_as("staff", "Stella");
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let reply = answer(&bo, question, WORDS);
    let both = || (points(&hall, &ann), points(&hall, &bo));
    vote(&bo, question, 1);
    assert_eq!(both(), (5, 0), "a question voted up");
    vote(&ann, reply, 1);
    assert_eq!(both(), (5, 10), "an answer voted up");
    accept(&ann, question, reply);
    assert_eq!(both(), (7, 25), "accepted");
    staff.api().put(&format!("/answers/{reply}/endorsed"), &json!({})).expect(204);
    assert_eq!(both(), (7, 40), "endorsed");
    vote(&staff, reply, -1);
    assert_eq!((both(), points(&hall, &staff)), ((7, 38), -1), "voted down");
    vote(&staff, reply, 0);
    staff.api().delete(&format!("/answers/{reply}/endorsed")).expect(204);
    ann.api().delete(&format!("/questions/{question}/accepted")).expect(204);
    vote(&ann, reply, 0);
    vote(&bo, question, 0);
    assert_eq!((both(), points(&hall, &staff)), ((0, 0), 0));
    hall.said(&["check"], "");
}

#[test]
fn an_accepted_answer_that_is_deleted_loses_its_acceptance_and_its_points() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let reply = answer(&bo, question, WORDS);
    accept(&ann, question, reply);
    for _ in 0..3 {
        bo.api().delete(&format!("/posts/{reply}")).expect(204);
        assert_eq!((points(&hall, &ann), points(&hall, &bo)), (0, 0));
        bo.api().post(&format!("/posts/{reply}/undelete"), &json!({})).expect(204);
    }
    assert_eq!(points(&hall, &bo), 0, "what is brought back was not accepted again");
    hall.said(&["check"], "");
}

#[test]
fn accepting_ones_own_answer_brings_nothing() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let own = answer(&ann, question, WORDS);
    accept(&ann, question, own);
    assert_eq!(points(&hall, &ann), 0);
    hall.said(&["check"], "");
}

#[test]
fn members_of_one_organisation_do_not_raise_each_other() {
    let hall = Hall::start();
    let ann = hall.member_with("Ann", &["--organisation", "Acme"]);
    let bo = hall.member_with("Bo", &["--organisation", "Acme"]);
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let reply = answer(&bo, question, WORDS);
    vote(&ann, reply, 1);
    accept(&ann, question, reply);
    assert_eq!((points(&hall, &ann), points(&hall, &bo)), (0, 0));
    let shown = ann.api().get(&format!("/questions/{question}")).json();
    assert_eq!(shown["answers"][0]["score"], 1, "the vote counts in the score");
    hall.said(&["check"], "");
}

#[test]
fn between_two_people_six_votes_up_a_day_count_and_freed_room_is_not_filled_again() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let replies: Vec<i64> = (0..8).map(|n| answer(&bo, question, &format!("{WORDS} Take {n}."))).collect();
    for reply in &replies {
        vote(&ann, *reply, 1);
    }
    assert_eq!(points(&hall, &bo), 60);
    vote(&ann, replies[0], 0);
    assert_eq!(points(&hall, &bo), 50);
    vote(&ann, replies[0], 1);
    assert_eq!(points(&hall, &bo), 50, "the room was used");
    vote(&ann, replies[7], 0);
    assert_eq!(points(&hall, &bo), 50, "what gave nothing takes nothing");
    hall.clock.advance(DAY);
    eventually("the next day", || {
        vote(&ann, replies[7], 0);
        vote(&ann, replies[7], 1);
        (points(&hall, &bo) == 60).then_some(())
    });
    hall.said(&["check"], "");
}

#[test]
fn votes_bring_two_hundred_a_day_however_many_come_at_once() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let replies: Vec<i64> = (0..3)
        .map(|n| {
            let question = ask(&ann, &format!("Why does lamp {n} smoke at night?"), &["lamps"]);
            answer(&bo, question, WORDS)
        })
        .collect();
    let crowd: Vec<Member<'_>> = (0..8).map(|n| hall.member(&format!("Person {n}"))).collect();
    for person in &crowd {
        person.api();
    }
    std::thread::scope(|scope| {
        for person in &crowd {
            let replies = &replies;
            scope.spawn(move || replies.iter().for_each(|reply| vote(person, *reply, 1)));
        }
    });
    assert_eq!(points(&hall, &bo), 200, "24 votes of 10");
    let last = answer(&bo, question, WORDS);
    accept(&ann, question, last);
    assert_eq!(points(&hall, &bo), 215, "an accepted answer is exempt");
    hall.said(&["check"], "");
}

#[test]
fn while_a_restriction_withholds_points_votes_in_its_thread_bring_none() {
    let hall = Hall::start();
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"));
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let reply = answer(&bo, question, WORDS);
    vote(&cy, reply, 1);
    let now = hall.clock.now();
    hall.db()
        .write_now(On::Nothing, move |c| {
            let row = (
                restrictions::scope.eq("question"),
                restrictions::subject_id.eq(question),
                restrictions::kind.eq("no-points"),
                restrictions::reason.eq("an echo chamber"),
                restrictions::detail.eq("{}"),
                restrictions::starts_at.eq(now),
                restrictions::ends_at.eq(now + DAY),
            );
            diesel::insert_into(restrictions::table).values(row).execute(c)?;
            Ok::<_, Error>(())
        })
        .unwrap();
    vote(&ann, reply, 1);
    assert_eq!(points(&hall, &bo), 10, "given before");
    vote(&cy, reply, 0);
    assert_eq!(points(&hall, &bo), 0, "and taken back although points are withheld");
    hall.said(&["check"], "");
}

#[test]
fn a_post_removed_as_spam_costs_fifty_and_its_votes_until_it_is_brought_back() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let reply = answer(&bo, question, WORDS);
    vote(&ann, reply, 1);
    bo.api()
        .post(&format!("/posts/{reply}/remove"), &json!({ "why": "spam" }))
        .expect_problem(403, "not-moderator");
    moderator.api().post(&format!("/posts/{reply}/remove"), &json!({ "why": "spam" })).expect(204);
    assert_eq!(points(&hall, &bo), -50);
    moderator.api().post(&format!("/posts/{reply}/undelete"), &json!({})).expect(204);
    assert_eq!(points(&hall, &bo), 10);
    vote(&ann, reply, 0);
    assert_eq!(points(&hall, &bo), 0);
    hall.said(&["check"], "");
}

#[test]
fn figures_that_change_leave_what_was_given_and_its_undoing_as_it_was() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let (first, second) =
        (answer(&bo, question, WORDS), answer(&bo, question, "Or leave it until morning, then."));
    vote(&ann, first, 1);
    set(&hall, Figures { answer_up: 3, ..Figures::default() });
    assert_eq!(points(&hall, &bo), 10);
    vote(&ann, second, 1);
    assert_eq!(points(&hall, &bo), 13);
    vote(&ann, first, 0);
    assert_eq!(points(&hall, &bo), 3);
    hall.said(&["check"], "");
}

#[test]
fn voting_down_needs_a_level_and_the_refusal_says_how_far_it_is() {
    let hall = Hall::start();
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"));
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let reply = answer(&bo, question, WORDS);
    let down = || cy.api().put(&format!("/posts/{reply}/vote"), &json!({ "value": -1 }));
    let told = down().expect_problem(403, "privilege-points");
    let detail = told["detail"].as_str().unwrap();
    for part in ["Voting down", "contributor", "50 points", "You have 0 points", "50 points are missing"] {
        assert!(detail.contains(part), "{part:?} in {detail:?}");
    }
    assert_eq!(points(&hall, &bo), 0);
    let own = ask(&cy, "Where is the key of the lamp room?", &["lamps"]);
    for n in 0..6 {
        let fan = hall.member(&format!("Fan {n}"));
        vote(&fan, answer(&cy, question, &format!("{WORDS} Take {n}.")), 1);
        vote(&fan, own, 1);
    }
    down().expect(200);
    assert_eq!(points(&hall, &bo), -2);
    hall.said(&["check"], "");
}

#[test]
fn one_privilege_is_taken_with_a_reason_and_comes_back() {
    let hall = Hall::start();
    set(&hall, open_to_all());
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    let down = || bo.api().put(&format!("/posts/{question}/vote"), &json!({ "value": -1 }));
    let page = format!("/people/{}/privileges", bo.id);
    let taking =
        [("privilege", "vote-down"), ("reason", "Votes down by the dozen."), ("until", "2100-01-01")];
    ann.get(&page).expect(404);
    ann.post(&page, &taking).expect(403);
    moderator.post(&page, &[("privilege", "vote-down"), ("reason", "")]).expect_page(422);
    moderator.post(&page, &taking).expect(303);
    down().expect_problem(403, "privilege-taken-until");
    assert!(bo.get(&page).expect(200).text().contains("Votes down by the dozen."));
    eventually("bo is told", || {
        (bo.api().get("/inbox").json()["items"][0]["what"] == "privilege-taken").then_some(())
    });
    moderator.post(&format!("{page}/give-back"), &[("privilege", "vote-down")]).expect(303);
    down().expect(200);
    hall.said(&["check"], "");
}

#[test]
fn figures_are_set_on_their_page_and_others_are_tried_without_changing_anything() {
    let hall = Hall::start();
    let admin = hall.member_as("admin", "Root");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    vote(&ann, answer(&bo, question, WORDS), 1);
    let page = admin.get("/admin/reputation").expect(200).text().to_owned();
    let names = page.split("<input id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let value = |name: &str| {
        let field = page.split(&format!("id=\"{name}\"")).nth(1).unwrap();
        field.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let fields: Vec<(String, String)> = names
        .filter(|name| page.contains(&format!("name=\"{name}\" type=\"number\"")))
        .map(|name| (name.to_owned(), if name == "answer_up" { "4".to_owned() } else { value(name) }))
        .collect();
    assert_eq!(fields.len(), 38);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post("/admin/reputation", &fields).expect(303);
    assert_eq!(hall.read(figures::in_force).figures, Figures { answer_up: 4, ..Figures::default() });
    assert_eq!(points(&hall, &bo), 10, "what was given stays");
    let file = hall.folder().join("others.toml");
    std::fs::write(&file, "answer_up = 7\n").unwrap();
    let tried = hall.said(
        &["reputation", "recompute", "--dry-run", "--json", "--figures", &file.display().to_string()],
        "",
    );
    let tried: Value = serde_json::from_str(&tried).unwrap();
    assert_eq!((&tried[0]["points"], &tried[0]["would_be"]), (&json!(10), &json!(7)));
    assert_eq!(points(&hall, &bo), 10);
    std::fs::write(&file, "answer_pu = 7\n").unwrap();
    let wrong =
        hall.run(&["reputation", "recompute", "--dry-run", "--figures", &file.display().to_string()], "");
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("answer_pu"));
}

#[test]
fn check_tells_of_points_that_no_event_gave() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ann.id;
    hall.db()
        .write_now(On::Nothing, move |c| {
            diesel::update(members::table.find(id)).set(members::reputation.eq(7)).execute(c)?;
            Ok::<_, Error>(())
        })
        .unwrap();
    let found = hall.run(&["check", "--json"], "");
    assert!(!found.status.success());
    let told: Value = serde_json::from_slice(&found.stdout).unwrap();
    let broken: Vec<&str> = told
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| !finding["broken"].as_array().unwrap().is_empty())
        .map(|finding| finding["invariant"].as_str().unwrap())
        .collect();
    assert_eq!(broken.len(), 2, "{broken:?}");
}
