//! Gurus: who is asked to be one, what becomes of a standing, what needs whom, claims and hand-overs, and who could answer.

use peerhall::clock::{DAY, HOUR, MINUTE};
use peerhall::db::schema::members;
use peerhall::gurus;
use peerhall::spaces;
use peerhall::web::{Role, Viewer};
use serde_json::{Value, json};

use diesel::prelude::*;

use crate::closed_space::{CANARY, ClosedSpace, SPACE, made};
use crate::harness::{Hall, Member, Random, eventually};
use crate::threads::{answer, ask};

pub const WORDS: &str = "Turn the key twice, wait until the lamp is out, and turn it back.";

/// Answers `n` questions in `tag` of an asker, who accepts each.
pub fn win(asker: &Member<'_>, helper: &Member<'_>, tag: &str, n: usize) -> Vec<i64> {
    (0..n)
        .map(|n| {
            let question = ask(asker, &format!("Why does lamp number {n} smoke at night?"), &[tag]);
            let reply = answer(helper, question, WORDS);
            let choice = json!({ "answer_id": reply });
            asker.api().put(&format!("/questions/{question}/accepted"), &choice).expect(204);
            question
        })
        .collect()
}

pub fn standings(member: &Member<'_>) -> Vec<Value> {
    member.api().get("/me/guru").expect(200).json()["items"].as_array().unwrap().clone()
}

pub fn state(member: &Member<'_>, tag: &str) -> String {
    let all = standings(member);
    let own = all.iter().find(|one| one["tag"] == tag);
    own.map(|own| own["state"].as_str().unwrap().to_owned()).unwrap_or_default()
}

pub fn wish(member: &Member<'_>, tag: &str, wanted: &Value) -> crate::harness::Answer {
    member.api().put(&format!("/me/guru/{tag}"), wanted)
}

pub fn appoint(hall: &Hall, member: &Member<'_>, tag: &str) {
    hall.said(&["guru", "appoint", "--email", &member.email, "--tag", tag], "");
}

pub fn needs(member: &Member<'_>) -> Vec<i64> {
    let items = member.api().get("/needs-you?limit=100").expect(200).json()["items"].clone();
    items.as_array().unwrap().iter().map(|need| need["id"].as_i64().unwrap()).collect()
}

pub fn next_step(member: &Member<'_>, question: i64) -> Value {
    member.api().get(&format!("/questions/{question}")).expect(200).json()["next_step"].clone()
}

pub fn notices(member: &Member<'_>, what: &str) -> usize {
    let items = member.api().get("/inbox?limit=100").expect(200).json()["items"].clone();
    items.as_array().unwrap().iter().filter(|one| one["what"] == what).count()
}

#[test]
fn five_accepted_answers_bring_an_invitation_and_a_yes_a_badge() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let won = win(&ann, &bo, "lamps", 4);
    ask(&ann, "Which wick burns longest of all?", &["wicks"]);
    assert_eq!(state(&bo, "lamps"), "");
    win(&ann, &bo, "lamps", 1);
    eventually("the invitation", || (state(&bo, "lamps") == "invited").then_some(()));
    eventually("the notice", || (notices(&bo, "guru-invited") == 1).then_some(()));
    let page = bo.get("/guru").expect(200);
    assert!(page.text().contains("5 answers accepted or endorsed"), "{}", page.shown());
    let thread = format!("/questions/{}", won[0]);
    let chip =
        |who: &Member<'_>| who.follow(who.get(&thread)).expect(200).text().matches("class=\"guru\"").count();
    assert_eq!(chip(&ann), 0);
    let hours = json!({"days": ["mon", "sun"], "from": "22:00", "until": "06:00"});
    let terms = json!({"state": "active", "hours": hours, "languages": ["EN", "de"], "daily_alerts": 3});
    let own = wish(&bo, "lamps", &terms).expect(200).json();
    assert_eq!((&own["state"], &own["hours"], &own["daily_alerts"]), (&json!("active"), &hours, &json!(3)));
    assert_eq!(own["languages"], json!(["de", "en"]));
    assert_eq!(chip(&ann), 1, "the badge stands beside the answer at once");
    let answer = ann.api().get(&thread).expect(200).json()["answers"][0]["author"].clone();
    assert_eq!(answer["guru"], true);
    assert!(
        bo.get("/people").expect(200).text().contains("href=\"/needs-you\""),
        "the way around leads there"
    );
    let listed = ann.api().get("/tags/lamps/gurus").expect(200).json();
    assert_eq!((&listed["items"][0]["name"], &listed["items"][0]["solved"]), (&json!("Bo"), &json!(5)));
    assert!(ann.get("/tags/lamps/gurus").expect(200).text().contains("Bo"));
    assert!(ann.get(&format!("/people/{}", bo.id)).expect(200).text().contains("/tags/lamps/gurus"));
    assert_eq!(wish(&bo, "lamps", &json!({"state": "paused"})).expect(200).json()["state"], "paused");
    assert_eq!(wish(&bo, "lamps", &json!({"state": "active"})).expect(200).json()["daily_alerts"], 3);
    wish(&bo, "lamps", &json!({"state": "ended"})).expect(200);
    assert_eq!(chip(&ann), 0, "what was given up is not shown");
    hall.said(&["check"], "");
}

#[test]
fn an_invitation_and_its_terms_are_complete_without_a_script() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    win(&ann, &bo, "lamps", 5);
    eventually("the invitation", || (state(&bo, "lamps") == "invited").then_some(()));
    let wrong = [("act", "accept"), ("day-0", "1"), ("from", "9"), ("until", "17:00"), ("daily_alerts", "2")];
    let page = bo.post("/guru/lamps", &wrong).expect(422);
    assert!(page.text().contains("value=\"17:00\""), "what was typed comes back: {}", page.shown());
    let right =
        [("act", "accept"), ("day-0", "1"), ("from", "09:00"), ("until", "17:00"), ("daily_alerts", "2")];
    bo.post("/guru/lamps", &right).expect(303);
    assert_eq!(standings(&bo)[0]["hours"], json!({"days": ["mon"], "from": "09:00", "until": "17:00"}));
    for (act, then) in [("pause", "paused"), ("resume", "active"), ("step-down", "ended")] {
        bo.post("/guru/lamps", &[("act", act)]).expect(303);
        assert_eq!(state(&bo, "lamps"), then);
    }
    bo.post("/guru/wicks", &[("act", "pause")]).expect(404);
}

#[test]
fn who_said_no_is_not_asked_again_for_half_a_year_but_may_change_their_mind() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    win(&ann, &bo, "lamps", 5);
    eventually("the invitation", || (state(&bo, "lamps") == "invited").then_some(()));
    wish(&bo, "lamps", &json!({"state": "declined"})).expect(200);
    win(&ann, &bo, "lamps", 1);
    win(&ann, &bo, "wicks", 5);
    eventually("the other tag's invitation", || (state(&bo, "wicks") == "invited").then_some(()));
    assert_eq!(state(&bo, "lamps"), "declined");
    hall.clock.advance(181 * DAY);
    eventually("it is offered again", || (state(&bo, "lamps") == "invited").then_some(()));
    wish(&bo, "lamps", &json!({"state": "declined"})).expect(200);
    assert_eq!(wish(&bo, "lamps", &json!({"state": "active"})).expect(200).json()["state"], "active");
}

#[test]
fn what_is_no_longer_met_ends_after_a_month_and_not_before_it_was_said() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let given = hall.member("Given");
    win(&ann, &bo, "lamps", 5);
    eventually("the invitation", || (state(&bo, "lamps") == "invited").then_some(()));
    wish(&bo, "lamps", &json!({"state": "active"})).expect(200);
    appoint(&hall, &given, "lamps");
    hall.clock.advance(366 * DAY);
    eventually("it is said", || (notices(&bo, "guru-lapsing") == 1).then_some(()));
    assert_eq!(state(&bo, "lamps"), "active");
    assert!(standings(&bo)[0]["ending_at"].is_string());
    win(&ann, &bo, "lamps", 5);
    eventually("it stays", || standings(&bo)[0]["ending_at"].is_null().then_some(()));
    hall.clock.advance(366 * DAY);
    eventually("it is said again", || (notices(&bo, "guru-lapsing") == 2).then_some(()));
    hall.clock.advance(31 * DAY);
    eventually("it ends", || (state(&bo, "lamps") == "ended").then_some(()));
    eventually("thanks", || (notices(&bo, "guru-ended") == 1).then_some(()));
    assert_eq!(standings(&bo)[0]["ended_why"], "lapsed");
    assert_eq!(state(&given, "lamps"), "active", "what was given does not lapse");
    wish(&bo, "lamps", &json!({"state": "active"})).expect_problem(403, "guru-not-met");
}

#[test]
fn moderators_of_all_spaces_appoint_and_dismiss_with_a_reason_and_the_person_says_yes() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member_with("Bo", &["--handle", "bo"]));
    let (mo, limited) = (hall.member_as("moderator", "Mo"), hall.member_as("moderator", "Limited"));
    hall.said(&["member", "moderates", "--email", &limited.email, "--space", "general"], "");
    ask(&ann, "Which wick burns longest of all?", &["wicks"]);
    let fields = [("who", "@bo"), ("reason", "Knows every wick there is.")];
    ann.post("/tags/wicks/gurus", &fields).expect(403);
    limited.post("/tags/wicks/gurus", &fields).expect(403);
    mo.post("/tags/wicks/gurus", &[("who", "bo"), ("reason", "")]).expect(422);
    mo.post("/tags/wicks/gurus", &[("who", "nobody"), ("reason", "x")]).expect(422);
    mo.post("/tags/wicks/gurus", &fields).expect(303);
    mo.post("/tags/wicks/gurus", &fields).expect(409);
    eventually("they are told", || (notices(&bo, "guru-appointed") == 1).then_some(()));
    let page = bo.get("/guru").expect(200).text().to_owned();
    assert!(page.contains("Mo") && page.contains("Knows every wick there is."), "{page}");
    assert_eq!(ann.api().get("/tags/wicks/gurus").expect(200).json()["items"], json!([]));
    wish(&bo, "wicks", &json!({"state": "active"})).expect(200);
    assert_eq!(ann.api().get("/tags/wicks/gurus").expect(200).json()["items"][0]["source"], "appointed");
    mo.post(&format!("/people/{}/gurus", mo.id), &[("tag", "wicks"), ("reason", "me")]).expect(403);
    mo.post(&format!("/tags/wicks/gurus/{}/dismiss", bo.id), &[("reason", "")]).expect(422);
    mo.post(&format!("/tags/wicks/gurus/{}/dismiss", bo.id), &[("reason", "Asked me to.")]).expect(303);
    eventually("they are told of the end", || (notices(&bo, "guru-dismissed") == 1).then_some(()));
    let own = &standings(&bo)[0];
    assert_eq!((&own["state"], &own["reason"]), (&json!("ended"), &json!("Asked me to.")));
    wish(&bo, "wicks", &json!({"state": "active"})).expect_problem(409, "not-invited");
    let admin = hall.member_as("admin", "Root");
    let audit = admin.get("/admin/audit").expect(200).text().to_owned();
    assert!(audit.contains("as a guru in wicks"), "{audit}");
}

#[test]
fn the_command_appoints_and_opts_in_whether_the_tag_is_there_or_not() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let id = hall.said(&["guru", "appoint", "--email", &bo.email, "--tag", "Wicks"], "");
    assert!(id.trim().parse::<i64>().is_ok(), "{id}");
    let again = hall.said(&["guru", "appoint", "--email", &bo.email, "--tag", "wicks"], "");
    assert_eq!(id, again);
    assert_eq!(state(&bo, "wicks"), "active");
    eventually("they are told", || (notices(&bo, "guru-given") == 1).then_some(()));
    ann.api().get("/tags/wicks/gurus").expect(404);
    let question = ask(&ann, "Which wick burns longest of all?", &["wicks"]);
    assert_eq!(needs(&bo), [question]);
}

#[test]
fn a_claim_is_shown_hides_nothing_and_ends_with_an_answer_a_release_or_its_time() {
    let hall = Hall::start();
    let (ann, bo, cy, dee) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"), hall.member("Dee"));
    appoint(&hall, &bo, "lamps");
    appoint(&hall, &cy, "lamps");
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    let claim = |who: &Member<'_>, id: i64| who.api().put(&format!("/questions/{id}/claim"), &json!({}));
    claim(&dee, question).expect_problem(403, "not-expert");
    claim(&ann, question).expect_problem(403, "own-question");
    claim(&bo, question).expect(204);
    let step = next_step(&ann, question);
    assert_eq!((&step["what"], &step["who"]["name"]), (&json!("gurus"), &json!("Bo")));
    let due = step["due_at"].clone();
    hall.clock.advance(MINUTE);
    claim(&bo, question).expect(204);
    assert_eq!(next_step(&ann, question)["due_at"], due, "asking again moves nothing");
    claim(&cy, question).expect_problem(409, "claimed");
    assert!(needs(&cy).contains(&question), "it is hidden from nobody");
    let page = ann.follow(ann.get(&format!("/questions/{question}"))).expect(200);
    assert!(page.text().contains("Bo is on it until"), "{}", page.shown());
    bo.api().delete(&format!("/questions/{question}/claim")).expect(204);
    assert_eq!(next_step(&ann, question)["what"], "peers");
    bo.api().delete(&format!("/questions/{question}/claim")).expect_problem(409, "not-claimed");
    cy.post(&format!("/questions/{question}/claim"), &[]).expect(303);
    answer(&cy, question, WORDS);
    assert_eq!(next_step(&ann, question)["what"], "asker", "an answer ends it");
    claim(&bo, question).expect(204);
    hall.clock.advance(2 * HOUR + MINUTE);
    eventually("its time is over", || (next_step(&ann, question)["what"] == "asker").then_some(()));
    for n in 0..3 {
        claim(&bo, ask(&ann, &format!("Why is lantern number {n} dark?"), &["lamps"])).expect(204);
    }
    let one_more = ask(&ann, "Why is the last lantern dark?", &["lamps"]);
    claim(&bo, one_more).expect_problem(403, "too-many-claims");
    hall.said(&["check"], "");
}

#[test]
fn what_was_declined_is_not_shown_again_and_what_was_handed_over_is_with_staff_until_it_is_answered() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let (mo, staff) = (hall.member_as("moderator", "Mo"), hall.member_as("staff", "Stella"));
    appoint(&hall, &bo, "lamps");
    let questions: Vec<i64> =
        (0..3).map(|n| ask(&ann, &format!("Why is lantern number {n} dark?"), &["lamps"])).collect();
    bo.api().post(&format!("/questions/{}/decline", questions[0]), &json!({})).expect(204);
    bo.post(&format!("/questions/{}/decline", questions[0]), &[]).expect(303);
    let left = needs(&bo);
    assert!(!left.contains(&questions[0]) && left.len() == 2, "{left:?}");
    let path = format!("/questions/{}/hand-over", questions[1]);
    bo.api().post(&path, &json!({ "reason": " " })).expect_problem(422, "invalid");
    bo.post(&path, &[("reason", "")]).expect(422);
    bo.api().put(&format!("/questions/{}/claim", questions[1]), &json!({})).expect(204);
    bo.api().post(&path, &json!({ "reason": "Its log is on your side only." })).expect(204);
    let step = next_step(&ann, questions[1]);
    assert_eq!((&step["what"], &step["who"]["name"]), (&json!("staff"), &json!("Bo")));
    bo.api().post(&path, &json!({ "reason": "Again." })).expect_problem(409, "not-waiting");
    assert_eq!(needs(&bo), [questions[2]]);
    for member in [&mo, &staff] {
        eventually("they are told", || (notices(member, "handed-over") == 1).then_some(()));
    }
    assert_eq!(notices(&ann, "handed-over"), 0);
    let page = staff.get(&format!("/questions/{}/candidates", questions[1])).expect(200);
    assert!(page.text().contains("Its log is on your side only."), "{}", page.shown());
    ann.get(&format!("/questions/{}/candidates", questions[1])).expect(403);
    answer(&staff, questions[1], WORDS);
    assert_eq!(next_step(&ann, questions[1])["what"], "asker");
    bo.api()
        .post(&format!("/questions/{}/hand-over", questions[2]), &json!({ "reason": "Too hot." }))
        .expect(204);
    staff.post(&format!("/questions/{}/close", questions[2]), &[("reason", "Known.")]).expect(303);
    staff.post(&format!("/questions/{}/reopen", questions[2]), &[]).expect(303);
    assert_eq!(next_step(&ann, questions[2])["what"], "peers", "closing ended it");
}

#[test]
fn noise_moves_nothing_in_what_needs_somebody() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member_with("Bo", &["--handle", "bo"]));
    let loud: Vec<Member<'_>> = (0..3).map(|n| hall.member(&format!("Loud {n}"))).collect();
    appoint(&hall, &bo, "lamps");
    win(&ann, &bo, "wicks", 2);
    let mut questions = Vec::new();
    for n in 0..6 {
        let tags: &[&str] = if n % 2 == 0 { &["lamps"] } else { &["wicks"] };
        questions.push(ask(&ann, &format!("Why is lantern number {n} dark?"), tags));
        hall.clock.advance(7 * MINUTE);
    }
    let before = needs(&bo);
    assert_eq!(before.len(), 6);
    // The first made waits longest; where one is a guru counts more.
    assert_eq!(before, [questions[0], questions[2], questions[4], questions[1], questions[3], questions[5]]);
    let mut random = Random::from_environment();
    for step in 0..60 {
        let question = questions[random.between(0, 5) as usize];
        let who = &loud[random.between(0, 2) as usize];
        let path = format!("/questions/{question}");
        match random.between(0, 7) {
            0 => {
                let up = json!({ "value": random.between(0, 1) });
                who.api().put(&format!("/posts/{question}/vote"), &up).expect(200);
            }
            1 => {
                let body = json!({ "body": format!("@bo @bo @bo PLEASE!!! number {step}") });
                made(who.api().post(&format!("/posts/{question}/comments"), &body));
            }
            2 => {
                who.api().put(&format!("{path}/affected"), &json!({"note": "ME TOO"})).expect(204);
            }
            3 => {
                who.api().put(&format!("{path}/follow"), &json!({})).expect(204);
            }
            4 => {
                answer(who, question, "SAME HERE, it is dark, and it stays dark.");
            }
            5 => {
                let body = json!({ "body": format!("Still dark, says its asker, time {step}.") });
                made(ann.api().post(&format!("/posts/{question}/comments"), &body));
            }
            6 => {
                let version = ann.api().get(&path).expect(200).json()["version"].clone();
                let body = json!({"body": format!("It is dark, URGENT {step}, and stays dark."), "version": version});
                ann.api().patch(&path, &body).expect(200);
            }
            _ => {
                who.follow(who.get(&path)).expect(200);
            }
        }
        assert_eq!(needs(&bo), before, "seed {}, step {step}", random.seed());
    }
}

#[test]
fn nothing_of_a_closed_space_needs_an_outsider_or_is_counted_for_them() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    let tag = format!("{CANARY}-lock");
    appoint(&hall, &closed.outsider, &tag);
    appoint(&hall, &closed.answerer, &tag);
    let other = made(closed.asker.api().post(
        "/questions",
        &json!({"space": SPACE, "title": format!("And the other {CANARY}?"),
            "body": "Neither does the other one open.", "tags": [tag]}),
    ));
    assert_eq!(needs(&closed.outsider), Vec::<i64>::new());
    let found = closed.answerer.api().get("/needs-you").expect(200).json();
    assert_eq!((&found["items"][0]["id"], &found["items"][0]["others"]), (&json!(other), &json!(0)));
    closed.outsider.api().put(&format!("/questions/{other}/claim"), &json!({})).expect(404);
    let member = hall.member("Ann");
    assert!(!member.get(&format!("/people/{}", closed.answerer.id)).expect(200).text().contains(CANARY));
    assert!(!member.get(&format!("/people/{}", closed.outsider.id)).expect(200).text().contains(CANARY));
    let now = hall.clock.now();
    let candidates = hall.read(move |c| gurus::candidates(c, other, 10, now));
    let who: Vec<i64> = candidates.iter().map(|one| one.member_id).collect();
    assert_eq!(who, [closed.answerer.id], "who may not enter is not asked");
}

#[test]
fn candidates_are_ranked_by_what_they_know_and_their_load_and_say_why() {
    let hall = Hall::start();
    let ann = hall.member_with("Ann", &["--organisation", "Acme"]);
    let (bo, cy, dee, solver) =
        (hall.member("Bo"), hall.member("Cy"), hall.member("Dee"), hall.member("Solver"));
    for guru in [&bo, &cy, &dee, &ann] {
        appoint(&hall, guru, "lamps");
    }
    win(&ann, &cy, "lamps", 2);
    win(&ann, &solver, "lamps", 1);
    let question = ask(&ann, "Why is the lantern dark?", &["lamps"]);
    let now = hall.clock.now();
    let ranked = move |hall: &Hall| hall.read(move |c| gurus::candidates(c, question, 10, now));
    let ids = |hall: &Hall| ranked(hall).iter().map(|one| one.member_id).collect::<Vec<_>>();
    assert_eq!(ids(&hall), [cy.id, bo.id, dee.id, solver.id]);
    bo.api().put(&format!("/questions/{question}/claim"), &json!({})).expect(204);
    assert_eq!(ids(&hall), [cy.id, dee.id, bo.id, solver.id], "who is on one already comes later");
    wish(&cy, "lamps", &json!({"languages": ["fr"], "daily_alerts": 0})).expect(200);
    let found = ranked(&hall);
    let order: Vec<i64> = found.iter().map(|one| one.member_id).collect();
    assert_eq!(order, [dee.id, bo.id, cy.id, solver.id], "who cannot be asked now comes later");
    assert!(!found[2].by.free() && found[2].reasons().contains(&"enough-alerts"), "{found:?}");
    assert_eq!(found[3].reasons(), ["solved", "not-opted-in"]);
    dee.api().post(&format!("/questions/{question}/decline"), &json!({})).expect(204);
    assert!(!ids(&hall).contains(&dee.id), "who declined is not among them");
}

#[test]
fn the_first_candidates_are_not_all_colleagues_of_the_asker() {
    let hall = Hall::start();
    let ann = hall.member_with("Ann", &["--organisation", "Acme"]);
    let colleagues: Vec<Member<'_>> =
        (0..4).map(|n| hall.member_with(&format!("Colleague {n}"), &["--organisation", "Acme"])).collect();
    let other = hall.member("Other");
    for guru in colleagues.iter().chain([&other]) {
        appoint(&hall, guru, "lamps");
    }
    let question = ask(&ann, "Why is the lantern dark?", &["lamps"]);
    let now = hall.clock.now();
    let ranked = hall.read(move |c| gurus::candidates(c, question, 10, now));
    assert_eq!((ranked[2].member_id, ranked[2].moved_up), (other.id, true));
}

#[test]
fn a_gurus_month_is_told_on_the_first_and_nothing_where_there_was_nothing() {
    let hall = Hall::start();
    let (ann, bo, idle) = (hall.member("Ann"), hall.member("Bo"), hall.member("Idle"));
    let admin = hall.member_as("admin", "Root");
    appoint(&hall, &bo, "lamps");
    appoint(&hall, &idle, "wicks");
    let won = win(&ann, &bo, "lamps", 2);
    for question in won {
        idle.follow(idle.get(&format!("/questions/{question}"))).expect(200);
    }
    eventually("readers are written down", || {
        use peerhall::db::schema::question_readers;
        let written: i64 = hall.read(|c| question_readers::table.count().get_result(c));
        (written == 2).then_some(())
    });
    eventually("its clock is set", || (notices(&bo, "guru-given") == 1).then_some(()));
    eventually("the month", || {
        hall.clock.advance(DAY);
        (notices(&bo, "guru-month") == 1).then_some(())
    });
    let mails = admin.api().get("/outbox?limit=100").expect(200).json()["items"].clone();
    let months: Vec<&Value> = mails
        .as_array()
        .unwrap()
        .iter()
        .filter(|mail| mail["subject"].as_str().unwrap().ends_with("as a guru"))
        .collect();
    assert_eq!(months.len(), 1, "{mails}");
    assert_eq!(months[0]["to"], bo.email);
    let text = months[0]["body_text"].as_str().unwrap();
    for words in [
        "2 answers of yours were accepted",
        "One person had their question solved",
        "One member read an answer of yours",
        "Your answers were accepted",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(notices(&idle, "guru-month"), 0);
}

#[test]
fn who_may_enter_is_the_same_for_many_as_for_one() {
    let hall = Hall::start();
    hall.said(&["space", "add", "--key", "vault", "--name", "Vault", "--product", "Vaultware"], "");
    hall.said(&["space", "add", "--key", "cellar", "--name", "Cellar", "--product", "Cellarware"], "");
    hall.said(&["entitlement", "add", "--organisation", "Insiders", "--product", "Vaultware"], "");
    let ended = [
        "entitlement",
        "add",
        "--organisation",
        "Outsiders",
        "--product",
        "Vaultware",
        "--until",
        "2020-01-01",
    ];
    hall.said(&ended, "");
    hall.member_with("In", &["--organisation", "Insiders"]);
    hall.member_with("Out", &["--organisation", "Outsiders"]);
    hall.member("Alone");
    hall.member_as("moderator", "Mo");
    hall.member_as("staff", "Stella");
    let granted = hall.member("Granted");
    let admin = hall.member_as("admin", "Root");
    let cellar: i64 = hall.read(|c| {
        use peerhall::db::schema::spaces::dsl;
        dsl::spaces.filter(dsl::key.eq("cellar")).select(dsl::id).first(c)
    });
    let fields = [("email", granted.email.as_str()), ("reason", "helps"), ("until", "")];
    admin.post(&format!("/admin/spaces/{cellar}/grants"), &fields).expect(303);
    let now = hall.clock.now();
    hall.read(move |c| {
        use peerhall::db::schema::spaces::dsl;
        let all: Vec<i64> = dsl::spaces.select(dsl::id).load(c)?;
        let rows: Vec<(i64, String, Option<i64>)> =
            members::table.select((members::id, members::role, members::organisation_id)).load(c)?;
        let viewer = |(id, role, organisation_id): (i64, String, Option<i64>)| Viewer {
            id,
            name: String::new(),
            handle: String::new(),
            role: Role::stored(&role),
            organisation_id,
            reputation: 0,
            locale: "en".into(),
            unread: 0,
            guru: false,
            now,
        };
        let people: Vec<Viewer> = rows.into_iter().map(viewer).collect();
        let found = spaces::enterers(c, &people.iter().collect::<Vec<_>>(), &all, now)?;
        let mut entered = 0;
        for person in &people {
            for space in &all {
                let may = spaces::may_enter(c, person, *space)?;
                entered += usize::from(may);
                assert_eq!(found.contains(&(person.id, *space)), may, "{person:?} in {space}");
            }
        }
        assert!(entered > all.len() && entered < people.len() * all.len());
        Ok(())
    });
}
