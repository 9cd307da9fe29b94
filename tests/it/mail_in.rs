//! E-mails that come in: each to its thread or to nobody's, once, and never in a loop.

use serde_json::json;

use crate::closed_space::made;
use crate::harness::{Hall, Member, Random, SmtpServer, Taken};
use crate::inbox::notices;
use crate::mail_out::{mailing, outbox};
use crate::threads::{answer, ask};

/// Hands a message in and answers what became of it.
#[track_caller]
fn receive(hall: &Hall, message: &str) -> String {
    hall.said(&["receive-mail"], &message.replace('\n', "\r\n"))
}

/// The same over HTTP, by an administrator.
#[track_caller]
fn hand_in(admin: &Member<'_>, message: &str) -> String {
    let headers = [("content-type", "message/rfc822")];
    let message = message.replace('\n', "\r\n").into_bytes();
    let answer = admin.api().request("POST", "/received-mails", &headers, message).expect(200).json();
    answer["outcome"].as_str().unwrap().to_owned()
}

/// A reply to an e-mail, written by `from`.
fn reply(to: &Taken, from: &str, id: &str, body: &str) -> String {
    let reply_to = to.header("Reply-To").expect("it can be answered");
    format!(
        "Return-Path: <{from}>\nFrom: Somebody <{from}>\nTo: {reply_to}\nSubject: Re: something else\nMessage-ID: \
         <{id}@example.org>\nContent-Type: text/plain; charset=utf-8\n\n{body}\n\nOn Thu, 26 Nov 2026, Peerhall \
         <{reply_to}> wrote:\n> quoted words\n"
    )
}

fn question(member: &Member<'_>, id: i64) -> serde_json::Value {
    member.api().get(&format!("/questions/{id}")).expect(200).json()
}

/// A question of Ann's that Bo has answered, and the e-mail that told her.
fn told(hall: &Hall, server: &SmtpServer) -> (i64, i64, Taken) {
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    let given = answer(&bo, question, "Tighten the second screw, then wait a minute.");
    let mail = server.wait_for(&ann.email, "lantern");
    (question, given, mail)
}

#[test]
fn a_reply_is_posted_where_its_address_says() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (id, given, mail) = told(&hall, &server);
    let message = reply(&mail, "ann@example.org", "m1", "That helped.\n\nThank you!");
    let said = receive(&hall, &message);
    assert!(said.starts_with("posted "), "{said}");
    let reader = hall.member("Reader");
    let thread = question(&reader, id);
    let comments = thread["answers"][0]["comments"].as_array().unwrap();
    assert_eq!(thread["answers"][0]["id"], given);
    assert_eq!(comments.len(), 1, "{thread}");
    assert_eq!(comments[0]["body"], "That helped.\n\nThank you!");
    assert_eq!(comments[0]["author"]["name"], "Ann");
    // The same message again, by another way: nothing.
    assert_eq!(receive(&hall, &format!("Received: by mx2\n{message}")), "again");
    assert_eq!(question(&reader, id)["answers"][0]["comments"].as_array().unwrap().len(), 1);
}

#[test]
fn a_reply_to_a_question_is_an_answer() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    ask(&ann, "Which lamp is the first of all lamps?", &["lamps"]);
    bo.post("/tags/lamps/follow", &[("level", "now")]).expect(303);
    let id = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    let mail = server.wait_for(&bo.email, "lantern");
    let body = "Tighten the second screw, then wait a minute.";
    receive(&hall, &reply(&mail, &bo.email, "m1", body));
    let thread = question(&ann, id);
    assert_eq!(thread["answers"][0]["body"], body);
    assert_eq!(thread["answers"][0]["author"]["name"], "Bo");
    let short = receive(&hall, &reply(&mail, &bo.email, "m2", "Which one?"));
    assert!(short.starts_with("posted"), "{short}");
    assert_eq!(question(&ann, id)["comments"][0]["body"], "Which one?");
}

#[test]
fn a_forged_or_stolen_reply_address_posts_nothing() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (id, _, mail) = told(&hall, &server);
    let reply_to = mail.header("Reply-To").unwrap();
    let stolen = reply(&mail, "mallory@example.org", "m1", "I am not Ann, and I have her address.");
    assert!(hand_in(&admin, &stolen).starts_with("quarantined"));
    let two = stolen.replace("From: Somebody <mallory@example.org>", "From: a@example.org, ann@example.org");
    assert!(hand_in(&admin, &two.replace("m1@", "m1b@")).starts_with("quarantined"));
    // Another thread's number, another member's, a broken proof: none is ours.
    for (n, (from, to)) in [("-", "-1"), ("hall+r", "hall+r1"), ("@", "0@")].into_iter().enumerate() {
        let forged = reply(&mail, "ann@example.org", &format!("f{n}"), "Forged words of some length.");
        let forged = forged.replace(&reply_to, &reply_to.replacen(from, to, 1));
        assert!(hand_in(&admin, &forged).starts_with("quarantined"), "{from} {to}");
    }
    let reader = hall.member("Reader");
    assert!(question(&reader, id)["answers"][0]["comments"].as_array().unwrap().is_empty());
    let page = admin.get("/mail/received").expect(200).text().to_owned();
    assert!(page.contains("mallory@example.org") && page.contains("not whom its reply address was made for"));
    // Nobody is answered.
    assert!(outbox(&admin).iter().all(|mail| mail["to"] != "mallory@example.org"));
}

#[test]
fn what_must_not_be_answered_is_not_and_automatic_mail_is_not_posted() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (id, _, mail) = told(&hall, &server);
    for (n, header) in [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    ]
    .into_iter()
    .enumerate()
    {
        let message =
            reply(&mail, "ann@example.org", &format!("a{n}"), "I am away until Monday, and then back.");
        let message = if header.starts_with("Content-Type") {
            message.replace("Content-Type: text/plain; charset=utf-8", header)
        } else {
            message.replacen("From:", &format!("{header}\nFrom:"), 1)
        };
        assert!(hand_in(&admin, &message).starts_with("automatic"), "{header}");
    }
    let nobody = reply(&mail, "ann@example.org", "n1", "Away.")
        .replace("Return-Path: <ann@example.org>", "Return-Path: <>");
    assert!(hand_in(&admin, &nobody).starts_with("automatic"));
    let away = reply(&mail, "ann@example.org", "n2", "Away.")
        .replace("Re: something else", "Automatic reply: lantern");
    assert!(hand_in(&admin, &away).starts_with("automatic"));
    let reader = hall.member("Reader");
    assert!(question(&reader, id)["answers"][0]["comments"].as_array().unwrap().is_empty());
    assert!(outbox(&admin).iter().all(|mail| mail["subject"] != "Your e-mail was not posted"));
}

#[test]
fn two_robots_that_do_not_say_what_they_are_come_to_an_end() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (id, _, mail) = told(&hall, &server);
    let reader = hall.member("Reader");
    let staff = hall.member_as("admin", "Desk");
    // Each answers every e-mail it gets, with the same words or with a counter.
    let mut mails = vec![mail];
    let mut posted = 0;
    for round in 0..1_000 {
        let Some(mail) = mails.pop() else { break };
        let to = mail.to.clone();
        let body =
            if round % 2 == 0 { "I am away.".to_owned() } else { format!("I am away, ticket {round}.") };
        let said = hand_in(&staff, &reply(&mail, &to, &format!("r{round}"), &body));
        if said.starts_with("posted") {
            posted += 1;
            let before = server.taken().len();
            // What it leads to, if it does, is another e-mail.
            crate::harness::eventually("its notice", || {
                let told = server.taken();
                (told.len() > before).then_some(())
            });
        }
        mails = server
            .taken()
            .into_iter()
            .rev()
            .take(1)
            .filter(|last| last.header("Reply-To").is_some())
            .collect();
        // However often the last one is answered again: it stays at an end.
        if round > 80 && !said.starts_with("posted") {
            break;
        }
    }
    assert!(posted <= 40, "{posted} posts");
    assert!(question(&reader, id)["answers"][0]["comments"].as_array().unwrap().len() <= 40);
}

#[test]
fn a_bounce_ends_writing_to_an_address() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let (_, _, mail) = told(&hall, &server);
    let bounce = |id: &str, status: &str, action: &str| {
        format!(
            "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: {}\nSubject: Undelivered\nMessage-ID: <{id}@mx>\n\
             Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; \
             report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: \
             message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@example.org\nAction: \
             {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 No such user\n--b--\n",
            mail.from
        )
    };
    assert_eq!(hand_in(&admin, &bounce("b1", "4.4.1", "delayed")), "bounce");
    assert!(!admin.get("/admin/mail").text().contains("came back"));
    // A bounce of a bounce, and one with a token that is none, harm nobody.
    assert!(
        hand_in(&admin, &bounce("b2", "5.1.1", "failed").replace("hall+b", "hall+b0"))
            .starts_with("automatic")
    );
    assert_eq!(hand_in(&admin, &bounce("b3", "5.1.1", "failed")), "bounce");
    let page = admin.get("/admin/mail").expect(200).text().to_owned();
    assert!(page.contains("came back: 5.1.1"), "{page}");
}

#[test]
fn a_question_comes_by_e_mail_from_a_member_alone() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let ann = hall.member("Ann");
    let message = |from: &str, id: &str, space: &str, subject: &str| {
        format!(
            "Return-Path: <{from}>\nFrom: {from}\nTo: hall+s-{space}@lamps.example\nSubject: {subject}\nMessage-ID: \
             <{id}@x>\n\nIt flickers from ten to three, every single night.\n"
        )
    };
    let said = receive(&hall, &message(&ann.email, "q1", "general", "[lamps] Why does the lantern flicker?"));
    let id: i64 = said.strip_prefix("posted ").unwrap().parse().unwrap();
    let thread = question(&ann, id);
    assert_eq!(
        (thread["title"].as_str(), thread["tags"][0].as_str()),
        (Some("Why does the lantern flicker?"), Some("lamps"))
    );
    let word = server.wait_for(&ann.email, "lantern");
    assert_eq!(word.header("Auto-Submitted").as_deref(), Some("auto-replied"));
    assert!(
        receive(&hall, &message("stranger@example.org", "q2", "general", "Why does it flicker so?"))
            .starts_with("quarantined")
    );
    assert!(
        receive(&hall, &message(&ann.email, "q3", "no-such-space", "Why does it flicker so?"))
            .starts_with("quarantined")
    );
    let short = receive(&hall, &message(&ann.email, "q4", "general", "Why?"));
    assert!(short.starts_with("quarantined"), "{short}");
    let told = server.wait_for(&ann.email, "not posted");
    assert!(
        told.text().contains("It flickers from ten to three"),
        "what was written comes back: {}",
        told.text()
    );
}

#[test]
fn a_subject_decides_nothing() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (id, _, mail) = told(&hall, &server);
    let message = format!(
        "From: ann@example.org\nTo: hall@lamps.example\nSubject: Re: Why does the lantern flicker at night?\nIn-Reply-To: \
         {}\nReferences: <question.{id}@lamps.example> {}\nMessage-ID: <s1@x>\n\nThis goes nowhere by its subject.\n",
        mail.id(),
        mail.id()
    );
    assert!(receive(&hall, &message).starts_with("quarantined"));
}

#[test]
fn what_is_odd_is_read_as_a_person_would() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (id, _, mail) = told(&hall, &server);
    let reply_to = mail.header("Reply-To").unwrap();
    let head = |id: &str| {
        format!(
            "From: ann@example.org\nTo: {}\nMessage-ID: <{id}@x>\nMIME-Version: 1.0\n",
            reply_to.to_uppercase()
        )
    };
    let html = format!(
        "{}Content-Type: text/html; charset=utf-8\n\n<p>It is <b>on</b>.</p><script>alert(1)</script><img src=\"http://t.example/x\">",
        head("o1")
    );
    let latin = format!(
        "{}Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nSie h=E4ngt zu hoch.",
        head("o2")
    );
    let attached = format!(
        "{}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the picture.\n--b\nContent-Type: \
         image/png; name=\"lamp.png\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n{}\n--b--",
        head("o3"),
        "QUJD".repeat(20_000)
    );
    let broken = format!(
        "{}Content-Type: multipart/mixed; boundary=never\n\nNo part begins here, yet it is text.",
        head("o4")
    );
    for message in [&html, &latin, &attached, &broken] {
        let said = receive(&hall, message);
        assert!(said.starts_with("posted") || said.starts_with("quarantined"), "{said}");
    }
    let thread = question(&hall.member("Reader"), id);
    let all = thread["answers"][0]["comments"].to_string();
    assert!(all.contains("It is **on**.") && !all.contains("script"), "{all}");
    assert!(all.contains("Sie hängt zu hoch."), "{all}");
    assert!(all.contains("lamp.png") && !all.contains("QUJD"), "{all}");
}

#[test]
fn random_damage_never_posts_in_a_wrong_thread() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (id, _, mail) = told(&hall, &server);
    let reader = hall.member("Reader");
    let other = ask(&reader, "Is anybody at the harbour this morning?", &["harbour"]);
    let admin = hall.member_as("admin", "Desk");
    let mut random = Random::from_environment();
    let message = reply(&mail, "ann@example.org", "d", "Damaged words, here and there.")
        .replace('\n', "\r\n")
        .into_bytes();
    for round in 0..60 {
        let mut bytes = message.clone();
        for _ in 0..random.between(1, 12) {
            let at = random.between(0, bytes.len() as u64 - 1) as usize;
            match random.between(0, 2) {
                0 => bytes[at] = random.between(0, 255) as u8,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b"\r\n:<>@\0\xff"[random.between(0, 7) as usize]),
            }
        }
        let headers = [("content-type", "message/rfc822")];
        let answer = admin.api().request("POST", "/received-mails", &headers, bytes);
        assert_eq!(answer.status, 200, "round {round}, seed {}: {}", random.seed(), answer.shown());
    }
    let thread = question(&reader, other);
    assert!(
        thread["comments"].as_array().unwrap().is_empty() && thread["answers"].as_array().unwrap().is_empty()
    );
    let all = question(&reader, id);
    for comment in all["answers"][0]["comments"].as_array().unwrap() {
        assert_eq!(comment["author"]["name"], "Ann", "seed {}", random.seed());
    }
}

#[test]
fn a_large_message_is_taken_from_administrators_and_refused_from_others() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (_, _, mail) = told(&hall, &server);
    let staff = hall.member_as("admin", "Desk");
    let other = hall.member("Other");
    let head = format!(
        "From: ann@example.org\r\nTo: {}\r\nMessage-ID: <big@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; \
         boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the film of it.\r\n--b\r\nContent-Type: video/mp4; \
         name=film.mp4\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        mail.header("Reply-To").unwrap()
    );
    let mut bytes = head.into_bytes();
    bytes.extend(b"QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\r\n".repeat(100_000));
    bytes.extend(b"--b--\r\n");
    let headers = [("content-type", "message/rfc822")];
    let answer = other.api().request("POST", "/received-mails", &headers, bytes.clone());
    assert!(matches!(answer.status, 403 | 413), "{}", answer.status);
    let answer = staff.api().request("POST", "/received-mails", &headers, bytes).expect(200).json();
    assert_eq!(answer["outcome"], "posted", "{answer}");
    other.api().request("POST", "/received-mails", &headers, b"From: x\r\n\r\ny".to_vec()).expect(403);
    hall.stranger().request("POST", "/received-mails", &headers, b"From: x\r\n\r\ny".to_vec()).expect(401);
}

#[test]
fn what_cannot_be_taken_now_is_to_be_handed_in_again() {
    let hall = Hall::start();
    let broken = hall.folder().join("nowhere").join("deep").join("x.db");
    std::fs::write(hall.folder().join("nowhere"), "a file, where a folder should be").unwrap();
    let mut command =
        hall.command(&["receive-mail", "--database-url", &format!("sqlite:{}", broken.display())]);
    command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    assert_eq!(command.status().unwrap().code(), Some(75));
}

#[test]
fn who_writes_by_e_mail_is_told_of_answers_like_others() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (id, given, mail) = told(&hall, &server);
    receive(&hall, &reply(&mail, "ann@example.org", "m1", "Which screw is the second?"));
    let bo = hall.member("Bob");
    made(bo.api().post(&format!("/posts/{given}/comments"), &json!({ "body": "The one at the left." })));
    let reader = hall.member("Reader");
    assert_eq!(question(&reader, id)["answers"][0]["comments"].as_array().unwrap().len(), 2);
    assert!(notices(&reader).is_empty());
    crate::harness::eventually("Ann is told", || {
        server.to("ann@example.org").into_iter().find(|mail| mail.text().contains("The one at the left"))
    });
}
