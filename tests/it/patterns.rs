//! Votes that look arranged: found by a follower, kept until a moderator decides, annulled, and that undone.

use diesel::prelude::*;
use peerhall::clock::DAY;
use peerhall::db::schema::vote_patterns;
use peerhall::db::{Error, On};
use peerhall::reputation::figures::Figures;
use serde_json::json;

use crate::closed_space::made;
use crate::harness::{Answer, Hall, Member, eventually};
use crate::reputation::{WORDS, points, set, vote};
use crate::threads::{answer, ask};

/// What the page calls many votes at once.
pub const BURST: &str = "Many votes within an hour";
const CIRCLE: &str = "Votes up in both directions";
const COLLEAGUES: &str = "Votes among colleagues";
const WAITING: &str = "/review/votes";
const ANNULLED: &str = "/review/votes?annulled=1";

/// Votes as a moderator's page shows them.
pub struct Shown {
    pub id: i64,
    /// What the form sends back of what was seen.
    pub seen: String,
    pub text: String,
}

/// What a page shows.
#[track_caller]
pub fn shown(moderator: &Member<'_>, path: &str) -> Vec<Shown> {
    rows(moderator.get(path).expect(200).text())
}

fn rows(page: &str) -> Vec<Shown> {
    let rows = page.split("<section class=\"block pattern\"").skip(1).map(|row| Shown {
        id: between(row, "action=\"/review/votes/").unwrap().parse().unwrap(),
        seen: between(row, "name=\"seen\" value=\"").unwrap().to_owned(),
        text: row.split("</section>").next().unwrap().to_owned(),
    });
    rows.collect()
}

fn between<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.split(start).nth(1)?.split('"').next()
}

/// The newest that waits and has these words, once it is found.
#[track_caller]
pub fn found(moderator: &Member<'_>, words: &str) -> Shown {
    eventually(words, || shown(moderator, WAITING).into_iter().find(|row| row.text.contains(words)))
}

/// The burst that waits, once it has so many votes up.
#[track_caller]
fn burst_of(moderator: &Member<'_>, votes: usize) -> Shown {
    eventually(&format!("a burst of {votes}"), || {
        let rows = shown(moderator, WAITING).into_iter().filter(|row| row.text.contains(BURST));
        rows.into_iter().find(|row| row.text.contains(&format!("{votes} votes up")))
    })
}

/// Decides about what the page shows now.
#[track_caller]
pub fn decide(moderator: &Member<'_>, id: i64, decision: &str, reason: &str) -> Answer {
    let row = shown(moderator, WAITING).into_iter().find(|row| row.id == id);
    let seen = row.map(|row| row.seen).unwrap_or_default();
    send(moderator, id, (decision, reason, &seen))
}

fn send(moderator: &Member<'_>, id: i64, (decision, reason, seen): (&str, &str, &str)) -> Answer {
    let fields = [("decision", decision), ("reason", reason), ("seen", seen)];
    moderator.post(&format!("/review/votes/{id}"), &fields)
}

/// Ann's question with so many answers of Bo's.
fn asked(ann: &Member<'_>, bo: &Member<'_>, answers: usize) -> (i64, Vec<i64>) {
    let question = ask(ann, "Why does the lamp smoke at night?", &["lamps"]);
    (question, (0..answers).map(|n| answer(bo, question, &format!("{WORDS} Take {n}."))).collect())
}

/// All scores of a question's answers together.
fn score(member: &Member<'_>, question: i64) -> i64 {
    let shown = member.api().get(&format!("/questions/{question}")).json();
    shown["answers"].as_array().unwrap().iter().map(|answer| answer["score"].as_i64().unwrap()).sum()
}

#[test]
fn a_burst_of_votes_is_shown_and_annulled_and_that_is_undone() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let (question, replies) = asked(&ann, &bo, 5);
    replies.iter().for_each(|reply| vote(&ann, *reply, 1));
    assert_eq!(points(&hall, &bo), 50);
    let id = burst_of(&moderator, 5).id;
    decide(&moderator, id, "annul", "").expect_page(422);
    decide(&moderator, id, "annul", "Five votes in a minute.").expect(303);
    assert_eq!((points(&hall, &bo), score(&ann, question)), (0, 0));
    eventually("who voted is told", || {
        (ann.api().get("/inbox").json()["items"][0]["what"] == "votes-annulled").then_some(())
    });
    let vote_again = json!({ "value": 0 });
    ann.api().put(&format!("/posts/{}/vote", replies[0]), &vote_again).expect_problem(403, "annulled");
    hall.said(&["check"], "");
    moderator.api().post(&format!("/posts/{}/remove", replies[0]), &json!({ "why": "spam" })).expect(204);
    decide(&moderator, id, "undo", "It was a mistake.").expect(303);
    assert_eq!(points(&hall, &bo), 40 - 50, "the votes on what was removed still do not count");
    moderator.api().post(&format!("/posts/{}/undelete", replies[0]), &json!({})).expect(204);
    assert_eq!((points(&hall, &bo), score(&ann, question)), (50, 5));
    decide(&moderator, id, "annul", "Again.").expect_page(409);
    hall.said(&["check"], "");
}

#[test]
fn what_is_made_anew_leaves_annulled_votes_out() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let (question, replies) = asked(&ann, &bo, 5);
    replies.iter().for_each(|reply| vote(&ann, *reply, 1));
    let id = burst_of(&moderator, 5).id;
    decide(&moderator, id, "annul", "Five votes in a minute.").expect(303);
    hall.said(&["reindex"], "");
    assert_eq!(score(&ann, question), 0);
    hall.said(&["check"], "");
    decide(&moderator, id, "undo", "It was a mistake.").expect(303);
    assert_eq!((points(&hall, &bo), score(&ann, question)), (50, 5));
    hall.said(&["check"], "");
}

#[test]
fn a_burst_that_waits_is_not_forgotten_for_a_later_one() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let (question, replies) = asked(&ann, &bo, 16);
    replies[..10].iter().for_each(|reply| vote(&ann, *reply, 1));
    burst_of(&moderator, 10);
    hall.clock.advance(DAY);
    vote(&ann, replies[0], 0);
    replies[10..15].iter().for_each(|reply| vote(&ann, *reply, 1));
    // One was taken back meanwhile.
    let id = burst_of(&moderator, 14).id;
    decide(&moderator, id, "annul", "Every day a burst.").expect(303);
    assert_eq!((points(&hall, &bo), score(&ann, question)), (0, 0));
    // What was decided is decided; a vote that comes later stands alone.
    vote(&ann, replies[15], 1);
    assert_eq!(score(&ann, question), 1);
    hall.said(&["check"], "");
}

#[test]
fn votes_that_a_row_has_no_room_for_are_in_the_next_one() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let (question, replies) = asked(&ann, &bo, 207);
    replies.iter().for_each(|reply| vote(&ann, *reply, 1));
    let (first, second) = (burst_of(&moderator, 200), burst_of(&moderator, 7));
    // The later one first: that decides nothing about those before.
    decide(&moderator, second.id, "annul", "All in an hour.").expect(303);
    assert_eq!(score(&ann, question), 200);
    decide(&moderator, first.id, "annul", "All in an hour.").expect(303);
    assert_eq!((points(&hall, &bo), score(&ann, question)), (0, 0));
    hall.said(&["check"], "");
}

#[test]
fn both_halves_of_a_circle_are_found_whoever_voted_first() {
    let hall = Hall::start();
    set(&hall, Figures { burst_votes: 2, circle_votes: 2, ..Figures::default() });
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let (question, replies) = asked(&ann, &bo, 2);
    let other = ask(&ann, "Why does the other lamp smoke at night?", &["lamps"]);
    replies.iter().for_each(|reply| vote(&ann, *reply, 1));
    // Her votes were looked at, before there were any of his.
    burst_of(&moderator, 2);
    vote(&bo, question, 1);
    vote(&bo, other, 1);
    let halves = eventually("both halves", || {
        let mut rows = shown(&moderator, WAITING);
        rows.retain(|row| row.text.contains(CIRCLE));
        (rows.len() == 2).then_some(rows)
    });
    assert_eq!((points(&hall, &ann), points(&hall, &bo)), (10, 20));
    for half in &halves {
        decide(&moderator, half.id, "annul", "One raises the other.").expect(303);
    }
    assert_eq!((points(&hall, &ann), points(&hall, &bo)), (0, 0));
    hall.said(&["check"], "");
}

#[test]
fn votes_among_colleagues_are_shown_as_such() {
    let hall = Hall::start();
    set(&hall, Figures { burst_votes: 2, circle_votes: 50, ..Figures::default() });
    let [cy, dee] = ["Cy", "Dee"].map(|name| hall.member_with(name, &["--organisation", "Acme"]));
    let moderator = hall.member_as("moderator", "Mo");
    asked(&cy, &dee, 2).1.iter().for_each(|reply| vote(&cy, *reply, 1));
    found(&moderator, COLLEAGUES);
}

/// So many rows about a vote of `voter` on a post of `author`'s, as if the follower had found them.
fn many(hall: &Hall, of: (&Member<'_>, &Member<'_>, i64), state: &'static str, rows: usize) {
    let (voter, author, post) = (of.0.id, of.1.id, of.2);
    let now = hall.clock.now();
    let evidence = json!([[post, 1, now]]).to_string();
    hall.db()
        .write_now(On::Nothing, move |c| {
            for _ in 0..rows {
                let row = (
                    vote_patterns::kind.eq("burst"),
                    vote_patterns::voter_id.eq(voter),
                    vote_patterns::author_id.eq(author),
                    vote_patterns::votes.eq(&evidence),
                    vote_patterns::first_at.eq(now),
                    vote_patterns::last_at.eq(now),
                    vote_patterns::state.eq(state),
                    vote_patterns::found_at.eq(now),
                );
                diesel::insert_into(vote_patterns::table).values(row).execute(c)?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
}

/// The ids on a page and on all that follow it.
fn all(moderator: &Member<'_>, path: &str) -> Vec<i64> {
    let (mut ids, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let page = moderator.get(&path).expect(200).text().to_owned();
        ids.extend(rows(&page).iter().map(|row| row.id));
        next = between(&page, "rel=\"next\" href=\"").map(|link| link.replace("&amp;", "&"));
    }
    ids
}

#[test]
fn all_that_waits_and_all_that_was_annulled_is_reached_page_by_page() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let question = ask(&bo, "Why does the lamp smoke at night?", &["lamps"]);
    for (state, path, rows) in [("waiting", WAITING, 61), ("annulled", ANNULLED, 63)] {
        many(&hall, (&ann, &bo, question), state, rows);
        let ids = all(&moderator, path);
        assert_eq!(ids.len(), rows);
        assert!(ids.is_sorted_by(|one, other| one > other), "{ids:?}");
    }
    decide(&moderator, *all(&moderator, ANNULLED).last().unwrap(), "undo", "It was long ago.").expect(303);
    assert_eq!(all(&moderator, ANNULLED).len(), 62);
}

#[test]
fn what_others_decide_about_hides_nothing_from_a_moderator_of_one_space() {
    let hall = Hall::start();
    hall.said(&["space", "add", "--key", "pumps", "--name", "Pumps"], "");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    hall.said(&["member", "moderates", "--email", &moderator.email, "--space", "pumps"], "");
    let [pumps, general] = ["pumps", "general"].map(|space| {
        let question =
            json!({ "space": space, "title": "Why does it rattle at night?", "body": WORDS, "tags": ["x"] });
        made(bo.api().post("/questions", &question))
    });
    many(&hall, (&ann, &bo, pumps), "waiting", 1);
    many(&hall, (&ann, &bo, general), "waiting", 70);
    assert_eq!(shown(&moderator, WAITING).len(), 1);
}

#[test]
fn nobody_decides_about_votes_that_were_found_since_they_looked() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let (question, replies) = asked(&ann, &bo, 6);
    replies[..5].iter().for_each(|reply| vote(&ann, *reply, 1));
    let before = burst_of(&moderator, 5);
    vote(&ann, replies[5], 1);
    let now = burst_of(&moderator, 6);
    for decision in ["annul", "dismiss"] {
        let answer = send(&moderator, before.id, (decision, "Five in a minute.", &before.seen));
        let page = answer.expect_page(409);
        assert!(page.contains("More such votes were found since you looked"), "{page}");
        let row = rows(page).into_iter().find(|row| row.id == before.id).unwrap();
        assert_eq!(row.seen, now.seen);
        assert!(row.text.contains("value=\"Five in a minute.\""), "{}", row.text);
        assert_eq!(score(&ann, question), 6);
    }
    send(&moderator, now.id, ("annul", "Six in a minute.", &now.seen)).expect(303);
    assert_eq!(score(&ann, question), 0);
    hall.said(&["check"], "");
}

#[test]
fn nobody_sees_or_decides_about_votes_of_their_own_or_on_themselves() {
    let hall = Hall::start();
    let [first, second, third] = ["Mo", "Mia", "Max"].map(|name| hall.member_as("moderator", name));
    asked(&first, &second, 5).1.iter().for_each(|reply| vote(&first, *reply, 1));
    let row = burst_of(&third, 5);
    for one in [&first, &second] {
        assert_eq!(shown(one, WAITING).len(), 0);
        let answer = send(one, row.id, ("annul", "Let us see.", &row.seen));
        assert!(answer.expect_page(403).contains("Others decide about these votes"), "{}", answer.shown());
    }
    send(&third, row.id, ("annul", "Five in a minute.", &row.seen)).expect(303);
    assert_eq!(points(&hall, &second), 0);
    for one in [&first, &second] {
        assert_eq!(shown(one, ANNULLED).len(), 0);
    }
}

#[test]
fn who_decides_after_a_colleague_is_told_what_was_decided() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let [first, second] = ["Mo", "Mia"].map(|name| hall.member_as("moderator", name));
    asked(&ann, &bo, 5).1.iter().for_each(|reply| vote(&ann, *reply, 1));
    let row = burst_of(&first, 5);
    let after = |decision: &str, words: &str| {
        let answer = send(&second, row.id, (decision, "Five in a minute.", &row.seen));
        assert!(answer.expect_page(409).contains(words), "{}", answer.shown());
    };
    send(&first, row.id, ("annul", "Five in a minute.", &row.seen)).expect(303);
    after("dismiss", "These votes are annulled");
    after("annul", "These votes are annulled");
    send(&first, row.id, ("undo", "It was a mistake.", "")).expect(303);
    after("annul", "These votes count");
    after("undo", "These votes count");
}

#[test]
fn where_every_vote_was_taken_back_it_is_said_that_none_was_annulled() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let (question, replies) = asked(&ann, &bo, 5);
    replies.iter().for_each(|reply| vote(&ann, *reply, 1));
    let row = burst_of(&moderator, 5);
    replies.iter().for_each(|reply| vote(&ann, *reply, 0));
    let answer = send(&moderator, row.id, ("annul", "Five in a minute.", &row.seen)).expect(303);
    let page = moderator.follow(answer);
    assert!(page.text().contains("Nothing was annulled"), "{}", page.shown());
    assert_eq!(shown(&moderator, ANNULLED).len(), 0);
    // Cast again, they are found again.
    replies.iter().for_each(|reply| vote(&ann, *reply, 1));
    decide(&moderator, burst_of(&moderator, 5).id, "annul", "Once more.").expect(303);
    assert_eq!(score(&ann, question), 0);
    hall.said(&["check"], "");
}
