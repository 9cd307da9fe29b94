//! What is kept of pages is exactly what would be made now: compared byte for byte with a node that keeps nothing, for
//! every kind of viewer, on two nodes, after every act.

use std::io::Read;

use serde_json::json;

use crate::closed_space::made;
use crate::harness::{Hall, Member, Node, Random, Visitor};
use crate::threads::{answer, ask};

/// Two nodes that keep pages and one that does not.
struct Nodes<'h> {
    hall: &'h Hall,
    second: Node,
    plain: Node,
}

/// Everybody who may look, with a browser at each node.
struct Viewers {
    browsers: Vec<(String, [Visitor; 3])>,
}

impl<'h> Nodes<'h> {
    fn of(hall: &'h Hall) -> Nodes<'h> {
        let plain = hall.beside(&[("PEERHALL_CACHE_MB", "0")]);
        Nodes { hall, second: hall.beside(&[]), plain }
    }

    fn viewers(&self, members: &[&Member<'_>]) -> Viewers {
        let at = |member: &Member<'_>| {
            [self.hall.address, self.second.address, self.plain.address]
                .map(|address| member.browser().at(address))
        };
        Viewers { browsers: members.iter().map(|member| (member.name.clone(), at(member))).collect() }
    }
}

impl Viewers {
    /// Every viewer gets the same from every node, twice, and zipped as well as not.
    #[track_caller]
    fn agree(&self, paths: &[String], after: &str) {
        for (row, path) in paths.iter().enumerate() {
            for (column, (name, [first, second, plain])) in self.browsers.iter().enumerate() {
                let right = plain.get(path);
                for (which, node) in [("first", first), ("second", second)] {
                    for time in ["once", "again"] {
                        let got = node.get(path);
                        assert_eq!(
                            got.status, right.status,
                            "{path} for {name} at the {which} node after {after}"
                        );
                        same(
                            got.text(),
                            right.text(),
                            &format!("{path} for {name} at the {which} node, {time}, after {after}"),
                        );
                    }
                }
                // Zipped, every page for one of the viewers: they are the same bytes.
                if row % self.browsers.len() != column {
                    continue;
                }
                let zipped = first.request("GET", path, &[("accept-encoding", "gzip")], Vec::new());
                if zipped.header("content-encoding") == Some("gzip") {
                    let mut text = String::new();
                    flate2::read::GzDecoder::new(zipped.bytes.as_slice()).read_to_string(&mut text).unwrap();
                    same(&text, right.text(), &format!("{path} for {name}, zipped, after {after}"));
                }
            }
        }
    }
}

/// Equal but for how often a page was seen, which looking itself changes, and for the number of notices, which come by
/// themselves.
#[track_caller]
fn same(got: &str, right: &str, what: &str) {
    let lines = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| [" view", "For the log", "class=\"bell\""].iter().all(|part| !line.contains(part)))
            .map(str::to_owned)
            .collect()
    };
    let (got, right) = (lines(got), lines(right));
    for (got, right) in got.iter().zip(&right) {
        assert_eq!(got, right, "{what}");
    }
    assert_eq!(got.len(), right.len(), "{what}");
}

struct Scene<'h> {
    asker: Member<'h>,
    helper: Member<'h>,
    reader: Member<'h>,
    moderator: Member<'h>,
    admin: Member<'h>,
}

impl<'h> Scene<'h> {
    fn of(hall: &'h Hall) -> Scene<'h> {
        Scene {
            asker: hall.member("Ann Asks"),
            helper: hall.member("Bob Helps"),
            reader: hall.member("Cem Reads"),
            moderator: hall.member_as("moderator", "Mo"),
            admin: hall.member_as("admin", "Ada"),
        }
    }

    fn everybody(&self) -> [&Member<'h>; 5] {
        [&self.asker, &self.helper, &self.reader, &self.moderator, &self.admin]
    }
}

fn lists() -> Vec<String> {
    let lists =
        ["/", "/tags", "/people", "/questions?tag=pump", "/questions?sort=active", "/questions?sort=score"];
    let filtered = ["/questions?state=unanswered", "/questions?mine=1", "/questions?space=general"];
    lists.into_iter().chain(filtered).map(str::to_owned).collect()
}

fn url(member: &Member<'_>, question: i64) -> String {
    let shown = member.api().get(&format!("/questions/{question}")).expect(200).json();
    shown["url"].as_str().unwrap().to_owned()
}

#[test]
fn every_act_shows_at_once_to_everybody_on_every_node() {
    let hall = Hall::start();
    let scene = Scene::of(&hall);
    let Scene { asker, helper, reader, moderator, admin } = &scene;
    let nodes = Nodes::of(&hall);
    let viewers = nodes.viewers(&scene.everybody());
    let (question, other) = (
        ask(asker, "Why does the pump rattle at night?", &["pump"]),
        ask(helper, "Is it normal that a pump rattles?", &["pump"]),
    );
    let mut paths = [vec![url(asker, question), url(helper, other)], lists()].concat();
    viewers.agree(&paths, "asking");

    let first = answer(helper, question, "Turn it off **and** on again.");
    viewers.agree(&paths, "an answer");
    let second = answer(reader, question, "Mine rattled, too, until spring came.");
    let own = answer(asker, question, "I found the cause myself, at last.");
    let comment =
        made(asker.api().post(&format!("/posts/{first}/comments"), &json!({"body": "That helped."})));
    viewers.agree(&paths, "answers and a comment");
    for (post, value) in [(question, 1), (first, 1), (first, -1), (second, -1), (first, 0)] {
        let voter = if value < 0 { moderator } else { reader };
        voter.api().put(&format!("/posts/{post}/vote"), &json!({"value": value})).expect(200);
        viewers.agree(&paths, "a vote");
    }
    for member in [helper, reader] {
        member.api().put(&format!("/questions/{question}/affected"), &json!({})).expect(204);
        member.api().put(&format!("/questions/{question}/follow"), &json!({})).expect(204);
        viewers.agree(&paths, "following");
    }
    reader.api().delete(&format!("/questions/{question}/affected")).expect(204);
    helper.api().delete(&format!("/questions/{question}/follow")).expect(204);
    viewers.agree(&paths, "following no more");
    for chosen in [first, second, own] {
        asker
            .api()
            .put(&format!("/questions/{question}/accepted"), &json!({"answer_id": chosen}))
            .expect(204);
        viewers.agree(&paths, "choosing");
    }
    asker.api().delete(&format!("/questions/{question}/accepted")).expect(204);
    viewers.agree(&paths, "choosing no more");
    admin.api().put(&format!("/answers/{second}/endorsed"), &json!({})).expect(204);
    viewers.agree(&paths, "endorsing");
    admin.api().delete(&format!("/answers/{second}/endorsed")).expect(204);
    viewers.agree(&paths, "endorsing no more");
    moderator.api().post(&format!("/posts/{own}/remove"), &json!({"why": "spam"})).expect(204);
    viewers.agree(&paths, "removing as spam");
    moderator.api().post(&format!("/posts/{own}/undelete"), &json!({})).expect(204);
    viewers.agree(&paths, "bringing back what was removed");

    let retitled =
        json!({"title": "Why does my pump rattle & hum?", "tags": ["pump", "noise"], "version": 1});
    asker.api().patch(&format!("/questions/{question}"), &retitled).expect(200);
    paths.push(url(asker, question));
    viewers.agree(&paths, "a new title");
    moderator
        .api()
        .patch(
            &format!("/answers/{first}"),
            &json!({"body": "Off and on again, slowly.", "version": 1, "reason": "clearer"}),
        )
        .expect(200);
    helper
        .api()
        .patch(&format!("/answers/{first}"), &json!({"body": "Off, wait, and on again.", "version": 2}))
        .expect(200);
    asker
        .api()
        .patch(&format!("/comments/{comment}"), &json!({"body": "That helped a lot.", "version": 1}))
        .expect(200);
    viewers.agree(&paths, "edits");
    for post in [comment, second, own] {
        moderator.api().delete(&format!("/posts/{post}")).expect(204);
        viewers.agree(&paths, "a deletion");
    }
    moderator.post(&format!("/posts/{second}/undelete"), &[]).expect(303);
    viewers.agree(&paths, "an undeletion");
    helper.api().delete(&format!("/posts/{first}")).expect(204);
    viewers.agree(&paths, "one's own deletion");
    helper.post(&format!("/posts/{first}/undelete"), &[]).expect(303);

    moderator.post(&format!("/questions/{question}/close"), &[("reason", "A <pause>")]).expect(303);
    viewers.agree(&paths, "closing");
    moderator.post(&format!("/questions/{question}/reopen"), &[]).expect(303);
    moderator
        .post(&format!("/questions/{question}/close"), &[("duplicate_of", &other.to_string())])
        .expect(303);
    viewers.agree(&paths, "closing as a duplicate");
    helper
        .api()
        .patch(&format!("/questions/{other}"), &json!({"title": "Do pumps rattle at all?", "version": 1}))
        .expect(200);
    paths.push(url(helper, other));
    viewers.agree(&paths, "a new title of the other question");
    answer(reader, other, "They do, and they always did.");
    viewers.agree(&paths, "another state of the other question");
    moderator.api().delete(&format!("/posts/{other}")).expect(204);
    viewers.agree(&paths, "the other question's deletion");
    moderator.post(&format!("/posts/{other}/undelete"), &[]).expect(303);
    moderator.post(&format!("/questions/{question}/reopen"), &[]).expect(303);
    viewers.agree(&paths, "reopening");

    hall.said(&["guru", "appoint", "--email", &helper.email, "--tag", "pump"], "");
    viewers.agree(&paths, "a guru of its tag");
    helper.api().put(&format!("/questions/{question}/claim"), &json!({})).expect(204);
    viewers.agree(&paths, "a claim");
    helper.api().delete(&format!("/questions/{question}/claim")).expect(204);
    viewers.agree(&paths, "no claim");
    helper
        .api()
        .post(&format!("/questions/{question}/hand-over"), &json!({"reason": "Too deep."}))
        .expect(204);
    viewers.agree(&paths, "a hand-over");
    helper.api().put("/me/guru/pump", &json!({"state": "ended"})).expect(200);
    viewers.agree(&paths, "no guru of its tag");

    helper.post(
        "/settings",
        &[("name", "Bob Renamed"), ("handle", "bob.renamed"), ("about", ""), ("locale", "en")],
    );
    viewers.agree(&paths, "a new name");
    admin.post(&format!("/admin/members/{}/role", reader.id), &[("role", "moderator")]).expect(303);
    viewers.agree(&paths, "a new role");
    admin
        .post("/admin/settings", &[("site_name", "Fjordvarm"), ("contact", ""), ("password_least", "12")])
        .expect(303);
    hall.said(&["space", "add", "--key", "general", "--name", "Everything & more"], "");
    hall.said(&["reindex"], "");
    moderator.api().delete(&format!("/posts/{question}")).expect(204);
    viewers.agree(&paths[1..2], "the question's deletion, elsewhere");
}

#[test]
fn after_any_acts_in_any_order_kept_pages_are_right() {
    let hall = Hall::start();
    let scene = Scene::of(&hall);
    let nodes = Nodes::of(&hall);
    let viewers = nodes.viewers(&scene.everybody());
    let mut random = Random::from_environment();
    let questions = [0, 1].map(|n| ask(&scene.asker, &format!("Which of the two is number {n}?"), &["x"]));
    let mut paths: Vec<String> = questions.iter().map(|id| url(&scene.asker, *id)).collect();
    paths.extend(lists());
    let mut posts = questions.to_vec();
    let steps = std::env::var("KEPT_STEPS").ok().and_then(|steps| steps.parse().ok()).unwrap_or(16);
    for step in 0..steps {
        let pick = |random: &mut Random, most: usize| random.between(0, most as u64 - 1) as usize;
        let who = scene.everybody()[pick(&mut random, 5)];
        let post = posts[pick(&mut random, posts.len())];
        let question = questions[pick(&mut random, 2)];
        let api = who.api();
        // Much of this is refused, which must change nothing either.
        let act = pick(&mut random, 12);
        match act {
            0 | 1 => {
                let body = json!({ "body": format!("Answer of step {step}, in _some_ words.") });
                let answer = api.post(&format!("/questions/{question}/answers"), &body);
                posts.extend((answer.status == 201).then(|| answer.json()["id"].as_i64().unwrap()));
            }
            2 => {
                let body = json!({ "body": format!("Comment of step {step}.") });
                let answer = api.post(&format!("/posts/{post}/comments"), &body);
                posts.extend((answer.status == 201).then(|| answer.json()["id"].as_i64().unwrap()));
            }
            3 | 4 => {
                let value = random.between(0, 2) as i64 - 1;
                api.put(&format!("/posts/{post}/vote"), &json!({ "value": value }));
            }
            5 => drop(api.put(&format!("/questions/{question}/accepted"), &json!({ "answer_id": post }))),
            6 => drop(api.delete(&format!("/questions/{question}/accepted"))),
            7 => drop(api.put(&format!("/questions/{question}/follow"), &json!({}))),
            8 => drop(api.put(&format!("/questions/{question}/affected"), &json!({}))),
            9 => drop(who.post(&format!("/posts/{post}/delete"), &[])),
            10 => drop(who.post(&format!("/posts/{post}/undelete"), &[])),
            _ => {
                let version = api.get(&format!("/posts/{post}/revisions")).status == 200;
                let body = json!({ "body": format!("Text of step {step}, anew."), "version": 1 + i64::from(version && random.between(0, 1) == 1) });
                for kind in ["questions", "answers", "comments"] {
                    drop(api.patch(&format!("/{kind}/{post}"), &body));
                }
            }
        }
        viewers.agree(&paths, &format!("step {step}, act {act} by {} (seed {})", who.name, random.seed()));
    }
}
