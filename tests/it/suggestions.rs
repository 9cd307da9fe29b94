//! What is offered beside a search: similar questions while asking, related ones while reading, words that go on what
//! is typed, saved searches, and what was searched for in vain.

use diesel::prelude::*;
use peerhall::db::schema::{deflections, events};
use serde_json::{Value, json};

use crate::closed_space::{CANARY, ClosedSpace};
use crate::harness::{Hall, Member, eventually};
use crate::threads::{answer, ask};

/// A question whose answer was accepted, and the author's next one like it.
struct Solved {
    question: i64,
}

impl Solved {
    fn prepare(ann: &Member<'_>, bob: &Member<'_>) -> Solved {
        let question = ask(ann, "The espresso machine leaks at the steam valve", &["coffee"]);
        let reply = answer(bob, question, "Replace the **gasket** behind the knob.");
        ann.api().put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": reply })).expect(204);
        Solved { question }
    }
}

const TYPED: [(&str, &str); 2] = [("title", "Steam valve of my espresso machine leaks"), ("body", "")];

/// Waits until the part has a word in it.
#[track_caller]
fn similar(member: &Member<'_>, fields: &[(&str, &str)], word: &str) -> String {
    eventually(&format!("`{word}` among similar questions"), || {
        let part = member.post("/ask/similar", fields).expect(200);
        part.text().contains(word).then(|| part.text().to_owned())
    })
}

#[test]
fn a_similar_question_is_shown_with_its_accepted_answer_while_one_is_asked() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let solved = Solved::prepare(&ann, &bob);
    let part = similar(&bob, &TYPED, "<strong>gasket</strong>");
    assert!(part.contains("The espresso machine leaks"), "{part}");
    assert!(part.contains(&format!("name=\"question\" value=\"{}\"", solved.question)), "{part}");
    let nothing = bob.post("/ask/similar", &[("title", "Zebras graze peacefully"), ("body", "")]).expect(200);
    assert_eq!(nothing.text(), "");
}

#[test]
fn without_scripts_the_form_comes_back_with_similar_questions_and_every_word() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    Solved::prepare(&ann, &bob);
    assert!(bob.get("/ask").expect(200).text().contains("formaction=\"/ask/similar\""));
    let fields = [TYPED[0], ("body", "It drips & hisses."), ("tags", "valve-tag"), ("look", "1")];
    let page = similar(&bob, &fields, "<strong>gasket</strong>");
    for kept in [TYPED[0].1, "It drips &amp; hisses.", "valve-tag"] {
        assert!(page.contains(kept), "`{kept}` was lost: {page}");
    }
    let fields = [("title", "Zebras graze peacefully"), ("look", "1")];
    let page = bob.post("/ask/similar", &fields);
    assert!(page.expect_page(200).contains("Nobody has asked this yet"));
}

#[test]
fn this_solved_it_is_recorded_once_and_leads_to_the_question() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let solved = Solved::prepare(&ann, &bob);
    let id = solved.question.to_string();
    for _ in 0..2 {
        let done = bob.post("/ask/solved", &[("question", &id)]).expect(303);
        assert!(done.location().starts_with(&format!("/questions/{id}/")), "{}", done.location());
    }
    let told = |kind: &'static str| {
        hall.read(move |c| events::table.filter(events::kind.eq(kind)).count().get_result::<i64>(c))
    };
    assert_eq!(told("QuestionDeflected"), 1);
    let row: (i64, i64) =
        hall.read(|c| deflections::table.select((deflections::member_id, deflections::question_id)).first(c));
    assert_eq!(row, (bob.id, solved.question));
    bob.post("/ask/solved", &[("question", "987654321")]).expect(404);
}

#[test]
fn related_questions_stand_beside_a_question_and_moderators_are_told_of_doubles() {
    let hall = Hall::start();
    let (ann, bob, mo) = (hall.member("Ann"), hall.member("Bob"), hall.member_as("moderator", "Mo"));
    let first = ask(&ann, "The espresso machine leaks at the steam valve", &["coffee"]);
    let second = ask(&bob, "Espresso machine leaks at its steam valve", &["coffee"]);
    let page = eventually("a related question", || {
        let page = ann.get(&format!("/related/{first}")).expect(200);
        page.text().contains("at its steam valve").then(|| page.text().to_owned())
    });
    assert!(!page.contains("the same question"), "told to a member: {page}");
    let part = mo.get(&format!("/related/{second}?part=1")).expect(200);
    assert!(part.text().contains("at the steam valve") && !part.text().contains("<html"), "{}", part.text());
    assert!(
        part.text().contains("the same question") && part.text().contains("<bdi>espresso</bdi>"),
        "{}",
        part.text()
    );
    ann.get("/related/987654321").expect(404);
}

#[test]
fn nothing_similar_or_related_comes_out_of_a_closed_space() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    let title = format!("The {CANARY} does not open any more");
    similar(&closed.answerer, &[("title", &title)], CANARY);
    let outside = closed.outsider.post("/ask/similar", &[("title", &title)]).expect(200);
    assert_eq!(outside.text(), "");
    closed.outsider.get(&format!("/related/{}", closed.ids.question)).expect(404);
    let own = ask(&closed.outsider, "Why does it not open, whatever I turn?", &["doors"]);
    eventually("the own question is found", || {
        let found = closed.outsider.api().get("/search?q=whatever").expect(200).json();
        (found["total"] == 1).then_some(())
    });
    let related = closed.outsider.get(&format!("/related/{own}")).expect(200);
    assert!(!related.text().to_lowercase().contains(CANARY), "{}", related.text());
}

#[test]
fn words_go_on_what_is_typed_only_where_the_reader_may_read_them() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    let begin = &CANARY[..5];
    let words = |member: &Member<'_>, typed: &str| -> Value {
        member.get(&format!("/search/suggest?q={typed}")).expect(200).json()["items"].clone()
    };
    eventually("the word is offered inside", || {
        let offered = words(&closed.answerer, &format!("the%20{begin}"));
        offered.as_array()?.iter().any(|word| word == &json!(format!("the {CANARY}"))).then_some(())
    });
    assert_eq!(words(&closed.outsider, begin), json!([]));
}

#[test]
fn what_was_searched_for_in_vain_is_told_to_moderators_with_how_many_tried() {
    let hall = Hall::start();
    let (ann, bob, mo) = (hall.member("Ann"), hall.member("Bob"), hall.member_as("moderator", "Mo"));
    let id = ask(&ann, "Something about the weather", &["x"]);
    eventually("the index serves", || {
        let found = ann.api().get("/search?q=weather").json();
        (found["items"][0]["post_id"] == id).then_some(())
    });
    for (member, typed) in
        [(&ann, "dehumidifier manual"), (&bob, "Manual+Dehumidifier"), (&bob, "manual+dehumidifier!")]
    {
        member.get(&format!("/search?q={}", typed.replace(' ', "+"))).expect(200);
    }
    let list = mo.get("/search/missed").expect(200).text().to_owned();
    assert!(list.contains("dehumidifier manual") && list.contains("2 people"), "{list}");
    assert!(list.contains("/ask?title=dehumidifier%20manual"), "{list}");
    ann.get("/search/missed").expect(403);
    ann.post("/search/missed/1/dismiss", &[]).expect(403);
    mo.post("/search/missed/1/dismiss", &[]).expect(303);
    assert!(!mo.get("/search/missed").expect(200).text().contains("dehumidifier"));
}

#[test]
fn what_is_searched_for_inside_a_closed_space_is_not_told_outside() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    let (outside, ada) = (hall.member_as("moderator", "Mo"), hall.member_as("admin", "Ada"));
    eventually("the index serves", || {
        let found = closed.asker.api().get(&format!("/search?q={CANARY}")).json();
        (found["total"].as_u64()? > 0).then_some(())
    });
    closed.asker.get("/search?q=secretoperation").expect(200);
    assert!(ada.get("/search/missed").expect(200).text().contains("secretoperation"));
    assert!(!outside.get("/search/missed").expect(200).text().contains("secretoperation"));
    outside.post("/search/missed/1/dismiss", &[]).expect(404);
}

#[test]
fn a_saved_search_is_the_owners_alone() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    ann.post("/search/save", &[("q", "pump is:unanswered")]).expect(303);
    ann.post("/search/save", &[("q", "pump is:unanswered")]).expect(303);
    let page = ann.get("/search").expect(200).text().to_owned();
    assert_eq!(page.matches("/search/saved/1/delete").count(), 1, "{page}");
    assert!(!page.contains("/search/saved/2/"), "{page}");
    assert!(page.contains("/search?q=pump%20is%3Aunanswered"), "{page}");
    assert!(!bob.get("/search").expect(200).text().contains("is:unanswered</a>"));
    bob.post("/search/saved/1/delete", &[]).expect(404);
    ann.post("/search/save", &[("q", " ")]).expect(422);
    ann.post("/search/saved/1/delete", &[]).expect(303);
    assert!(!ann.get("/search").expect(200).text().contains("/search/saved/"));
}

#[test]
fn words_that_an_administrator_calls_the_same_find_each_other() {
    let hall = Hall::start();
    let (ada, ann) = (hall.member_as("admin", "Ada"), hall.member("Ann"));
    let id = ask(&ann, "The cylinder stays cold in the morning", &["x"]);
    let settings = |synonyms: &'static str| {
        [("site_name", "Walk"), ("contact", ""), ("password_least", "12"), ("synonyms", synonyms)]
    };
    ada.post("/admin/settings", &settings("boiler, cylinder, tank\r\nmail, inbox")).expect(303);
    assert!(ada.get("/admin/settings").expect(200).text().contains("boiler, cylinder, tank\nmail, inbox"));
    eventually("the question is found by the other word", || {
        let found = ann.api().get("/search?q=cold+boiler").json();
        (found["items"][0]["post_id"] == id).then_some(())
    });
    let long = "x, y\n".repeat(4_001);
    let fields = [("site_name", "Walk"), ("contact", ""), ("password_least", "12"), ("synonyms", &long)];
    assert!(ada.post("/admin/settings", &fields).expect_page(422).contains("20,000"));
}
