//! Bounded work: statements per page are few and fixed, and every query of a page finds its rows by an index.

use serde_json::json;

use crate::closed_space::made;
use crate::harness::Hall;
use crate::import::{forum, import_forum};
use crate::threads::{answer, ask};

#[test]
fn a_page_needs_the_same_statements_however_much_it_shows() {
    let hall = Hall::start();
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let small = ask(&ann, "A question with a single answer", &["x"]);
    let large = ask(&ann, "A question with very many answers", &["x", "y", "z"]);
    answer(&bob, small, "The only answer that there is.");
    for n in 0..12 {
        let id = answer(&bob, large, &format!("Answer number {n} of very many."));
        made(ann.api().post(&format!("/posts/{id}/comments"), &json!({ "body": "Thanks." })));
    }
    let browser = ann.browser();
    let pages = [
        (format!("/questions/{small}/a-question-with-a-single-answer"), 3),
        (format!("/questions/{large}/a-question-with-very-many-answers"), 3),
        ("/".to_owned(), 5),
        ("/questions?sort=active".to_owned(), 5),
        ("/questions?state=unanswered&mine=1".to_owned(), 5),
        ("/questions?tag=x".to_owned(), 9),
        ("/tags".to_owned(), 3),
        ("/ask".to_owned(), 2),
        ("/guru".to_owned(), 7),
        ("/needs-you".to_owned(), 12),
        (format!("/people/{}", bob.id), 8),
        (format!("/people/{}/reputation", bob.id), 8),
        (format!("/people/{}/privileges", ann.id), 6),
        ("/people/leaders".to_owned(), 4),
        ("/people/leaders?tag=x&period=all".to_owned(), 5),
        ("/badges".to_owned(), 4),
        ("/badges/first-accepted".to_owned(), 5),
        ("/suggestions".to_owned(), 9),
    ];
    for (path, most) in pages {
        browser.get(&path).expect(200);
        let (statements, _) = hall.statements_of(|| browser.get(&path).expect(200));
        assert!(statements <= most, "{path} needs {statements} statements, {most} were agreed");
    }
}

#[test]
fn every_query_of_a_page_finds_its_rows_by_an_index() {
    use peerhall::db::{Error, capture_statements, captured_statements, dialect};
    capture_statements();
    let hall = Hall::start();
    // So much that the planner's figures, made at an import's end, speak for and against indexes.
    import_forum(&hall, &forum(&hall, 2_000));
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    let moderator = hall.member_as("moderator", "Mo");
    let id = ask(&ann, "A question that shows its plans", &["plan"]);
    let answer_id = answer(&bob, id, "An answer that shows its plans.");
    ann.api().put(&format!("/questions/{id}/accepted"), &json!({ "answer_id": answer_id })).expect(204);
    bob.api().put(&format!("/posts/{id}/vote"), &json!({ "value": 1 })).expect(200);
    bob.api().put(&format!("/questions/{id}/affected"), &json!({})).expect(204);
    // Bob knows the tag of a question that waits, and is a guru in another one.
    let waiting = ask(&ann, "Another question that shows its plans", &["plan"]);
    hall.said(&["guru", "appoint", "--email", &bob.email, "--tag", "mail"], "");
    for who in [&ann, &bob, &moderator] {
        for path in [
            "/",
            "/questions?sort=active",
            "/questions?sort=score",
            "/questions?state=unanswered",
            "/questions?state=open",
            "/questions?state=solved",
            "/questions?state=closed",
            "/questions?space=general",
            "/questions?mine=1",
            "/questions?tag=plan",
            "/people",
            &format!("/people/{}", ann.id),
            &format!("/people/{}", bob.id),
            &format!("/people/{}/reputation", bob.id),
            "/people/leaders",
            "/people/leaders?tag=plan&period=all",
            "/badges",
            "/badges/first-accepted",
            &format!("/badges/first-accepted?person={}", bob.id),
            "/suggestions",
            &format!("/posts/{id}/revisions"),
            "/guru",
            "/needs-you",
            "/tags/plan/gurus",
            &format!("/questions/{waiting}/another-question-that-shows-its-plans"),
            "/inbox",
            "/suggestions?mine=1",
        ] {
            who.get(path).expect(200);
        }
        who.api().get(&format!("/questions/{id}")).expect(200);
    }
    moderator.get(&format!("/questions/{id}/candidates")).expect(200);
    moderator.get("/review/votes").expect(200);
    let large = [
        "posts",
        "post_texts",
        "questions",
        "question_tags",
        "votes",
        "events",
        "members",
        "revisions",
        "post_links",
        "sessions",
        "follows",
        "affected",
        "ledger",
        "guru_standings",
        "badges",
        "question_readers",
        "suggestions",
        "vote_patterns",
    ];
    let now = hall.clock.now();
    hall.read(move |c| {
        use peerhall::jobs::{sweeper::Duty, timed::Timed};
        let due = Timed { id: 0, kind: "gurus.sweep".into(), subject_id: 0, due_at: now, attempts: 0 };
        peerhall::gurus::Sweep.prepare(c, &due, now).map(drop)
    });
    let (mut scans, mut sorts) = (Vec::new(), Vec::new());
    let statements = captured_statements();
    for asked in ["guru_declines", " AS knows", "count(DISTINCT won.id)"] {
        assert!(statements.iter().any(|statement| statement.contains(asked)), "{asked} was not asked");
    }
    for statement in statements {
        let reads = (statement.starts_with("SELECT") || statement.starts_with("WITH"))
            && !statement.contains("pg_")
            && !statement.contains("__diesel")
            // What is asked about nothing reads nothing.
            && !statement.contains("1 = 0");
        if !reads {
            continue;
        }
        let asked = statement.clone();
        let Ok(plan) = hall.db().read_now(move |c| -> Result<String, Error> { dialect::explain(c, &asked) })
        else {
            // Another hall of this process, with another database, wrote it down.
            continue;
        };
        // A page of a list is read in its order, not found by sorting all that there is. Few questions have the same
        // tag or asker, and few others are linked with one.
        let plain = statement.replace(['"', '`'], "");
        let list = plain.contains("LIMIT")
            && (plain.contains(" FROM questions ") || plain.contains(" FROM (members "));
        let few = ["question_tags", "questions.author_id = ", "questions.post_id IN ("];
        let in_order = list && !few.iter().any(|few| plain.contains(few));
        for line in plan.lines() {
            if in_order && (line.contains("TEMP B-TREE FOR ORDER BY") || line.contains("Sort  (")) {
                sorts.push(format!("{line}\n    in {statement}"));
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            let sqlite = words.first() == Some(&"SCAN")
                && !line.contains("USING")
                && large.contains(words.get(1).unwrap_or(&""));
            let postgres = line.contains("Seq Scan on ")
                && large.iter().any(|table| line.contains(&format!("Seq Scan on {table} ")));
            if sqlite || postgres {
                scans.push(format!("{line}\n    in {statement}"));
            }
        }
    }
    assert!(scans.is_empty(), "whole tables are read:\n{}", scans.join("\n"));
    assert!(sorts.is_empty(), "pages are sorted:\n{}", sorts.join("\n"));
}
