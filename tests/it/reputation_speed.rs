//! `./prove reputation`: what profiles, ledgers, leaderboards and badges cost with many members and a long ledger.
//!
//! The hall is written straight into the tables: members, threads, votes' and verdicts' rows of the ledger, a few people with
//! much and most with little. No event tells of it, so `peerhall check` would object and is not asked; all else is as acts
//! leave it. Prints rows of a table; asserts only that every answer was a good one.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use peerhall::clock::{Clock, DAY, Micros};
use peerhall::db::{Conn, Db, Error, On, Sizes};
use serde_json::json;

use crate::harness::load::{Round, Shape, cpu, drive};
use crate::harness::{Kind, PASSWORD, Place, Process, Random, Visitor, address, kind};
use crate::speed::{seconds, tell};

/// People who read; connections share them.
const VIEWERS: usize = 16;
const CONNECTIONS: usize = 8;
const TAGS: u64 = 50;
/// Rows written by one statement.
const AT_ONCE: usize = 500;

struct Sizing {
    members: u64,
    rows: u64,
}

#[test]
#[ignore = "takes minutes: run by ./prove reputation"]
fn proof_of_recognition() {
    let number =
        |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let sizing =
        Sizing { members: number("RECOGNITION_MEMBERS", 10_000), rows: number("RECOGNITION_ROWS", 500_000) };
    let place = Place::new(&[]);
    let names: Vec<String> = (0..VIEWERS).map(|n| format!("Viewer {n}")).collect();
    let viewers: Vec<i64> = names.iter().map(|name| place.add_member(name, &[])).collect();
    let tokens: Vec<String> = names.iter().map(|name| place.token(name)).collect();
    let filled = fill(&place, &sizing, Random::from_environment());
    let server = Process::start_as(&place, &["serve"]);
    let browsers: Vec<Visitor> = names
        .iter()
        .map(|name| {
            let browser = server.visitor();
            browser.post("/sign-in", &[("email", &address(name)), ("password", PASSWORD)]).expect(303);
            browser
        })
        .collect();
    settled(&server);
    let system = if kind() == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    println!("row: ");
    println!(
        "row: {system}, {} members, {} rows | connections | req/s | p50 ms | p99 ms | server CPU s / 1,000 | generator's | bytes",
        sizing.members, filled.rows
    );
    println!("row: --- | ---: | ---: | ---: | ---: | ---: | ---: | ---:");
    let bench = Bench { server: &server, browsers: &browsers, tokens: &tokens, filled: &filled };
    let profile = |member: i64| format!("/people/{member}");
    let ledger = |member: i64| format!("/people/{member}/reputation");
    let periods = ["week", "month", "year", "all"];
    let any = |connection: usize, nth: u64| filled.any(connection, nth);
    let best = |connection: usize, nth: u64| filled.best(connection, nth);
    let board = |nth: u64| format!("/people/leaders?period={}", periods[nth as usize % 4]);
    let tagged = |nth: u64| format!("{}&tag=tag-{}", board(nth), nth / 4 % TAGS);
    bench.pages("profiles, all different, each for the first time", &|c, nth| profile(any(c, nth)));
    bench.once(filled.members.len(), &|nth| profile(filled.members[nth as usize]));
    bench.pages("profiles, all different, each seen before", &|c, nth| profile(any(c, nth)));
    bench.pages("profiles, some more often than others (Zipf)", &|c, nth| profile(filled.often(c, nth)));
    bench.pages("profiles of the hundred with most", &|c, nth| profile(best(c, nth)));
    bench.with_votes("profiles, all different, each seen before", &|c, nth| profile(any(c, nth)));
    bench.with_votes("profiles of the hundred with most", &|c, nth| profile(best(c, nth)));
    bench.pages("ledgers, all different, each for the first time", &|c, nth| ledger(any(c, nth)));
    bench.once(filled.members.len(), &|nth| ledger(filled.members[nth as usize]));
    bench.pages("ledgers, all different, each seen before", &|c, nth| ledger(any(c, nth)));
    bench.pages("ledgers of the hundred with most", &|c, nth| ledger(best(c, nth)));
    bench.pages("leaderboard of the month", &|_, _| "/people/leaders".to_owned());
    for (nth, period) in (0..).zip(periods) {
        bench.counted_anew(system, &format!("the leaderboard of {period}"), &board(nth));
        bench.counted_anew(system, &format!("the leaderboard of a tag of {period}"), &tagged(nth));
    }
    bench.pages("leaderboards, any period", &|_, nth| board(nth));
    bench.with_votes("leaderboards, any period", &|_, nth| board(nth));
    bench.once(4 * TAGS as usize, &tagged);
    bench.pages("leaderboards, any of fifty tags and any period", &|c, nth| tagged(nth + c as u64 * 17));
    bench.pages("privileges, one's own", &|connection, _| {
        format!("/people/{}/privileges", viewers[connection % VIEWERS])
    });
    bench.pages("who holds a badge", &|_, _| "/badges/first-accepted".to_owned());
    println!("row: ");
}

/// Waits until the server has done what a start brings: an index of all that was written, badges, reminders.
fn settled(server: &Process) {
    const QUIET: f64 = 0.02;
    let (begun, mut before, mut still) = (Instant::now(), cpu(server.id()), 0);
    while still < 4 {
        assert!(begun.elapsed() < Duration::from_secs(600), "the server has more to do than to start");
        std::thread::sleep(Duration::from_millis(500));
        let now = cpu(server.id());
        still = if now - before < QUIET { still + 1 } else { 0 };
        before = now;
    }
}

struct Bench<'a> {
    server: &'a Process,
    browsers: &'a [Visitor],
    tokens: &'a [String],
    filled: &'a Filled,
}

impl Bench<'_> {
    /// Asks for each of these pages once, before they are measured as seen.
    fn once(&self, pages: usize, path: &dyn Fn(u64) -> String) {
        for nth in 0..pages as u64 {
            self.browsers[0].get(&path(nth)).expect(200);
        }
    }

    /// Says what the first to ask waits for: a count that all others are shown for a minute.
    fn counted_anew(&self, system: &str, what: &str, path: &str) {
        let begun = Instant::now();
        self.browsers[0].get(path).expect(200);
        let ms = begun.elapsed().as_secs_f64() * 1_000.0;
        println!("figure: {system}: {what}, counted anew once a minute: {ms:.0} ms");
    }

    fn round(&self, request: &dyn Fn(usize, u64) -> Vec<u8>) -> Round {
        let time = seconds("SPEED_SECONDS", 4);
        let shape = Shape { connections: CONNECTIONS, warm: time / 4, time };
        drive(self.server.address, self.server.id(), shape, request)
    }

    fn get(&self, connection: usize, path: &str) -> Vec<u8> {
        let cookies = self.browsers[connection % self.browsers.len()].cookie_header();
        format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\nCookie: {cookies}\r\n\r\n"
        )
        .into_bytes()
    }

    fn pages(&self, what: &str, path: &dyn Fn(usize, u64) -> String) {
        let round = self.round(&|connection, nth| self.get(connection, &path(connection, nth)));
        tell(what, CONNECTIONS, &round, 200);
    }

    /// Every twentieth request is a vote.
    fn with_votes(&self, what: &str, path: &dyn Fn(usize, u64) -> String) {
        let answers = &self.filled.answers;
        let round = self.round(&|connection, nth| {
            if nth % 20 != 0 {
                return self.get(connection, &path(connection, nth));
            }
            let at = (connection * 7_919 + nth as usize * 31) % answers.len();
            let body = json!({ "value": if nth.is_multiple_of(40) { 1 } else { 0 } }).to_string();
            let token = &self.tokens[connection % self.tokens.len()];
            format!(
                "PUT /api/v1/posts/{}/vote HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                answers[at],
                body.len()
            )
            .into_bytes()
        });
        tell(&format!("{what}, a vote to nineteen"), CONNECTIONS, &round, 200);
    }
}

/// What was written.
struct Filled {
    members: Vec<i64>,
    /// With most rows first.
    best: Vec<i64>,
    answers: Vec<i64>,
    rows: usize,
}

impl Filled {
    /// All members, in an order of no meaning; no two connections have the same one before all were there.
    fn any(&self, connection: usize, nth: u64) -> i64 {
        self.members[(connection + nth as usize * CONNECTIONS) * 4_561 % self.members.len()]
    }

    /// The nth most asked for as often as 1/n: an even draw u asks for number (members + 1)^u.
    fn often(&self, connection: usize, nth: u64) -> i64 {
        // A draw for each request, the same in each run: Weyl's sequence by the golden ratio.
        let draw = ((connection as u64 * 1_000_003 + nth) as f64 * 0.618_033_988_749_895).fract();
        let number = (self.members.len() as f64 + 1.0).powf(draw) as usize;
        self.members[number.saturating_sub(1) * 4_561 % self.members.len()]
    }

    fn best(&self, connection: usize, nth: u64) -> i64 {
        self.best[(connection * 13 + nth as usize) % self.best.len()]
    }
}

#[derive(QueryableByName)]
struct Top {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    top: i64,
}

/// Writes rows of values after the head of a statement.
struct Rows {
    head: &'static str,
    values: Vec<String>,
}

impl Rows {
    fn new(head: &'static str) -> Rows {
        Rows { head, values: Vec::new() }
    }

    fn add(&mut self, c: &mut Conn, values: String) -> QueryResult<()> {
        self.values.push(values);
        if self.values.len() == AT_ONCE { self.end(c) } else { Ok(()) }
    }

    fn end(&mut self, c: &mut Conn) -> QueryResult<()> {
        if !self.values.is_empty() {
            let values = std::mem::take(&mut self.values).join("), (");
            sql_query(format!("INSERT INTO {} VALUES ({values})", self.head)).execute(c)?;
        }
        Ok(())
    }
}

fn fill(place: &Place, sizing: &Sizing, mut random: Random) -> Filled {
    let db = Db::open(place.database().url(), Sizes { readers: 1, writers: 1, queue: 8 }).unwrap();
    let now = Clock::default().now();
    let (members, rows) = (sizing.members, sizing.rows);
    db.write_now(On::Nothing, move |c| Ok::<_, Error>(written(c, (members, rows), &mut random, now)?))
        .unwrap()
}

#[expect(clippy::too_many_lines, reason = "a list of tables, each filled once")]
fn written(
    c: &mut Conn,
    (members, rows): (u64, u64),
    random: &mut Random,
    now: Micros,
) -> QueryResult<Filled> {
    let top = |c: &mut Conn, table: &str| -> QueryResult<i64> {
        let found: Top =
            sql_query(format!("SELECT CAST(coalesce(max(id), 0) AS BIGINT) AS top FROM {table}"))
                .get_result(c)?;
        Ok(found.top)
    };
    let (viewers, space) = (top(c, "members")?, top(c, "spaces")?);
    let begin = now - 730 * DAY;
    let moment = |random: &mut Random| {
        begin + random.between(0, 729) as i64 * DAY + random.between(0, 86_000) as i64 * 1_000_000
    };
    let mut people =
        Rows::new("members (id, kind, role, handle, handle_key, name, name_key, state, origin, created_at)");
    for n in 1..=members as i64 {
        let id = viewers + n;
        let name = format!("Person {n}");
        let handle = format!("person-{n}");
        let key = name.to_lowercase();
        people.add(
            c,
            format!("{id}, 'person', 'customer', '{handle}', '{handle}', '{name}', '{key}', 'active', 'live', {begin}"),
        )?;
    }
    people.end(c)?;
    let mut tags = Rows::new("tags (id, name, created_at)");
    let first_tag = top(c, "tags")? + 1;
    for n in 0..TAGS as i64 {
        tags.add(c, format!("{}, 'tag-{n}', {begin}", first_tag + n))?;
    }
    tags.end(c)?;
    // A few answer much, most a little: the square of an even draw.
    let somebody = |random: &mut Random| {
        let draw = random.between(0, 1_000_000) as f64 / 1_000_001.0;
        viewers + 1 + (draw * draw * draw * members as f64) as i64
    };
    let before = top(c, "posts")?;
    // A thread brings ten votes, and three of five a verdict of two rows; a few askers answer themselves and choose nothing.
    let threads = rows * 5 / 56 + rows / 10_000;
    let mut posts =
        Rows::new("posts (id, kind, thread_id, parent_id, space_id, author_id, up, origin, created_at)");
    let mut questions = Rows::new(
        "questions (post_id, space_id, title, excerpt, author_id, created_at, last_activity_at, answers, answers_by_others, \
         accepted_id, accepted_at, solved, unsolved, unanswered)",
    );
    let on_sqlite = kind() == Kind::Sqlite;
    let flag = |value: bool| match (on_sqlite, value) {
        (true, true) => "1",
        (true, false) => "0",
        (false, true) => "TRUE",
        (false, false) => "FALSE",
    };
    let mut tagged = Rows::new("question_tags (question_id, tag_id, place, created_at)");
    let mut ledger = Rows::new(
        "ledger (member_id, points, reason, post_id, question_id, space_id, by_id, settings_id, outcomes, state, given_at)",
    );
    let mut counts: HashMap<i64, [i64; 3]> = HashMap::new();
    let mut sums: HashMap<i64, (i64, i64)> = HashMap::new();
    let (mut answers, mut given) = (Vec::new(), 0_usize);
    let mut credits: Vec<(i64, i64, &str, i64, i64, i64, Micros)> = Vec::new();
    for n in 0..threads {
        let (asker, at) = (viewers + 1 + random.between(0, members - 1) as i64, moment(random));
        // A question and three answers each.
        let question = before + 1 + 4 * n as i64;
        counts.entry(asker).or_default()[0] += 1;
        let replies: Vec<(i64, i64)> = (1..=3).map(|place| (question + place, somebody(random))).collect();
        posts
            .add(c, format!("{question}, 'question', {question}, NULL, {space}, {asker}, 0, 'live', {at}"))?;
        let chosen = replies.iter().find(|(_, author)| *author != asker).filter(|_| n % 5 < 3);
        let (accepted, accepted_at) = chosen.map_or(("NULL".to_owned(), "NULL".to_owned()), |(reply, _)| {
            (reply.to_string(), (at + DAY).to_string())
        });
        for (reply, author) in &replies {
            posts.add(
                c,
                format!("{reply}, 'answer', {question}, {question}, {space}, {author}, 3, 'live', {at}"),
            )?;
            counts.entry(*author).or_default()[1] += 1;
            answers.push(*reply);
            for _ in 0..3 {
                let voter = viewers + 1 + random.between(0, members - 1) as i64;
                credits.push((*author, 10, "answer-up", *reply, question, voter, moment(random).max(at)));
            }
        }
        posts.end(c)?;
        let solved = chosen.is_some();
        questions.add(
            c,
            format!(
                "{question}, {space}, 'Why does lamp number {n} smoke at night?', 'It does.', {asker}, {at}, {at}, 3, 3, \
                 {accepted}, {accepted_at}, {}, {}, {}",
                flag(solved),
                flag(!solved),
                flag(false)
            ),
        )?;
        tagged.add(c, format!("{question}, {}, 0, {at}", first_tag + random.between(0, TAGS - 1) as i64))?;
        if let Some((reply, author)) = chosen {
            counts.entry(*author).or_default()[2] += 1;
            credits.push((*author, 15, "accepted", *reply, question, asker, at + DAY));
            credits.push((asker, 2, "accepting", *reply, question, asker, at + DAY));
        }
        credits.push((asker, 5, "question-up", question, question, replies[0].1, moment(random).max(at)));
    }
    questions.end(c)?;
    tagged.end(c)?;
    // As acts write them: in the order of time.
    credits.sort_by_key(|credit| credit.6);
    for (member, points, reason, post, question, by, at) in credits {
        ledger.add(
            c,
            format!("{member}, {points}, '{reason}', {post}, {question}, {space}, {by}, 0, 1, 'given', {at}"),
        )?;
        let sum = sums.entry(member).or_default();
        *sum = (sum.0 + points, sum.1 + 1);
        given += 1;
    }
    ledger.end(c)?;
    let mut counted = Rows::new("member_counts (member_id, space_id, questions, answers, accepted)");
    for (member, [asked, answered, accepted]) in &counts {
        counted.add(c, format!("{member}, {space}, {asked}, {answered}, {accepted}"))?;
    }
    counted.end(c)?;
    for (member, (points, good)) in &sums {
        sql_query(format!("UPDATE members SET reputation = {points}, good = {good} WHERE id = {member}"))
            .execute(c)?;
    }
    badges(c, &counts, space, now)?;
    if !on_sqlite {
        for table in ["members", "tags", "posts"] {
            sql_query(format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            ))
            .execute(c)?;
        }
        sql_query("ANALYZE").execute(c)?;
    }
    let mut best: Vec<(i64, i64)> = sums.iter().map(|(member, (_, rows))| (*rows, *member)).collect();
    best.sort_unstable_by_key(|(rows, member)| (-rows, *member));
    Ok(Filled {
        members: (viewers + 1..=viewers + members as i64).collect(),
        best: best.into_iter().take(100).map(|(_, member)| member).collect(),
        answers,
        rows: given,
    })
}

/// A first solution for everybody who has one.
fn badges(c: &mut Conn, counts: &HashMap<i64, [i64; 3]>, space: i64, now: Micros) -> QueryResult<()> {
    let mut awarded = Rows::new(
        "badges (member_id, name, awarded_at, origin, badge, fact, post_id, question_id, space_id, least)",
    );
    for (member, _) in counts.iter().filter(|(_, counts)| counts[2] > 0) {
        let one: Vec<Won> = sql_query(format!(
            "SELECT posts.id, posts.thread_id AS question FROM posts JOIN questions ON questions.accepted_id = posts.id \
             WHERE posts.author_id = {member} ORDER BY posts.id LIMIT 1"
        ))
        .load(c)?;
        for won in one {
            awarded.add(
                c,
                format!(
                    "{member}, 'first-accepted', {now}, 'live', 'first-accepted', 'first-accepted', {}, {}, {space}, 1",
                    won.id, won.question
                ),
            )?;
        }
    }
    awarded.end(c)
}

#[derive(QueryableByName)]
struct Won {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    question: i64,
}
