//! `./prove speed`: what pages and acts cost on the imported Thunderbird threads, as a process of its own, over HTTP.
//!
//! Prints rows of a table; asserts only that every answer was a good one, never how long it took.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use peerhall::db::schema::{posts, question_tags, questions, tags};
use peerhall::db::{Db, Error, Sizes};
use serde_json::json;

use crate::harness::load::{Round, Shape, drive, resident};
use crate::harness::{Kind, PASSWORD, Place, Process, Visitor, address, kind};

/// People who read; connections share them.
const VIEWERS: usize = 16;
/// Threads of ten answers that are read.
const READ: usize = 100;
/// Threads that are written to.
const WRITTEN: i64 = 1_000;

#[test]
#[ignore = "takes minutes and the shared data: run by ./prove speed"]
fn proof_of_speed() {
    let data =
        std::env::var_os("PEERHALL_SHARED_DATA").expect("PEERHALL_SHARED_DATA names the data's folder");
    let place = Place::new(&[]);
    import(&place, Path::new(&data));
    let system = if kind() == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    let begun = Instant::now();
    let server = Process::start_as(&place, &["bench", "serve"]);
    server.visitor().get("/healthz").expect(200);
    let start = begun.elapsed();
    let idle = resident(server.id());
    let scene = Scene::prepare(&place, &server, "Viewer");
    println!("row: ");
    println!(
        "row: {system} | connections | req/s | p50 ms | p99 ms | server CPU s / 1,000 | generator's | bytes"
    );
    println!("row: --- | ---: | ---: | ---: | ---: | ---: | ---: | ---:");
    let mut bench = Bench { server: &server, time: seconds("SPEED_SECONDS", 4) };
    let only = std::env::var("SPEED_ONLY").unwrap_or_default();
    for (what, requests) in scene.reads().into_iter().filter(|(what, _)| what.contains(&only)) {
        bench.rounds(&what, &requests);
    }
    let reading = resident(server.id());
    if "post an answer".contains(&only) {
        bench.acts("post an answer", &|connection, nth| scene.answer(connection, nth));
    }
    if "vote".contains(&only) {
        bench.acts("vote", &|connection, nth| scene.vote(connection, nth));
    }
    if "sign in".contains(&only) {
        bench.sign_ins(&scene);
    }
    let after = resident(server.id());
    println!("row: ");
    println!(
        "figure: {system}: start to first answer {:.0} ms; resident {idle} MiB idle, {reading} MiB after reading, {after} \
         MiB after writing",
        start.as_secs_f64() * 1_000.0
    );
    place.said(&["check"], "");
}

/// Pages as slow as before however much there is: measured on the import, and again when it has grown.
#[test]
#[ignore = "takes half an hour and the shared data: run by ./prove million"]
fn proof_of_a_million() {
    let data =
        std::env::var_os("PEERHALL_SHARED_DATA").expect("PEERHALL_SHARED_DATA names the data's folder");
    let posts = std::env::var("MILLION_POSTS").unwrap_or_else(|_| "1000000".to_owned());
    let place = Place::new(&[]);
    import(&place, Path::new(&data));
    let system = if kind() == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    println!("row: ");
    println!(
        "row: {system} | connections | req/s | p50 ms | p99 ms | server CPU s / 1,000 | generator's | bytes"
    );
    println!("row: --- | ---: | ---: | ---: | ---: | ---: | ---: | ---:");
    let before = measured(&place, "the import");
    let begun = Instant::now();
    let here: i64 = place.said(&["bench", "seed", "--posts", &posts], "").trim().parse().unwrap();
    println!("figure: {system}: grown to {here} posts in {:.0} s", begun.elapsed().as_secs_f64());
    let after = measured(&place, "grown");
    println!("row: ");
    for ((what, small), (_, large)) in before.iter().zip(&after) {
        println!(
            "figure: {system}: {what}: p99 at 64 connections {small:.1} ms on the import, {large:.1} ms with {here} posts"
        );
    }
    place.said(&["check"], "");
}

/// p99 of each kind of request at 64 connections, with the start of a server over it.
fn measured(place: &Place, when: &str) -> Vec<(String, f64)> {
    let system = if kind() == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    let begun = Instant::now();
    let server = Process::start_as(place, &["bench", "serve"]);
    server.visitor().get("/healthz").expect(200);
    let start = begun.elapsed();
    let scene = Scene::prepare(place, &server, &format!("Reader of {when}"));
    let bench = Bench { server: &server, time: seconds("SPEED_SECONDS", 4) };
    let mut found = Vec::new();
    for (what, requests) in scene.reads() {
        let asked = |connection: usize, nth: u64| {
            let of_viewer = &requests[connection % requests.len()];
            of_viewer[(nth as usize + connection * 13) % of_viewer.len()].clone()
        };
        let round = bench.round(64, &asked);
        tell(&format!("{what}, {when}"), 64, &round, 200);
        found.push((what, round.percentile(99.0)));
    }
    let round = bench.round(64, &|connection, nth| scene.answer(connection, nth));
    tell(&format!("post an answer, {when}"), 64, &round, 201);
    found.push(("post an answer".to_owned(), round.percentile(99.0)));
    println!(
        "figure: {system}, {when}: start to first answer {:.0} ms; resident {} MiB at the end",
        start.as_secs_f64() * 1_000.0,
        resident(server.id())
    );
    found
}

pub fn seconds(name: &str, otherwise: u64) -> Duration {
    let said = std::env::var(name).ok().and_then(|text| text.parse().ok());
    Duration::from_secs(said.unwrap_or(otherwise))
}

/// Imports two years of the Thunderbird forum.
pub fn import(place: &Place, data: &Path) {
    for year in ["2023", "2024"] {
        let file = |what: &str| -> PathBuf {
            data.join("support-forum").join(format!("thunderbird-{year}-{what}.jsonl.gz"))
        };
        let (questions, answers) = (file("questions"), file("answers"));
        let [questions, answers] = [&questions, &answers].map(|file| file.display().to_string());
        place.said(&["import", "kitsune", "--questions", &questions, "--answers", &answers], "");
    }
}

/// Who reads what.
struct Scene {
    browsers: Vec<Visitor>,
    tokens: Vec<String>,
    pages: Vec<String>,
    tag: String,
    written: Vec<i64>,
    answers: Vec<i64>,
    form: (String, String),
}

type Requests = Vec<Vec<Vec<u8>>>;

impl Scene {
    /// People who have signed in, and who follow and vote in the threads they read.
    fn prepare(place: &Place, server: &Process, called: &str) -> Scene {
        let db = Db::open(place.database().url(), Sizes { readers: 1, writers: 1, queue: 8 }).unwrap();
        let threads = db.read_now(threads_of_ten).unwrap();
        let tag = db.read_now(commonest_tag).unwrap();
        let (written, answers) = db.read_now(spread).unwrap();
        let names: Vec<String> = (0..VIEWERS).map(|n| format!("{called} {n}")).collect();
        let (mut browsers, mut tokens) = (Vec::new(), Vec::new());
        for (n, name) in names.iter().enumerate() {
            place.add_member(name, &[]);
            let browser = server.visitor();
            browser.post("/sign-in", &[("email", &address(name)), ("password", PASSWORD)]).expect(303);
            let token = place.token(name);
            let api = server.api(&token);
            for (at, (question, answers)) in threads.iter().enumerate() {
                api.put(
                    &format!("/posts/{}/vote", answers[(n + at) % answers.len()]),
                    &json!({ "value": 1 }),
                )
                .expect(200);
                if (n + at) % 2 == 0 {
                    api.put(&format!("/questions/{question}/follow"), &json!({})).expect(204);
                }
            }
            browsers.push(browser);
            tokens.push(token);
        }
        let api = server.api(&tokens[0]);
        let pages = threads.iter().map(|(question, _)| {
            let shown = api.get(&format!("/questions/{question}")).expect(200).json();
            shown["url"].as_str().unwrap().to_owned()
        });
        let pages = pages.collect();
        let visitor = server.visitor();
        let form = (visitor.form_token(), visitor.cookie_header());
        Scene { browsers, tokens, pages, tag, written, answers, form }
    }

    fn gets(&self, paths: &[String]) -> Requests {
        let get = |browser: &Visitor, path: &String| {
            let cookies = browser.cookie_header();
            format!("GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\nCookie: {cookies}\r\n\r\n")
                .into_bytes()
        };
        self.browsers.iter().map(|browser| paths.iter().map(|path| get(browser, path)).collect()).collect()
    }

    fn reads(&self) -> Vec<(String, Requests)> {
        vec![
            ("question page, ten answers".to_owned(), self.gets(&self.pages)),
            ("home list".to_owned(), self.gets(&["/".to_owned()])),
            (format!("list of the tag {}", self.tag), self.gets(&[format!("/questions?tag={}", self.tag)])),
            ("tags".to_owned(), self.gets(&["/tags".to_owned()])),
            ("people".to_owned(), self.gets(&["/people".to_owned()])),
        ]
    }

    fn act(&self, connection: usize, method: &str, path: &str, body: &str) -> Vec<u8> {
        let token = &self.tokens[connection % self.tokens.len()];
        format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }

    fn answer(&self, connection: usize, nth: u64) -> Vec<u8> {
        let thread = self.written[(connection * 131 + nth as usize * 7) % self.written.len()];
        let body = json!({ "body": format!(
            "Did you try it in **safe mode**? Number {nth} of {connection} did:\n\n1. close the window\n2. hold Shift\n\n\
             Then look at [the log](https://example.org/{nth}) and say what it shows."
        ) });
        self.act(connection, "POST", &format!("/questions/{thread}/answers"), &body.to_string())
    }

    fn vote(&self, connection: usize, nth: u64) -> Vec<u8> {
        let post = self.answers[(connection * 131 + nth as usize * 7) % self.answers.len()];
        // Over and over, so that each request changes something.
        let value = if (nth as usize / self.answers.len()).is_multiple_of(2) { 1 } else { -1 };
        self.act(connection, "PUT", &format!("/posts/{post}/vote"), &json!({ "value": value }).to_string())
    }
}

/// Listed questions of the import with ten answers that everybody sees, and those answers.
fn threads_of_ten(c: &mut peerhall::db::Conn) -> Result<Vec<(i64, Vec<i64>)>, Error> {
    let ids: Vec<i64> = questions::table
        .filter(questions::listed)
        .filter(questions::answers.eq(10))
        .order(questions::post_id)
        .select(questions::post_id)
        .load(c)?;
    let mut threads = Vec::new();
    // Spread over all that there is.
    for id in ids.iter().step_by((ids.len() / READ).max(1)).take(READ).copied() {
        let answers: Vec<i64> = posts::table
            .filter(posts::thread_id.eq(id))
            .filter(posts::kind.eq("answer"))
            .filter(posts::visibility.eq("open"))
            .filter(posts::deleted_at.is_null())
            .order(posts::id)
            .select(posts::id)
            .load(c)?;
        threads.push((id, answers));
    }
    assert!(threads.len() >= 20, "only {} threads of ten answers", threads.len());
    Ok(threads)
}

fn commonest_tag(c: &mut peerhall::db::Conn) -> Result<String, Error> {
    let (name, _): (String, i64) = question_tags::table
        .inner_join(tags::table)
        .group_by(tags::name)
        .order(diesel::dsl::count_star().desc())
        .select((tags::name, diesel::dsl::count_star()))
        .first(c)?;
    Ok(name)
}

/// Open questions to be answered, and answers to be voted on.
fn spread(c: &mut peerhall::db::Conn) -> Result<(Vec<i64>, Vec<i64>), Error> {
    let written = questions::table
        .filter(questions::listed)
        .filter(questions::closed.eq(false))
        .order(questions::post_id.desc())
        .limit(WRITTEN)
        .select(questions::post_id)
        .load(c)?;
    let answers = posts::table
        .inner_join(questions::table.on(posts::thread_id.eq(questions::post_id.nullable())))
        .filter(questions::listed)
        .filter(posts::kind.eq("answer"))
        .filter(posts::visibility.eq("open"))
        .filter(posts::deleted_at.is_null())
        .order(posts::id.desc())
        .limit(WRITTEN)
        .select(posts::id)
        .load(c)?;
    Ok((written, answers))
}

struct Bench<'a> {
    server: &'a Process,
    time: Duration,
}

impl Bench<'_> {
    fn round(&self, connections: usize, request: &dyn Fn(usize, u64) -> Vec<u8>) -> Round {
        let shape = Shape { connections, warm: self.time / 4, time: self.time };
        drive(self.server.address, self.server.id(), shape, request)
    }

    /// The same pages with 1, 8 and 64 connections, then a static file of their size.
    fn rounds(&mut self, what: &str, requests: &Requests) {
        let asked = |connection: usize, nth: u64| {
            let of_viewer = &requests[connection % requests.len()];
            of_viewer[(nth as usize + connection * 13) % of_viewer.len()].clone()
        };
        let mut size = 0;
        for connections in [1, 8, 64] {
            let round = self.round(connections, &asked);
            size = round.body;
            tell(what, connections, &round, 200);
        }
        let path = format!("/static/bench/{size}");
        let file =
            format!("GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, br\r\n\r\n").into_bytes();
        let round = self.round(64, &|_, _| file.clone());
        tell("static file of that size", 64, &round, 200);
    }

    fn acts(&mut self, what: &str, request: &dyn Fn(usize, u64) -> Vec<u8>) {
        for connections in [1, 8, 64] {
            let round = self.round(connections, request);
            let good = if round.statuses.contains_key(&201) { 201 } else { 200 };
            tell(what, connections, &round, good);
        }
    }

    fn sign_ins(&mut self, scene: &Scene) {
        let (token, cookies) = &scene.form;
        for connections in [1, 8] {
            let round = self.round(connections, &|connection, _| {
                let email = address(&format!("Viewer {}", connection % VIEWERS));
                let body = format!("email={}&password={PASSWORD}&csrf={token}", email.replace('@', "%40"));
                format!(
                    "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                     Cookie: {cookies}\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                )
                .into_bytes()
            });
            tell("sign in", connections, &round, 303);
        }
    }
}

/// Prints a row; anything but a good answer or a refusal of too much at once is a fault.
pub fn tell(what: &str, connections: usize, round: &Round, good: u16) {
    // What is too much at once is refused, and counted; anything else is a fault.
    let busy = round.statuses.get(&503).copied().unwrap_or(0);
    let what = if busy > 0 {
        format!("{what} ({busy} of {} told to come again)", round.answered())
    } else {
        what.to_owned()
    };
    assert!(
        round.statuses.keys().all(|status| *status == good || *status == 503),
        "{what} was answered with {:?}: {}",
        round.statuses,
        round.odd.as_deref().unwrap_or_default()
    );
    println!(
        "row: {what} | {connections} | {:.0} | {:.2} | {:.2} | {:.3} | {:.3} | {}",
        round.rate(),
        round.percentile(50.0),
        round.percentile(99.0),
        round.server_per_thousand(),
        round.own_per_thousand(),
        round.body
    );
}
