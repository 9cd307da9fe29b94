//! `./prove search`: what building the index, searching, and suggesting cost at 200,000 and a million posts, as a process
//! of its own, over HTTP; then writes and queries side by side for an hour.
//!
//! Prints rows of a table; asserts only that every answer was a good one, never how long it took.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use peerhall::db::schema::questions;
use peerhall::db::{Conn, Db, Error, Sizes};
use serde_json::json;

use crate::harness::load::{Round, Shape, drive, resident};
use crate::harness::{Kind, Place, Process, kind};
use crate::search::encoded;
use crate::speed::{import, seconds, tell};

/// Queries of each kind; connections ask them in turn.
const QUERIES: usize = 2_000;
/// Connections that search while somebody writes.
const SEARCHERS: usize = 4;
/// An index that takes longer will not come.
const LONGEST_BUILD: Duration = Duration::from_secs(3_600);
/// Between two answers that are written meanwhile.
const WRITES: Duration = Duration::from_millis(50);

#[test]
#[ignore = "takes hours and the shared data: run by ./prove search"]
fn proof_of_search() {
    let data =
        std::env::var_os("PEERHALL_SHARED_DATA").expect("PEERHALL_SHARED_DATA names the data's folder");
    let sizes = std::env::var("SEARCH_POSTS").unwrap_or_else(|_| "200000 1000000".to_owned());
    let place = Place::new(&[]);
    import(&place, Path::new(&data));
    place.add_member("Searcher", &[]);
    let system = if kind() == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    println!("row: ");
    println!(
        "row: {system} | connections | req/s | p50 ms | p99 ms | server CPU s / 1,000 | generator's | bytes"
    );
    println!("row: --- | ---: | ---: | ---: | ---: | ---: | ---: | ---:");
    for (n, posts) in sizes.split_whitespace().enumerate() {
        let here: u64 = place.said(&["bench", "seed", "--posts", posts], "").trim().parse().unwrap();
        let scene = Scene::prepare(&place, here);
        scene.measure();
        if n == 0 {
            scene.mixed();
        }
    }
    place.said(&["check"], "");
}

struct Scene {
    server: Process,
    token: String,
    posts: u64,
    words: Vec<String>,
    titles: Vec<String>,
    written: Vec<i64>,
}

impl Scene {
    fn prepare(place: &Place, posts: u64) -> Scene {
        let db = Db::open(place.database().url(), Sizes { readers: 1, writers: 1, queue: 8 }).unwrap();
        let titles: Vec<(i64, String)> = db.read_now(spread).unwrap();
        let token = place.token("Searcher");
        let folder = place.folder().join("peerhall_search_dir");
        // A server without an index builds one beside its first answers.
        let _ = std::fs::remove_dir_all(&folder);
        let begun = Instant::now();
        let server = Process::start_as(place, &["bench", "serve"]);
        let api = server.api(&token);
        while api.get("/search?q=mail").status != 200 {
            assert!(begun.elapsed() < LONGEST_BUILD, "no index after {LONGEST_BUILD:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        let (took, bytes) = (begun.elapsed().as_secs_f64(), weight(&folder));
        println!(
            "figure: {posts} posts: index built in {took:.0} s by the serving process, {:.0} posts/s, {:.0} MB on disk, {:.0} \
             bytes a post; resident {} MiB then",
            posts as f64 / took,
            bytes as f64 / 1e6,
            bytes as f64 / posts as f64,
            resident(server.id())
        );
        let words = titles.iter().enumerate().map(|(n, (_, title))| two_words(title, n)).collect();
        let written = titles.iter().map(|(id, _)| *id).collect();
        let titles = titles.into_iter().map(|(_, title)| title).collect();
        Scene { server, token, posts, words, titles, written }
    }

    fn measure(&self) {
        let time = seconds("SPEED_SECONDS", 20);
        let idle = resident(self.server.id());
        for connections in [1, 8] {
            for (what, request) in self.requests() {
                let shape = Shape { connections, warm: time / 4, time };
                let round = drive(self.server.address, self.server.id(), shape, &*request);
                tell(&format!("{what}, {} posts", self.posts), connections, &round, 200);
            }
        }
        println!(
            "figure: {} posts: resident {idle} MiB at the start, {} MiB after all queries",
            self.posts,
            resident(self.server.id())
        );
    }

    #[expect(clippy::type_complexity, reason = "a list of names and closures")]
    fn requests(&self) -> Vec<(&'static str, Box<dyn Fn(usize, u64) -> Vec<u8> + '_>)> {
        let nth =
            |connection: usize, nth: u64| (connection * 977 + nth as usize) % QUERIES.min(self.titles.len());
        vec![
            (
                "two words, snippets and facets",
                Box::new(move |c, n| self.get(&format!("/search?q={}", encoded(&self.words[nth(c, n)])))),
            ),
            (
                "similar to a title as it is typed",
                Box::new(move |c, n| {
                    let title = &self.titles[nth(c, n)];
                    let typed = title
                        .char_indices()
                        .nth(12 + n as usize % 40)
                        .map_or(title.as_str(), |(at, _)| &title[..at]);
                    self.get(&format!("/similar?title={}", encoded(typed)))
                }),
            ),
            (
                "similar to a whole title",
                Box::new(move |c, n| {
                    self.get(&format!("/similar?title={}", encoded(&self.titles[nth(c, n)])))
                }),
            ),
        ]
    }

    fn get(&self, path: &str) -> Vec<u8> {
        format!("GET /api/v1{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", self.token)
            .into_bytes()
    }

    /// Answers are written while others search, minute by minute.
    fn mixed(&self) {
        let minutes: u64 = std::env::var("MIXED_MINUTES").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
        let (done, written) = (AtomicBool::new(false), AtomicU64::new(0));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let api = self.server.api(&self.token);
                for n in 0_usize.. {
                    if done.load(Ordering::Relaxed) {
                        return;
                    }
                    let question = self.written[n * 7 % self.written.len()];
                    let body = json!({ "body": format!("Number {n}: look into the **error console** and the profile folder.") });
                    api.post(&format!("/questions/{question}/answers"), &body).expect(201);
                    written.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(WRITES);
                }
            });
            let mut rounds: Vec<(Round, u64)> = Vec::new();
            for minute in 0..minutes {
                let requests = self.requests();
                let (_, request) = &requests[minute as usize % 2];
                let shape =
                    Shape { connections: SEARCHERS, warm: Duration::ZERO, time: Duration::from_secs(60) };
                let round = drive(self.server.address, self.server.id(), shape, &**request);
                assert!(round.statuses.keys().all(|status| *status == 200), "{:?}", round.statuses);
                rounds.push((round, resident(self.server.id())));
            }
            done.store(true, Ordering::Relaxed);
            let all: u64 = rounds.iter().map(|(round, _)| round.answered()).sum();
            println!(
                "figure: {} posts, {minutes} minutes of {SEARCHERS} connections searching and one writing: {all} searches, {} answers \
                 written, resident {} MiB after the first minute, {} MiB after the last, {} MiB at most",
                self.posts,
                written.load(Ordering::Relaxed),
                rounds.first().map_or(0, |(_, resident)| *resident),
                rounds.last().map_or(0, |(_, resident)| *resident),
                rounds.iter().map(|(_, resident)| *resident).max().unwrap_or(0),
            );
            for (what, kind) in [("two words", 0), ("similar", 1)] {
                let p99s: Vec<f64> =
                    rounds.iter().skip(kind).step_by(2).map(|(round, _)| round.percentile(99.0)).collect();
                let (Some(first), Some(last)) = (p99s.first(), p99s.last()) else { continue };
                let worst = p99s.iter().copied().fold(0.0, f64::max);
                println!(
                    "figure: meanwhile, {what}: p99 of a minute {first:.1} ms at first, {last:.1} ms at last, {worst:.1} ms at worst"
                );
            }
        });
    }
}

/// Questions spread over all that there is.
fn spread(c: &mut Conn) -> Result<Vec<(i64, String)>, Error> {
    let all: Vec<i64> = questions::table
        .filter(questions::listed)
        .filter(questions::closed.eq(false))
        .order(questions::post_id)
        .select(questions::post_id)
        .load(c)?;
    let some: Vec<i64> = all.iter().step_by((all.len() / QUERIES).max(1)).take(QUERIES).copied().collect();
    let mut titles = Vec::new();
    for ids in some.chunks(500) {
        titles.extend(
            questions::table
                .filter(questions::post_id.eq_any(ids.to_vec()))
                .select((questions::post_id, questions::title))
                .load::<(i64, String)>(c)?,
        );
    }
    Ok(titles)
}

/// Two neighbouring words of a title.
fn two_words(title: &str, n: usize) -> String {
    let words: Vec<&str> =
        title.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).collect();
    match words.len() {
        0 => "mail folder".to_owned(),
        1 => words[0].to_owned(),
        many => words[n % (many - 1)..][..2].join(" "),
    }
}

/// Bytes of all files below a folder.
fn weight(folder: &Path) -> u64 {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            if entry.path().is_dir() { weight(&entry.path()) } else { entry.metadata().unwrap().len() }
        })
        .sum()
}
