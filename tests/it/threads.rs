//! Asking, answering, commenting, voting, choosing, editing, deleting: the main job, through the API.

use serde_json::{Value, json};

use crate::closed_space::made;
use crate::harness::{Hall, Member, eventually};

const BODY: &str = "It rattles every night at three, since the last update.";

/// Asks a question and says its id.
pub fn ask(member: &Member<'_>, title: &str, tags: &[&str]) -> i64 {
    let question = json!({ "space": "general", "title": title, "body": BODY, "tags": tags });
    made(member.api().post("/questions", &question))
}

/// Answers a question and says the answer's id.
pub fn answer(member: &Member<'_>, question: i64, body: &str) -> i64 {
    made(member.api().post(&format!("/questions/{question}/answers"), &json!({ "body": body })))
}

fn comment(member: &Member<'_>, post: i64, body: &str) -> i64 {
    made(member.api().post(&format!("/posts/{post}/comments"), &json!({ "body": body })))
}

fn vote(member: &Member<'_>, post: i64, value: i64) -> Value {
    member.api().put(&format!("/posts/{post}/vote"), &json!({ "value": value })).expect(200).json()
}

fn accept(member: &Member<'_>, question: i64, answer: i64) {
    member.api().put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": answer })).expect(204);
}

fn shown(member: &Member<'_>, question: i64) -> Value {
    member.api().get(&format!("/questions/{question}")).expect(200).json()
}

fn answers_of(question: &Value) -> Vec<i64> {
    question["answers"].as_array().unwrap().iter().map(|answer| answer["id"].as_i64().unwrap()).collect()
}

/// Every invariant holds, and the follower of thread counters has seen the whole log and found nothing.
#[track_caller]
fn consistent(hall: &Hall) {
    hall.said(&["check"], "");
}

#[test]
fn a_question_is_read_back_with_every_field_of_the_contract() {
    let hall = Hall::start();
    let ann = hall.member("Ann Asks");
    let id = ask(&ann, "Why does the pump rattle at night?", &["Pump", "noise"]);
    let question = shown(&ann, id);
    assert_eq!(question["title"], "Why does the pump rattle at night?");
    assert_eq!(question["body"], BODY);
    assert_eq!(question["body_html"], format!("<p>{BODY}</p>\n"));
    assert_eq!(question["tags"], json!(["pump", "noise"]));
    assert_eq!(question["author"], json!({ "id": ann.id, "name": "Ann Asks", "guru": false }));
    assert_eq!(question["space"], "general");
    assert_eq!(question["version"], 1);
    assert_eq!(question["state"], "unanswered");
    assert_eq!(question["url"], format!("/questions/{id}/why-does-the-pump-rattle-at-night"));
    assert_eq!(question["affected"], json!({ "people": 0, "organisations": 0, "imported": 0 }));
    for field in
        ["score", "accepted_answer_id", "next_step", "notice", "created_at", "viewer", "answers", "comments"]
    {
        assert!(question.get(field).is_some(), "{field} is missing");
    }
    let at = question["created_at"].as_str().unwrap();
    assert!(at.len() == 27 && at.ends_with('Z'), "{at}");
}

#[test]
fn the_state_follows_answers_and_the_askers_choice() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "A question of states", &["state"]);
    answer(&ann, id, "I looked further myself meanwhile.");
    assert_eq!(shown(&ann, id)["state"], "unanswered", "the asker's own answer does not count");
    let helpful = answer(&bob, id, "Open the valve and let the air out.");
    assert_eq!(shown(&ann, id)["state"], "open");
    accept(&ann, id, helpful);
    let question = shown(&ann, id);
    assert_eq!(
        (question["state"].as_str(), question["accepted_answer_id"].as_i64()),
        (Some("solved"), Some(helpful))
    );
    ann.api().delete(&format!("/questions/{id}/accepted")).expect(204);
    assert_eq!(shown(&ann, id)["state"], "open");
    consistent(&hall);
}

#[test]
fn an_open_question_says_who_acts_next_and_a_solved_one_that_nobody_has_to() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "A question of next steps", &["state"]);
    assert_eq!(shown(&ann, id)["next_step"]["what"], "peers");
    let helpful = answer(&bob, id, "Open the valve and let the air out.");
    let step = shown(&bob, id)["next_step"].clone();
    assert_eq!((step["what"].as_str(), step["who"]["id"].as_i64()), (Some("asker"), Some(ann.id)));
    accept(&ann, id, helpful);
    assert_eq!(shown(&ann, id)["next_step"], Value::Null);
}

#[test]
fn only_the_asker_chooses_and_only_among_the_answers_of_the_question() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let (one, other) =
        (ask(&ann, "The first question here", &["x"]), ask(&ann, "The second question here", &["x"]));
    let here = answer(&bob, one, "An answer that belongs to the first.");
    let there = answer(&bob, other, "An answer that belongs to the second.");
    let choose = |who: &Member<'_>, answer: i64| {
        who.api().put(&format!("/questions/{one}/accepted"), &json!({ "answer_id": answer }))
    };
    choose(&bob, here).expect_problem(403, "not-asker");
    choose(&ann, there).expect_problem(422, "invalid");
    choose(&ann, one).expect_problem(422, "invalid");
    assert_eq!(shown(&ann, one)["accepted_answer_id"], Value::Null);
}

#[test]
fn a_changed_choice_leaves_one_accepted_answer() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "Which answer is the best one?", &["x"]);
    let first = answer(&bob, id, "The first thing that came to mind.");
    let second = answer(&bob, id, "The second thing, thought through.");
    accept(&ann, id, first);
    accept(&ann, id, second);
    let question = shown(&ann, id);
    assert_eq!(answers_of(&question)[0], second, "the accepted answer stands first");
    let accepted = question["answers"].as_array().unwrap().iter().filter(|a| a["accepted"] == true).count();
    assert_eq!(accepted, 1);
    consistent(&hall);
}

#[test]
fn deleting_an_accepted_answer_withdraws_the_acceptance() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "Will the acceptance go away?", &["x"]);
    let helpful = answer(&bob, id, "It will, because I delete this.");
    accept(&ann, id, helpful);
    bob.api().delete(&format!("/posts/{helpful}")).expect(204);
    let question = shown(&ann, id);
    assert_eq!(
        (question["state"].as_str(), &question["accepted_answer_id"]),
        (Some("unanswered"), &Value::Null)
    );
    bob.api().post(&format!("/posts/{helpful}/undelete"), &json!({})).expect(204);
    assert_eq!(shown(&ann, id)["state"], "open", "bringing it back does not accept it again");
    consistent(&hall);
}

#[test]
fn a_deleted_answer_is_seen_by_its_author_and_moderators_only() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let moderator = hall.member_as("moderator", "Mo");
    let id = ask(&ann, "Who sees a deleted answer?", &["x"]);
    let gone = answer(&bob, id, "This answer will soon be gone.");
    bob.api().delete(&format!("/posts/{gone}")).expect(204);
    assert!(answers_of(&shown(&ann, id)).is_empty());
    ann.api().get(&format!("/posts/{gone}/revisions")).expect_problem(404, "not-found");
    assert_eq!(answers_of(&shown(&bob, id)), [gone]);
    assert_eq!(answers_of(&shown(&moderator, id)), [gone]);
}

#[test]
fn comments_go_with_the_answer_they_stand_under() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "What becomes of the comments?", &["x"]);
    let gone = answer(&bob, id, "An answer that is deleted later.");
    let remark = comment(&bob, gone, "A remark under that answer.");
    bob.api().delete(&format!("/posts/{gone}")).expect(204);
    ann.api().get(&format!("/posts/{remark}/revisions")).expect_problem(404, "not-found");
    ann.get(&format!("/posts/{remark}/revisions")).expect_page(404);
    ann.get(&format!("/posts/{remark}")).expect_page(404);
    assert!(!shown(&ann, id).to_string().contains("A remark under"));
}

#[test]
fn versions_come_in_pages() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "A question edited again and again", &["x"]);
    for version in 1..25 {
        let change = json!({ "body": format!("Version {} of this text, long enough.", version + 1), "version": version });
        ann.api().patch(&format!("/questions/{id}"), &change).expect(200);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = ann.api().get(&format!("/posts/{id}/revisions?limit=10{after}")).expect(200).json();
        let items = page["items"].as_array().unwrap().clone();
        assert!(items.len() <= 10);
        seen.extend(items.iter().map(|item| item["version"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, (1..=25).collect::<Vec<i64>>());
    let first = ann.get(&format!("/posts/{id}/revisions")).expect(200).text().to_owned();
    assert!(first.contains("before=6"), "twenty versions a page, the newest first");
    let rest = ann.get(&format!("/posts/{id}/revisions?before=6")).expect(200).text().to_owned();
    assert!(!rest.contains("before="), "the second page is the last");
}

#[test]
fn the_same_members_repeats_do_not_bump_a_question() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "A question that wants to be on top", &["x"]);
    let active = || shown(&bob, id)["last_activity_at"].as_str().unwrap().to_owned();
    let asked = active();
    comment(&ann, id, "Anybody?");
    comment(&ann, id, "Anybody at all?");
    assert_eq!(active(), asked);
    answer(&bob, id, "Somebody, yes, with an answer.");
    let answered = active();
    assert!(answered > asked);
    comment(&bob, id, "And one more thing.");
    assert_eq!(active(), answered);
}

#[test]
fn people_who_write_at_once_are_all_served() {
    let hall = Hall::start();
    let people: Vec<_> = (0..8).map(|n| hall.member(&format!("Person {n}"))).collect();
    for person in &people {
        person.api();
    }
    std::thread::scope(|scope| {
        for (n, person) in people.iter().enumerate() {
            scope.spawn(move || {
                for round in 0..6 {
                    let id = ask(person, &format!("Question {round} of person {n}"), &["shared", "rush"]);
                    answer(person, id, "An answer of my own, right away.");
                }
            });
        }
    });
    consistent(&hall);
}

#[test]
fn a_deleted_question_is_gone_from_lists_and_counts_for_everybody() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "A question asked by mistake", &["mistake"]);
    ann.api().delete(&format!("/posts/{id}")).expect(204);
    bob.api().get(&format!("/questions/{id}")).expect_problem(404, "not-found");
    assert_eq!(bob.api().get("/questions").json()["items"], json!([]));
    assert!(!bob.get("/tags").text().contains("mistake"));
    ann.api().post(&format!("/posts/{id}/undelete"), &json!({})).expect(204);
    assert_eq!(bob.api().get("/questions").json()["items"].as_array().unwrap().len(), 1);
    consistent(&hall);
}

#[test]
fn an_asker_cannot_delete_a_question_that_others_have_answered() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "Can I take this away again?", &["x"]);
    answer(&bob, id, "Not after I have written all this.");
    ann.api().delete(&format!("/posts/{id}")).expect_problem(403, "has-answers");
    assert_eq!(shown(&bob, id)["deleted"], false);
}

#[test]
fn votes_change_and_are_taken_back_and_count_once() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member_as("moderator", "Bob"));
    let id = ask(&ann, "A question to be voted on", &["x"]);
    assert_eq!(vote(&bob, id, 1), json!({ "score": 1, "vote": 1 }));
    assert_eq!(vote(&bob, id, 1), json!({ "score": 1, "vote": 1 }));
    assert_eq!(vote(&bob, id, -1), json!({ "score": -1, "vote": -1 }));
    assert_eq!(vote(&bob, id, 0), json!({ "score": 0, "vote": 0 }));
    consistent(&hall);
}

#[test]
fn nobody_votes_on_their_own_post_or_on_a_comment() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "Is my own question any good?", &["x"]);
    let remark = comment(&bob, id, "It is.");
    let try_to =
        |who: &Member<'_>, post: i64| who.api().put(&format!("/posts/{post}/vote"), &json!({ "value": 1 }));
    try_to(&ann, id).expect_problem(403, "own-post");
    try_to(&ann, remark).expect_problem(403, "no-votes");
}

#[test]
fn answers_stand_by_acceptance_then_by_score() {
    let hall = Hall::start();
    let (ann, bob, cid) = (hall.member("Ann"), hall.member("Bob"), hall.member_as("moderator", "Cid"));
    let id = ask(&ann, "In which order do answers stand?", &["x"]);
    let [low, mid, top] =
        ["The first of all answers.", "The second of all answers.", "The third of all answers."]
            .map(|body| answer(&bob, id, body));
    vote(&ann, top, 1);
    vote(&cid, top, 1);
    vote(&ann, mid, 1);
    vote(&cid, low, -1);
    assert_eq!(answers_of(&shown(&ann, id)), [top, mid, low]);
    accept(&ann, id, low);
    assert_eq!(answers_of(&shown(&ann, id)), [low, top, mid]);
}

#[test]
fn a_stale_edit_is_refused_and_changes_nothing() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "A question edited twice at once", &["x"]);
    let edit =
        |body: &str| ann.api().patch(&format!("/questions/{id}"), &json!({ "body": body, "version": 1 }));
    assert_eq!(
        edit("The text of the one who was first.").expect(200).json(),
        json!({ "id": id, "version": 2 })
    );
    edit("The text of the one who was second.").expect_problem(409, "stale");
    assert_eq!(shown(&ann, id)["body"], "The text of the one who was first.");
}

#[test]
fn every_version_of_a_text_is_kept() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "A question with a history", &["one"]);
    let edit = |change: Value| ann.api().patch(&format!("/questions/{id}"), &change).expect(200);
    edit(json!({ "title": "A question with a longer history", "version": 1, "reason": "clearer" }));
    edit(json!({ "tags": ["one", "two"], "version": 2 }));
    edit(json!({ "body": "Another text altogether, long enough.", "version": 3 }));
    let versions = ann.api().get(&format!("/posts/{id}/revisions")).expect(200).json()["items"].clone();
    let field = |name: &str| versions.as_array().unwrap().iter().map(|v| v[name].clone()).collect::<Vec<_>>();
    assert_eq!(field("version"), [1, 2, 3, 4]);
    assert_eq!(field("title")[0], "A question with a history");
    assert_eq!(field("title")[3], "A question with a longer history");
    assert_eq!(field("tags")[1], json!(["one"]));
    assert_eq!(field("tags")[2], json!(["one", "two"]));
    assert_eq!(field("body")[2], BODY);
    assert_eq!(field("reason")[1], "clearer");
    consistent(&hall);
}

#[test]
fn an_edit_that_changes_nothing_makes_no_version() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "A question left as it is", &["x"]);
    let same = json!({ "body": BODY, "title": "A question left as it is", "tags": ["x"], "version": 1 });
    assert_eq!(ann.api().patch(&format!("/questions/{id}"), &same).expect(200).json()["version"], 1);
}

#[test]
fn anothers_text_is_edited_by_moderators_only() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let moderator = hall.member_as("moderator", "Mo");
    let id = ask(&ann, "Whose text is this, really?", &["x"]);
    let edit = |who: &Member<'_>| {
        let change = json!({ "title": "Whose text is this, after all?", "version": 1 });
        who.api().patch(&format!("/questions/{id}"), &change)
    };
    // What becomes of it then is for `edits`.
    edit(&bob).expect(202);
    edit(&moderator).expect(200);
    assert_eq!(shown(&ann, id)["title"], "Whose text is this, after all?");
}

#[test]
fn those_who_have_it_too_count_as_people_and_as_organisations() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let colleagues = ["Cara", "Carl"].map(|name| hall.member_with(name, &["--organisation", "Acme"]));
    let single = hall.member_with("Sol", &["--organisation", "Solo Ltd"]);
    let id = ask(&ann, "Does anybody else have this?", &["x"]);
    let path = format!("/questions/{id}/affected");
    for who in colleagues.iter().chain([&single]) {
        who.api().put(&path, &json!({ "product_version": "2.1" })).expect(204);
        who.api().put(&path, &json!({})).expect(204);
    }
    assert_eq!(shown(&ann, id)["affected"], json!({ "people": 3, "organisations": 2, "imported": 0 }));
    single.api().delete(&path).expect(204);
    assert_eq!(shown(&ann, id)["affected"], json!({ "people": 2, "organisations": 1, "imported": 0 }));
    ann.api().put(&path, &json!({})).expect_problem(403, "own-post");
    consistent(&hall);
}

#[test]
fn a_closed_question_takes_no_answer_until_it_is_reopened() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let moderator = hall.member_as("moderator", "Mo");
    let (original, copy) =
        (ask(&ann, "The first to ask about this", &["x"]), ask(&bob, "The second to ask about this", &["x"]));
    bob.post(&format!("/questions/{copy}/close"), &[("reason", "mine")]).expect_page(403);
    let fields = [("reason", "Asked before"), ("duplicate_of", &original.to_string())];
    moderator.post(&format!("/questions/{copy}/close"), &fields).expect(303);
    let question = shown(&bob, copy);
    assert_eq!(
        (question["state"].as_str(), question["duplicate_of"].as_i64()),
        (Some("closed"), Some(original))
    );
    let late = json!({ "body": "I still wanted to say something." });
    ann.api().post(&format!("/questions/{copy}/answers"), &late).expect_problem(403, "closed");
    moderator.post(&format!("/questions/{copy}/reopen"), &[]).expect(303);
    answer(&ann, copy, "Now I can say what I wanted to say.");
    consistent(&hall);
}

#[test]
fn what_people_write_cannot_run_in_a_readers_browser() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let body = "Look: <script>alert(1)</script> <img src=x onerror=alert(2)> [click](javascript:alert(3)) <svg onload=alert(4)>";
    let question = json!({ "space": "general", "title": "A \"<b>bold</b>\" & <script>title</script>", "body": body, "tags": ["x"] });
    let id = made(ann.api().post("/questions", &question));
    let url = shown(&ann, id)["url"].as_str().unwrap().to_owned();
    for page in [ann.get(&url), ann.get("/"), ann.get(&format!("/posts/{id}/revisions"))] {
        let text = page.expect(200).text().to_lowercase();
        for trace in [
            "<script>alert",
            "<script>title",
            "onerror=\"",
            "onerror=alert(2)>",
            "href=\"javascript",
            "<svg onload",
            "<b>bold",
        ] {
            assert!(!text.contains(trace), "{trace} in a page");
        }
    }
}

#[test]
fn many_people_at_once_leave_counters_that_a_recount_confirms() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "A question everybody runs to", &["x"]);
    let people: Vec<_> = (0..8).map(|n| hall.member_as("moderator", &format!("Person {n}"))).collect();
    for person in &people {
        person.api();
    }
    std::thread::scope(|scope| {
        for (n, person) in people.iter().enumerate() {
            scope.spawn(move || {
                for round in 0..4 {
                    let own = answer(person, id, &format!("Answer {round} of person {n}, long enough."));
                    vote(person, id, if (n + round) % 2 == 0 { 1 } else { -1 });
                    comment(person, own, "And a remark.");
                    person.api().put(&format!("/questions/{id}/affected"), &json!({})).expect(204);
                    if round == 3 {
                        person.api().delete(&format!("/posts/{own}")).expect(204);
                    }
                }
            });
        }
    });
    let question = shown(&ann, id);
    assert_eq!(question["answers"].as_array().unwrap().len(), 8 * 3);
    assert_eq!(question["affected"]["people"], 8);
    consistent(&hall);
}

#[test]
fn the_follower_of_thread_counters_sees_the_whole_log() {
    use diesel::prelude::*;
    use peerhall::db::schema::{events, follower_cursors};
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "A question that is followed", &["x"]);
    answer(&bob, id, "An answer that is followed, too.");
    let (end, positions): (i64, Vec<Option<i64>>) = eventually("every event to have its position", || {
        let (count, positions) = hall.read(|c| {
            let positions: Vec<Option<i64>> =
                events::table.order(events::id).select(events::position).load(c)?;
            Ok((positions.len() as i64, positions))
        });
        positions.iter().all(Option::is_some).then_some((count, positions))
    });
    let expected: Vec<Option<i64>> = (1..=end).map(Some).collect();
    let mut sorted = positions;
    sorted.sort_unstable();
    assert_eq!(sorted, expected, "positions have no gap");
    eventually("the follower to reach the end", || {
        let cursor: i64 = hall.read(|c| {
            follower_cursors::table
                .find("thread-counters")
                .select(follower_cursors::position)
                .first(c)
                .optional()
        })?;
        (cursor == end).then_some(())
    });
}
