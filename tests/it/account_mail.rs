//! Links by e-mail: a new password, a new address, invitations, asking to join; and what happened to an account.

use std::sync::Arc;

use peerhall::clock::{DAY, HOUR};

use crate::harness::{Hall, Manners, PASSWORD, SmtpServer, Visitor, address, eventually, raw};
use crate::mail_out::{in_state, mailing, outbox};

const FRESH: &str = "another-quiet-harbour-7";

/// Whether this address and password let somebody in.
fn lets_in(visitor: &Visitor, email: &str, password: &str) -> bool {
    visitor.post("/sign-in", &[("email", email), ("password", password)]).status == 303
}

#[test]
fn a_forgotten_password_is_set_by_a_link_that_works_once() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let ann = hall.member("Ann");
    ann.get("/").expect(200);
    let token = ann.api().get("/me");
    token.expect(200);
    hall.visitor().post("/reset/new", &[("email", &ann.email)]).expect(200);
    let mail = server.wait_for(&ann.email, "new password");
    let link = mail.link("/reset/");
    let visitor = hall.visitor();
    // A scanner that opens the link, or asks for its head, changes nothing.
    for _ in 0..3 {
        let page = visitor.get(&link).expect(200);
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        visitor.request("HEAD", &link, &[], Vec::new()).expect(200);
    }
    assert!(lets_in(&hall.visitor(), &ann.email, PASSWORD));
    visitor.post(&link, &[("password", "short")]).expect(422);
    visitor.post(&link, &[("password", FRESH)]).expect(303);
    assert!(!lets_in(&hall.visitor(), &ann.email, PASSWORD));
    assert!(lets_in(&hall.visitor(), &ann.email, FRESH));
    visitor.post(&link, &[("password", "yet-another-harbour-8")]).expect(404);
    visitor.get(&link).expect(404);
    // What the former password opened is closed.
    ann.get("/").expect(303);
    ann.api().get("/me").expect(401);
    server.wait_for(&ann.email, "password was changed");
    assert!(server.to(&ann.email).iter().all(|mail| mail.header("List-Unsubscribe").is_none()));
}

#[test]
fn the_newest_link_counts_and_it_expires() {
    let hall = Hall::start();
    let admin = hall.member_as("admin", "Root");
    let ann = hall.member("Ann");
    let link = |nth: usize| {
        hall.visitor().post("/reset/new", &[("email", &ann.email)]).expect(200);
        eventually("a link", || {
            let mails = outbox(&admin);
            let mut links = mails.iter().filter(|mail| mail["kind"] == "reset");
            (links.clone().count() == nth).then(|| {
                let text = links.next().unwrap()["body_text"].as_str().unwrap().to_owned();
                let at = text.find("/reset/").unwrap();
                text[at..].split_whitespace().next().unwrap().to_owned()
            })
        })
    };
    let first = link(1);
    let second = link(2);
    hall.visitor().get(&first).expect(404);
    hall.visitor().get(&second).expect(200);
    hall.clock.advance(3 * HOUR);
    hall.visitor().get(&second).expect(404);
    // The one that was replaced is wiped.
    let replaced = outbox(&admin).into_iter().find(|mail| mail["state"] == "withdrawn").unwrap();
    assert_eq!(replaced["body_text"], "");
}

#[test]
fn known_and_unknown_addresses_are_answered_alike() {
    let hall = Hall::start();
    let admin = hall.member_as("admin", "Root");
    let ann = hall.member("Ann");
    let plain = |text: &str| {
        let text = text.replace(&ann.email, "ADDRESS").replace("nobody@example.org", "ADDRESS");
        let (before, rest) = text.split_once("name=\"csrf\" value=\"").unwrap_or((&text, ""));
        format!("{before}{}", rest.split_once('"').map_or("", |(_, rest)| rest))
    };
    let strip =
        |text: String| text.lines().filter(|line| !line.contains("csrf")).collect::<Vec<_>>().join("\n");
    for (path, fields) in [("/reset/new", vec![]), ("/request", vec![("name", "Somebody New")])] {
        let answers: Vec<String> = [ann.email.as_str(), "nobody@example.org"]
            .into_iter()
            .map(|email| {
                let mut fields = fields.clone();
                fields.push(("email", email));
                strip(plain(hall.visitor().post(path, &fields).expect(200).text()))
            })
            .collect();
        assert_eq!(answers[0], answers[1], "{path}");
    }
    let known = in_state(&admin, &ann.email, "waiting");
    assert!(known["body_text"].as_str().unwrap().len() > 50);
    // Who is no member gets no letter by asking for a password, and waits for a person by asking to join.
    eventually("the request waits", || {
        admin.get("/admin/requests").text().contains("nobody@example.org").then_some(())
    });
    assert!(outbox(&admin).iter().all(|mail| mail["to"] != "nobody@example.org"));
}

#[test]
fn who_asks_to_join_is_let_in_by_a_person_or_by_the_domain() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    let form = [
        ("join_requests", "1"),
        ("join_domains", "lamps.example\n"),
        ("mail_per_minute", "300"),
        ("remind_verdict", "3 7 2"),
        ("remind_unanswered", "2 7 2"),
    ];
    admin.post("/admin/settings/people", &form).expect(303);
    let ask =
        |email: &str| hall.visitor().post("/request", &[("name", "Ines"), ("email", email)]).expect(200);
    ask("ines@lamps.example");
    let invitation = server.wait_for("ines@lamps.example", "invited");
    let join = invitation.link("/join/");
    let ines = hall.visitor();
    ines.get(&join).expect(200);
    ines.post(&join, &[("name", "Ines"), ("email", "ines@lamps.example"), ("password", FRESH)]).expect(303);
    ask("ivo@sub.lamps.example");
    ask("ivo@sub.lamps.example");
    let page = eventually("it waits", || {
        let page = admin.get("/admin/requests").expect(200).text().to_owned();
        page.contains("ivo@sub.lamps.example").then_some(page)
    });
    assert_eq!(page.matches("ivo@sub.lamps.example").count(), 1, "one request per address");
    let decide =
        page.split("formaction=\"/admin/requests/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    admin.post(&format!("/admin/requests/{decide}"), &[("decision", "approve")]).expect(303);
    server.wait_for("ivo@sub.lamps.example", "invited");
    ask("ivo@other.example");
    let page = eventually("it waits", || {
        let page = admin.get("/admin/requests").expect(200).text().to_owned();
        page.contains("ivo@other.example").then_some(page)
    });
    let decide =
        page.split("formaction=\"/admin/requests/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    admin.post(&format!("/admin/requests/{decide}"), &[("decision", "decline")]).expect(303);
    assert!(server.wait_for("ivo@other.example", "request to join").text().contains("cannot let you in"));
    // A member who asks is told in their mailbox alone.
    ask("ines@lamps.example");
    server.wait_for("ines@lamps.example", "member already");
}

#[test]
fn a_new_address_counts_once_it_is_confirmed() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let wrong = [("email", "ann@new.example"), ("current_password", "not-my-password-1")];
    ann.post("/settings/email", &wrong).expect(422);
    ann.post("/settings/email", &[("email", "ann@new.example"), ("current_password", PASSWORD)]).expect(303);
    let link = server.wait_for("ann@new.example", "confirm").link("/confirm/");
    server.wait_for(&ann.email, "new address was asked for");
    let visitor = hall.visitor();
    visitor.get(&link).expect(200);
    assert!(lets_in(&hall.visitor(), &ann.email, PASSWORD));
    visitor.post(&link, &[]).expect(303);
    assert!(!lets_in(&hall.visitor(), &ann.email, PASSWORD));
    assert!(lets_in(&hall.visitor(), "ann@new.example", PASSWORD));
    visitor.post(&link, &[]).expect(404);
    ann.get("/").expect(303);
    server.wait_for(&ann.email, "address was changed");
    // An address that somebody has is answered alike, and nothing leaves for it.
    let fields = [("email", "ann@new.example"), ("current_password", PASSWORD)];
    bo.post("/settings/email", &fields).expect(303);
    server.wait_for(&bo.email, "new address was asked for");
    assert!(
        server.to("ann@new.example").iter().filter(|mail| mail.subject().contains("confirm")).count() == 1
    );
}

#[test]
fn links_are_of_the_configured_url_whatever_the_host_header_says() {
    let server = SmtpServer::start();
    let hall = Hall::with(&[
        ("PEERHALL_SMTP_URL", &server.url("smtp", "&tls=off")),
        ("PEERHALL_PUBLIC_URL", "https://help.lamps.example"),
    ]);
    let email = address("Ann");
    hall.add_member("Ann", &[]);
    let exchange = |method: &str, headers: &[(&str, &str)], body: &str| {
        let request = raw::request(method, "/reset/new", headers, body.as_bytes());
        let request = String::from_utf8(request).unwrap().replace("Host: localhost", "Host: evil.example");
        raw::exchange(hall.address, request.as_bytes())
    };
    let page = exchange("GET", &[], "");
    let token =
        page.text().split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let cookie = page.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let body = format!("csrf={token}&email={}", email.replace('@', "%40"));
    let headers = [
        ("Cookie", cookie.as_str()),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("X-Forwarded-Host", "evil.example"),
    ];
    let answer = exchange("POST", &headers, &body);
    assert_eq!(answer.status, 200, "{}", answer.shown());
    let mail = server.wait_for(&email, "new password");
    assert!(mail.text().contains("https://help.lamps.example/reset/"), "{}", mail.text());
    assert!(!String::from_utf8_lossy(&mail.raw).contains("evil"));
}

#[test]
fn a_new_browser_is_told_of_and_a_known_one_is_not() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let ann = hall.member("Ann");
    ann.get("/").expect(200);
    let signs = || server.to(&ann.email).iter().filter(|mail| mail.subject().contains("sign-in")).count();
    // The first sign-in ever is no news; the same browser again neither.
    ann.post("/sign-out", &[]).expect(303);
    assert!(lets_in(&ann, &ann.email, PASSWORD));
    let stranger = hall.visitor();
    assert!(lets_in(&stranger, &ann.email, PASSWORD));
    eventually("it is told", || (signs() == 1).then_some(()));
    ann.post("/settings/tokens", &[("name", "My script")]).expect(200);
    assert!(server.wait_for(&ann.email, "API token").text().contains("My script"));
    assert_eq!(signs(), 1);
}

#[test]
fn fifty_who_redeem_one_invitation_at_once_make_one_member() {
    let hall = Hall::start();
    let link = hall.said(&["invite", "create"], "");
    let path = format!("/join/{}", link.rsplit('/').next().unwrap());
    let hall = Arc::new(hall);
    let threads: Vec<_> = (0..50)
        .map(|n| {
            let (hall, path) = (hall.clone(), path.clone());
            std::thread::spawn(move || {
                let (name, email) = (format!("Joiner {n}"), format!("joiner{n}@example.org"));
                let fields = [("name", name.as_str()), ("email", email.as_str()), ("password", FRESH)];
                hall.visitor().post(&path, &fields).status
            })
        })
        .collect();
    let answers: Vec<u16> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| matches!(status, 303 | 404 | 503)), "{answers:?}");
}

#[test]
fn fifty_who_take_one_address_at_once_make_one_member() {
    let hall = Hall::start();
    let link = hall.said(&["invite", "create", "--uses", "50"], "");
    let path = format!("/join/{}", link.rsplit('/').next().unwrap());
    let hall = Arc::new(hall);
    let threads: Vec<_> = (0..50)
        .map(|n| {
            let (hall, path) = (hall.clone(), path.clone());
            std::thread::spawn(move || {
                let name = format!("Joiner {n}");
                let fields = [("name", name.as_str()), ("email", "one@example.org"), ("password", FRESH)];
                hall.visitor().post(&path, &fields).status
            })
        })
        .collect();
    let answers: Vec<u16> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| matches!(status, 303 | 422 | 503)), "{answers:?}");
}

#[test]
fn asking_again_and_again_fills_nobodys_mailbox() {
    let server = SmtpServer::start();
    let hall =
        Hall::with(&[("PEERHALL_SMTP_URL", &server.url("smtp", "&tls=off")), ("PEERHALL_LIMITS", "on")]);
    let admin = hall.member_as("admin", "Root");
    let email = address("Ann");
    hall.add_member("Ann", &[]);
    let mut refused = false;
    for _ in 0..25 {
        let answer = hall.visitor().post("/reset/new", &[("email", &email)]);
        refused |= answer.status == 429;
    }
    assert!(refused, "one client may not ask for ever");
    server.wait_for(&email, "new password");
    eventually("all requests are dealt with", || {
        hall.read(|c| {
            use diesel::prelude::*;
            peerhall::db::schema::address_requests::table.count().get_result::<i64>(c)
        })
        .eq(&0)
        .then_some(())
    });
    let resets = outbox(&admin).iter().filter(|mail| mail["kind"] == "reset").count();
    assert!(resets <= 4, "{resets} letters");
}

#[test]
fn an_owner_gets_in_although_others_guess() {
    let server = SmtpServer::start();
    server.set(Manners::Takes);
    let hall = Hall::with(&[
        ("PEERHALL_SMTP_URL", &server.url("smtp", "&tls=off")),
        ("PEERHALL_LIMITS", "on"),
        ("PEERHALL_TRUSTED_PROXIES", "127.0.0.1"),
    ]);
    let ann = hall.member("Ann");
    ann.get("/").expect(200);
    ann.post("/sign-out", &[]).expect(303);
    // A hundred guesses from a dozen other clients.
    for n in 0..120 {
        let visitor = hall.visitor();
        let from = format!("192.0.2.{}", n % 12);
        let token = visitor.form_token();
        let body = format!("csrf={token}&email={}&password=guess-number-{n}", ann.email.replace('@', "%40"));
        let origin = format!("http://{}", hall.address);
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", origin.as_str()),
            ("x-forwarded-for", from.as_str()),
        ];
        visitor.request("POST", "/sign-in", &headers, body.into_bytes());
    }
    assert!(!lets_in(&hall.visitor(), &ann.email, PASSWORD), "a stranger's browser waits");
    assert!(lets_in(&ann, &ann.email, PASSWORD), "a browser known to be the owner's does not");
    hall.visitor().post("/reset/new", &[("email", &ann.email)]).expect(200);
    server.wait_for(&ann.email, "new password");
}

#[test]
fn an_invitation_for_an_address_is_sent_there() {
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let admin = hall.member_as("admin", "Root");
    admin
        .post("/admin/invitations", &[("email", "new@lamps.example"), ("uses", "1"), ("expires_days", "7")])
        .expect(200);
    let mail = server.wait_for("new@lamps.example", "invited");
    assert!(mail.text().contains("Root invites you"), "{}", mail.text());
    hall.visitor().get(&mail.link("/join/")).expect(200);
    hall.clock.advance(8 * DAY);
    hall.visitor().get(&mail.link("/join/")).expect(404);
}
