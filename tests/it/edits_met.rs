//! Suggested edits that meet: each other, direct edits, decisions at the same time, as many and as large as they may be.

use std::time::Instant;

use peerhall::db::{capture_statements, captured_statements};
use serde_json::json;

use crate::edits::{WORDS, approve, points, queue, scene, suggest};
use crate::harness::{Hall, Member};
use crate::threads::{answer, ask};

/// What is done in one of the orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Cys,
    Dees,
    Direct,
}

const ORDERS: [[Step; 3]; 6] = [
    [Step::Cys, Step::Dees, Step::Direct],
    [Step::Cys, Step::Direct, Step::Dees],
    [Step::Dees, Step::Cys, Step::Direct],
    [Step::Dees, Step::Direct, Step::Cys],
    [Step::Direct, Step::Cys, Step::Dees],
    [Step::Direct, Step::Dees, Step::Cys],
];

/// What somebody's answer says, and its version.
fn text_of(member: &Member<'_>, question: i64, reply: i64) -> (String, i64) {
    let shown = member.api().get(&format!("/questions/{question}")).expect(200).json();
    let found = shown["answers"].as_array().unwrap().iter().find(|answer| answer["id"] == reply).unwrap();
    (found["body"].as_str().unwrap().to_owned(), found["version"].as_i64().unwrap())
}

#[test]
fn two_suggestions_and_a_direct_edit_of_different_places_all_stand_in_every_order() {
    let hall = Hall::start();
    let (ann, bo, cy, ..) = scene(&hall);
    let dee = hall.member("Dee");
    let all = WORDS
        .replace("twice", "three times")
        .replace("lamp is out", "lamp is cold")
        .replace("back.", "back!");
    for order in ORDERS {
        let question = ask(&ann, "Why does the lamp smoke in the morning?", &["lamps"]);
        let reply = answer(&bo, question, WORDS);
        let cys = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
        let dees = suggest(&dee, reply, &WORDS.replace("lamp is out", "lamp is cold"), 1);
        for (step, version) in order.into_iter().zip(1..) {
            match step {
                Step::Cys => drop(approve(&bo, cys, version).expect(204)),
                Step::Dees => drop(approve(&bo, dees, version).expect(204)),
                Step::Direct => {
                    let (now, version) = text_of(&bo, question, reply);
                    let edit = json!({ "body": now.replace("back.", "back!"), "version": version });
                    bo.api().patch(&format!("/answers/{reply}"), &edit).expect(200);
                }
            }
        }
        assert_eq!(text_of(&bo, question, reply), (all.clone(), 4), "{order:?}");
    }
    assert_eq!((points(&hall, &cy), points(&hall, &dee)), (12, 12));
    hall.said(&["check"], "");
}

#[test]
fn of_changes_of_the_same_place_the_first_stands_and_the_others_wait_for_words_in_every_order() {
    let hall = Hall::start();
    let (ann, bo, cy, ..) = scene(&hall);
    let dee = hall.member("Dee");
    for order in ORDERS {
        let question = ask(&ann, "Why does the lamp smoke in the morning?", &["lamps"]);
        let reply = answer(&bo, question, WORDS);
        let cys = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
        let dees = suggest(&dee, reply, &WORDS.replace("twice", "four times"), 1);
        for step in order {
            let (now, version) = text_of(&bo, question, reply);
            let (suggestion, word) = match step {
                Step::Cys => (cys, "three times"),
                Step::Dees => (dees, "four times"),
                Step::Direct => {
                    let edit = json!({ "body": now.replace(" the key", " it round"), "version": version });
                    bo.api().patch(&format!("/answers/{reply}"), &edit).expect(200);
                    continue;
                }
            };
            if version == 1 {
                approve(&bo, suggestion, version).expect(204);
                assert_eq!(text_of(&bo, question, reply).0, WORDS.replace("twice", word));
                continue;
            }
            approve(&bo, suggestion, version).expect_problem(409, "suggestion-torn");
            approve(&bo, suggestion, version - 1).expect_problem(409, "stale");
            assert_eq!(text_of(&bo, question, reply), (now.clone(), version), "{order:?}");
            let both = format!("{now}\n\nOr {word}.");
            let decision = json!({ "decision": "approve", "version": version, "body": both });
            bo.api().post(&format!("/suggestions/{suggestion}/decision"), &decision).expect(204);
            assert_eq!(text_of(&bo, question, reply), (both, version + 1), "{order:?}");
        }
    }
    hall.said(&["check"], "");
}

#[test]
fn of_all_that_is_decided_at_once_one_counts() {
    let hall = Hall::start();
    let (ann, bo, cy, ..) = scene(&hall);
    let (moderator, staff) = (hall.member_as("moderator", "Mo"), hall.member_as("staff", "Stella"));
    for round in 0..6 {
        let question = ask(&ann, "Why does the lamp smoke in the morning?", &["lamps"]);
        let reply = answer(&bo, question, WORDS);
        let before = points(&hall, &cy);
        let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
        let path = format!("/suggestions/{suggestion}/decision");
        let plain = json!({ "decision": "approve", "version": 1 });
        let improved =
            json!({ "decision": "approve", "version": 1, "body": WORDS.replace("twice", "four times") });
        let no = json!({ "decision": "reject", "reason": "wrong" });
        let edit = json!({ "body": WORDS.replace("out", "cold"), "version": 1 });
        let own = format!("/suggestions/{suggestion}");
        let (bo, mo, stella, cy_api) = (bo.api(), moderator.api(), staff.api(), cy.api());
        let (decided, edited) = std::thread::scope(|scope| {
            let path = path.as_str();
            let (plain, improved, no, edit, own) = (&plain, &improved, &no, &edit, own.as_str());
            let decided = [
                scope.spawn(move || bo.post(path, plain).status),
                scope.spawn(move || mo.post(path, improved).status),
                scope.spawn(move || stella.post(path, no).status),
                scope.spawn(move || cy_api.delete(own).status),
            ];
            let edited = scope.spawn(move || bo.patch(&format!("/answers/{reply}"), edit).status);
            (decided.map(|one| one.join().unwrap()), edited.join().unwrap())
        });
        assert!(matches!(edited, 200 | 409), "{edited}");
        assert_eq!(decided.iter().filter(|status| **status == 204).count(), 1, "{round}: {decided:?}");
        assert!(decided.iter().all(|status| matches!(status, 204 | 409)), "{round}: {decided:?}");
        let approved = decided[0] == 204 || decided[1] == 204;
        assert_eq!(points(&hall, &cy) - before, if approved { 2 } else { 0 }, "{round}: {decided:?}");
    }
    hall.said(&["check"], "");
}

#[test]
fn suggestions_on_posts_that_are_gone_do_not_keep_their_suggester_from_making_others() {
    let hall = Hall::start();
    let (_, bo, cy, question, reply) = scene(&hall);
    let replies: Vec<i64> =
        (0..20).map(|n| answer(&bo, question, &format!("Answer number {n}, in so many words."))).collect();
    for id in &replies {
        suggest(&cy, *id, "Another answer, in other words.", 1);
    }
    let edit = json!({ "body": WORDS.replace("twice", "three times"), "version": 1 });
    let twenty_first = || cy.api().patch(&format!("/answers/{reply}"), &edit);
    twenty_first().expect_problem(403, "suggestions-full");
    bo.api().delete(&format!("/posts/{}", replies[0])).expect(204);
    twenty_first().expect(202);
    assert_eq!(queue(&bo).len(), 21);
    hall.said(&["check"], "");
}

#[test]
fn counting_and_listing_suggestions_reads_none_of_their_texts() {
    capture_statements();
    let hall = Hall::start();
    let (_, bo, cy, _, reply) = scene(&hall);
    let moderator = hall.member_as("moderator", "Mo");
    suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    for member in [&bo, &moderator] {
        assert!(member.get("/inbox").expect(200).text().contains("1 suggested edit waiting"));
        assert!(member.get("/suggestions").expect(200).text().contains("clearer"));
    }
    assert!(cy.get("/suggestions?mine=1").expect(200).text().contains("clearer"));
    // Many are found by who wrote the post, by who suggested, or by waiting; one by its id.
    let many = |statement: &String| {
        let plain = statement.replace(['"', '`'], "");
        let from = plain.contains("FROM suggestions") || plain.contains("FROM (suggestions");
        from && (plain.contains("suggester_id =") || plain.contains("decided_at IS NULL"))
    };
    let found: Vec<String> = captured_statements().into_iter().filter(many).collect();
    assert!(!found.is_empty());
    for statement in found {
        assert!(!statement.replace(['"', '`'], "").contains("suggestions.body"), "{statement}");
    }
}

#[test]
fn the_largest_texts_that_differ_everywhere_are_shown_merged_and_decided() {
    let hall = Hall::start();
    let (_, bo, cy, question, _) = scene(&hall);
    // As many lines as are compared one by one; more of them; lines of as many words as are compared; one line alone.
    let shapes: [(&str, usize, usize); 4] = [
        ("2,000 lines", 2_000, 29),
        ("19,000 lines", 19_000, 2),
        ("200 lines", 200, 298),
        ("a line", 1, 59_000),
    ];
    for (shape, lines, width) in shapes {
        let text = |side: char| -> String {
            let line = |n: usize| -> String {
                let pairs = if width < 9 { vec![] } else { vec![format!("{side}{n} ")] };
                let rest = [side, if width < 9 { 'x' } else { ' ' }];
                pairs.concat().chars().chain(rest.into_iter().cycle()).take(width).collect()
            };
            let text = (0..lines).map(line).collect::<Vec<_>>().join("\n");
            text.trim().to_owned()
        };
        let reply = answer(&bo, question, &text('a'));
        let suggestion = suggest(&cy, reply, &text('b'), 1);
        let clean = Instant::now();
        bo.get(&format!("/suggestions/{suggestion}")).expect(200);
        let clean = clean.elapsed();
        let edit = json!({ "body": text('c'), "version": 1 });
        bo.api().patch(&format!("/answers/{reply}"), &edit).expect(200);
        let torn = Instant::now();
        bo.get(&format!("/suggestions/{suggestion}")).expect(200);
        let torn = torn.elapsed();
        let decided = Instant::now();
        approve(&bo, suggestion, 2).expect_problem(409, "suggestion-torn");
        let words = text('d');
        let decision = json!({ "decision": "approve", "version": 2, "body": words });
        bo.api().post(&format!("/suggestions/{suggestion}/decision"), &decision).expect(204);
        println!(
            "{shape}: shown in {clean:?}, torn in {torn:?}, refused and decided in {:?}",
            decided.elapsed()
        );
        assert_eq!(text_of(&bo, question, reply).0, words);
        bo.get(&format!("/posts/{reply}/revisions")).expect(200);
    }
}
