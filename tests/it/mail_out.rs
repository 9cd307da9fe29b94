//! E-mails on their way out: none is lost and none comes twice, whatever the server does.

use peerhall::clock::{DAY, HOUR, MINUTE};
use serde_json::Value;

use crate::harness::{Hall, Manners, Member, Place, Process, SmtpServer, address, eventually};
use crate::threads::{answer, ask};

/// A hall that hands its e-mails to this server.
pub fn mailing(server: &SmtpServer) -> Hall {
    Hall::with(&[
        ("PEERHALL_SMTP_URL", &server.url("smtp", "&tls=off")),
        ("PEERHALL_MAIL_FROM", "hall@lamps.example"),
    ])
}

/// The outbox as an administrator's program reads it.
pub fn outbox(admin: &Member<'_>) -> Vec<Value> {
    admin.api().get("/outbox?limit=100").expect(200).json()["items"].as_array().unwrap().clone()
}

/// Waits until the e-mail to `to` is in this state, and answers it.
#[track_caller]
pub fn in_state(admin: &Member<'_>, to: &str, state: &str) -> Value {
    eventually(&format!("an e-mail to {to} that is {state}"), || {
        outbox(admin).into_iter().find(|mail| mail["to"] == to && mail["state"] == state)
    })
}

#[test]
fn an_answer_is_told_to_the_asker_by_e_mail_once() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    let reply = answer(&bo, question, "Tighten the second screw, then wait a minute.");
    let mail = server.wait_for(&ann.email, "Why does the lantern flicker");
    assert_eq!(mail.subject(), "Re: Why does the lantern flicker at night?");
    let text = mail.text();
    assert!(
        text.contains("Bo answered your question:") && text.contains("Tighten the second screw"),
        "{text}"
    );
    assert!(text.contains(&format!("#a{reply}")) || text.contains(&format!("{reply}")), "{text}");
    assert!(mail.html().contains("Tighten the second screw"));
    for (name, wanted) in [
        ("Auto-Submitted", "auto-generated".to_owned()),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
        ("References", format!("<question.{question}@lamps.example>")),
        ("In-Reply-To", format!("<question.{question}@lamps.example>")),
        ("List-Id", "Peerhall · General <general.lamps.example>".to_owned()),
    ] {
        let found = mail.header(name).unwrap_or_else(|| panic!("no {name}"));
        assert!(
            found == wanted || name == "List-Id" && found.ends_with("<general.lamps.example>"),
            "{name}: {found}"
        );
    }
    assert!(mail.header("Reply-To").unwrap().starts_with("hall+r"));
    assert!(mail.from.starts_with("hall+b"), "{}", mail.from);
    assert!(server.to(&bo.email).is_empty(), "nobody is told of their own act");
    server.assert_each_once();
}

#[test]
fn a_server_that_is_away_hangs_or_refuses_us_loses_nothing() {
    for manners in [Manners::Closed, Manners::Hangs, Manners::DropsText] {
        let server = SmtpServer::start();
        server.set(manners.clone());
        let hall = Hall::with(&[("PEERHALL_SMTP_URL", &server.url("smtp", "&tls=off&timeout=1"))]);
        let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
        let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
        for n in 0..3 {
            answer(&bo, question, &format!("Tighten screw number {n}, then wait a minute."));
        }
        eventually(&format!("a try with a server that is {manners:?}"), || {
            (server.conversations() > 0).then_some(())
        });
        server.set(Manners::Takes);
        eventually(&format!("three e-mails after {manners:?}"), || {
            hall.clock.advance(10 * MINUTE);
            (server.to(&ann.email).len() == 3).then_some(())
        });
        server.assert_each_once();
    }
}

#[test]
fn what_was_taken_without_a_word_comes_again_under_the_same_message_id() {
    let server = SmtpServer::start();
    server.set(Manners::KeepsAndDrops);
    let hall = mailing(&server);
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    eventually("the first copy", || (!server.to(&ann.email).is_empty()).then_some(()));
    server.set(Manners::Takes);
    let copies = eventually("the second copy", || {
        hall.clock.advance(MINUTE);
        let copies = server.to(&ann.email);
        (copies.len() >= 2).then_some(copies)
    });
    assert!(copies.iter().all(|copy| copy.id() == copies[0].id()));
}

#[test]
fn a_greylisting_server_gets_it_a_minute_later() {
    let server = SmtpServer::start();
    server.set(Manners::Greylists);
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    let put_off = eventually("a put off e-mail", || {
        outbox(&admin).into_iter().find(|mail| mail["to"] == ann.email.as_str() && mail["attempts"] == 1)
    });
    assert!(put_off["problem"].as_str().unwrap().contains("Greylisted"), "{put_off}");
    assert_eq!(put_off["state"], "waiting");
    hall.clock.advance(2 * MINUTE);
    server.wait_for(&ann.email, "lantern");
    server.assert_each_once();
}

#[test]
fn an_address_that_is_none_is_not_written_to_again_until_somebody_says_so() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    server.set_for(&ann.email, Manners::NoSuchUser);
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    let failed = in_state(&admin, &ann.email, "failed");
    assert!(failed["problem"].as_str().unwrap().contains("No such user"), "{failed}");
    answer(&bo, question, "Or tighten the third screw, then wait two minutes.");
    in_state(&admin, &ann.email, "suppressed");
    assert!(admin.get("/admin/mail").expect(200).text().contains(&ann.email));
    admin.post("/admin/suppressions/lift", &[("address", &ann.email)]).expect(303);
    server.set_for(&ann.email, Manners::Takes);
    answer(&bo, question, "Or tighten the fourth screw, then wait three minutes.");
    server.wait_for(&ann.email, "lantern");
}

#[test]
fn a_text_that_is_refused_fails_alone() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    server.set_for(&ann.email, Manners::RefusesText);
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    in_state(&admin, &ann.email, "failed");
    server.set_for(&ann.email, Manners::Takes);
    answer(&bo, question, "Or tighten the third screw, then wait two minutes.");
    server.wait_for(&ann.email, "lantern");
}

#[test]
fn an_e_mail_is_given_up_after_three_days() {
    let server = SmtpServer::start();
    server.set(Manners::PutsOff);
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    let failed = eventually("the e-mail is given up", || {
        hall.clock.advance(HOUR);
        outbox(&admin).into_iter().find(|mail| mail["state"] == "failed")
    });
    assert!(failed["problem"].as_str().unwrap().contains("given up"), "{failed}");
}

#[test]
fn a_password_goes_out_encrypted_or_not_at_all() {
    for (scheme, implicit) in [("smtps", true), ("smtp", false)] {
        let server = SmtpServer::encrypted(implicit);
        let url = server.url(scheme, "").replace("://", "://user:secret@");
        let hall = Hall::with(&[("PEERHALL_SMTP_URL", &url)]);
        let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
        let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
        answer(&bo, question, "Tighten the second screw, then wait a minute.");
        assert!(server.wait_for(&ann.email, "lantern").encrypted, "{scheme}");
    }
    let plain = SmtpServer::start();
    let url = plain.url("smtp", "").replace("://", "://user:secret@");
    let hall = Hall::with(&[("PEERHALL_SMTP_URL", &url)]);
    let admin = hall.member_as("admin", "Root");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    eventually("the reason is told", || {
        let told = |mail: &Value| mail["problem"].as_str().is_some_and(|why| why.contains("STARTTLS"));
        outbox(&admin).iter().any(told).then_some(())
    });
    assert!(plain.taken().is_empty());
}

#[test]
fn no_more_than_the_rate_go_in_a_minute() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let form = [
        ("join_requests", "1"),
        ("join_domains", ""),
        ("mail_per_minute", "2"),
        ("remind_verdict", "3 7 2"),
        ("remind_unanswered", "2 7 2"),
    ];
    admin.post("/admin/settings/people", &form).expect(303);
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    for n in 0..5 {
        answer(&bo, question, &format!("Tighten screw number {n}, then wait a minute."));
    }
    eventually("two e-mails", || (server.to(&ann.email).len() == 2).then_some(()));
    let waiting = || {
        outbox(&admin)
            .iter()
            .filter(|mail| mail["state"] == "waiting" && mail["to"] == ann.email.as_str())
            .count()
    };
    eventually("three that wait", || (waiting() == 3).then_some(()));
    assert_eq!(server.to(&ann.email).len(), 2);
    hall.clock.advance(MINUTE);
    eventually("two more", || (server.to(&ann.email).len() == 4).then_some(()));
    server.assert_each_once();
}

#[test]
fn without_a_server_e_mails_wait_where_an_administrator_reads_them() {
    let hall = Hall::start();
    let admin = hall.member_as("admin", "Root");
    let ann = hall.member("Ann");
    hall.visitor().post("/reset/new", &[("email", &ann.email)]).expect(200);
    let mail = in_state(&admin, &ann.email, "waiting");
    let text = mail["body_text"].as_str().unwrap();
    assert!(text.contains("/reset/"), "{text}");
    let page = admin.get(&format!("/admin/mail/{}", mail["id"])).expect(200).text().to_owned();
    assert!(page.contains("/reset/"));
    ann.api().get("/outbox").expect_problem(403, "area");
}

#[test]
fn what_may_not_be_opened_any_more_is_not_sent() {
    let server = SmtpServer::start();
    server.set(Manners::Closed);
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    let reply = answer(&bo, question, "Tighten the second screw, then wait a minute.");
    eventually("a try", || (server.conversations() > 0).then_some(()));
    bo.api().delete(&format!("/posts/{reply}")).expect(204);
    server.set(Manners::Takes);
    eventually("it is withdrawn", || {
        hall.clock.advance(5 * MINUTE);
        outbox(&admin).into_iter().find(|mail| mail["state"] == "withdrawn")
    });
    assert!(server.to(&ann.email).is_empty());
}

#[test]
fn what_was_read_in_the_inbox_is_not_sent_afterwards() {
    let server = SmtpServer::start();
    server.set(Manners::Closed);
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    eventually("a try", || (server.conversations() > 0).then_some(()));
    let page = ann.follow(ann.get(&format!("/questions/{question}")));
    assert_eq!(page.status, 200);
    eventually("it is read", || (ann.api().get("/inbox").json()["unread"] == 0).then_some(()));
    server.set(Manners::Takes);
    eventually("it is withdrawn", || {
        hall.clock.advance(5 * MINUTE);
        outbox(&admin).into_iter().find(|mail| mail["state"] == "withdrawn")
    });
    assert!(server.to(&ann.email).is_empty());
}

#[test]
fn killed_at_any_moment_it_sends_each_e_mail_once_in_the_end() {
    let server = SmtpServer::start();
    let place = Place::new(&[("PEERHALL_SMTP_URL", &server.url("smtp", "&tls=off"))]);
    let (ann, bo) = (address("Ann"), "Bo");
    place.add_member("Ann", &[]);
    place.add_member(bo, &[]);
    let (asker, helper) = (place.token("Ann"), place.token(bo));
    let rounds: usize = std::env::var("MAIL_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(3);
    let mut process = Process::start(&place);
    let question = crate::closed_space::made(process.api(&asker).post(
        "/questions",
        &serde_json::json!({"space": "general", "title": "Why does the lantern flicker at night?",
            "body": "It flickers from ten to three, every night.", "tags": ["lamps"]}),
    ));
    let mut sent = 0;
    for round in 0..rounds {
        for n in 0..4 {
            let body =
                serde_json::json!({ "body": format!("Tighten screw {n} of round {round}, then wait.") });
            process.api(&helper).post(&format!("/questions/{question}/answers"), &body).expect(201);
            sent += 1;
        }
        // Somewhere in the middle of handing over, another number of e-mails each time.
        let wanted = (sent - 4) + round % 4;
        eventually("some are handed over", || (server.to(&ann).len() >= wanted.min(sent)).then_some(()));
        process.kill();
        process = Process::start(&place);
    }
    let ids =
        || server.to(&ann).iter().map(crate::harness::Taken::id).collect::<std::collections::HashSet<_>>();
    eventually("every e-mail", || (ids().len() == sent).then_some(()));
    // A second copy only of what was being handed over when it was killed.
    let copies = server.to(&ann).len();
    assert!(copies <= sent + rounds, "{copies} copies of {sent} e-mails in {rounds} kills");
}

#[test]
fn old_e_mails_are_forgotten_and_waiting_ones_are_not() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(&bo, question, "Tighten the second screw, then wait a minute.");
    in_state(&admin, &ann.email, "sent");
    server.set(Manners::Closed);
    let other = ask(&bo, "Why is nobody at the harbour today?", &["harbour"]);
    answer(&ann, other, "It is a holiday, and everybody is at home.");
    in_state(&admin, &bo.email, "waiting");
    hall.clock.advance(40 * DAY);
    let states = || -> Vec<String> {
        hall.read(peerhall::mail::outbox::counts).into_iter().map(|(state, _)| state).collect()
    };
    eventually("what was sent is forgotten", || (!states().contains(&"sent".to_owned())).then_some(()));
    assert!(states().contains(&"waiting".to_owned()));
}
