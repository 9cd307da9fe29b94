//! Standings of gurus: what counts towards one, steps prepared on what changed meanwhile, who is told of an end, and forms
//! that were refused.

use diesel::prelude::*;
use peerhall::clock::DAY;
use peerhall::db::{Effect, Error, On};
use peerhall::gurus;
use peerhall::jobs::sweeper::Duty;
use peerhall::jobs::timed::Timed;
use serde_json::{Value, json};

use crate::badges::settled;
use crate::gurus::{WORDS, appoint, notices, standings, state, win, wish};
use crate::harness::{Hall, Member, eventually};
use crate::import::import_forum;
use crate::threads::{answer, ask};

/// The daily look as of `now`, as far as it is prepared before it writes.
fn look(hall: &Hall, now: i64) -> Effect {
    let due = Timed { id: 0, kind: "gurus.sweep".into(), subject_id: 0, due_at: now, attempts: 0 };
    hall.read(move |c| gurus::Sweep.prepare(c, &due, now))
}

fn done(hall: &Hall, mut effect: Effect) {
    hall.db().write_now(On::Named("look", 0), move |c| Ok::<_, Error>(effect(c)?)).unwrap();
}

fn own(member: &Member<'_>, tag: &str) -> Value {
    standings(member).into_iter().find(|one| one["tag"] == tag).unwrap_or_default()
}

/// Staff endorse `n` answers of a member, and the answers are said.
fn endorsed(asker: &Member<'_>, helper: &Member<'_>, staff: &Member<'_>, tag: &str, n: usize) -> Vec<i64> {
    (0..n)
        .map(|n| {
            let question = ask(asker, &format!("Why does lantern number {n} hum at night?"), &[tag]);
            let reply = answer(helper, question, WORDS);
            staff.api().put(&format!("/answers/{reply}/endorsed"), &json!({})).expect(204);
            reply
        })
        .collect()
}

#[test]
fn what_colleagues_accept_from_each_other_makes_nobody_a_guru() {
    let hall = Hall::start();
    let (ann, bo) = (
        hall.member_with("Ann", &["--organisation", "Acme"]),
        hall.member_with("Bo", &["--organisation", "Acme"]),
    );
    let (cy, dee) = (hall.member("Cy"), hall.member("Dee"));
    win(&ann, &bo, "lamps", 6);
    win(&cy, &bo, "lamps", 4);
    // Whoever comes after them in the log is asked, so they were looked at.
    win(&cy, &dee, "wicks", 5);
    eventually("the other's invitation", || (state(&dee, "wicks") == "invited").then_some(()));
    assert_eq!(state(&bo, "lamps"), "");
    done(&hall, look(&hall, hall.clock.now()));
    assert_eq!(state(&bo, "lamps"), "", "the daily look counts the same");
    let page = bo.get("/guru").expect(200);
    assert!(page.text().contains("4 of 5 answers"), "{}", page.shown());
    win(&cy, &bo, "lamps", 1);
    eventually("the invitation", || (state(&bo, "lamps") == "invited").then_some(()));
    assert_eq!(own(&bo, "lamps")["answers"], 5);
    let question = ask(&cy, "Why is the lantern dark at night?", &["lamps"]);
    let now = hall.clock.now();
    let solved = hall.read(move |c| gurus::candidates(c, question, 10, now));
    let solved: Vec<(i64, i64)> = solved.iter().map(|one| (one.member_id, one.by.solved)).collect();
    assert_eq!(solved, [(bo.id, 5)], "who is asked first is reckoned by the same");
}

#[test]
fn what_was_accepted_elsewhere_counts_once_it_is_imported() {
    let hall = Hall::start();
    let today = peerhall::clock::rfc3339(hall.clock.now() - DAY);
    let (mut questions, mut answers) = (String::new(), String::new());
    for id in 1..=5 {
        let question = json!({"id": id, "created": today, "updated": today, "locale": "en-US", "topic": "mail",
            "tags": ["mail"], "title": format!("Mail number {id} does not arrive"), "content": "<p>It waits.</p>",
            "creator": "asker", "is_spam": false, "is_locked": false, "solution": 10 * id, "num_votes": 0});
        let reply = json!({"id": 10 * id, "question_id": id, "created": today, "updated": today,
            "content": "<p>Ask the server.</p>", "creator": "helper", "is_spam": false, "num_helpful": 0,
            "num_unhelpful": 0});
        questions.push_str(&format!("{question}\n"));
        answers.push_str(&format!("{reply}\n"));
    }
    let files = [("questions.jsonl", questions), ("answers.jsonl", answers)].map(|(name, text)| {
        let file = hall.folder().join(name);
        std::fs::write(&file, text).unwrap();
        file.display().to_string()
    });
    import_forum(&hall, &files);
    let helper: i64 = hall.read(|c| {
        use peerhall::db::schema::members::dsl;
        dsl::members.filter(dsl::name.eq("helper")).select(dsl::id).first(c)
    });
    // As if they had claimed what is theirs: who has not is not asked.
    hall.db()
        .write_now(On::Member(helper), move |c| {
            use peerhall::db::schema::members::dsl;
            diesel::update(dsl::members.find(helper)).set(dsl::state.eq("active")).execute(c)?;
            Ok::<_, Error>(())
        })
        .unwrap();
    done(&hall, look(&hall, hall.clock.now()));
    let asked: Vec<(i64, i64)> = hall.read(|c| {
        use peerhall::db::schema::guru_standings::dsl;
        dsl::guru_standings.select((dsl::member_id, dsl::answers)).load(c)
    });
    assert_eq!(asked, [(helper, 5)]);
}

#[test]
fn five_endorsed_answers_bring_an_invitation_and_what_is_withdrawn_is_missed() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let (staff, colleague) =
        (hall.member_as("staff", "Stella"), hall.member_with("Col", &["--organisation", "Acme"]));
    let own_staff = hall.member_with("Sam", &["--role", "staff", "--organisation", "Acme"]);
    endorsed(&ann, &colleague, &own_staff, "lamps", 5);
    let replies = endorsed(&ann, &bo, &staff, "lamps", 5);
    eventually("the invitation", || (state(&bo, "lamps") == "invited").then_some(()));
    assert_eq!(own(&bo, "lamps")["answers"], 5);
    assert_eq!(state(&colleague, "lamps"), "", "a colleague's endorsement raises nobody");
    wish(&bo, "lamps", &json!({"state": "active"})).expect(200);
    done(&hall, look(&hall, hall.clock.now()));
    assert_eq!(own(&bo, "lamps")["ending_at"], Value::Null);
    staff.api().delete(&format!("/answers/{}/endorsed", replies[0])).expect(204);
    done(&hall, look(&hall, hall.clock.now()));
    eventually("it is said", || (notices(&bo, "guru-lapsing") == 1).then_some(()));
    assert!(own(&bo, "lamps")["ending_at"].is_string());
    staff.api().put(&format!("/answers/{}/endorsed", replies[0]), &json!({})).expect(204);
    eventually("it stays", || own(&bo, "lamps")["ending_at"].is_null().then_some(()));
}

#[test]
fn an_answer_accepted_and_endorsed_counts_once() {
    let hall = Hall::start();
    let (ann, bo, staff) = (hall.member("Ann"), hall.member("Bo"), hall.member_as("staff", "Stella"));
    let question = win(&ann, &bo, "lamps", 1)[0];
    let found = ann.api().get(&format!("/questions/{question}")).expect(200).json();
    let reply = found["accepted_answer_id"].as_i64().unwrap();
    staff.api().put(&format!("/answers/{reply}/endorsed"), &json!({})).expect(204);
    let page = bo.get("/guru").expect(200);
    assert!(page.text().contains("1 of 5 answers"), "{}", page.shown());
}

#[test]
fn a_step_that_was_prepared_is_not_taken_on_what_changed_meanwhile() {
    let hall = Hall::start();
    let mo = hall.member_as("moderator", "Mo");
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member_with("Cy", &["--handle", "cy"]));
    for helper in [&bo, &cy] {
        win(&ann, helper, "lamps", 5);
        eventually("the invitation", || (state(helper, "lamps") == "invited").then_some(()));
        wish(helper, "lamps", &json!({"state": "declined"})).expect(200);
    }
    // Half a year later both would be asked again.
    let offers = look(&hall, hall.clock.now() + 181 * DAY);
    wish(&bo, "lamps", &json!({"state": "active", "daily_alerts": 7})).expect(200);
    mo.post("/tags/lamps/gurus", &[("who", "cy"), ("reason", "Knows every lamp.")]).expect(303);
    done(&hall, offers);
    assert_eq!(state(&bo, "lamps"), "active", "who said yes after all is not asked again");
    let given = own(&cy, "lamps");
    assert_eq!((&given["source"], &given["reason"]), (&json!("appointed"), &json!("Knows every lamp.")));
    // A year later its facts are gone, and a month after that it would end.
    let later = hall.clock.now() + 366 * DAY;
    done(&hall, look(&hall, later));
    assert!(own(&bo, "lamps")["ending_at"].is_string());
    let ends = look(&hall, later + 31 * DAY);
    wish(&bo, "lamps", &json!({"state": "ended"})).expect(200);
    done(&hall, ends);
    assert_eq!(own(&bo, "lamps")["ended_why"], "stepped-down");
    assert_eq!(notices(&bo, "guru-ended"), 0);
}

#[test]
fn what_would_be_missed_is_told_only_when_its_member_is_back() {
    let hall = Hall::start();
    let (ann, bo, mo) = (hall.member("Ann"), hall.member("Bo"), hall.member_as("moderator", "Mo"));
    win(&ann, &bo, "lamps", 5);
    eventually("the invitation", || (state(&bo, "lamps") == "invited").then_some(()));
    wish(&bo, "lamps", &json!({"state": "active"})).expect(200);
    mo.post(&format!("/people/{}/suspend", bo.id), &[("reason", "ads"), ("until", "")]).expect(303);
    let later = hall.clock.now() + 366 * DAY;
    done(&hall, look(&hall, later));
    mo.post(&format!("/people/{}/unsuspend", bo.id), &[]).expect(303);
    assert_eq!(own(&bo, "lamps")["ending_at"], Value::Null, "no month begins that nobody told them of");
    done(&hall, look(&hall, later));
    eventually("it is said", || (notices(&bo, "guru-lapsing") == 1).then_some(()));
}

#[test]
fn what_is_given_or_taken_is_told_even_where_one_hears_of_nothing() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let (mo, admin) = (hall.member_as("moderator", "Mo"), hall.member_as("admin", "Root"));
    bo.api().put("/me/notifications", &json!({"guru": "off"})).expect(200);
    appoint(&hall, &bo, "wicks");
    eventually("what was given", || (notices(&bo, "guru-given") == 1).then_some(()));
    ask(&ann, "Which wick burns longest of all?", &["wicks"]);
    mo.post(&format!("/tags/wicks/gurus/{}/dismiss", bo.id), &[("reason", "Asked me to.")]).expect(303);
    eventually("what was taken", || (notices(&bo, "guru-dismissed") == 1).then_some(()));
    win(&ann, &bo, "lamps", 5);
    eventually("the invitation", || (state(&bo, "lamps") == "invited").then_some(()));
    wish(&bo, "lamps", &json!({"state": "active"})).expect(200);
    // Else the last acceptances may be looked at after that, and keep what the look says is missing.
    settled(&hall);
    let later = hall.clock.now() + 366 * DAY;
    done(&hall, look(&hall, later));
    eventually("what is missing", || (notices(&bo, "guru-lapsing") == 1).then_some(()));
    done(&hall, look(&hall, later + 31 * DAY));
    eventually("the end", || (notices(&bo, "guru-ended") == 1).then_some(()));
    assert_eq!(notices(&bo, "guru-invited"), 0, "an offer is no loss");
    let mails = admin.api().get("/outbox?limit=100").expect(200).json()["items"].clone();
    let told = mails.as_array().unwrap().iter().any(|mail| mail["to"] == json!(bo.email));
    assert!(!told, "and none of it by e-mail: {mails}");
}

#[test]
fn a_refused_appointment_or_dismissal_comes_back_as_the_form_with_what_was_typed() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member_with("Bo", &["--handle", "bo"]));
    let mo = hall.member_as("moderator", "Mo");
    ask(&ann, "Which wick burns longest of all?", &["wicks"]);
    let from_person = format!("/people/{}/gurus", bo.id);
    let page = mo.post(&from_person, &[("tag", "no-such"), ("reason", "Knows them all.")]).expect(422);
    for words in ["value=\"no-such\"", "Knows them all.", "There is no such tag."] {
        assert!(page.text().contains(words), "{words}: {}", page.shown());
    }
    let page = mo.post(&from_person, &[("tag", "wicks"), ("reason", " ")]).expect(422);
    assert!(page.text().contains("value=\"wicks\"") && page.text().contains("guru-reason-error"));
    mo.post(&from_person, &[("tag", "wicks"), ("reason", "Knows them all.")]).expect(303);
    let page = mo.post(&from_person, &[("tag", "wicks"), ("reason", "Knows them all.")]).expect(409);
    assert!(page.text().contains("They are a guru there already"), "{}", page.shown());
    let page = mo.post("/tags/wicks/gurus", &[("who", "bo"), ("reason", "Once more.")]).expect(409);
    for words in ["value=\"bo\"", "Once more.", "They are a guru there already"] {
        assert!(page.text().contains(words), "{words}: {}", page.shown());
    }
    let dismiss = format!("/tags/wicks/gurus/{}/dismiss", bo.id);
    let page = mo.post(&dismiss, &[("reason", "")]).expect(422);
    let field = format!("dismiss-{}-reason-error", bo.id);
    assert!(page.text().contains(&field) && page.text().contains("guru-dismiss\" open"), "{}", page.shown());
    let long = "too long ".repeat(200);
    let page = mo.post(&dismiss, &[("reason", &long)]).expect(422);
    assert!(page.text().contains("too long too long"), "what was typed comes back");
    mo.post(&format!("/people/{}/suspend", ann.id), &[("reason", "ads"), ("until", "")]).expect(303);
    let to_ann = format!("/people/{}/gurus", ann.id);
    let page = mo.post(&to_ann, &[("tag", "wicks"), ("reason", "Asks well.")]).expect(422);
    assert!(page.text().contains("They may not enter now"), "{}", page.shown());
    mo.post("/people/999999/gurus", &[("tag", "wicks"), ("reason", "Nobody.")]).expect(404);
}
