//! The index: whatever happens to it, all that was posted is found again, and nothing twice.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::closed_space::made;
use crate::harness::{Api, Hall, Place, Process};
use crate::search::{found, search, until};
use crate::threads::ask;

#[test]
fn an_index_that_is_deleted_while_serving_comes_back() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "A question about the orchard", &["x"]);
    found(ann.api(), "orchard", &[id]);
    for entry in fs::read_dir(index_folder(&hall)).unwrap() {
        let entry = entry.unwrap().path();
        if entry.is_dir() {
            fs::remove_dir_all(entry).unwrap();
        }
    }
    ann.get("/").expect(200);
    let second = ask(&ann, "A question about the vineyard", &["x"]);
    found(ann.api(), "vineyard", &[second]);
    found(ann.api(), "orchard", &[id]);
}

#[test]
fn an_index_whose_bytes_are_flipped_while_serving_comes_back() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "A question about the lighthouse", &["x"]);
    found(ann.api(), "lighthouse", &[id]);
    for file in files(&index_folder(&hall)) {
        if file.extension().is_some() && file.file_name().is_some_and(|name| name != "meta.json") {
            let flipped: Vec<u8> = fs::read(&file).unwrap().into_iter().map(|byte| byte ^ 0x55).collect();
            fs::write(&file, flipped).unwrap();
        }
    }
    ann.get("/").expect(200);
    found(ann.api(), "lighthouse", &[id]);
    let second = ask(&ann, "A question about the jetty", &["x"]);
    found(ann.api(), "jetty", &[second]);
}

#[test]
fn an_index_made_anew_finds_the_same_while_the_site_runs() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "A question about the observatory", &["x"]);
    found(ann.api(), "observatory", &[id]);
    let before = generation(&hall);
    hall.said(&["reindex"], "");
    until("another index serves", || generation(&hall) != before);
    found(ann.api(), "observatory", &[id]);
}

#[test]
fn a_second_node_finds_what_was_posted_at_the_first() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let id = ask(&ann, "A question about the gazebo", &["x"]);
    let node = hall.beside(&[]);
    let token = format!("Bearer {}", hall.token("Ann"));
    until("the other node finds it", || {
        let headers = [("authorization", token.as_str())];
        let found =
            hall.visitor().at(node.address).request("GET", "/api/v1/search?q=gazebo", &headers, Vec::new());
        found.status == 200 && found.json()["items"][0]["post_id"] == id
    });
}

#[test]
fn metrics_tell_how_far_the_index_is_and_only_on_their_own_address() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    ask(&ann, "A question about the belvedere", &["x"]);
    let node = hall.beside(&[("PEERHALL_METRICS_LISTEN", "127.0.0.1:0")]);
    let metrics = node.metrics.expect("an address for metrics");
    until("the metrics tell that nothing is missing", || {
        let told = hall.visitor().at(metrics).get("/metrics").expect(200).text().to_owned();
        let line = |line: &str| told.lines().any(|told| told == line);
        line("peerhall_search_lag_events 0.0")
            && line("peerhall_search_lag_seconds 0.0")
            && line("peerhall_search_whole 1.0")
    });
    ann.get("/").expect(200);
    let elsewhere = hall.visitor().at(metrics).get("/");
    assert_eq!(elsewhere.status, 404);
    assert_ne!(ann.get("/metrics").status, 200);
    assert!(hall.beside(&[]).metrics.is_none());
}

#[test]
fn an_index_of_another_version_serves_until_its_successor_is_built() {
    let place = Place::new(&[]);
    place.add_member("Ann", &[]);
    let token = place.token("Ann");
    let mut server = Process::start(&place);
    let id = asked(&server.api(&token), "A question about the windmill");
    found(&server.api(&token), "windmill", &[id]);
    server.terminate();
    let before = generation(&place);
    let meta = index_folder(&place).join(before.trim()).join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    let (start, rest) = text.split_once("{\\\"version\\\":").expect("a version in the commit");
    let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    fs::write(&meta, format!("{start}{{\\\"version\\\":0{rest}")).unwrap();

    let server = Process::start(&place);
    let api = server.api(&token);
    let mut answers = 0;
    until("the successor serves", || {
        let answer = api.get("/search?q=windmill").expect(200).json();
        assert_eq!(answer["items"][0]["post_id"], id, "after {answers} answers: {answer}");
        answers += 1;
        generation(&place) != before
    });
    let second = asked(&api, "A question about the watermill");
    found(&api, "watermill", &[second]);
    found(&api, "windmill", &[id]);
}

#[test]
fn a_request_for_a_new_index_outlives_a_kill() {
    let place = Place::new(&[]);
    place.add_member("Ann", &[]);
    let token = place.token("Ann");
    let mut server = Process::start(&place);
    let id = asked(&server.api(&token), "A question about the belfry");
    found(&server.api(&token), "belfry", &[id]);
    let before = generation(&place);
    place.said(&["reindex"], "");
    server.kill();
    let server = Process::start(&place);
    until("another index serves", || generation(&place) != before);
    found(&server.api(&token), "belfry", &[id]);
}

#[test]
fn an_index_of_another_history_is_noticed_and_built_anew() {
    let (other, place) = (Place::new(&[]), Place::new(&[]));
    for (place, words) in [(&other, ["meadow", "heath"]), (&place, ["forest", "grove"])] {
        place.add_member("Ann", &[]);
        let mut server = Process::start(place);
        let api = server.api(&place.token("Ann"));
        for word in words {
            let id = asked(&api, &format!("A question about the {word}"));
            found(&api, word, &[id]);
        }
        server.terminate();
    }
    // As after a backup of the database was put back beside a newer index.
    fs::remove_dir_all(index_folder(&place)).unwrap();
    fs::rename(index_folder(&other), index_folder(&place)).unwrap();
    let server = Process::start(&place);
    let api = server.api(&place.token("Ann"));
    until("the own posts are found", || search(&api, "forest")["total"] == 1);
    found(&api, "grove", &[search(&api, "grove")["items"][0]["post_id"].as_i64().unwrap()]);
    found(&api, "meadow", &[]);
    let id = asked(&api, "A question about the orchard");
    found(&api, "orchard", &[id]);
}

fn asked(api: &Api, title: &str) -> i64 {
    let body = "It stands there, and nobody knows why it does.";
    made(api.post("/questions", &json!({ "space": "general", "title": title, "body": body, "tags": ["x"] })))
}

fn index_folder(place: &Place) -> PathBuf {
    place.folder().join("peerhall_search_dir").join("0")
}

fn generation(place: &Place) -> String {
    fs::read_to_string(index_folder(place).join("current")).unwrap_or_default()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
