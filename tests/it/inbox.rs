//! Who is told what, why, how, and once.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use peerhall::clock::{DAY, HOUR};
use serde_json::{Value, json};

use crate::closed_space::made;
use crate::harness::{Hall, Member, SmtpServer, eventually};
use crate::mail_out::{mailing, outbox};
use crate::threads::{answer, ask};

/// A member's notices, the newest first.
pub fn notices(member: &Member<'_>) -> Vec<Value> {
    member.api().get("/inbox?limit=100").expect(200).json()["items"].as_array().unwrap().clone()
}

/// Waits until a member has so many notices, and answers kinds and reasons, the oldest first.
#[track_caller]
fn told(member: &Member<'_>, count: usize) -> Vec<(String, String)> {
    let all = eventually(&format!("{count} notices of {}", member.name), || {
        let all = notices(member);
        (all.len() >= count).then_some(all)
    });
    let word = |notice: &Value, name: &str| notice[name].as_str().unwrap().to_owned();
    all.iter().rev().map(|notice| (word(notice, "kind"), word(notice, "reason"))).collect()
}

/// Waits until everything that happened was told: a notice that comes after all others.
#[track_caller]
fn settled(hall: &Hall, by: &Member<'_>) {
    let marker = hall.member(&format!("Marker {}", hall.read(peerhall::events::last_position)));
    let question = ask(&marker, "Is everything told that happened before?", &["marker"]);
    answer(by, question, "Everything that happened before this was told.");
    told(&marker, 1);
}

fn comment(member: &Member<'_>, post: i64, body: &str) -> i64 {
    made(member.api().post(&format!("/posts/{post}/comments"), &json!({ "body": body })))
}

fn pair(kind: &str, reason: &str) -> (String, String) {
    (kind.to_owned(), reason.to_owned())
}

#[test]
fn each_is_told_why_and_nobody_of_their_own_act() {
    let hall = Hall::start();
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    cy.api().put(&format!("/questions/{question}/follow"), &json!({})).expect(204);
    let reply = answer(&bo, question, "Tighten the second screw, then wait a minute.");
    told(&ann, 1);
    comment(&ann, reply, "Which one is the second?");
    told(&bo, 1);
    comment(&bo, reply, "The one at the left, seen from the door.");
    ann.api().put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": reply })).expect(204);
    assert_eq!(told(&bo, 2), [pair("comment", "your-answer"), pair("accepted", "your-answer")]);
    assert_eq!(told(&ann, 2), [pair("answer", "your-question"), pair("comment", "your-comment")]);
    let followed = vec![pair("followed", "follow"); 4];
    assert_eq!(told(&cy, 4), followed);
    settled(&hall, &bo);
    // Each earned a badge besides, which is told when it has been judged.
    let others = |member: &Member<'_>| notices(member).iter().filter(|one| one["kind"] != "badge").count();
    assert_eq!((others(&ann), others(&bo), others(&cy)), (2, 2, 4));
}

#[test]
fn a_mention_is_told_once_however_often_it_is_written() {
    let hall = Hall::start();
    let (ann, bo, cy) =
        (hall.member("Ann"), hall.member("Bo"), hall.member_with("Cy", &["--handle", "cy-the-lamp"]));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    let reply =
        answer(&bo, question, "Perhaps @cy-the-lamp knows. @CY-the-lamp? Not `@ann`, nor x@ann.example.");
    assert_eq!(told(&cy, 1), [pair("mention", "mentioned")]);
    assert_eq!(told(&ann, 1), [pair("answer", "your-question")]);
    let edit = json!({ "body": "Perhaps @cy-the-lamp knows it. I do not know it myself.", "version": 1 });
    bo.api().patch(&format!("/answers/{reply}"), &edit).expect(200);
    settled(&hall, &bo);
    assert_eq!(notices(&cy).len(), 1);
}

#[test]
fn what_one_may_not_open_is_not_told_and_what_one_may_no_longer_is_gone() {
    let hall = Hall::start();
    hall.said(&["space", "add", "--key", "vault", "--name", "Vault", "--product", "Safe"], "");
    hall.said(&["organisation", "add", "--name", "Inside"], "");
    hall.said(&["entitlement", "add", "--organisation", "Inside", "--product", "Safe"], "");
    let ann = hall.member_with("Ann", &["--organisation", "Inside"]);
    let bo = hall.member_with("Bo", &["--organisation", "Inside"]);
    let out = hall.member_with("Out", &["--handle", "out"]);
    let body = json!({"space": "vault", "title": "Why does the vault stay shut?",
        "body": "It stays shut, says @out, since yesterday evening.", "tags": ["doors"]});
    let question = made(ann.api().post("/questions", &body));
    answer(&bo, question, "Turn the wheel to the left, then to the right.");
    told(&ann, 1);
    assert!(notices(&out).is_empty());
    // Ann's organisation loses its entitlement.
    hall.said(
        &[
            "entitlement",
            "add",
            "--organisation",
            "Inside",
            "--product",
            "Safe",
            "--until",
            "2020-01-01T00:00:00Z",
        ],
        "",
    );
    assert!(notices(&ann).is_empty());
    assert!(!ann.get("/inbox").expect(200).text().contains("vault"));
    eventually("the number in the head is right", || {
        (ann.api().get("/inbox").json()["unread"] == 0).then_some(())
    });
}

#[test]
fn a_kind_that_is_off_is_off_and_one_by_e_mail_comes_by_e_mail() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let before = ann.api().get("/me/notifications").expect(200).json();
    assert_eq!((before["answer"].as_str(), before["followed"].as_str()), (Some("now"), Some("inbox")));
    let set = ann
        .api()
        .put("/me/notifications", &json!({ "answer": "off", "comment": "inbox" }))
        .expect(200)
        .json();
    assert_eq!((set["answer"].as_str(), set["comment"].as_str()), (Some("off"), Some("inbox")));
    ann.api().put("/me/notifications", &json!({ "answer": "loud" })).expect_problem(422, "invalid");
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    comment(&bo, question, "Which lantern is it?");
    assert_eq!(told(&ann, 1), [pair("comment", "your-question")]);
    settled(&hall, &bo);
    assert!(server.to(&ann.email).is_empty());
    ann.api().put("/me/notifications", &json!({ "comment": "now" })).expect(200);
    comment(&bo, question, "And since when does it flicker?");
    server.wait_for(&ann.email, "lantern");
}

#[test]
fn a_thread_that_is_silenced_is_silent_but_for_ones_name() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member_with("Ann", &["--handle", "ann"]), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    ann.post("/settings/notifications", &[(&format!("thread-{question}"), "off")]).expect(303);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    answer(&bo, question, "And you, @ann, tell us whether it helped.");
    assert_eq!(told(&ann, 1), [pair("mention", "mentioned")]);
    settled(&hall, &bo);
    assert_eq!(notices(&ann).len(), 1);
}

#[test]
fn who_stopped_following_their_own_question_is_left_alone() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    ann.api().delete(&format!("/questions/{question}/follow")).expect(204);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    settled(&hall, &bo);
    assert!(notices(&ann).is_empty());
}

#[test]
fn followed_tags_and_spaces_tell_of_new_questions_once() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    ask(&ann, "Which lamp is the first of all lamps?", &["lamps", "harbour"]);
    bo.post("/tags/lamps/follow", &[("level", "now")]).expect(303);
    bo.post("/tags/harbour/follow", &[]).expect(303);
    bo.post("/spaces/general/follow", &[]).expect(303);
    bo.post("/tags/nothing-has-it/follow", &[]).expect(404);
    ask(&ann, "Why does the lantern flicker at night?", &["lamps", "harbour"]);
    assert_eq!(told(&bo, 1), [pair("question", "tag")]);
    let mail = server.wait_for(&bo.email, "lantern");
    assert!(mail.text().contains("because you follow the tag lamps"), "{}", mail.text());
    // One click of a mail program, without cookie, origin or form token.
    let link = mail.header("List-Unsubscribe").unwrap();
    let path = link.split("/unsubscribe/").nth(1).unwrap().trim_end_matches('>').to_owned();
    let path = format!("/unsubscribe/{path}");
    let program = hall.visitor();
    assert!(program.get(&path).expect(200).text().contains("lamps"));
    ask(&ann, "Why is the harbour lantern green today?", &["lamps"]);
    server.wait_for(&bo.email, "green");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    program.request("POST", &path, &headers, b"List-Unsubscribe=One-Click".to_vec()).expect(200);
    ask(&ann, "Why is the harbour lantern blue today?", &["lamps"]);
    assert_eq!(told(&bo, 3).len(), 3);
    settled(&hall, &ann);
    assert!(!server.to(&bo.email).iter().any(|mail| mail.subject().contains("blue")));
    program.get("/unsubscribe/1.kind.answer.forged").expect(404);
}

#[test]
fn quiet_hours_put_an_e_mail_off() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let now = peerhall::clock::rfc3339(hall.clock.now());
    let hour: i64 = now[11..13].parse().unwrap();
    let at = |hour: i64| format!("{:02}:{}", hour.rem_euclid(24), &now[14..16]);
    let quiet = json!({ "quiet_hours": { "from": at(hour - 1), "until": at(hour + 1) } });
    ann.api().put("/me/notifications", &quiet).expect(200);
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    told(&ann, 1);
    eventually("it waits", || {
        outbox(&admin).into_iter().find(|mail| mail["to"] == ann.email.as_str() && mail["state"] == "waiting")
    });
    assert!(server.to(&ann.email).is_empty());
    hall.clock.advance(HOUR + HOUR / 10);
    server.wait_for(&ann.email, "lantern");
}

#[test]
fn a_digest_comes_in_the_morning_and_only_when_there_is_something() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (ann, bo, cy) = (hall.member("Ann"), hall.member("Bo"), hall.member("Cy"));
    for member in [&ann, &cy] {
        member.api().put("/me/notifications", &json!({ "digest": "daily", "answer": "daily" })).expect(200);
    }
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    told(&ann, 1);
    let digest = eventually("a digest", || {
        hall.clock.advance(HOUR);
        server.to(&ann.email).into_iter().find(|mail| mail.subject().contains("what is new for you"))
    });
    let text = digest.text();
    assert!(text.contains("Why does the lantern flicker") && text.contains("Bo answered"), "{text}");
    assert!(digest.header("List-Unsubscribe").is_some());
    for _ in 0..30 {
        hall.clock.advance(HOUR);
        std::thread::yield_now();
    }
    settled(&hall, &bo);
    let digests =
        |to: &str| server.to(to).iter().filter(|mail| mail.subject().contains("what is new")).count();
    assert_eq!(digests(&ann.email), 1, "told once");
    assert_eq!(digests(&cy.email), 0, "nothing to tell, nothing sent");
}

#[test]
fn an_asker_is_reminded_of_answers_and_of_silence_as_often_as_it_is_set() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let silent = ask(&ann, "Why is nobody at the harbour today?", &["harbour"]);
    let answered = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, answered, "Tighten the second screw, then wait a minute.");
    told(&ann, 1);
    let reminders = |question: i64| {
        notices(&ann).iter().filter(|one| one["kind"] == "reminder" && one["question_id"] == question).count()
    };
    for day in 0..40 {
        hall.clock.advance(DAY);
        if day == 4 {
            eventually("the first of each", || {
                (reminders(silent) == 1 && reminders(answered) == 1).then_some(())
            });
        }
    }
    eventually("all of both", || (reminders(silent) == 2 && reminders(answered) == 2).then_some(()));
    hall.clock.advance(20 * DAY);
    settled(&hall, &bo);
    assert_eq!((reminders(silent), reminders(answered)), (2, 2));
}

#[test]
fn a_saved_search_tells_of_what_is_new() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    bo.post("/search/save", &[("q", "flicker")]).expect(303);
    let page = bo.get("/search").expect(200).text().to_owned();
    let action = page.split("action=\"/search/saved/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    bo.post(&format!("/search/saved/{action}"), &[("level", "now")]).expect(303);
    hall.clock.advance(HOUR);
    ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    eventually("it is found", || (bo.api().get("/search?q=flicker").json()["total"] == 1).then_some(()));
    let notice = eventually("a notice", || {
        hall.clock.advance(HOUR / 4);
        notices(&bo).into_iter().find(|one| one["kind"] == "search")
    });
    assert_eq!(notice["reason"], "saved");
    let mail = server.wait_for(&bo.email, "flicker");
    assert!(mail.text().contains("Why does the lantern flicker"), "{}", mail.text());
    hall.clock.advance(HOUR);
    settled(&hall, &ann);
    assert_eq!(notices(&bo).iter().filter(|one| one["kind"] == "search").count(), 1);
}

#[test]
fn an_import_tells_nobody() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    ask(&ann, "Which lamp is the first of all lamps?", &["lamps"]);
    ann.post("/spaces/general/follow", &[]).expect(303);
    let folder = hall.folder().join("dump");
    std::fs::create_dir_all(&folder).unwrap();
    let post = r#"<?xml version="1.0" encoding="utf-8"?><posts><row Id="1" PostTypeId="1" CreationDate="2020-01-01T00:00:00.000" Score="1" Body="&lt;p&gt;It flickers all the time.&lt;/p&gt;" Title="Why does it flicker so?" Tags="|lamps|" /></posts>"#;
    std::fs::write(folder.join("Posts.xml"), post).unwrap();
    hall.said(&["import", "stackexchange", folder.to_str().unwrap()], "");
    let bo = hall.member("Bo");
    settled(&hall, &bo);
    assert!(notices(&ann).iter().all(|one| !one["title"].as_str().unwrap_or_default().contains("flicker")));
}

#[test]
fn reading_is_kept_and_the_head_counts_what_is_not_read() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let (one, two) = (
        ask(&ann, "Why does the lantern flicker at night?", &["lamps"]),
        ask(&ann, "Why is nobody at the harbour today?", &["lamps"]),
    );
    answer(&bo, one, "Tighten the second screw, then wait a minute.");
    answer(&bo, two, "It is a holiday, and everybody is at home.");
    told(&ann, 2);
    let unread = || ann.api().get("/inbox").expect(200).json()["unread"].as_i64().unwrap();
    eventually("two unread", || (unread() == 2).then_some(()));
    assert!(ann.get("/").expect(200).text().contains("data-count>2</span>"));
    let first = notices(&ann)[0]["id"].as_i64().unwrap();
    ann.api().put(&format!("/inbox/{first}/read"), &json!({})).expect(204);
    ann.api().put(&format!("/inbox/{first}/read"), &json!({})).expect(204);
    bo.api().put(&format!("/inbox/{first}/read"), &json!({})).expect(404);
    assert_eq!(unread(), 1);
    ann.follow(ann.get(&format!("/questions/{one}")));
    eventually("what was opened is read", || (unread() == 0).then_some(()));
    hall.said(&["check"], "");
}

/// A stream of events of this browser.
fn stream(hall: &Hall, cookies: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(hall.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let request = format!("GET /live HTTP/1.1\r\nHost: {}\r\nCookie: {cookies}\r\n\r\n", hall.address);
    stream.write_all(request.as_bytes()).unwrap();
    BufReader::new(stream)
}

/// The data of the next event; None at the end of the stream.
fn event(stream: &mut BufReader<TcpStream>) -> Option<Value> {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(data) = line.trim_end().strip_prefix("data: ") {
            return Some(serde_json::from_str(data).unwrap());
        }
    }
}

#[test]
fn the_inbox_is_live_for_whom_it_is_and_ends_with_the_session() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    hall.visitor().get("/live").expect(401);
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    ann.get("/inbox").expect(200);
    let mut live = stream(&hall, &ann.cookie_header());
    assert_eq!(event(&mut live).unwrap()["unread"], 0);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    let told = event(&mut live).unwrap();
    assert_eq!(told["unread"], 1, "{told}");
    // A second stream of the same browser takes the place of the first.
    let mut second = stream(&hall, &ann.cookie_header());
    assert_eq!(event(&mut second).unwrap()["unread"], 1);
    assert!(event(&mut live).is_none());
    ann.post("/sign-out", &[]).expect(303);
    answer(&bo, question, "Or tighten the third screw, then wait two minutes.");
    assert!(event(&mut second).is_none(), "the session is over");
    let mut rest = String::new();
    let _ = second.read_to_string(&mut rest);
}

#[test]
fn streams_do_not_hold_the_end_up() {
    use crate::harness::{PASSWORD, Place, Process, address};
    let place = Place::new(&[]);
    place.add_member("Ann", &[]);
    let mut process = Process::start(&place);
    let browser = process.visitor();
    browser.post("/sign-in", &[("email", &address("Ann")), ("password", PASSWORD)]).expect(303);
    let mut stream = TcpStream::connect(process.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let request = format!(
        "GET /live HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n",
        process.address,
        browser.cookie_header()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut stream = BufReader::new(stream);
    assert!(event(&mut stream).is_some());
    // The stream ends first: were it waited for, the server would end it by force after ten seconds.
    let ended = std::thread::spawn(move || event(&mut stream).is_none());
    assert!(process.terminate().success());
    assert!(ended.join().unwrap());
}
