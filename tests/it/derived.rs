//! Derived things are disposable: deleted or spoilt, one command makes them again as they were, while the site runs.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use peerhall::db::{Conn, Error, On};
use serde_json::json;

use crate::closed_space::made;
use crate::harness::Hall;

/// Tables with something derived in them, and columns that only say how often it was made, or move by themselves.
const TABLES: &[&str] = &["questions", "posts", "post_texts", "tag_counts", "member_counts", "members"];
const RESTLESS: &[&str] = &["thread_version", "renderer", "seen_at", "unread"];

/// What is derived, thoroughly spoilt.
const SPOIL: &str = "
UPDATE questions SET score = score + 7, answers = answers + 3, answers_by_others = 9, followers = 40,
  affected_people = 5, affected_organisations = 4, excerpt = 'spoilt';
UPDATE posts SET up = up + 2, down = down + 1 WHERE kind <> 'comment';
UPDATE post_texts SET body_html = '<p>spoilt</p>';
UPDATE member_counts SET questions = questions + 1, answers = 77;
DELETE FROM tag_counts;
";

#[test]
fn what_is_derived_is_made_anew_as_it_was() {
    let hall = Hall::start();
    community(&hall);
    hall.said(&["check"], "");
    let right = rows(&hall);
    hall.db().write_now(On::Nothing, spoil).unwrap();
    let wrong = rows(&hall);
    assert_ne!(right, wrong);
    let found = hall.run(&["check"], "");
    assert_eq!(found.status.code(), Some(1), "{}", String::from_utf8_lossy(&found.stdout));
    assert_eq!(wrong, rows(&hall), "`peerhall check` changed something");

    hall.said(&["reindex"], "");
    for (right, now) in right.iter().zip(&rows(&hall)) {
        assert_eq!(right, now);
    }
    hall.said(&["check"], "");
}

#[test]
fn making_anew_what_is_right_changes_nothing() {
    let hall = Hall::start();
    community(&hall);
    let before = rows(&hall);
    hall.said(&["reindex"], "");
    assert_eq!(before, rows(&hall));
}

fn community(hall: &Hall) {
    let (ann, ben, cem) = (hall.member("Ann"), hall.member_as("moderator", "Ben"), hall.member("Cem"));
    let mut questions = Vec::new();
    for n in 0..4 {
        let question = json!({"space": "general", "title": format!("Why does lamp number {n} blink?"),
            "body": format!("It blinks **{n}** times, then it rests.\n\n- on\n- off"), "tags": ["lamps", format!("n{n}")]});
        questions.push(made(ann.api().post("/questions", &question)));
    }
    let mut answers = Vec::new();
    for question in &questions[..3] {
        for (n, member) in [&ben, &cem, &ann].into_iter().enumerate() {
            let text = json!({ "body": format!("Answer {n}: turn it *off* and on again, slowly.") });
            let answer = made(member.api().post(&format!("/questions/{question}/answers"), &text));
            made(
                ann.api().post(
                    &format!("/posts/{answer}/comments"),
                    &json!({ "body": "That did not help, sorry." }),
                ),
            );
            answers.push(answer);
        }
    }
    let vote = |value: i64| json!({ "value": value });
    ann.api().put(&format!("/posts/{}/vote", answers[0]), &vote(1)).expect(200);
    cem.api().put(&format!("/posts/{}/vote", answers[0]), &vote(1)).expect(200);
    ben.api().put(&format!("/posts/{}/vote", answers[1]), &vote(-1)).expect(200);
    ben.api().put(&format!("/posts/{}/vote", questions[0]), &vote(1)).expect(200);
    ann.api()
        .put(&format!("/questions/{}/accepted", questions[0]), &json!({ "answer_id": answers[0] }))
        .expect(204);
    cem.api()
        .put(&format!("/questions/{}/affected", questions[1]), &json!({"platform": "Linux"}))
        .expect(204);
    ben.api().put(&format!("/questions/{}/follow", questions[2]), &json!({})).expect(204);
    cem.api().delete(&format!("/posts/{}", answers[4])).expect(204);
    let edit = json!({"body": "It blinks ever faster now, and the harbour is dark.", "version": 1});
    ann.api().patch(&format!("/questions/{}", questions[1]), &edit).expect(200);
    ann.api().delete(&format!("/posts/{}", questions[3])).expect(204);
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every row of the tables, as text, in order.
fn rows(hall: &Hall) -> Vec<String> {
    let schema = include_str!("../../src/db/schema.rs");
    let mut lines = Vec::new();
    for table in TABLES {
        let (_, rest) = schema.split_once(&format!("{table} (")).expect("a table of schema.rs");
        let columns = rest.split('}').next().unwrap().lines().filter_map(|line| line.split_once("->"));
        let columns = columns.map(|(name, _)| name.trim()).filter(|name| !RESTLESS.contains(name));
        let told: Vec<String> = columns
            .map(|name| format!("'{name}=' || coalesce(CAST({table}.{name} AS TEXT), 'null')"))
            .collect();
        let statement = format!("SELECT '{table}: ' || {} AS line FROM {table}", told.join(" || ' ' || "));
        let mut found: Vec<String> = hall
            .read(move |c| sql_query(statement).load::<Line>(c))
            .into_iter()
            .map(|line| line.line)
            .collect();
        found.sort();
        lines.append(&mut found);
    }
    lines
}

fn spoil(c: &mut Conn) -> Result<(), Error> {
    match c {
        Conn::Sqlite(c) => c.batch_execute(SPOIL)?,
        Conn::Postgres(c) => c.batch_execute(SPOIL)?,
    }
    Ok(())
}
