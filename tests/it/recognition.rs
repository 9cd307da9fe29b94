//! Ledgers, profiles and leaderboards: what somebody sees of points is about what they may open, and adds up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use peerhall::clock::DAY;
use peerhall::db::schema::{ledger, members, posts, question_tags, questions, tags};
use peerhall::db::{Error, On};
use peerhall::posts::visible;
use peerhall::reputation::figures::{self, Figures};
use peerhall::spaces;
use peerhall::web::{Role, Viewer};
use serde_json::{Value, json};

use crate::closed_space::made;
use crate::harness::{Hall, Member, Random};
use crate::threads::{answer, ask};

const SPACES: [&str; 3] = ["general", "first", "second"];
const TAGS: [&str; 3] = ["lamps", "pumps", "c++"];
const WORDS: &str = "Turn the key twice, wait until the lamp is out, and turn it back.";

/// Members of several organisations, a moderator, staff; threads in three spaces; votes and choices.
struct Scene<'h> {
    hall: &'h Hall,
    people: Vec<Member<'h>>,
    answers: Vec<i64>,
    questions: Vec<i64>,
}

impl<'h> Scene<'h> {
    fn of(hall: &'h Hall, random: &mut Random) -> Scene<'h> {
        let levels = Figures { levels: [-1_000_000; 4], ratios: [0.0; 4], ..Figures::default() };
        let now = hall.clock.now();
        hall.db()
            .write_now(On::Named("settings", 0), move |c| {
                Ok::<_, Error>(figures::set(c, &levels, None, now)?)
            })
            .unwrap();
        for (key, product) in [("first", "One"), ("second", "Two")] {
            hall.said(&["space", "add", "--key", key, "--name", key, "--product", product], "");
        }
        for (firm, product) in [("Alpha", "One"), ("Beta", "Two"), ("Gamma", "One"), ("Gamma", "Two")] {
            hall.said(&["entitlement", "add", "--organisation", firm, "--product", product], "");
        }
        let mut people = vec![hall.member("Ann"), hall.member_as("staff", "Stella")];
        for (name, firm) in [("Bo", "Alpha"), ("Cem", "Beta"), ("Dee", "Gamma")] {
            people.push(hall.member_with(name, &["--organisation", firm]));
        }
        people.push(hall.member_with("Mo", &["--role", "moderator", "--organisation", "Gamma"]));
        let mut scene = Scene { hall, people, answers: Vec::new(), questions: Vec::new() };
        scene.write(random);
        scene
    }

    fn any(&self, random: &mut Random) -> &Member<'h> {
        &self.people[random.between(0, self.people.len() as u64 - 1) as usize]
    }

    fn staff(&self) -> &Member<'h> {
        &self.people[1]
    }

    fn write(&mut self, random: &mut Random) {
        for n in 0..9 {
            let question = json!({
                "space": SPACES[n % 3], "title": format!("Why does lamp number {n} smoke?"), "body": WORDS,
                "tags": [TAGS[random.between(0, 2) as usize]],
            });
            let asked = self.any(random).api().post("/questions", &question);
            let asked =
                if asked.status == 201 { asked } else { self.staff().api().post("/questions", &question) };
            let id = made(asked);
            self.questions.push(id);
            let mut replies = Vec::new();
            for one in &self.people {
                let body = json!({ "body": format!("{WORDS} So says {}.", one.name) });
                let answered = one.api().post(&format!("/questions/{id}/answers"), &body);
                if answered.status == 201 {
                    replies.push(made(answered));
                }
            }
            for one in &self.people {
                let chosen = replies[random.between(0, replies.len() as u64 - 1) as usize];
                one.api().put(&format!("/questions/{id}/accepted"), &json!({ "answer_id": chosen }));
            }
            self.answers.extend(replies);
        }
        for _ in 0..120 {
            let all = [self.questions.as_slice(), &self.answers].concat();
            let post = all[random.between(0, all.len() as u64 - 1) as usize];
            let value = [1, 1, -1, 0][random.between(0, 3) as usize];
            self.any(random).api().put(&format!("/posts/{post}/vote"), &json!({ "value": value }));
        }
        for answer in &self.answers {
            match random.between(0, 9) {
                0 => drop(self.staff().api().put(&format!("/answers/{answer}/endorsed"), &json!({}))),
                1 => drop(self.staff().api().delete(&format!("/posts/{answer}"))),
                2 => drop(
                    self.staff().api().post(&format!("/posts/{answer}/remove"), &json!({ "why": "spam" })),
                ),
                _ => {}
            }
        }
    }

    /// Posts that nobody but some may see, and points of other times; not by acts, because none does this yet.
    fn spoil(&self, random: &mut Random) {
        let (private, hidden) = (self.questions[4], self.questions[6]);
        let answers: Vec<i64> = self.answers.iter().copied().filter(|_| random.between(0, 5) == 0).collect();
        let rows: Vec<i64> = self.hall.read(|c| ledger::table.select(ledger::id).order(ledger::id).load(c));
        let moved: Vec<(i64, i64)> = rows.iter().map(|id| (*id, random.between(0, 400) as i64)).collect();
        let accepted: Vec<(i64, i64)> =
            self.questions.iter().map(|id| (*id, random.between(0, 400) as i64)).collect();
        self.hall
            .db()
            .write_now(On::Nothing, move |c| {
                for (post, how) in [(private, "private"), (hidden, "hidden")] {
                    diesel::update(posts::table.find(post)).set(posts::visibility.eq(how)).execute(c)?;
                    diesel::update(questions::table.find(post))
                        .set(questions::listed.eq(false))
                        .execute(c)?;
                }
                for post in &answers {
                    diesel::update(posts::table.find(post)).set(posts::visibility.eq("hidden")).execute(c)?;
                }
                for (id, days) in &moved {
                    let back = ledger::given_at.eq(ledger::given_at - days * DAY);
                    diesel::update(ledger::table.find(id)).set(back).execute(c)?;
                }
                for (id, days) in &accepted {
                    let at: Option<Option<i64>> =
                        questions::table.find(id).select(questions::accepted_at).first(c).optional()?;
                    if let Some(at) = at.flatten() {
                        let back = questions::accepted_at.eq(at - days * DAY);
                        diesel::update(questions::table.find(id)).set(back).execute(c)?;
                    }
                }
                Ok::<_, Error>(())
            })
            .unwrap();
    }

    fn viewer(&self, member: &Member<'_>) -> Viewer {
        let id = member.id;
        let (name, handle, role, organisation_id): (String, String, String, Option<i64>) =
            self.hall.read(move |c| {
                members::table
                    .find(id)
                    .select((members::name, members::handle, members::role, members::organisation_id))
                    .first(c)
            });
        let (role, now) = (Role::stored(&role), self.hall.clock.now());
        Viewer {
            id,
            name,
            handle,
            role,
            organisation_id,
            reputation: 0,
            locale: "en".into(),
            unread: 0,
            guru: false,
            now,
        }
    }
}

type LedgerRow = (i64, i64, String, i64);

fn pages(member: &Member<'_>, path: &str) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    let sign = if path.contains('?') { '&' } else { '?' };
    loop {
        let page = member.api().get(&format!("{path}{sign}limit=4{after}")).expect(200).json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return items,
        }
    }
}

fn sum(items: &[Value]) -> i64 {
    items.iter().map(|item| item["points"].as_i64().unwrap()).sum()
}

#[test]
fn everybody_reads_the_rows_of_posts_they_may_open_and_the_rest_as_one_sum() {
    let mut random = Random::from_environment();
    println!("SEED={}", random.seed());
    let hall = Hall::start();
    let scene = Scene::of(&hall, &mut random);
    scene.spoil(&mut random);
    let (mut hidden_rows, mut casts) = (0, 0);
    for reader in &scene.people {
        let viewer = scene.viewer(reader);
        for about in &scene.people {
            let (id, viewer) = (about.id, viewer.clone());
            let (rows, seen, reputation): (Vec<LedgerRow>, BTreeSet<i64>, i64) = hall.read(move |c| {
                let rows: Vec<LedgerRow> = ledger::table
                    .filter(ledger::member_id.eq(id))
                    .order((ledger::given_at.desc(), ledger::id.desc()))
                    .select((ledger::id, ledger::points, ledger::reason, ledger::post_id.assume_not_null()))
                    .load(c)?;
                let ids: Vec<i64> = rows.iter().map(|row| row.3).collect();
                let seen = visible(c, &viewer, &ids)?.into_iter().map(|post| post.id).collect();
                Ok((rows, seen, members::table.find(id).select(members::reputation).first(c)?))
            });
            let shown =
                |row: &&LedgerRow| seen.contains(&row.3) && (row.2 != "down-cast" || about.id == reader.id);
            let wanted: Vec<&LedgerRow> = rows.iter().filter(shown).collect();
            let path = format!("/people/{}/reputation", about.id);
            let mut items = pages(reader, &path);
            let who = format!("{} about {}", reader.name, about.name);
            assert_eq!(sum(&items), reputation, "{who}: the whole is the reputation");
            if wanted.len() < rows.len() {
                hidden_rows += rows.len() - wanted.len();
                let elsewhere = items.remove(0);
                assert_eq!(elsewhere["reason"], "elsewhere", "{who}");
                assert_eq!((&elsewhere["post_id"], &elsewhere["at"]), (&Value::Null, &Value::Null));
            }
            let ids: Vec<i64> = items.iter().map(|item| item["id"].as_i64().unwrap()).collect();
            assert_eq!(ids, wanted.iter().map(|row| row.0).collect::<Vec<_>>(), "{who}");
            casts += wanted.iter().filter(|row| row.2 == "down-cast").count();
            let of_reason = pages(reader, &format!("{path}?reason=accepted"));
            let accepted = wanted.iter().filter(|row| row.2 == "accepted").count();
            assert_eq!(of_reason.len(), accepted, "{who}: of one reason");
            for item in &items {
                assert!(item.get("by_id").is_none(), "who voted is never told");
            }
        }
    }
    assert!(hidden_rows > 0 && casts > 0, "{hidden_rows} hidden, {casts} cast");
}

#[test]
fn leaderboards_are_what_a_naive_recount_says() {
    let mut random = Random::from_environment();
    println!("SEED={}", random.seed());
    let hall = Hall::start();
    let scene = Scene::of(&hall, &mut random);
    scene.spoil(&mut random);
    // Everything by plain reading.
    type Post = (i64, String, Option<i64>, Option<i64>, Option<i64>);
    let all_posts: Vec<Post> = hall.read(|c| {
        let columns = (posts::id, posts::visibility, posts::deleted_at, posts::thread_id, posts::author_id);
        posts::table.select(columns).load(c)
    });
    let all_posts: HashMap<i64, Post> = all_posts.into_iter().map(|post| (post.0, post)).collect();
    type Question = (i64, i64, bool, Option<i64>, Option<i64>, Option<i64>);
    let threads: Vec<Question> = hall.read(|c| {
        questions::table
            .select((
                questions::post_id,
                questions::space_id,
                questions::listed,
                questions::accepted_id,
                questions::accepted_at,
                questions::author_id,
            ))
            .load(c)
    });
    let threads: HashMap<i64, Question> = threads.into_iter().map(|thread| (thread.0, thread)).collect();
    let tagged: Vec<(i64, String)> = hall.read(|c| {
        question_tags::table.inner_join(tags::table).select((question_tags::question_id, tags::name)).load(c)
    });
    type Row = (i64, i64, String, i64, i64);
    let rows: Vec<Row> = hall.read(|c| {
        let post = ledger::post_id.assume_not_null();
        ledger::table
            .select((ledger::member_id, ledger::points, ledger::reason, post, ledger::given_at))
            .load(c)
    });
    let now = hall.clock.now();
    let mut places = 0;
    for reader in &scene.people {
        let viewer = scene.viewer(reader);
        let spaces: Vec<(i64, String)> = hall.read(move |c| {
            Ok(spaces::list(c, &viewer)?.into_iter().map(|space| (space.id, space.key)).collect())
        });
        for period in ["week", "month", "year", "all"] {
            let begin = begin(period, now);
            for tag in [None, Some("lamps"), Some("c++")] {
                for space in std::iter::once(None).chain(spaces.iter().map(Some)) {
                    let stands = |post: i64| {
                        let post = &all_posts[&post];
                        let thread = &threads[&post.3.unwrap()];
                        post.1 == "open"
                            && post.2.is_none()
                            && thread.2
                            && spaces.iter().any(|(id, _)| *id == thread.1)
                            && space.is_none_or(|(id, _)| *id == thread.1)
                            && tag.is_none_or(|tag| {
                                tagged.iter().any(|(id, name)| *id == thread.0 && name == tag)
                            })
                    };
                    let mut wanted: BTreeMap<i64, (i64, i64, BTreeSet<i64>)> = BTreeMap::new();
                    for (member, points, reason, post, at) in &rows {
                        if *at >= begin
                            && !["down-cast", "removed"].contains(&reason.as_str())
                            && stands(*post)
                        {
                            wanted.entry(*member).or_default().0 += points;
                        }
                    }
                    for thread in threads.values() {
                        let (Some(answer), Some(at)) = (thread.3, thread.4) else { continue };
                        let by = all_posts[&answer].4.unwrap();
                        if at >= begin && stands(answer) && thread.5 != Some(by) {
                            let one = wanted.entry(by).or_default();
                            one.1 += 1;
                            one.2.extend(thread.5);
                        }
                    }
                    wanted.retain(|member, one| one.0 > 0 && *member != scene.staff().id);
                    let place = |points: i64| wanted.values().filter(|one| one.0 > points).count() as i64 + 1;
                    let wanted: Vec<_> = wanted
                        .iter()
                        .map(|(id, one)| (place(one.0), *id, one.0, one.1, one.2.len() as i64))
                        .collect::<BTreeSet<_>>()
                        .into_iter()
                        .collect();
                    let mut query = format!("?period={period}");
                    if let Some(tag) = tag {
                        query += &format!("&tag={}", tag.replace('+', "%2B"));
                    }
                    if let Some((_, key)) = space {
                        query += &format!("&space={key}");
                    }
                    let found = reader.api().get(&format!("/leaders{query}")).expect(200).json();
                    let figure = |one: &Value, name: &str| one[name].as_i64().unwrap();
                    let got: Vec<_> = found["items"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|one| {
                            let helped = figure(one, "people_helped");
                            (
                                figure(one, "place"),
                                figure(one, "id"),
                                figure(one, "points"),
                                figure(one, "accepted"),
                                helped,
                            )
                        })
                        .collect();
                    assert_eq!(got, wanted, "{} asks for {query}", reader.name);
                    places += got.len();
                }
            }
        }
        links_hold(reader, "/people/leaders?period=year");
    }
    assert!(places > 0);
}

/// The first moment of a period that has `now` in it, by counting days.
fn begin(period: &str, now: i64) -> i64 {
    let name = |day: i64| peerhall::clock::rfc3339(day * DAY)[..10].to_owned();
    let today = now.div_euclid(DAY);
    let same = |day: &i64, length: usize| name(*day)[..length] == name(today)[..length];
    let first = |length| (0..=today).rev().take_while(|day| same(day, length)).last().unwrap();
    match period {
        // 2026-11-23 was a Monday.
        "week" => (0..7).map(|n| today - n).find(|day| (day - 20_780).rem_euclid(7) == 0).unwrap() * DAY,
        "month" => first(7) * DAY,
        "year" => first(4) * DAY,
        _ => 0,
    }
}

/// Every number of a page that is a link is the number of what the link shows.
#[track_caller]
fn links_hold(reader: &Member<'_>, path: &str) {
    let page = reader.get(path).expect(200).text().to_owned();
    let mut seen = 0;
    for start in ["<td class=\"figure\"><a href=\"", "<dd><a href=\""] {
        for rest in page.split(start).skip(1) {
            let (href, rest) = rest.split_once("\">").unwrap();
            let shown = rest.split('<').next().unwrap();
            let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
            let number: i64 = digits.parse().unwrap();
            let number = if shown.starts_with(['-', '−']) { -number } else { number };
            let href = href.replace("&amp;", "&");
            let found = if href.contains("/reputation") {
                let items = pages(reader, &href);
                if href.contains("standing=1") { items.len() as i64 } else { sum(&items) }
            } else {
                listed(reader, &href)
            };
            assert_eq!(found, number, "{} follows {href} from {path}", reader.name);
            seen += 1;
        }
    }
    assert!(seen > 0, "{path} has no links:\n{page}");
}

/// Rows in all pages of a profile's list.
fn listed(reader: &Member<'_>, href: &str) -> i64 {
    let (mut path, mut rows) = (href.to_owned(), 0);
    loop {
        let page = reader.get(&path).expect(200).text().to_owned();
        rows += page.matches("<li class=\"row").count();
        let next = page
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .find(|href| href.contains("after="));
        match next {
            Some(next) => path = next.replace("&amp;", "&"),
            None => return rows as i64,
        }
    }
}

#[test]
fn every_number_of_a_profile_is_the_number_of_rows_behind_it() {
    let mut random = Random::from_environment();
    println!("SEED={}", random.seed());
    let hall = Hall::start();
    let scene = Scene::of(&hall, &mut random);
    for reader in &scene.people {
        for about in &scene.people {
            links_hold(reader, &format!("/people/{}", about.id));
        }
    }
    // What is kept is never old: after each act the numbers are those of the rows again.
    let (ann, stella) = (&scene.people[0], scene.staff());
    let profile = format!("/people/{}", ann.id);
    let question = ask(stella, "Why does the kept lamp smoke?", &["lamps"]);
    let reply = answer(ann, question, WORDS);
    links_hold(stella, &profile);
    stella.api().put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": reply })).expect(204);
    links_hold(stella, &profile);
    stella.api().put(&format!("/answers/{reply}/endorsed"), &json!({})).expect(204);
    links_hold(stella, &profile);
    stella.api().delete(&format!("/posts/{reply}")).expect(204);
    links_hold(stella, &profile);
    links_hold(ann, &profile);
}

#[test]
fn who_is_suspended_has_no_place_from_then_on() {
    let hall = Hall::start();
    let (ann, bo) = (hall.member("Ann"), hall.member("Bo"));
    let moderator = hall.member_as("moderator", "Mo");
    let question = ask(&ann, "Why does the lamp smoke at night?", &["lamps"]);
    for who in [&bo, &moderator] {
        let reply = answer(who, question, WORDS);
        ann.api().put(&format!("/posts/{reply}/vote"), &json!({ "value": 1 })).expect(200);
    }
    let places = |query: &str| -> Vec<(String, i64)> {
        let found = ann.api().get(&format!("/leaders{query}")).expect(200).json();
        let place = |one: &Value| (one["name"].as_str().unwrap().to_owned(), one["place"].as_i64().unwrap());
        found["items"].as_array().unwrap().iter().map(place).collect()
    };
    assert_eq!(places(""), [("Bo".to_owned(), 1), ("Mo".to_owned(), 1)], "as many points, the same place");
    let page = ann.get("/people/leaders").expect(200).text().to_owned();
    assert!(page.contains("Counted") && page.contains(">Bo<"), "{page}");
    let form = [("reason", "Advertising after two warnings."), ("until", "")];
    moderator.post(&format!("/people/{}/suspend", bo.id), &form).expect(303);
    assert_eq!(places(""), [("Mo".to_owned(), 1)], "although it was counted with them a moment ago");
}

#[test]
fn what_cannot_be_asked_for_is_refused() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let ledger = format!("/people/{}/reputation", ann.id);
    for bad in ["reason=x", "space=nowhere", "from=yesterday", "until=2026-02-30", "limit=0"] {
        assert_eq!(ann.api().get(&format!("{ledger}?{bad}")).status, 422, "{bad}");
        assert_eq!(ann.get(&format!("{ledger}?{bad}")).status, 422, "{bad}");
    }
    assert_eq!(ann.get(&format!("/people/{}?show=x", ann.id)).status, 422);
    assert_eq!(ann.api().get("/leaders?period=x").status, 422);
    assert_eq!(ann.get("/people/leaders?space=nowhere").status, 422);
    ann.api().get("/people/999999/reputation").expect_problem(404, "not-found");
    ann.get("/people/999999/reputation").expect_page(404);
}
