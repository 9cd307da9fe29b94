//! SIGKILL while many write: what was acknowledged is there after the restart, nothing is there twice, and the search
//! index finds the same.
//!
//! `KILL_ROUNDS` says how often (3); `SEED` repeats a run. The kill comes after a random number of
//! acknowledgements, so every round has something to lose.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::closed_space::made;
use crate::harness::{Api, Kind, Place, Process, Random, eventually, kind};
use crate::search::found;

const WRITERS: usize = 8;
const THREADS: usize = 3;

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_a_kill() {
    let rounds: usize = std::env::var("KILL_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let mut random = Random::from_environment();
    println!("seed: {}", random.seed());
    let place = Place::new(&[]);
    let tokens: Vec<String> = (0..WRITERS)
        .map(|n| {
            let name = format!("Writer {n}");
            place.add_member(&name, &[]);
            place.token(&name)
        })
        .collect();
    let mut acknowledged = 0;
    for round in 0..rounds {
        if random.between(0, 2) == 0 {
            // Built anew while it is written and killed.
            let folder = place.folder().join("peerhall_search_dir");
            if folder.exists() {
                std::fs::remove_dir_all(folder).unwrap();
            }
        }
        let server = Process::start(&place);
        let threads: Vec<i64> = (0..THREADS).map(|n| ask(&server.api(&tokens[n]), round, n)).collect();
        let told = write_until_killed(server, &tokens, &threads, &mut random, round);
        acknowledged += told.len();
        let mut server = Process::start(&place);
        let there = compare(&server.api(&tokens[0]), &threads, &told, round);
        // Half of the time the kill is in the middle of a commit or of a build of the index.
        found(&server.api(&tokens[0]), &format!("round{round}"), &there);
        let ended = server.terminate();
        assert!(ended.success(), "round {round}: after SIGTERM it ended with {ended}");
        place.said(&["check"], "");
    }
    let system = if kind() == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    println!(
        "figure: {system}: {rounds} kills among {WRITERS} concurrent writers, {acknowledged} acknowledged posts, \
         0 lost, 0 twice, all found once by a search, `peerhall check` clean after each"
    );
}

fn ask(api: &Api, round: usize, n: usize) -> i64 {
    made(api.post(
        "/questions",
        &json!({
            "space": "general",
            "title": format!("What is left after kill {round}, thread {n}?"),
            "body": "Whatever was acknowledged should be here, and once.",
            "tags": ["durability"],
        }),
    ))
}

/// Writes answers and comments from all sides, kills the server after a random number of acknowledgements, and
/// answers what was acknowledged: marker and id.
fn write_until_killed(
    mut server: Process,
    tokens: &[String],
    threads: &[i64],
    random: &mut Random,
    round: usize,
) -> BTreeMap<String, i64> {
    let told = Mutex::new(BTreeMap::new());
    let count = AtomicUsize::new(0);
    let enough = random.between(20, 200) as usize;
    let moment = Duration::from_micros(random.between(0, 3_000));
    std::thread::scope(|scope| {
        for (writer, token) in tokens.iter().enumerate() {
            let api = server.api(token);
            let (told, count) = (&told, &count);
            scope.spawn(move || {
                for n in 0.. {
                    let marker = format!("marker-{round}-{writer}-{n}-end");
                    let question = threads[(writer + n) % threads.len()];
                    let place = if n % 3 == 2 { "posts" } else { "questions" };
                    let kind = if n % 3 == 2 { "comments" } else { "answers" };
                    let body = json!({ "body": format!("This is {marker}, and it was here once, in round{round}.") });
                    // No answer: the server is gone, and what became of this one is anybody's guess.
                    let Ok(answer) = api.try_post(&format!("/{place}/{question}/{kind}"), &body) else {
                        return;
                    };
                    if answer.status == 503 {
                        continue;
                    }
                    told.lock().unwrap().insert(marker, made(answer));
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        eventually("enough acknowledgements", || (count.load(Ordering::Relaxed) >= enough).then_some(()));
        // Not always at the same place in a commit.
        std::thread::sleep(moment);
        server.kill();
    });
    told.into_inner().unwrap()
}

/// Compares what is there with what was acknowledged, and answers the ids of what is there.
fn compare(api: &Api, threads: &[i64], told: &BTreeMap<String, i64>, round: usize) -> Vec<i64> {
    let mut found: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for thread in threads {
        let thread = api.get(&format!("/questions/{thread}")).expect(200).json();
        for post in posts(&thread) {
            let body = post["body"].as_str().unwrap_or_default();
            let marker = body.split_whitespace().find(|word| word.starts_with("marker-"));
            let marker = marker.expect("a marker").trim_end_matches(',').to_owned();
            found.entry(marker).or_default().push(post["id"].as_i64().unwrap());
        }
    }
    for (marker, id) in told {
        assert_eq!(found.get(marker), Some(&vec![*id]), "round {round}: {marker} was acknowledged as {id}");
    }
    for (marker, ids) in &found {
        assert_eq!(ids.len(), 1, "round {round}: {marker} is there more than once: {ids:?}");
    }
    assert!(!told.is_empty(), "round {round}: nothing was acknowledged before the kill");
    found.into_values().flatten().collect()
}

/// Answers and comments of a thread.
fn posts(thread: &Value) -> Vec<&Value> {
    let all = |value: &'_ Value, name: &str| value[name].as_array().cloned().unwrap_or_default().len();
    assert!(all(thread, "answers") > 0 || all(thread, "comments") > 0, "{thread}");
    let answers = thread["answers"].as_array().unwrap();
    answers.iter().chain(thread["comments"].as_array().unwrap()).collect()
}
