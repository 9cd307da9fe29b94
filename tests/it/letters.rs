//! Every e-mail the hall writes, as its reader gets it: made by real acts, compared with how it read when it was last looked
//! at, in `tests/letters`.
//!
//! `PEERHALL_LETTERS=new` writes those files anew; `PEERHALL_LETTERS_SHOWN=FOLDER` keeps the HTML parts for a browser.

use std::path::{Path, PathBuf};

use peerhall::clock::{DAY, HOUR};
use peerhall::db::{Error, On};
use peerhall::reputation::figures::{self, Figures};
use serde_json::json;

use crate::closed_space::made;
use crate::harness::{Hall, Member, SmtpServer, Taken, eventually};
use crate::patterns::{BURST, decide, found};
use crate::threads::{answer, ask};

const FRESH: &str = "another-quiet-harbour-7";

/// Letters that were looked at, and those that read otherwise now.
struct Album {
    folder: PathBuf,
    /// The hall's, which is another each time.
    address: String,
    anew: bool,
    shown: Option<PathBuf>,
    differing: Vec<String>,
    count: usize,
}

impl Album {
    fn open(hall: &Hall) -> Album {
        let shown = std::env::var_os("PEERHALL_LETTERS_SHOWN").map(PathBuf::from);
        if let Some(shown) = &shown {
            std::fs::create_dir_all(shown).unwrap();
        }
        Album {
            folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("letters"),
            address: hall.address.to_string(),
            anew: std::env::var("PEERHALL_LETTERS").is_ok_and(|how| how == "new"),
            shown,
            differing: Vec::new(),
            count: 0,
        }
    }

    fn keep(&mut self, name: &str, mail: &Taken) {
        self.count += 1;
        if let Some(shown) = &self.shown {
            std::fs::write(shown.join(format!("{name}.html")), mail.html()).unwrap();
        }
        let mut text = String::new();
        let fields = [
            "From",
            "To",
            "Subject",
            "Reply-To",
            "In-Reply-To",
            "Auto-Submitted",
            "List-Id",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
        ];
        for field in fields {
            let said = if field == "Subject" { Some(mail.subject()) } else { mail.header(field) };
            if let Some(said) = said {
                text.push_str(&format!("{field}: {said}\n"));
            }
        }
        text.push_str(&format!("\n{}\n", mail.text().trim_end()));
        for (kind, is) in
            [("txt", steady(&text, &self.address)), ("html", steady(&mail.html(), &self.address))]
        {
            let file = self.folder.join(format!("{name}.{kind}"));
            if self.anew {
                std::fs::write(&file, &is).unwrap();
            }
            let was = std::fs::read_to_string(&file).unwrap_or_default();
            if was != is {
                let line = was.lines().zip(is.lines()).find(|(was, is)| was != is);
                let (was, is) = line.unwrap_or(("(another length)", ""));
                self.differing.push(format!("{}\n  was: {was}\n  is:  {is}", file.display()));
            }
        }
    }
}

/// What differs each time put aside: tokens, ids, moments.
fn steady(text: &str, address: &str) -> String {
    let mut out = String::new();
    let mut rest =
        text.replace("\r\n", "\n").replace(&format!("http://{address}"), "https://hall.lamps.example");
    let token = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let digit = |c: char| c.is_ascii_digit();
    type Is = fn(char) -> bool;
    let marks: [(&str, &str, Is); 10] = [
        ("/people/", "N", digit),
        ("/unsubscribe/", "TOKEN", token),
        ("/reset/", "TOKEN", token),
        ("/confirm/", "TOKEN", token),
        ("/join/", "TOKEN", token),
        ("/questions/", "N", digit),
        ("hall+r", "TAG", token),
        ("<question.", "N", digit),
        ("#answer-", "N", digit),
        ("#comment-", "N", digit),
    ];
    while !rest.is_empty() {
        let next = marks.iter().filter_map(|mark| Some((rest.find(mark.0)?, mark))).min_by_key(|(at, _)| *at);
        let Some((at, (mark, name, is))) = next else { break };
        let end = at + mark.len();
        out.push_str(&rest[..end]);
        let after: String = rest[end..].chars().take_while(|c| is(*c)).collect();
        // `/reset/new` is a page.
        out.push_str(if after == "new" { "new" } else { name });
        rest = rest[end + after.len()..].to_owned();
    }
    out.push_str(&rest);
    let months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    for month in months {
        for (before, after) in [("Your ", " as a guru"), ("for others in ", ", as a guru")] {
            out = out.replace(&format!("{before}{month}{after}"), &format!("{before}MONTH{after}"));
        }
    }
    moments(&out)
}

/// `2026-11-26, 10:20 UTC` as `DAY, TIME UTC`, and In-Reply-To of strangers as it is.
fn moments(text: &str) -> String {
    let like = |bytes: &[u8]| {
        bytes.iter().zip(b"0000-00-00, 00:00 UTC").all(|(is, like)| match like {
            b'0' => is.is_ascii_digit(),
            like => is == like,
        })
    };
    let mut out = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let piece = &bytes[at..bytes.len().min(at + 21)];
        if piece.len() == 21 && like(piece) {
            out.extend_from_slice(b"DAY, TIME UTC");
            at += 21;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap()
}

/// The e-mail to somebody whose text has these words.
#[track_caller]
fn wait(server: &SmtpServer, to: &str, words: &str) -> Taken {
    eventually(&format!("an e-mail to {to} that says {words:?}"), || {
        // Lines are broken where they are long.
        let said = |mail: &Taken| mail.text().split_whitespace().collect::<Vec<_>>().join(" ");
        server.to(to).into_iter().find(|mail| said(mail).contains(words))
    })
}

/// Waits until the server has seen how far the clock was put forward: it looks twice a second.
#[track_caller]
fn clock_is_seen(hall: &Hall, by: &Member<'_>, question: i64) {
    use diesel::prelude::*;
    use peerhall::db::schema::follows;
    let (id, now) = (by.id, hall.clock.now());
    eventually("the server's clock", || {
        by.api().put(&format!("/questions/{question}/follow"), &json!({})).expect(204);
        let since: i64 =
            hall.read(move |c| follows::table.find((question, id)).select(follows::since).first(c));
        by.api().delete(&format!("/questions/{question}/follow")).expect(204);
        (since >= now).then_some(())
    });
}

fn comment(member: &Member<'_>, post: i64, body: &str) -> i64 {
    made(member.api().post(&format!("/posts/{post}/comments"), &json!({ "body": body })))
}

fn receive(hall: &Hall, from: &str, to: &str, id: &str, subject: &str, body: &str) {
    let message = format!(
        "Return-Path: <{from}>\r\nFrom: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{id}@mail.example.org>\
         \r\n\r\n{body}\r\n"
    );
    hall.said(&["receive-mail"], &message);
}

const WORDS: &str = "Tighten the **second** screw, then wait a minute:\n\n1. the cover off\n2. a quarter turn, *not more*\n\n\
                     ```\nlampctl --tighten 2\n```\n\nSee [the manual](https://lamps.example/manual) if it still flickers.";

#[test]
fn every_e_mail_reads_as_it_did_when_it_was_looked_at() {
    let server = SmtpServer::start();
    let hall = Hall::with(&[
        ("PEERHALL_SMTP_URL", &server.url("smtp", "&tls=off")),
        ("PEERHALL_MAIL_FROM", "hall@lamps.example"),
    ]);
    let mut album = Album::open(&hall);
    about_threads(&hall, &server, &mut album);
    about_accounts(&hall, &server, &mut album);
    about_gurus(&hall, &server, &mut album);
    let differing = album.differing.join("\n");
    assert!(
        differing.is_empty(),
        "These letters read otherwise; PEERHALL_LETTERS=new keeps them:\n{differing}"
    );
    let kept = std::fs::read_dir(&album.folder).unwrap().count();
    assert_eq!(kept, 2 * album.count, "a letter in tests/letters is of none that is sent");
}

fn about_threads(hall: &Hall, server: &SmtpServer, album: &mut Album) {
    let (ann, bo, cy) = (hall.member("Ann Asks"), hall.member("Bo Berg"), hall.member("Cy Clef"));
    let dee = hall.member_with("Dee", &["--handle", "dee"]);
    let moderator = hall.member_as("moderator", "Mo");
    ask(&bo, "Is this the hall of lamps?", &["lamps"]);
    // It carries addresses to answer to once an e-mail came in.
    receive(hall, "stranger@example.org", "hall@lamps.example", "first", "x", "y");
    cy.post("/tags/lamps/follow", &[("level", "now")]).expect(303);
    dee.post("/spaces/general/follow", &[("level", "now")]).expect(303);
    for member in [&ann, &bo, &cy, &dee] {
        let all = json!({ "badge": "now", "changed": "now", "followed": "now", "comment": "now", "accepted": "now", "reminder": "now", "digest": "off" });
        member.api().put("/me/notifications", &all).expect(200);
    }
    bo.post("/search/save", &[("q", "harbour")]).expect(303);
    let page = bo.get("/search").expect(200).text().to_owned();
    let saved = page.split("action=\"/search/saved/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    bo.post(&format!("/search/saved/{saved}"), &[("level", "now")]).expect(303);

    let question = ask(&ann, "Why does the lantern <flicker> at night & not by day?", &["lamps", "harbour"]);
    album.keep("asked-in-tag", &wait(server, &cy.email, "Ann Asks asked"));
    album.keep("asked-in-space", &wait(server, &dee.email, "Ann Asks asked"));
    cy.api().put(&format!("/questions/{question}/follow"), &json!({})).expect(204);
    let reply = answer(&bo, question, WORDS);
    album.keep("answered-yours", &wait(server, &ann.email, "Bo Berg answered"));
    album.keep("answered-followed", &wait(server, &cy.email, "Bo Berg answered"));
    comment(&ann, reply, "Which one is the second, seen from the door?");
    album.keep("commented-on-yours", &wait(server, &bo.email, "Ann Asks commented"));
    album.keep("commented-in-followed", &wait(server, &cy.email, "Ann Asks commented"));
    comment(&bo, question, "Perhaps @dee knows what is different by day.");
    album.keep("mentioned", &wait(server, &dee.email, "mentioned you"));
    album.keep("commented-on-question", &wait(server, &ann.email, "Bo Berg commented"));
    ann.api().put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": reply })).expect(204);
    album.keep("accepted-yours", &wait(server, &bo.email, "accepted your answer. That"));
    album.keep("accepted-in-followed", &wait(server, &cy.email, "accepted"));
    album.keep("badge", &wait(server, &bo.email, "You earned the badge"));
    let staff = hall.member_as("staff", "Stella");
    staff.api().put(&format!("/answers/{reply}/endorsed"), &json!({})).expect(204);
    album.keep("endorsed-yours", &wait(server, &bo.email, "endorsed your answer"));
    staff.api().delete(&format!("/answers/{reply}/endorsed")).expect(204);
    about_power(hall, server, album, (&dee, &bo, reply), &moderator);
    let edit = json!({ "body": WORDS.replace("a minute", "two minutes"), "version": 1, "reason": "longer" });
    moderator.api().patch(&format!("/answers/{reply}"), &edit).expect(200);
    album.keep("edited", &wait(server, &bo.email, "edited what you wrote"));
    let suggest = |words: &str, version: i64| {
        let body = WORDS.replace("a minute", words);
        let edit = json!({ "body": body, "version": version, "reason": "it cools slowly" });
        let sent = cy.api().patch(&format!("/answers/{reply}"), &edit).expect(202);
        format!("/suggestions/{}/decision", sent.json()["suggestion_id"])
    };
    let decision = suggest("an hour", 2);
    album.keep("edit-suggested", &wait(server, &bo.email, "suggested an edit"));
    bo.post(&decision, &[("decision", "reject"), ("verdict", "wrong"), ("words", "An hour is too long.")])
        .expect(303);
    album.keep("edit-rejected", &wait(server, &cy.email, "did not take"));
    bo.api().post(&suggest("five minutes", 2), &json!({ "decision": "approve", "version": 2 })).expect(204);
    album.keep("edit-approved", &wait(server, &cy.email, "approved the edit"));
    let improved = suggest("ten minutes", 3);
    let body = WORDS.replace("a minute", "some ten minutes");
    bo.post(&improved, &[("decision", "approve"), ("version", "3"), ("body", &body)]).expect(303);
    album.keep("edit-improved", &wait(server, &cy.email, "changed something of it"));
    about_removal(server, album, (&dee, question), &moderator);
    moderator.post(&format!("/questions/{question}/close"), &[("reason", "It is solved.")]).expect(303);
    album.keep("closed", &wait(server, &ann.email, "closed the question"));
    let told = wait(server, &dee.email, "Ann Asks asked").header("Reply-To").unwrap();
    receive(hall, &dee.email, &told, "closed", "Re: x", "I had the same, and the second screw it was.");
    album.keep("received-refused", &wait(server, &dee.email, "could not be posted"));
    moderator.post(&format!("/questions/{question}/reopen"), &[]).expect(303);
    album.keep("reopened", &wait(server, &ann.email, "opened the question again"));
    moderator.api().delete(&format!("/posts/{reply}")).expect(204);
    album.keep("removed", &wait(server, &bo.email, "removed what you wrote"));

    // What is said to those who write by e-mail.
    let space = "hall+s-general@lamps.example";
    receive(
        hall,
        &ann.email,
        space,
        "asks",
        "[harbour] Who tends the harbour light?",
        "It went out at three.\n\nAnn",
    );
    let asked = wait(server, &ann.email, "Your question is asked");
    album.keep("received-asked", &asked);
    receive(hall, &ann.email, space, "short", "Hm", "?");
    album.keep("received-unfit", &wait(server, &ann.email, "could not be posted"));
    let told = wait(server, &cy.email, "Bo Berg answered").header("Reply-To").unwrap();
    receive(hall, &cy.email, &told, "late", "Re: x", "I had the same, and the second screw it was.");
    album.keep("received-gone", &wait(server, &cy.email, "could not be posted"));

    ask(&ann, "Why is nobody at the harbour today?", &["harbour"]);
    eventually("it is found", || {
        let found = bo.api().get("/search?q=today").json();
        (found["total"] == 1).then_some(())
    });
    let waiting = ask(&ann, "How long does a wick of cotton last?", &["wicks", "lamps"]);
    let wick = answer(&bo, waiting, "About forty hours, if it is trimmed every evening.");
    wait(server, &ann.email, "About forty hours");
    let found = eventually("the saved search", || {
        hall.clock.advance(HOUR / 4);
        server
            .to(&bo.email)
            .into_iter()
            .find(|mail| mail.subject().contains("harbour") && mail.text().contains("today"))
    });
    album.keep("saved-search", &found);
    for (name, words) in
        [("reminder-unanswered", "nobody at the harbour"), ("reminder-verdict", "wick of cotton")]
    {
        let mail = eventually(name, || {
            hall.clock.advance(DAY / 4);
            server.to(&ann.email).into_iter().find(|mail| {
                mail.subject().contains(words) && !mail.text().contains("answered your question:")
            })
        });
        album.keep(name, &mail);
    }
    clock_is_seen(hall, &dee, question);
    cy.api().put("/me/notifications", &json!({ "followed": "inbox" })).expect(200);
    ask(&ann, "Which oil smokes least in a ship's lamp?", &["lamps"]);
    answer(&dee, question, "In mine it was the glass: a crack lets the draught in at night.");
    bo.api().put(&format!("/posts/{waiting}/vote"), &json!({ "value": 1 })).expect(200);
    ann.api().put(&format!("/questions/{waiting}/accepted"), &json!({ "answer_id": wick })).expect(204);
    eventually("Cy's notice", || {
        let newest = cy.api().get("/inbox").expect(200).json()["items"][0]["reason"] == "follow";
        (newest && cy.api().get("/inbox?unread=1").json()["unread"].as_i64() > Some(0)).then_some(())
    });
    wait(server, &ann.email, "a crack lets the draught in");
    // Only now: the morning may be over already, and then it is sent at once.
    cy.api().put("/me/notifications", &json!({ "digest": "daily" })).expect(200);
    let digest = eventually("a digest", || {
        hall.clock.advance(DAY / 8);
        server.to(&cy.email).into_iter().find(|mail| mail.subject().contains("what is new for you"))
    });
    album.keep("digest", &digest);
}

/// A privilege is taken and given back, votes are annulled and count again.
fn about_power(
    hall: &Hall,
    server: &SmtpServer,
    album: &mut Album,
    (voter, author, post): (&Member<'_>, &Member<'_>, i64),
    moderator: &Member<'_>,
) {
    let path = format!("/people/{}/privileges", voter.id);
    let taking =
        [("privilege", "vote-down"), ("reason", "Votes down by the dozen."), ("until", "2100-01-01")];
    moderator.post(&path, &taking).expect(303);
    album.keep("privilege-taken", &wait(server, &voter.email, "took a privilege from you"));
    moderator.post(&format!("{path}/give-back"), &[("privilege", "vote-down")]).expect(303);
    album.keep("privilege-back", &wait(server, &voter.email, "gave a privilege back to you"));
    let now = hall.clock.now();
    hall.db()
        .write_now(On::Named("settings", 0), move |c| {
            let figures = Figures { burst_votes: 1, ..Figures::default() };
            Ok::<_, Error>(figures::set(c, &figures, None, now)?)
        })
        .unwrap();
    voter.api().put(&format!("/posts/{post}/vote"), &json!({ "value": 1 })).expect(200);
    let id = found(moderator, BURST).id;
    for (name, decision, [to_voter, to_author]) in [
        ("votes-annulled", "annul", ["annulled votes of yours", "annulled votes on posts of yours"]),
        (
            "votes-reinstated",
            "undo",
            ["undid the annulment", "undid the annulment of votes on posts of yours"],
        ),
    ] {
        decide(moderator, id, decision, "It was the first of a series.").expect(303);
        album.keep(name, &wait(server, &voter.email, to_voter));
        album.keep(&format!("{name}-on"), &wait(server, &author.email, to_author));
    }
}

/// Answers are removed for what costs their author.
fn about_removal(
    server: &SmtpServer,
    album: &mut Album,
    (author, question): (&Member<'_>, i64),
    moderator: &Member<'_>,
) {
    for (why, words) in [
        ("spam", "Cheap lamps, cheap wicks, this week only."),
        ("abuse", "Only a fool would ask this of a lamp."),
    ] {
        let post = answer(author, question, words);
        moderator.api().post(&format!("/posts/{post}/remove"), &json!({ "why": why })).expect(204);
        album.keep(
            &format!("removed-{why}"),
            &wait(server, &author.email, &format!("removed a post of yours as {why}")),
        );
    }
}

fn about_accounts(hall: &Hall, server: &SmtpServer, album: &mut Album) {
    let admin = hall.member_as("admin", "Root");
    let eve = hall.member("Eve Eder");
    eve.get("/").expect(200);
    hall.visitor().post("/reset/new", &[("email", &eve.email)]).expect(200);
    let reset = server.wait_for(&eve.email, "new password");
    album.keep("reset", &reset);
    let visitor = hall.visitor();
    visitor.post(&reset.link("/reset/"), &[("password", FRESH)]).expect(303);
    album.keep("password-changed", &wait(server, &eve.email, "was changed on"));
    let eve_in = hall.visitor();
    let sign_in = |browser: &crate::harness::Visitor, password: &str| {
        browser.post("/sign-in", &[("email", eve.email.as_str()), ("password", password)]).expect(303);
    };
    sign_in(&eve_in, FRESH);
    album.keep("signed-in", &wait(server, &eve.email, "not seen before"));
    eve_in.post("/settings/tokens", &[("name", "My script")]).expect(200);
    album.keep("token-made", &wait(server, &eve.email, "API token"));
    let fields = [("email", "eve@new.example"), ("current_password", FRESH)];
    eve_in.post("/settings/email", &fields).expect(303);
    album.keep("address-asked", &wait(server, &eve.email, "eve@new.example to become"));
    let confirm = wait(server, "eve@new.example", "/confirm/");
    album.keep("confirm", &confirm);
    eve_in.post(&confirm.link("/confirm/"), &[]).expect(303);
    album.keep("address-changed", &wait(server, &eve.email, "you sign in with"));

    hall.visitor().post("/request", &[("name", "Eve"), ("email", "eve@new.example")]).expect(200);
    album.keep("already", &wait(server, "eve@new.example", "already"));
    let decide = |email: &str, decision: &str| {
        hall.visitor().post("/request", &[("name", "Ines Ilm"), ("email", email)]).expect(200);
        let page = eventually("it waits", || {
            let page = admin.get("/admin/requests").expect(200).text().to_owned();
            page.contains(email).then_some(page)
        });
        let id = page.split("formaction=\"/admin/requests/").nth(1).unwrap().split('"').next().unwrap();
        admin.post(&format!("/admin/requests/{id}"), &[("decision", decision)]).expect(303);
    };
    decide("ines@other.example", "approve");
    album.keep("invitation", &wait(server, "ines@other.example", "/join/"));
    decide("ivo@other.example", "decline");
    album.keep("declined", &eventually("declined", || server.to("ivo@other.example").into_iter().next()));
}

fn about_gurus(hall: &Hall, server: &SmtpServer, album: &mut Album) {
    let (gil, hal) = (hall.member("Gil Grey"), hall.member_with("Hal Hart", &["--handle", "hal"]));
    let moderator = hall.member_as("moderator", "Mona");
    let win = || {
        for n in 0..5 {
            let question = ask(&gil, &format!("Why does buoy number {n} not ring?"), &["buoys"]);
            let reply = answer(&hal, question, "Its clapper is stuck: free it with a drop of oil.");
            gil.api()
                .put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": reply }))
                .expect(204);
        }
    };
    win();
    album.keep("guru-invited", &wait(server, &hal.email, "you are invited to be a guru"));
    hal.api().put("/me/guru/buoys", &json!({ "state": "active" })).expect(200);
    let given = [("who", "hal"), ("reason", "Knows every bell on this coast.")];
    ask(&gil, "Which bell is heard farthest at sea?", &["bells"]);
    moderator.post("/tags/bells/gurus", &given).expect(303);
    album.keep("guru-appointed", &wait(server, &hal.email, "would like you to be a guru"));
    moderator
        .post(&format!("/tags/bells/gurus/{}/dismiss", hal.id), &[("reason", "Asked me to.")])
        .expect(303);
    album.keep("guru-dismissed", &wait(server, &hal.email, "ended your standing"));
    hall.said(&["guru", "appoint", "--email", &hal.email, "--tag", "ropes"], "");
    album.keep("guru-given", &wait(server, &hal.email, "You are a guru in ropes now"));
    let rope = ask(&gil, "Which rope is for a buoy of this size?", &["ropes"]);
    moderator.api().put("/me/notifications", &json!({ "hand_over": "now" })).expect(200);
    let why = json!({ "reason": "It depends on its weight, which only you know." });
    hal.api().post(&format!("/questions/{rope}/hand-over"), &why).expect(204);
    album.keep("handed-over", &wait(server, &moderator.email, "handed a question over"));
    ask(&gil, "How is a rope of hemp kept from rotting?", &["ropes"]);
    let month = eventually("the month", || {
        hall.clock.advance(DAY / 2);
        server.to(&hal.email).into_iter().find(|mail| mail.text().contains("What needs you now"))
    });
    album.keep("guru-month", &month);
    hall.clock.advance(366 * DAY);
    album.keep("guru-lapsing", &wait(server, &hal.email, "Nothing has changed yet"));
    hall.clock.advance(31 * DAY);
    album.keep("guru-ended", &wait(server, &hal.email, "was not met for a month"));
}
