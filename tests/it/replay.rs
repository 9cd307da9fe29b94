//! Random acts: whatever people do, in whatever order, the caps hold, the event log read again gives the same points, and
//! undoing all gives nothing.
//!
//! `RANDOM_ROUNDS` says how often (1), each in a hall of its own with a seed of its own; `SEED` repeats one.

use std::collections::HashMap;

use diesel::prelude::*;
use peerhall::clock::DAY;
use peerhall::db::schema::{ledger, posts, vote_patterns, votes};
use peerhall::db::{Error, On};
use peerhall::reputation::figures::{self, Figures};
use serde_json::json;

use crate::harness::{Hall, Member, Random};
use crate::patterns::{decide, shown};
use crate::reputation::{WORDS, open_to_all, points, set};
use crate::threads::{answer, ask};

const STEPS: usize = 250;

#[test]
fn any_order_of_acts_is_what_a_replay_says_and_undone_it_is_nothing() {
    let rounds: usize =
        std::env::var("RANDOM_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    for _ in 0..rounds {
        let mut random = Random::from_environment();
        println!("SEED={}", random.seed());
        let hall = Hall::start();
        let mut round = Round::of(&hall);
        for step in 0..STEPS {
            round.act(&mut random, step);
            if step % 50 == 49 {
                hall.said(&["check"], "");
            }
        }
        caps_held(&hall);
        println!("done: {}", round.told());
        round.undo();
        for one in &round.people {
            assert_eq!(points(&hall, one), 0, "{}", one.name);
        }
        let scores: Vec<(i64, i64)> = hall.read(|c| posts::table.select((posts::up, posts::down)).load(c));
        assert!(scores.iter().all(|score| *score == (0, 0)), "{scores:?}");
        hall.said(&["check"], "");
    }
}

/// People, what they wrote, and what they did that is to be undone.
struct Round<'h> {
    hall: &'h Hall,
    /// Ann and Bo of one organisation, Cy, Dee, a moderator, staff.
    people: [Member<'h>; 6],
    /// A moderator who neither votes nor writes.
    judge: Member<'h>,
    questions: Vec<i64>,
    /// With their questions.
    replies: Vec<(i64, i64)>,
    /// All of both.
    posts: Vec<i64>,
    /// With the answers they are about.
    suggestions: Vec<(i64, i64)>,
    /// Patterns whose votes are annulled.
    annulled: Vec<i64>,
    /// How often each act was done and not refused.
    done: HashMap<&'static str, usize>,
}

/// A post as far as acts are chosen by it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = posts)]
struct Post {
    id: i64,
    kind: String,
    author_id: Option<i64>,
    version: i64,
    deleted_at: Option<i64>,
}

impl<'h> Round<'h> {
    fn of(hall: &'h Hall) -> Round<'h> {
        set(hall, anybody_votes());
        let people = [
            hall.member_with("Ann", &["--organisation", "Acme"]),
            hall.member_with("Bo", &["--organisation", "Acme"]),
            hall.member("Cy"),
            hall.member("Dee"),
            hall.member_as("moderator", "Mo"),
            hall.member_as("staff", "Stella"),
        ];
        let questions: Vec<i64> = people[..3]
            .iter()
            .map(|one| ask(one, &format!("Why does {}'s lamp smoke?", one.name), &["lamps"]))
            .collect();
        let mut replies = Vec::new();
        for question in &questions {
            for one in &people {
                replies.push((*question, answer(one, *question, &format!("{WORDS} So says {}.", one.name))));
            }
        }
        let posts = questions.iter().copied().chain(replies.iter().map(|(_, reply)| *reply)).collect();
        Round {
            hall,
            judge: hall.member_as("moderator", "Judy"),
            people,
            questions,
            replies,
            posts,
            suggestions: Vec::new(),
            annulled: Vec::new(),
            done: HashMap::new(),
        }
    }

    /// Most acts are refused to somebody: what counts is that those that are not leave all as it must be.
    fn act(&mut self, random: &mut Random, step: usize) {
        let [.., moderator, staff] = &self.people;
        let (moderator, staff) = (moderator.api(), staff.api());
        let who = one_of(random, &self.people).api();
        let post = *one_of(random, &self.posts);
        let (question, reply) = *one_of(random, &self.replies);
        // Each of the first three asked one.
        let asker = self.questions.iter().zip(&self.people).find(|(id, _)| **id == question).unwrap().1.api();
        let (act, status) = match random.between(0, 26) {
            0..=6 => {
                let value = json!({ "value": random.between(0, 2) as i64 - 1 });
                ("vote", who.put(&format!("/posts/{post}/vote"), &value).status)
            }
            7 => {
                let accepted = json!({ "answer_id": reply });
                ("accept", asker.put(&format!("/questions/{question}/accepted"), &accepted).status)
            }
            8 => ("unaccept", asker.delete(&format!("/questions/{question}/accepted")).status),
            9 => ("delete", who.delete(&format!("/posts/{post}")).status),
            10 => {
                let why = json!({ "why": "spam" });
                ("remove", moderator.post(&format!("/posts/{reply}/remove"), &why).status)
            }
            11 | 12 => {
                let Some(post) = self.one_where(random, |post| post.deleted_at.is_some()) else { return };
                let either = if random.between(0, 2) == 0 { who } else { moderator };
                ("undelete", either.post(&format!("/posts/{post}/undelete"), &json!({})).status)
            }
            13 => ("endorse", staff.put(&format!("/answers/{reply}/endorsed"), &json!({})).status),
            14 => ("unendorse", staff.delete(&format!("/answers/{reply}/endorsed")).status),
            15 => {
                let figures = Figures {
                    answer_up: random.between(0, 40) as i64,
                    votes_a_day: random.between(0, 60) as i64,
                    pair_up: random.between(0, 4) as i64,
                    down_cast: random.between(0, 2) as i64,
                    edit: random.between(0, 4) as i64,
                    edits_most: random.between(0, 12) as i64,
                    ..anybody_votes()
                };
                set(self.hall, figures);
                ("figures", 200)
            }
            16 | 17 => ("annul", self.annul(random)),
            18 | 19 => {
                let Some(id) = taken(random, &mut self.annulled) else { return };
                ("undo", decide(&self.judge, id, "undo", "It was a mistake.").expect(303).status)
            }
            20 | 21 => {
                let edit = json!({ "body": format!("{WORDS} Or so, in step {step}."), "version": self.version(reply) });
                ("edit", who.patch(&format!("/answers/{reply}"), &edit).status)
            }
            22 | 23 => {
                let who = one_of(random, &self.people[..4]);
                let anothers = |post: &Post| {
                    post.kind == "answer" && post.deleted_at.is_none() && post.author_id != Some(who.id)
                };
                let Some(reply) = self.one_where(random, anothers) else { return };
                let edit = json!({ "body": format!("{WORDS} Better: step {step}."), "version": self.version(reply) });
                let answer = who.api().patch(&format!("/answers/{reply}"), &edit);
                self.suggestions.extend(answer.json()["suggestion_id"].as_i64().map(|id| (id, reply)));
                ("suggest", answer.status)
            }
            24 | 25 => {
                let Some((id, reply)) = taken(random, &mut self.suggestions) else { return };
                let (mut act, mut decision) = ("reject", json!({ "decision": "reject", "reason": "wrong" }));
                if random.between(0, 3) > 0 {
                    moderator.post(&format!("/posts/{reply}/undelete"), &json!({}));
                    let body = format!("{WORDS} Approved in step {step}.");
                    let version = self.version(reply);
                    act = "approve";
                    decision = json!({ "decision": "approve", "version": version, "body": body });
                }
                (act, moderator.post(&format!("/suggestions/{id}/decision"), &decision).status)
            }
            _ => {
                let changed = |post: &Post| post.kind == "answer" && post.version > 1;
                let Some(reply) = self.one_where(random, changed) else { return };
                let version = self.version(reply);
                let back = json!({ "to": random.between(1, version as u64 - 1), "version": version });
                ("roll back", moderator.post(&format!("/posts/{reply}/rollback"), &back).status)
            }
        };
        *self.done.entry(act).or_default() += usize::from(status < 400);
    }

    /// Some of one's votes on another look arranged, and are annulled: what the follower finds, chosen by chance instead.
    fn annul(&mut self, random: &mut Random) -> u16 {
        type Cast = (i64, Option<i64>, i64, i64, i64);
        let mut cast: Vec<Cast> = self.hall.read(|c| {
            votes::table
                .inner_join(posts::table.on(posts::id.eq(votes::post_id)))
                .order((votes::post_id, votes::member_id))
                .select((votes::member_id, posts::author_id, votes::post_id, votes::value, votes::cast_at))
                .load(c)
        });
        if cast.is_empty() {
            return 404;
        }
        let (voter, author, first, ..) = *one_of(random, &cast);
        let author = author.unwrap();
        cast.retain(|vote| (vote.0, vote.1) == (voter, Some(author)));
        // Some of them are annulled already, and left alone.
        cast.retain(|vote| vote.2 == first || random.between(0, 3) > 0);
        let cast: Vec<(i64, i64, i64)> =
            cast.into_iter().map(|(_, _, post, value, at)| (post, value, at)).collect();
        let (evidence, now) = (json!(cast).to_string(), self.hall.clock.now());
        let id: i64 = self
            .hall
            .db()
            .write_now(On::Nothing, move |c| {
                let row = (
                    vote_patterns::kind.eq("circle"),
                    vote_patterns::voter_id.eq(voter),
                    vote_patterns::author_id.eq(author),
                    vote_patterns::votes.eq(&evidence),
                    vote_patterns::first_at.eq(now),
                    vote_patterns::last_at.eq(now),
                    vote_patterns::state.eq("waiting"),
                    vote_patterns::found_at.eq(now),
                );
                diesel::insert_into(vote_patterns::table).values(row).execute(c)?;
                let newest = vote_patterns::table.filter(vote_patterns::kind.eq("circle"));
                Ok::<_, Error>(newest.order(vote_patterns::id.desc()).select(vote_patterns::id).first(c)?)
            })
            .unwrap();
        let answer = decide(&self.judge, id, "annul", "All at once.").expect(303);
        let annulled = shown(&self.judge, "/review/votes?annulled=1").iter().any(|row| row.id == id);
        self.annulled.extend(annulled.then_some(id));
        if annulled { answer.status } else { 404 }
    }

    /// One of the posts of which that holds.
    fn one_where(&self, random: &mut Random, which: impl Fn(&Post) -> bool) -> Option<i64> {
        let mut all: Vec<Post> =
            self.hall.read(|c| posts::table.order(posts::id).select(Post::as_select()).load(c));
        all.retain(which);
        (!all.is_empty()).then(|| one_of(random, &all).id)
    }

    fn version(&self, post: i64) -> i64 {
        self.hall.read(move |c| posts::table.find(post).select(posts::version).first(c))
    }

    /// What was done, so that nobody takes a run without annulments for one with.
    fn told(&self) -> String {
        let mut done: Vec<String> = self.done.iter().map(|(act, times)| format!("{act} {times}")).collect();
        done.sort();
        for act in ["vote", "annul", "undo", "approve"] {
            assert!(self.done.get(act).is_some_and(|times| *times > 0), "no {act} among {done:?}");
        }
        done.join(", ")
    }

    fn undo(&mut self) {
        let [.., moderator, staff] = &self.people;
        for id in self.annulled.drain(..) {
            decide(&self.judge, id, "undo", "All of it was a mistake.").expect(303);
        }
        for post in &self.posts {
            moderator.api().post(&format!("/posts/{post}/undelete"), &json!({}));
            staff.api().post(&format!("/posts/{post}/undelete"), &json!({}));
        }
        for one in &self.people {
            for post in &self.posts {
                one.api().put(&format!("/posts/{post}/vote"), &json!({ "value": 0 }));
            }
            for question in &self.questions {
                one.api().delete(&format!("/questions/{question}/accepted"));
            }
        }
        for (_, reply) in &self.replies {
            staff.api().delete(&format!("/answers/{reply}/endorsed")).expect(204);
            // Where the text is the first one again already, there would be nothing to roll back.
            let edit =
                json!({ "body": format!("{WORDS} For the last time."), "version": self.version(*reply) });
            moderator.api().patch(&format!("/answers/{reply}"), &edit).expect(200);
            let back = json!({ "to": 1, "version": self.version(*reply) });
            moderator.api().post(&format!("/posts/{reply}/rollback"), &back).expect(200);
        }
    }
}

/// Everybody may vote down, and nobody but authors and moderators edits without being asked.
fn anybody_votes() -> Figures {
    let [contributor, ..] = open_to_all().levels;
    let never = 1_000_000_000;
    Figures { levels: [contributor, never, never, never], ..open_to_all() }
}

fn one_of<'a, T>(random: &mut Random, all: &'a [T]) -> &'a T {
    &all[random.between(0, all.len() as u64 - 1) as usize]
}

fn taken<T>(random: &mut Random, all: &mut Vec<T>) -> Option<T> {
    let last = all.len().checked_sub(1)?;
    Some(all.swap_remove(random.between(0, last as u64) as usize))
}

/// No pair and no day was given more than the largest figures it was given under allow.
#[track_caller]
fn caps_held(hall: &Hall) {
    type Row = (i64, i64, Option<i64>, String, i64, i64);
    let (rows, versions): (Vec<Row>, HashMap<i64, Figures>) = hall.read(|c| {
        let rows = ledger::table
            .filter(ledger::base_id.is_null())
            .select((
                ledger::member_id,
                ledger::points,
                ledger::by_id,
                ledger::reason,
                ledger::given_at,
                ledger::settings_id,
            ))
            .load(c)?;
        Ok((rows, figures::all_versions(c)?))
    });
    let mut days: HashMap<(i64, i64), (i64, i64)> = HashMap::new();
    let mut pairs: HashMap<(i64, Option<i64>, i64), (i64, i64)> = HashMap::new();
    for (member, points, by, reason, at, settings) in rows {
        if !matches!(reason.as_str(), "answer-up" | "question-up") {
            continue;
        }
        let figures = &versions[&settings];
        let day = days.entry((member, at / DAY)).or_default();
        *day = (day.0 + points, day.1.max(figures.votes_a_day));
        let pair = pairs.entry((member, by, at / DAY)).or_default();
        *pair = (pair.0 + 1, pair.1.max(figures.pair_up));
    }
    for (whose, (given, most)) in days {
        assert!(given <= most, "{given} of {most} for {whose:?}");
    }
    for (whose, (given, most)) in pairs {
        assert!(given <= most, "{given} of {most} for {whose:?}");
    }
}
