//! Search: what was posted is found, by those who may open it.

use serde_json::{Value, json};

use crate::closed_space::{CANARY, ClosedSpace};
use crate::harness::{Api, Hall, eventually};
use crate::threads::{answer, ask};

#[test]
fn what_is_posted_is_found_by_its_words_in_other_forms() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "Attachments cannot be opened any more", &["mail"]);
    let reply = answer(&bob, id, "Rename the zeppelin profile and restart.");
    found(ann.api(), "opening attachment", &[id]);
    found(ann.api(), "zeppelins", &[reply]);
    // Words of the title and of the answer together.
    found(ann.api(), "attachments zeppelin", &[reply]);
    let hit = search(ann.api(), "zeppelin")["items"][0].clone();
    assert_eq!((hit["kind"].as_str(), hit["question_id"].as_i64()), (Some("answer"), Some(id)));
    assert_eq!(hit["title"], "Attachments cannot be opened any more");
    assert!(hit["snippet_html"].as_str().unwrap().contains("<mark>zeppelin</mark>"), "{hit}");
}

#[test]
fn code_versions_and_signs_are_words() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "foo_bar fails with 0x80070005 since 2.3.1", &["c++"]);
    let other = ask(&ann, "Something else with 2.3 and 1 in it", &["c"]);
    for query in ["foo_bar", "0x80070005", "2.3.1", "bar 0x80070005", "FOO_BAR"] {
        found(ann.api(), query, &[id]);
    }
    found(ann.api(), "something else", &[other]);
}

#[test]
fn operators_narrow_what_is_found() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let solved = ask(&ann, "Lantern number one is dark", &["lamps"]);
    let open = ask(&bob, "Lantern number two is dark", &["lamps", "harbour"]);
    let reply = answer(&bob, solved, "Turn the lantern on.");
    ann.api().put(&format!("/questions/{solved}/accepted"), &json!({ "answer_id": reply })).expect(204);
    ann.api().put(&format!("/posts/{open}/vote"), &json!({ "value": 1 })).expect(200);
    for (query, wanted) in [
        ("lantern is:question", vec![solved, open]),
        ("lantern is:answer", vec![reply]),
        ("lantern is:solved", vec![solved, reply]),
        ("lantern is:unanswered", vec![open]),
        ("lantern [harbour]", vec![open]),
        ("lantern -[harbour] is:question", vec![solved]),
        ("lantern user:bob", vec![open, reply]),
        ("lantern score:>=1", vec![open]),
        ("lantern -two", vec![solved, reply]),
        ("\"lantern number two\"", vec![open]),
        ("\"number lantern\"", vec![]),
        ("[lamps]", vec![solved, open, reply]),
        ("lantern space:nowhere", vec![]),
    ] {
        found(ann.api(), query, &wanted);
    }
}

#[test]
fn tags_and_members_are_found_beside_posts() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Annika Berg"), hall.member("Bob"));
    let id = ask(&ann, "Why is it dark at the pier?", &["harbour-lights", "pier"]);
    found(bob.api(), "harbour lights", &[id]);
    let tag = "rel=\"tag\"><bdi>harbour-lights</bdi>";
    until("the index serves", || bob.api().get("/search?q=dark").status == 200);
    for (query, wanted) in [
        ("harbour+lights", tag.to_owned()),
        ("where+are+lights", tag.to_owned()),
        ("annika", format!("/people/{}", ann.id)),
    ] {
        let page = bob.get(&format!("/search?q={query}")).expect(200);
        assert!(page.text().contains(&wanted), "{query} without {wanted}: {}", page.text());
    }
}

#[test]
fn a_facet_counts_what_its_operator_finds() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let solved = ask(&ann, "Lantern number one is dark", &["lamps"]);
    let open = ask(&bob, "Lantern number two is dark", &["lamps", "harbour"]);
    let reply = answer(&bob, solved, "Turn the lantern on.");
    ann.api().put(&format!("/questions/{solved}/accepted"), &json!({ "answer_id": reply })).expect(204);
    found(ann.api(), "lantern is:solved", &[solved, reply]);
    found(ann.api(), "lantern", &[solved, open, reply]);
    let facets = search(ann.api(), "lantern")["facets"].clone();
    for (group, operator) in [("states", "is:"), ("kinds", "is:"), ("tags", "tag"), ("spaces", "space:")] {
        for facet in facets[group].as_array().unwrap() {
            let name = ["state", "kind", "tag", "key"].iter().find_map(|key| facet[*key].as_str()).unwrap();
            let operator = if operator == "tag" { format!("[{name}]") } else { format!("{operator}{name}") };
            let total = search(ann.api(), &format!("lantern {operator}"))["total"].clone();
            assert_eq!(total, facet["count"], "{operator} in {facets}");
        }
    }
    // What was chosen can be taken back, also where it found nothing.
    let page = ann.get("/search?q=lantern+IS%3Aclosed").expect(200).text().to_owned();
    assert!(page.contains("/search?q=lantern\" aria-current"), "{page}");
}

#[test]
fn a_phrase_of_hundreds_of_words_is_cut_and_the_page_says_so() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "The the the the the question", &["x"]);
    found(ann.api(), "question", &[id]);
    let query = format!("\"{}\" -\"{}\"", "the ".repeat(120), "the ".repeat(60));
    let page = ann.get(&format!("/search?q={}", encoded(&query))).expect(200);
    assert!(page.text().contains("What stands at its end was left out"), "{}", page.text());
}

#[test]
fn a_deleted_answer_is_not_found_at_the_next_request() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let id = ask(&ann, "A question with an answer to take away", &["x"]);
    let reply = answer(&bob, id, "The marmalade is in the cupboard.");
    found(ann.api(), "marmalade", &[reply]);
    bob.api().delete(&format!("/posts/{reply}")).expect(204);
    let now = search(ann.api(), "marmalade");
    assert_eq!((now["total"].as_i64(), now["items"].as_array().map(Vec::len)), (Some(0), Some(0)), "{now}");
}

#[test]
fn what_is_closed_is_neither_found_nor_counted_nor_suggested_outside() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    until("it is found inside", || {
        search(closed.answerer.api(), CANARY)["total"].as_i64().is_some_and(|total| total > 0)
    });
    let outside = closed.outsider.api();
    let misspelt = format!("{}{}", &CANARY[..CANARY.len() - 1], "x");
    for query in [CANARY, &misspelt, "is:question", "is:answer", "is:unanswered", "door opens"] {
        let answer = outside.get(&format!("/search?q={}", encoded(query))).expect(200);
        assert!(!answer.text().to_lowercase().contains(CANARY), "{query}: {}", answer.shown());
        let answer = answer.json();
        assert_eq!(answer["total"], 0, "{query}: {answer}");
        assert_eq!(answer["facets"]["tags"], json!([]), "{query}: {answer}");
        assert_eq!(answer["did_you_mean"], Value::Null, "{query}: {answer}");
    }
    let alike = outside.get(&format!("/similar?title={CANARY}")).expect(200).json();
    assert_eq!(alike["items"], json!([]));
}

#[test]
fn losing_the_entitlement_ends_finding_at_the_next_request() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    until("it is found", || search(closed.answerer.api(), CANARY)["total"] != 0);
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
    assert_eq!(search(closed.answerer.api(), CANARY)["total"], 0);
}

#[test]
fn a_mistyped_word_is_corrected_by_one_that_was_written() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "The thermostat will not calibrate", &["heating"]);
    found(ann.api(), "thermostat", &[id]);
    let answer = search(ann.api(), "thermostta calibrate");
    assert_eq!(answer["did_you_mean"], "thermostat calibrate", "{answer}");
}

#[test]
fn hostile_queries_are_answered() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "A question among hostile queries", &["x"]);
    found(ann.api(), "hostile", &[id]);
    let long = "x".repeat(10_000);
    for query in [
        "(".repeat(5_000),
        "NOT ".repeat(5_000),
        "NOT(".repeat(5_000),
        "\u{202e}\u{2067}\u{5e9}\u{5dc}\u{5d5}\u{5dd}".repeat(200),
        long,
        "\"".repeat(2_000),
        "[".repeat(2_000),
        "a:".repeat(1_000),
        "-".repeat(500),
        "* OR *".to_owned(),
        "(?i)(a+)+$ .*".to_owned(),
        "\u{202e}hostile\u{200b}\u{feff}".to_owned(),
        "\u{1f600}\u{1f469}\u{200d}\u{1f467}".to_owned(),
        "is: user: score:>= created:.. space:\"".to_owned(),
        "AND OR NOT".to_owned(),
        "\u{5d0}\u{5d1}\u{5d2} \u{627}\u{644}".to_owned(),
    ] {
        let path = format!("/search?q={}", encoded(&query));
        for answer in
            [ann.api().get(&path), ann.get(&path), ann.get(&path.replace("search?", "search/suggest?"))]
        {
            let begin: String = query.chars().take(20).collect();
            assert!([200, 400].contains(&answer.status), "{begin}: {}", answer.shown());
        }
    }
    found(ann.api(), "hostile", &[id]);
}

/// Waits until something is so.
#[track_caller]
pub fn until(what: &str, mut probe: impl FnMut() -> bool) {
    eventually(what, || probe().then_some(()));
}

/// Searches by the API, waiting while the index is not ready.
pub fn search(api: &Api, query: &str) -> Value {
    let mut answer = None;
    until("the index answers", || {
        let asked = api.get(&format!("/search?q={}", encoded(query)));
        if asked.status == 503 {
            return false;
        }
        answer = Some(asked.expect(200).json());
        true
    });
    answer.unwrap()
}

/// Waits until exactly these posts are found, each once.
#[track_caller]
pub fn found(api: &Api, query: &str, wanted: &[i64]) {
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    until(&format!("{query} finds {wanted:?}"), || {
        let (mut ids, total) = all_pages(api, query);
        ids.sort_unstable();
        ids == wanted && total == wanted.len() as u64
    });
}

/// The posts of all pages of a search, and how many it says there are.
pub fn all_pages(api: &Api, query: &str) -> (Vec<i64>, u64) {
    let mut page = search(api, query);
    let total = page["total"].as_u64().unwrap();
    let mut ids = Vec::new();
    loop {
        ids.extend(page["items"].as_array().unwrap().iter().map(|item| item["post_id"].as_i64().unwrap()));
        let Some(after) = page["next"].as_str() else { return (ids, total) };
        let next = format!("/search?q={}&after={}", encoded(query), encoded(after));
        page = api.get(&next).expect(200).json();
    }
}

pub fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
