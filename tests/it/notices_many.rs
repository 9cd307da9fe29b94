//! Many who are to be told of one event: told in pieces, each once, and nobody waits for it.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use peerhall::db::schema::{members, notices, outbox, subscriptions, tags};
use peerhall::db::{Conn, Db, Error, On, Sizes};
use serde_json::json;

use crate::closed_space::made;
use crate::harness::load::{Round, Shape, drive};
use crate::harness::{Kind, Place, Process, eventually, kind};
use crate::speed::{seconds, tell};

/// Makes so many members who follow a tag and want e-mails at once.
fn followers(db: &Db, count: i64, tag: &'static str) {
    // From now on: what was asked before is told to none of them.
    let since = peerhall::clock::Clock::default().now();
    for piece in (0..count).step_by(500) {
        db.write_now(On::Nothing, move |c| {
            let tag: i64 = tags::table.filter(tags::name.eq(tag)).select(tags::id).first(c)?;
            for n in piece..(piece + 500).min(count) {
                let email = format!("follower{n}@lamps.example");
                let id: i64 = diesel::insert_into(members::table)
                    .values((
                        (
                            members::kind.eq("person"),
                            members::role.eq("customer"),
                            members::handle.eq(format!("follower{n}")),
                            members::handle_key.eq(format!("follower{n}")),
                            members::name.eq(format!("Follower {n}")),
                            members::name_key.eq(format!("follower {n}")),
                            members::email.eq(&email),
                            members::email_key.eq(&email),
                        ),
                        (
                            members::about.eq(""),
                            members::locale.eq("en"),
                            members::time_zone.eq("UTC"),
                            members::state.eq("active"),
                            members::reputation.eq(0),
                            members::origin.eq("live"),
                            members::created_at.eq(0),
                        ),
                    ))
                    .returning(members::id)
                    .get_result(c)?;
                diesel::insert_into(subscriptions::table)
                    .values((
                        subscriptions::member_id.eq(id),
                        subscriptions::scope.eq("tag"),
                        subscriptions::subject_id.eq(tag),
                        subscriptions::level.eq("now"),
                        subscriptions::since.eq(since),
                    ))
                    .execute(c)?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    }
}

fn question(title: &str) -> serde_json::Value {
    json!({"space": "general", "title": title, "body": "It flickers from ten to three, every night.", "tags": ["lamps"]})
}

/// (notices of new questions, their e-mails)
fn told(c: &mut Conn) -> QueryResult<(i64, i64)> {
    let notices = notices::table.filter(notices::kind.eq("question")).count().get_result(c)?;
    Ok((notices, outbox::table.filter(outbox::kind.eq("question")).count().get_result(c)?))
}

struct Scene {
    place: Place,
    server: Process,
    db: Db,
    token: String,
    first: i64,
}

impl Scene {
    fn prepare(count: i64) -> Scene {
        let place = Place::new(&[]);
        place.add_member("Asker", &[]);
        let token = place.token("Asker");
        let server = Process::start_as(&place, &["bench", "serve"]);
        let first =
            made(server.api(&token).post("/questions", &question("Which lamp is the first of all lamps?")));
        let db = Db::open(place.database().url(), Sizes { readers: 1, writers: 1, queue: 8 }).unwrap();
        followers(&db, count, "lamps");
        Scene { place, server, db, token, first }
    }

    fn told(&self) -> (i64, i64) {
        self.db.read_now(|c| Ok::<_, Error>(told(c)?)).unwrap()
    }

    fn ask(&self) {
        made(
            self.server
                .api(&self.token)
                .post("/questions", &question("Why does the lantern flicker at night?")),
        );
    }
}

#[test]
fn hundreds_who_follow_a_tag_are_told_once_each_although_it_is_killed_in_between() {
    let count = 450;
    let mut scene = Scene::prepare(count);
    scene.ask();
    eventually("the first pieces", || (scene.told().0 >= 100).then_some(()));
    scene.server.kill();
    scene.server = Process::start(&scene.place);
    eventually("all of them", || (scene.told() == (count, count)).then_some(()));
    scene.place.said(&["check"], "");
}

#[test]
#[ignore = "takes minutes: run by ./prove notices"]
fn proof_of_many_notices() {
    let count = 10_000;
    let scene = Scene::prepare(count);
    let system = if kind() == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    println!("row: ");
    println!(
        "row: {system} | connections | req/s | p50 ms | p99 ms | server CPU s / 1,000 | generator's | bytes"
    );
    println!("row: --- | ---: | ---: | ---: | ---: | ---: | ---: | ---:");
    let time = seconds("SPEED_SECONDS", 4);
    for (what, status) in [("list of questions", 200), ("answers posted", 201)] {
        let quiet = scene.round(what, time);
        tell(&format!("{what}, nothing else"), 4, &quiet, status);
        let before = scene.told().0;
        let begun = Instant::now();
        scene.ask();
        let busy = scene.round(what, time);
        let during = scene.told().0 - before;
        tell(&format!("{what}, while {during} of {count} are told"), 4, &busy, status);
        eventually("all of them", || (scene.told().0 == before + count).then_some(()));
        println!(
            "figure: {system}, {what}: {count} notices and e-mails written in {:.1} s",
            begun.elapsed().as_secs_f64()
        );
    }
    scene.place.said(&["check"], "");
}

impl Scene {
    /// Four connections that read a question, or post answers to it, at a bounded pace.
    fn round(&self, what: &str, time: Duration) -> Round {
        let shape = Shape { connections: 4, warm: Duration::ZERO, time };
        let (token, first) = (self.token.clone(), self.first);
        let request = move |connection: usize, nth: u64| -> Vec<u8> {
            let head = format!("Host: localhost\r\nAuthorization: Bearer {token}\r\n");
            if what == "answers posted" {
                let body =
                    json!({ "body": format!("Tighten screw {nth} of connection {connection}, then wait.") });
                let body = body.to_string();
                let length = body.len();
                format!("POST /api/v1/questions/{first}/answers HTTP/1.1\r\n{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
            } else {
                format!("GET /api/v1/questions?limit=20 HTTP/1.1\r\n{head}\r\n").into_bytes()
            }
        };
        drive(self.server.address, self.server.id(), shape, &request)
    }
}
