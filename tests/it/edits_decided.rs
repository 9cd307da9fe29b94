//! Whose words a decision about a suggested edit saves: what was suggested is its suggester's, what the decider made of it
//! the decider's.

use diesel::prelude::*;
use peerhall::db::schema::{posts, revisions, suggestions};
use serde_json::{Value, json};

use crate::edits::{WORDS, approve, body, points, queue, scene, state, suggest};
use crate::harness::{Answer, Hall, Member, eventually};
use crate::inbox::notices;

/// A post's versions, oldest first: who wrote each, and why.
fn versions(hall: &Hall, post: i64) -> Vec<(Option<i64>, Option<String>)> {
    hall.read(move |c| {
        let mut all: Vec<(Option<i64>, Option<String>)> = revisions::table
            .filter(revisions::post_id.eq(post))
            .order(revisions::number)
            .select((revisions::editor_id, revisions::reason))
            .load(c)?;
        all.push(posts::table.find(post).select((posts::edited_by, posts::edit_reason)).first(c)?);
        Ok(all)
    })
}

fn editors(hall: &Hall, post: i64) -> Vec<Option<i64>> {
    versions(hall, post).into_iter().map(|(editor, _)| editor).collect()
}

fn text_of(hall: &Hall, post: i64, version: i64) -> String {
    hall.read(move |c| {
        let of_post = revisions::table.filter(revisions::post_id.eq(post));
        of_post.filter(revisions::number.eq(version)).select(revisions::body).first(c)
    })
}

fn approve_as(member: &Member<'_>, suggestion: i64, version: i64, words: &Value) -> Answer {
    let mut decision = json!({ "decision": "approve", "version": version });
    for (name, value) in words.as_object().unwrap() {
        decision[name] = value.clone();
    }
    member.api().post(&format!("/suggestions/{suggestion}/decision"), &decision)
}

#[track_caller]
fn told(member: &Member<'_>, what: &str) {
    eventually(&format!("{} is told {what}", member.name), || {
        notices(member).iter().any(|notice| notice["what"] == what).then_some(())
    });
}

#[test]
fn what_a_decider_changes_of_a_suggestion_is_their_own_version_and_not_its_suggesters() {
    let hall = Hall::start();
    let (_, bo, cy, question, reply) = scene(&hall);
    let suggested = WORDS.replace("twice", "twice,");
    let suggestion = suggest(&cy, reply, &suggested, 1);
    let insult = "Whoever reads this is a fool, and I wrote it.";
    approve_as(&bo, suggestion, 1, &json!({ "body": insult })).expect(204);
    assert_eq!(body(&cy, question), (insult.to_owned(), 3));
    assert_eq!(editors(&hall, reply), [Some(bo.id), Some(cy.id), Some(bo.id)]);
    assert_eq!(text_of(&hall, reply, 2), suggested, "what Cy wrote, and nothing else");
    let reasons: Vec<Option<String>> = versions(&hall, reply).into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(reasons[1].as_deref(), Some("clearer"));
    assert_eq!(reasons[2].as_deref(), Some("Changed when approving a suggested edit"));
    assert_eq!((points(&hall, &cy), points(&hall, &bo)), (2, 0));
    let page = cy.get(&format!("/questions/{question}/why-does-the-lamp-smoke-at-night")).expect(200);
    assert!(!page.text().contains("</a> by <bdi>Cy</bdi>"), "the author edited it last");
    hall.said(&["check"], "");
}

#[test]
fn a_suggester_is_told_that_their_edit_was_changed_before_it_was_approved() {
    let hall = Hall::start();
    let (_, bo, cy, _, reply) = scene(&hall);
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    let form = WORDS.replace("twice", "four times");
    let decision = [("decision", "approve"), ("version", "1"), ("body", form.as_str())];
    bo.post(&format!("/suggestions/{suggestion}/decision"), &decision).expect(303);
    told(&cy, "improved");
    assert!(cy.get("/inbox").expect(200).text().contains("and changed it"));
    assert!(notices(&cy).iter().all(|notice| notice["what"] != "approved"), "told once");
}

#[test]
fn the_form_as_it_was_shown_changes_nothing_of_the_suggestion() {
    let hall = Hall::start();
    let (_, bo, cy, _, reply) = scene(&hall);
    let suggested = WORDS.replace("twice", "three times");
    let suggestion = suggest(&cy, reply, &suggested, 1);
    // As a browser sends it.
    let form = suggested.replace('\n', "\r\n") + "\r\n";
    let decision = [("decision", "approve"), ("version", "1"), ("body", form.as_str())];
    bo.post(&format!("/suggestions/{suggestion}/decision"), &decision).expect(303);
    assert_eq!(editors(&hall, reply), [Some(bo.id), Some(cy.id)]);
    told(&cy, "approved");
}

#[test]
fn a_field_that_its_decider_left_as_it_stands_is_in_no_version_of_the_suggester() {
    let hall = Hall::start();
    let (ann, _, cy, question, _) = scene(&hall);
    let edit =
        json!({ "title": "Lamps are stupid, are they not?", "tags": ["lamps", "smoke"], "version": 1 });
    let answer = cy.api().patch(&format!("/questions/{question}"), &edit).expect(202).json();
    let suggestion = answer["suggestion_id"].as_i64().unwrap();
    approve_as(&ann, suggestion, 1, &json!({ "title": "Why does the lamp smoke at night?" })).expect(204);
    let shown = ann.api().get(&format!("/questions/{question}")).expect(200).json();
    assert_eq!((&shown["tags"], shown["version"].as_i64()), (&json!(["lamps", "smoke"]), Some(2)));
    assert_eq!(shown["title"], "Why does the lamp smoke at night?");
    assert_eq!(editors(&hall, question), [Some(ann.id), Some(cy.id)]);
    let titles: Vec<Option<String>> = hall.read(|c| revisions::table.select(revisions::title).load(c));
    assert!(titles.iter().flatten().all(|title| !title.contains("stupid")), "{titles:?}");
}

#[test]
fn words_for_a_place_changed_on_both_sides_are_the_deciders() {
    let hall = Hall::start();
    let (_, bo, cy, question, reply) = scene(&hall);
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    let own = json!({ "body": WORDS.replace("twice", "once"), "version": 1 });
    bo.api().patch(&format!("/answers/{reply}"), &own).expect(200);
    let mine = WORDS.replace("twice", "once or three times");
    approve_as(&bo, suggestion, 2, &json!({ "body": mine })).expect(204);
    assert_eq!(body(&bo, question), (mine, 3));
    assert_eq!(editors(&hall, reply), [Some(bo.id), Some(bo.id), Some(bo.id)]);
    assert_eq!(points(&hall, &cy), 2);
    told(&cy, "improved");
    hall.said(&["check"], "");
}

#[test]
fn rolling_back_to_what_was_suggested_keeps_its_points_and_before_it_takes_them() {
    let hall = Hall::start();
    let (_, bo, cy, question, reply) = scene(&hall);
    let suggested = WORDS.replace("twice", "three times");
    let suggestion = suggest(&cy, reply, &suggested, 1);
    approve_as(&bo, suggestion, 1, &json!({ "body": WORDS.replace("twice", "four times") })).expect(204);
    let back = |to: i64, version: i64| {
        bo.api().post(&format!("/posts/{reply}/rollback"), &json!({ "to": to, "version": version }))
    };
    back(2, 3).expect(200);
    assert_eq!((body(&bo, question), points(&hall, &cy)), ((suggested, 4), 2));
    back(1, 4).expect(200);
    assert_eq!((body(&bo, question), points(&hall, &cy)), ((WORDS.to_owned(), 5), 0));
    let undone: Option<i64> =
        hall.read(move |c| suggestions::table.find(suggestion).select(suggestions::undone_at).first(c));
    assert!(undone.is_some());
    hall.said(&["check"], "");
}

#[test]
fn nothing_is_approved_where_the_decider_leaves_all_as_it_stands() {
    let hall = Hall::start();
    let (_, bo, cy, question, reply) = scene(&hall);
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    approve_as(&bo, suggestion, 1, &json!({ "body": WORDS })).expect_problem(422, "invalid");
    assert_eq!((state(&cy, suggestion), body(&bo, question).1), ("waiting".to_owned(), 1));
    assert_eq!(queue(&bo), [suggestion]);
    approve(&bo, suggestion, 1).expect(204);
}

#[test]
fn an_author_is_told_once_of_an_edit_that_a_moderator_changed_and_approved() {
    let hall = Hall::start();
    let (_, bo, cy, _, reply) = scene(&hall);
    let moderator = hall.member_as("moderator", "Mo");
    let suggestion = suggest(&cy, reply, &WORDS.replace("twice", "three times"), 1);
    approve_as(&moderator, suggestion, 1, &json!({ "body": WORDS.replace("twice", "four times") }))
        .expect(204);
    told(&cy, "improved");
    told(&bo, "edited");
    let edited = notices(&bo).iter().filter(|notice| notice["what"] == "edited").count();
    assert_eq!(edited, 1);
}
