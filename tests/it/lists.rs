//! Lists of questions and tags: orders, filters, pages.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Hall, Member};
use crate::threads::{answer, ask};

fn ids(list: &Value) -> Vec<i64> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

fn list(member: &Member<'_>, query: &str) -> Value {
    member.api().get(&format!("/questions{query}")).expect(200).json()
}

#[test]
fn pages_of_a_list_show_every_question_exactly_once() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let asked: Vec<i64> =
        (0..17).map(|n| ask(&ann, &format!("Question number {n} of many"), &["many"])).collect();
    for (sort, tag) in [("newest", ""), ("active", ""), ("score", ""), ("newest", "&tag=many")] {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = list(&ann, &format!("?limit=5&sort={sort}{tag}{after}"));
            seen.extend(ids(&page));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 17, "{sort}{tag}");
        assert_eq!(
            seen.iter().collect::<BTreeSet<_>>(),
            asked.iter().collect::<BTreeSet<_>>(),
            "{sort}{tag}"
        );
    }
}

#[test]
fn newest_lists_by_asking_and_active_by_what_happened_last() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let (first, second) =
        (ask(&ann, "The question asked first", &["x"]), ask(&ann, "The question asked second", &["x"]));
    answer(&bob, first, "An answer makes it active again.");
    assert_eq!(ids(&list(&ann, "?sort=newest")), [second, first]);
    assert_eq!(ids(&list(&ann, "?sort=active")), [first, second]);
}

#[test]
fn filters_by_state_are_those_of_the_contract() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let moderator = hall.member_as("moderator", "Mo");
    let [unanswered, open, solved, closed] = ["unanswered", "open", "solved", "closed and solved"]
        .map(|state| ask(&ann, &format!("A question that is {state}"), &["x"]));
    answer(&bob, open, "An answer that nobody has chosen.");
    for id in [solved, closed] {
        let chosen = answer(&bob, id, "An answer that the asker chooses.");
        ann.api().put(&format!("/questions/{id}/accepted"), &json!({ "answer_id": chosen })).expect(204);
    }
    moderator.post(&format!("/questions/{closed}/close"), &[("reason", "Done")]).expect(303);
    let set = |state: &str| ids(&list(&ann, &format!("?state={state}"))).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(set("unanswered"), BTreeSet::from([unanswered]));
    assert_eq!(set("open"), BTreeSet::from([unanswered, open]), "open includes unanswered");
    assert_eq!(
        set("solved"),
        BTreeSet::from([solved, closed]),
        "solved includes closed ones with a solution"
    );
    assert_eq!(set("closed"), BTreeSet::from([closed]));
}

#[test]
fn mine_lists_my_own_questions_only() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    ask(&ann, "A question of somebody else", &["x"]);
    ask(&bob, "A question that is mine", &["x"]);
    let page = bob.get("/questions?mine=1").expect(200).text().to_owned();
    assert!(page.contains("A question that is mine") && !page.contains("A question of somebody else"));
}

#[test]
fn an_unknown_choice_is_refused_with_its_field() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    for (query, field) in
        [("state=odd", "state"), ("sort=odd", "sort"), ("space=odd", "space"), ("limit=0", "limit")]
    {
        let problem = ann.api().get(&format!("/questions?{query}")).expect_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{query}");
    }
    ann.api().get("/questions?after=odd").expect_problem(400, "bad-cursor");
}

#[test]
fn the_page_of_a_list_leads_back_and_forth() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    for n in 0..35 {
        ask(&ann, &format!("Question number {n:02} of thirty-five"), &["many"]);
    }
    let link = |page: &str, name: &str| {
        let start = page.find(&format!("{name}=")).unwrap_or_else(|| panic!("no {name} in the page"));
        let from = page[..start].rfind("href=\"").unwrap() + 6;
        page[from..].split('"').next().unwrap().replace("&amp;", "&")
    };
    let first = ann.get("/").expect(200).text().to_owned();
    assert!(first.contains("number 34") && !first.contains("number 03"));
    let second = ann.get(&link(&first, "after")).expect(200).text().to_owned();
    assert!(second.contains("number 03") && !second.contains("number 34"));
    let back = ann.get(&link(&second, "before")).expect(200).text().to_owned();
    assert!(back.contains("number 34") && !back.contains("number 03"));
}
