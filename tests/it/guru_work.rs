//! What gurus work on: whose it is after a hand-over, who may take a question on, what needs them when there is much, and
//! what hostile use of claims, declines and hand-overs gets.

use diesel::prelude::*;
use peerhall::clock::{DAY, HOUR};
use peerhall::db::schema::{posts, questions};
use peerhall::db::{Error, Failure, On};
use peerhall::gurus;
use peerhall::posts::Refusal;
use peerhall::questions::{Draft, ask as asked};
use peerhall::web::{Role, Viewer};
use serde_json::{Value, json};

use crate::gurus::{WORDS, appoint, needs, next_step, notices, win};
use crate::harness::{Answer, Hall, Member, eventually};
use crate::threads::{answer, ask};

fn claim(who: &Member<'_>, question: i64) -> Answer {
    who.api().put(&format!("/questions/{question}/claim"), &json!({}))
}

fn release(who: &Member<'_>, question: i64) -> Answer {
    who.api().delete(&format!("/questions/{question}/claim"))
}

fn hand_over(who: &Member<'_>, question: i64, reason: &str) -> Answer {
    who.api().post(&format!("/questions/{question}/hand-over"), &json!({ "reason": reason }))
}

fn may(who: &Member<'_>, question: i64) -> Vec<String> {
    let found = who.api().get(&format!("/questions/{question}")).expect(200).json();
    found["viewer"]["may"].as_array().unwrap().iter().map(|act| act.as_str().unwrap().to_owned()).collect()
}

/// Whether the thread's page offers to be on it and to hand it over.
fn offered(who: &Member<'_>, question: i64) -> (bool, bool) {
    let page = who.follow(who.get(&format!("/questions/{question}"))).expect(200);
    let offers = |act: &str| page.text().contains(&format!("/questions/{question}/{act}\""));
    (offers("claim"), offers("hand-over"))
}

/// What is offered by page and API is what the act then allows.
#[track_caller]
fn takes_on(who: &Member<'_>, question: i64, expected: bool) {
    let rights = may(who, question);
    let told = |act: &str| rights.iter().any(|right| right == act);
    assert_eq!((told("claim"), told("hand-over")), (expected, expected), "{} by the API", who.name);
    assert_eq!(offered(who, question), (expected, expected), "{} on the page", who.name);
    if expected {
        claim(who, question).expect(204);
        release(who, question).expect(204);
    } else {
        claim(who, question).expect_problem(403, "not-expert");
        hand_over(who, question, "Too hot.").expect_problem(403, "not-expert");
    }
}

fn what(who: &Member<'_>, question: i64) -> Value {
    next_step(who, question)["what"].clone()
}

fn viewer(hall: &Hall, member: &Member<'_>) -> Viewer {
    Viewer {
        id: member.id,
        name: member.name.clone(),
        handle: String::new(),
        role: Role::Customer,
        organisation_id: None,
        reputation: 0,
        locale: "en".into(),
        unread: 0,
        guru: false,
        now: hall.clock.now(),
    }
}

/// Asks many questions at once, by the act itself.
fn flood(hall: &Hall, asker: &Member<'_>, tag: &str, n: usize) {
    let (viewer, now) = (viewer(hall, asker), hall.clock.now());
    let draft =
        Draft::new("general", "Why is it as loud as that?", WORDS, [tag], serde_json::Map::new()).unwrap();
    let done = hall.db().write_now(On::Named("ask", 0), move |c| {
        (0..n).try_for_each(|_| asked(c, &viewer, &draft, now).map(drop))
    });
    done.map_err(|failure: Failure<Refusal>| format!("{failure:?}")).unwrap();
}

#[test]
fn an_answer_by_a_peer_takes_nothing_away_from_staff() {
    let hall = Hall::start();
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"));
    let (mo, staff) = (hall.member_as("moderator", "Mo"), hall.member_as("staff", "Stella"));
    appoint(&hall, &bo, "lamps");
    let handed = |title: &str| {
        let question = ask(&ann, title, &["lamps"]);
        hand_over(&bo, question, "Its log is on your side only.").expect(204);
        let same = answer(&cy, question, "Same here, it is as dark as that for me.");
        let step = next_step(&ann, question);
        assert_eq!((&step["what"], &step["who"]["name"]), (&json!("staff"), &json!("Bo")));
        (question, same)
    };
    let (question, same) = handed("Why is the first lantern dark?");
    let page = ann.follow(ann.get(&format!("/questions/{question}"))).expect(200);
    cy.api().delete(&format!("/posts/{same}")).expect(204);
    assert_eq!(what(&ann, question), "staff", "nor does taking it away: {}", page.shown());
    answer(&ann, question, "I looked again, and it is dark still.");
    assert_eq!(what(&ann, question), "staff", "nor what its asker adds");
    hand_over(&bo, question, "Again.").expect_problem(409, "not-waiting");
    answer(&staff, question, WORDS);
    assert_eq!(what(&ann, question), "asker", "staff answered");
    for (title, who) in [("Why is the next lantern dark?", &mo), ("Why is the last lantern dark?", &bo)] {
        let (question, _) = handed(title);
        answer(who, question, WORDS);
        assert_eq!(what(&ann, question), "asker", "{} answered", who.name);
    }
    let (question, same) = handed("Why is this lantern dark?");
    let path = format!("/questions/{question}/accepted");
    ann.api().put(&path, &json!({ "answer_id": same })).expect(204);
    assert_eq!(next_step(&ann, question), Value::Null);
    ann.api().delete(&path).expect(204);
    assert_eq!(what(&ann, question), "asker", "what was solved is with staff no longer");
    let (question, same) = handed("Why is that lantern dark?");
    staff.api().put(&format!("/answers/{same}/endorsed"), &json!({})).expect(204);
    staff.api().delete(&format!("/answers/{same}/endorsed")).expect(204);
    assert_eq!(what(&ann, question), "asker");
    hall.said(&["check"], "");
}

#[test]
fn a_question_is_taken_on_by_gurus_of_its_tags_and_by_nobody_for_another_tag() {
    let hall = Hall::start();
    let ann = hall.member_with("Ann", &["--organisation", "Acme"]);
    let (bo, cy, solver) = (hall.member("Bo"), hall.member("Cy"), hall.member("Solver"));
    let colleague = hall.member_with("Colleague", &["--organisation", "Acme"]);
    let (mo, staff) = (hall.member_as("moderator", "Mo"), hall.member_as("staff", "Stella"));
    appoint(&hall, &bo, "lamps");
    appoint(&hall, &cy, "wicks");
    win(&ann, &solver, "lamps", 1);
    win(&ann, &colleague, "lamps", 1);
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    // Each looks at the page that was kept for the one before.
    for (who, expected) in
        [(&bo, true), (&cy, false), (&solver, true), (&colleague, false), (&mo, true), (&staff, true)]
    {
        takes_on(who, question, expected);
    }
    claim(&ann, question).expect_problem(403, "own-question");
    let version = ann.api().get(&format!("/questions/{question}")).expect(200).json()["version"].clone();
    let tags = json!({"tags": ["wicks"], "version": version});
    ann.api().patch(&format!("/questions/{question}"), &tags).expect(200);
    for (who, expected) in [(&cy, true), (&bo, false), (&solver, false)] {
        takes_on(who, question, expected);
    }
    hand_over(&cy, question, "Only you can see it.").expect(204);
    assert_eq!(offered(&cy, question), (false, false), "it is with staff");
    assert!(!may(&mo, question).contains(&"claim".to_owned()));
}

#[test]
fn a_flood_of_new_questions_pushes_no_older_one_out_of_what_needs_somebody() {
    let hall = Hall::start();
    let (ann, bo, loud) = (hall.member("Ann"), hall.member("Bo"), hall.member("Loud"));
    appoint(&hall, &bo, "lamps");
    win(&ann, &bo, "wicks", 1);
    let old = ask(&ann, "Which wick burns longest of all?", &["wicks"]);
    hall.clock.advance(8 * DAY);
    flood(&hall, &loud, "wicks", 1_010);
    hall.clock.advance(HOUR);
    let late = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    assert_eq!(needs(&bo)[..2], [late, old], "neither the oldest nor one's own tag is pushed out");
    flood(&hall, &loud, "lamps", 510);
    assert_eq!(needs(&bo)[0], late);
    let (viewer, now) = (viewer(&hall, &bo), hall.clock.now());
    let all = hall.read(move |c| gurus::needs(c, &viewer, 2_000, now));
    assert!(all.iter().any(|need| need.id == old), "what is ranked lower is there still");
}

#[test]
fn one_question_is_not_kept_waiting_by_claiming_it_again_and_again() {
    let hall = Hall::start();
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"));
    appoint(&hall, &bo, "lamps");
    appoint(&hall, &cy, "lamps");
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    for _ in 0..2 {
        claim(&bo, question).expect(204);
        claim(&bo, question).expect(204);
        release(&bo, question).expect(204);
    }
    claim(&bo, question).expect_problem(403, "claimed-often");
    bo.post(&format!("/questions/{question}/claim"), &[]).expect(403);
    claim(&cy, question).expect(204);
    hall.clock.advance(DAY + HOUR);
    eventually("the other's time is over", || (what(&ann, question) == "peers").then_some(()));
    claim(&bo, question).expect(204);
}

#[test]
fn claims_at_the_same_moment_are_one_for_a_question_and_three_for_a_guru() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let gurus: Vec<Member<'_>> = (0..4).map(|n| hall.member(&format!("Guru {n}"))).collect();
    for guru in &gurus {
        appoint(&hall, guru, "lamps");
        guru.api();
    }
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    let count = |answers: Vec<u16>| {
        assert!(answers.iter().all(|status| [204, 403, 409].contains(status)), "{answers:?}");
        answers.iter().filter(|status| **status == 204).count()
    };
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let running: Vec<_> =
            gurus.iter().map(|guru| scope.spawn(move || claim(guru, question).status)).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(count(answers), 1);
    for guru in &gurus {
        release(guru, question);
    }
    let many: Vec<i64> =
        (0..6).map(|n| ask(&ann, &format!("Why is lantern number {n} dark?"), &["lamps"])).collect();
    let greedy = &gurus[0];
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let running: Vec<_> = many.iter().map(|id| scope.spawn(move || claim(greedy, *id).status)).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(count(answers), 3);
    hall.said(&["check"], "");
}

#[test]
fn what_is_closed_taken_away_or_not_for_all_cannot_be_claimed_or_handed_over() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let mo = hall.member_as("moderator", "Mo");
    appoint(&hall, &bo, "lamps");
    let ids: Vec<i64> =
        (0..5).map(|n| ask(&ann, &format!("Why is lantern number {n} dark?"), &["lamps"])).collect();
    let [closed, deleted, private, hidden, solved] = ids[..] else { panic!("five were asked") };
    claim(&bo, closed).expect(204);
    mo.post(&format!("/questions/{closed}/close"), &[("reason", "Known.")]).expect(303);
    ann.api().delete(&format!("/posts/{deleted}")).expect(204);
    hall.db()
        .write_now(On::Nothing, move |c| {
            for (post, how) in [(private, "private"), (hidden, "hidden")] {
                diesel::update(posts::table.find(post)).set(posts::visibility.eq(how)).execute(c)?;
                diesel::update(questions::table.find(post)).set(questions::listed.eq(false)).execute(c)?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    let reply = answer(&bo, solved, WORDS);
    ann.api().put(&format!("/questions/{solved}/accepted"), &json!({ "answer_id": reply })).expect(204);
    for (question, status) in [(closed, 409), (deleted, 404), (private, 404), (hidden, 404), (solved, 409)] {
        assert_eq!(claim(&bo, question).status, status, "{question} of {ids:?}");
        assert_eq!(hand_over(&bo, question, "Mine!").status, status, "{question} of {ids:?}");
    }
    // Who sees them may as little.
    for question in [closed, deleted, hidden, solved] {
        claim(&mo, question).expect_problem(409, "not-waiting");
        hand_over(&mo, question, "Mine!").expect_problem(409, "not-waiting");
        assert!(!may(&mo, question).contains(&"claim".to_owned()));
    }
    assert_eq!(needs(&bo), Vec::<i64>::new());
    release(&bo, closed).expect_problem(409, "not-claimed");
}

#[test]
fn a_reason_of_any_size_is_taken_or_refused_and_holds_nothing_that_deceives() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let staff = hall.member_as("staff", "Stella");
    appoint(&hall, &bo, "lamps");
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    for wrong in ["", " \n\t ", "\u{202e}\u{200b}\u{7}", &"x".repeat(1_001), &"so long ".repeat(1_250)] {
        hand_over(&bo, question, wrong).expect_problem(422, "invalid");
        bo.post(&format!("/questions/{question}/hand-over"), &[("reason", wrong)]).expect(422);
    }
    let odd = format!("<b>Look</b>\u{202e} at\u{1b}\u{7} it\r\n{}", "y".repeat(980));
    hand_over(&bo, question, &odd).expect(204);
    eventually("staff are told", || (notices(&staff, "handed-over") == 1).then_some(()));
    let page = staff.get(&format!("/questions/{question}/candidates")).expect(200);
    assert!(page.text().contains("&lt;b&gt;Look&lt;/b&gt; at it yyy"), "{}", page.shown());
}

#[test]
fn a_suspended_guru_holds_nothing_up_and_declining_everything_moves_nobody_elses_list() {
    let hall = Hall::start();
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"));
    let mo = hall.member_as("moderator", "Mo");
    appoint(&hall, &bo, "lamps");
    appoint(&hall, &cy, "lamps");
    let ids: Vec<i64> =
        (0..6).map(|n| ask(&ann, &format!("Why is lantern number {n} dark?"), &["lamps"])).collect();
    let items = |who: &Member<'_>| -> Vec<(Value, Value)> {
        let found = who.api().get("/needs-you?limit=100").expect(200).json()["items"].clone();
        found.as_array().unwrap().iter().map(|need| (need["id"].clone(), need["others"].clone())).collect()
    };
    let before = items(&cy);
    for id in &ids {
        bo.api().post(&format!("/questions/{id}/decline"), &json!({})).expect(204);
    }
    assert_eq!(items(&cy), before);
    assert_eq!(needs(&bo), Vec::<i64>::new());
    claim(&bo, ids[0]).expect(204);
    mo.post(&format!("/people/{}/suspend", bo.id), &[("reason", "ads"), ("until", "")]).expect(303);
    claim(&bo, ids[1]).expect(401);
    hand_over(&bo, ids[1], "Mine!").expect(401);
    assert_eq!(items(&cy)[0].1, 0, "who cannot enter is not counted on");
    hall.clock.advance(2 * HOUR);
    eventually("what they were on is free again", || (what(&ann, ids[0]) == "peers").then_some(()));
    claim(&cy, ids[0]).expect(204);
}

#[test]
fn staff_are_told_of_so_many_hand_overs_of_one_member_a_day() {
    let hall = Hall::with(&[("PEERHALL_LIMITS", "on")]);
    let (ann, bo, mo) = (hall.member("Ann"), hall.member("Bo"), hall.member_as("moderator", "Mo"));
    appoint(&hall, &bo, "lamps");
    // From the beginning of a day in UTC, by which it is counted.
    let day = hall.clock.now().rem_euclid(DAY);
    hall.clock.advance(DAY - day);
    let mut asked = (0..21).map(|n| {
        hall.clock.advance(HOUR / 10);
        ask(&ann, &format!("Why is lantern number {n} dark?"), &["lamps"])
    });
    for question in asked.by_ref().take(20) {
        hand_over(&bo, question, "Do it for me.").expect(204);
    }
    let one_more = asked.next().unwrap();
    hand_over(&bo, one_more, "Do it for me.").expect_problem(429, "too-often");
    claim(&bo, one_more).expect(204);
    hand_over(&mo, one_more, "This one really.").expect(204);
}
