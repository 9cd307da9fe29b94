//! Too much at once: who is told to come again, and who is not held up by it.

use std::io::Write;
use std::net::TcpStream;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use peerhall::db::{Error, On};
use serde_json::json;

use crate::harness::{Hall, eventually};
use crate::threads::ask;

/// More acts than may wait.
const ACTS: usize = 1_200;

#[test]
fn when_too_many_acts_wait_the_next_is_told_to_come_again_and_readers_are_not_held_up() {
    let hall = Hall::start();
    let (asker, helper) = (hall.member("Ann Asks"), hall.member("Bob Helps"));
    let question = ask(&asker, "Why does the pump rattle at night?", &["pump"]);
    // Both sign in while they still can.
    helper.api().get("/me").expect(200);
    helper.browser().get("/").expect(200);
    let (release, held) = channel::<()>();
    let held = Mutex::new(held);
    let (begun, running) = channel::<()>();
    let db = hall.db().clone();
    let holding = std::thread::spawn(move || {
        db.write_now(On::Thread(question), move |_| {
            let _ = begun.send(());
            let _ = held.lock().unwrap().recv();
            Ok::<_, Error>(())
        })
    });
    running.recv().unwrap();

    let answers = Arc::new(Mutex::new((0, 0)));
    let (db, told) = (hall.db().clone(), answers.clone());
    let waiting = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(join_all((0..ACTS).map(|_| async {
            let answer = db.write(On::Thread(question), |_| Ok::<_, Error>(())).await;
            let mut told = told.lock().unwrap();
            match answer {
                Ok(()) => told.0 += 1,
                Err(Error::Busy) => told.1 += 1,
                Err(other) => panic!("{other}"),
            }
        })));
    });
    let refused = eventually("acts that find the queue full", || {
        let (_, refused) = *answers.lock().unwrap();
        (refused > 0).then_some(refused)
    });
    assert!(refused <= ACTS, "{refused}");

    let body = json!({ "body": "Put a piece of felt under its feet." });
    let path = format!("/questions/{question}/answers");
    let told = helper.api().post(&path, &body);
    assert_eq!((told.status, told.header("retry-after")), (503, Some("1")), "{}", told.text());
    helper.api().get(&format!("/questions/{question}")).expect(200);
    helper.browser().get("/").expect(200);

    release.send(()).unwrap();
    holding.join().unwrap().unwrap();
    waiting.join().unwrap();
    let (done, refused) = *answers.lock().unwrap();
    assert!(done >= 1_000 && done + refused == ACTS, "{done} done, {refused} refused");
    helper.api().post(&path, &body).expect(201);
}

#[test]
fn requests_that_never_end_hold_nobody_up() {
    let hall = Hall::start();
    let (asker, helper) = (hall.member("Ann Asks"), hall.member("Bob Helps"));
    let question = ask(&asker, "Why does the pump rattle at night?", &["pump"]);
    let begun = format!(
        "POST /api/v1/questions/{question}/answers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{{\"body\": \"",
        hall.token("Bob Helps")
    );
    let stalled: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(hall.address).unwrap();
            stream.write_all(begun.as_bytes()).unwrap();
            stream
        })
        .collect();
    let body = json!({ "body": "Put a piece of felt under its feet." });
    helper.api().post(&format!("/questions/{question}/answers"), &body).expect(201);
    helper.browser().get("/").expect(200);
    let shown = helper.api().get(&format!("/questions/{question}")).expect(200).json();
    assert_eq!(shown["answers"].as_array().unwrap().len(), 1);
    drop(stalled);
}

#[test]
fn texts_that_are_hard_to_render_hold_nobody_up() {
    let hall = Hall::with(&[("PEERHALL_LIMITS", "off")]);
    let (asker, helper) = (hall.member("Ann Asks"), hall.member("Bob Helps"));
    let question = ask(&asker, "Why does the pump rattle at night?", &["pump"]);
    let path = format!("/questions/{question}/answers");
    let hard = [">".repeat(59_000), "- ".repeat(29_000), "[".repeat(59_000), "*a_".repeat(19_000)];
    std::thread::scope(|threads| {
        for text in &hard {
            for _ in 0..4 {
                let (helper, path) = (&helper, &path);
                threads.spawn(move || helper.api().post(path, &json!({ "body": text })));
            }
        }
        let body = json!({ "body": "Put a piece of felt under its feet." });
        asker.api().post(&path, &body).expect(201);
        asker.browser().get("/").expect(200);
    });
}
