//! The follower that judges all badges: it looks at the threads in which something happened that a badge may rest on, and at
//! the members whose outcomes stand there, and makes what is held what the definitions say.
//!
//! It may be given the same events twice, or all of them again: what is right already stays.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::definitions::{ALL, Counts, Definition, known};
use super::evidence::{self, Outcome, Sums, Won};
use super::store::{self, Earned};
use crate::clock::Micros;
use crate::db::schema::{members, posts};
use crate::db::{Conn, Effect};
use crate::events::{self, About, Fact, Follower, Origin, Recorded, Takes};
use crate::reputation::Reason;
use crate::reputation::figures::{self, Figures};

/// What a badge may rest on. An import's credits tell of posts and not of one thread.
const TOUCHING: [&str; 12] = [
    "AnswerAccepted",
    "AcceptanceWithdrawn",
    "AnswerEndorsed",
    "EndorsementWithdrawn",
    "SuggestionApproved",
    "SuggestionUndone",
    "PostDeleted",
    "PostUndeleted",
    "PostEdited",
    "EditRolledBack",
    "AffectedCounted",
    "QuestionRead",
];
/// The follower's name.
const NAME: &str = "badges";
const CREDITED: &str = "ImportCredited";

/// Follows what badges rest on.
#[derive(Clone, Copy, Debug)]
pub struct Badges;

/// What happened in a thread: here or in an import, and when last.
type Touched = BTreeMap<i64, (Origin, Micros)>;

impl Follower for Badges {
    fn name(&self) -> &'static str {
        NAME
    }

    fn takes(&self) -> Takes {
        Takes::All
    }

    fn follow(&self, c: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<Effect> {
        let touched = touched(c, events)?;
        if touched.is_empty() {
            return Ok(Box::new(|_| Ok(())));
        }
        let changes = judge(c, &touched)?;
        Ok(Box::new(move |c| {
            changes.gone.iter().try_for_each(|(earned, origin)| store::withdraw(c, earned, *origin, now))?;
            changes.moved.iter().try_for_each(|earned| store::held_by(c, earned))?;
            changes.new.iter().try_for_each(|(earned, origin)| store::award(c, earned, *origin, now))
        }))
    }
}

/// All badges are to be judged again.
#[derive(Serialize)]
struct JudgingAsked {}

impl Fact for JudgingAsked {
    const KIND: &'static str = "BadgesJudgingAsked";
}

/// Has the whole log judged by the figures in force, beginning soon: who has shown what a badge takes now is awarded it.
pub fn judge_again(c: &mut Conn, now: Micros) -> QueryResult<()> {
    events::rewind(c, NAME, now)?;
    // Followers look when there is something new.
    events::append(c, &About::now(now, None), &JudgingAsked {})
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Credited {
    chosen: Vec<Chosen>,
}

#[derive(Deserialize)]
struct Chosen {
    post: i64,
}

fn touched(c: &mut Conn, events: &[Recorded]) -> QueryResult<Touched> {
    let mut touched = Touched::new();
    let mut touch = |thread: i64, origin: Origin, at: Micros| {
        let entry = touched.entry(thread).or_insert((origin, at));
        // What was done here counts, whatever an import says of the thread besides.
        entry.0 = if origin == Origin::Live { origin } else { entry.0 };
        entry.1 = entry.1.max(at);
    };
    let mut chosen = Vec::new();
    for event in events {
        let origin = if event.origin == "live" { Origin::Live } else { Origin::Import };
        if event.kind == CREDITED {
            let told: Credited = serde_json::from_str(&event.payload).unwrap_or_default();
            chosen.extend(told.chosen.iter().map(|chosen| (chosen.post, event.occurred_at)));
        } else if TOUCHING.contains(&event.kind.as_str())
            && let Some(thread) = event.question_id
        {
            touch(thread, origin, event.occurred_at);
        }
    }
    let at: HashMap<i64, Micros> = chosen.into_iter().collect();
    let ids: Vec<i64> = at.keys().copied().collect();
    for ids in ids.chunks(AT_ONCE) {
        let threads: Vec<(i64, Option<i64>)> = posts::table
            .filter(posts::id.eq_any(ids.to_vec()))
            .select((posts::id, posts::thread_id))
            .load(c)?;
        for (post, thread) in threads {
            if let (Some(thread), Some(at)) = (thread, at.get(&post)) {
                touch(thread, Origin::Import, *at);
            }
        }
    }
    Ok(touched)
}

/// Threads or members looked at together.
const AT_ONCE: usize = 500;

#[derive(Default)]
struct Changes {
    new: Vec<(Earned, Origin)>,
    gone: Vec<(Earned, Origin)>,
    /// Had once, now by another outcome.
    moved: Vec<Earned>,
}

/// A member with outcomes in the threads that are looked at.
#[derive(Default)]
struct Concerned {
    /// Whether something was done here, and not in an import only.
    live: bool,
    /// What no longer stands.
    lost: BTreeSet<(Reason, i64)>,
}

fn judge(c: &mut Conn, touched: &Touched) -> QueryResult<Changes> {
    let figures = figures::in_force(c)?.figures;
    let mut changes = Changes::default();
    let mut concerned: BTreeMap<i64, Concerned> = BTreeMap::new();
    let threads: Vec<i64> = touched.keys().copied().collect();
    for threads in threads.chunks(AT_ONCE) {
        let outcomes = evidence::outcomes(c, threads)?;
        for outcome in &outcomes {
            let concerned = concerned.entry(outcome.member).or_default();
            concerned.live |=
                touched.get(&outcome.question).is_some_and(|(origin, _)| *origin == Origin::Live);
            if !outcome.stands {
                concerned.lost.insert((outcome.reason, outcome.post));
            }
        }
        for outcome in outcomes.iter().filter(|outcome| outcome.stands) {
            if let Some(concerned) = concerned.get_mut(&outcome.member) {
                concerned.lost.remove(&(outcome.reason, outcome.post));
            }
        }
        let standing: Vec<Outcome> = outcomes.into_iter().filter(|outcome| outcome.stands).collect();
        by_post(c, &figures, touched, threads, &standing, &mut changes)?;
    }
    let members: Vec<i64> = concerned.keys().copied().collect();
    for members in members.chunks(AT_ONCE) {
        by_member(c, &figures, &concerned, members, &mut changes)?;
    }
    let awarded: BTreeSet<i64> = changes.new.iter().map(|(earned, _)| earned.member).collect();
    let earning = earning(c, &awarded.into_iter().collect::<Vec<_>>())?;
    changes.new.retain(|(earned, _)| earning.contains(&earned.member));
    Ok(changes)
}

/// Members who can be awarded something: people, and not those who are paid to answer.
fn earning(c: &mut Conn, ids: &[i64]) -> QueryResult<HashSet<i64>> {
    let mut found = HashSet::new();
    for ids in ids.chunks(AT_ONCE) {
        let rows: Vec<i64> = members::table
            .filter(members::id.eq_any(ids.to_vec()))
            .filter(members::kind.ne("system"))
            .filter(members::role.ne_all(["staff", "admin"]))
            .filter(members::merged_into.is_null())
            .select(members::id)
            .load(c)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Badges that are had post by post, in these threads.
fn by_post(
    c: &mut Conn,
    figures: &Figures,
    touched: &Touched,
    threads: &[i64],
    outcomes: &[Outcome],
    changes: &mut Changes,
) -> QueryResult<()> {
    let answers: BTreeSet<i64> = outcomes
        .iter()
        .filter(|outcome| matches!(outcome.reason, Reason::Accepted | Reason::Endorsed))
        .map(|outcome| outcome.post)
        .collect();
    let won = evidence::won(c, &answers.into_iter().collect::<Vec<_>>())?;
    let held = store::held(c, threads, &[])?;
    let known_facts: HashSet<(i64, String)> = held.iter().map(|row| (row.member, row.fact())).collect();
    let mut standing: HashSet<(i64, String)> = HashSet::new();
    for badge in ALL.iter().filter(|badge| badge.counts.each_post()) {
        for outcome in outcomes.iter().filter(|outcome| badge.outcomes.contains(&outcome.reason)) {
            let (Some(won), Some((origin, last))) = (won.get(&outcome.post), touched.get(&outcome.question))
            else {
                continue;
            };
            for (member, count, at) in counted(badge, outcome, won, *last) {
                let mut earned = Earned {
                    member,
                    badge: badge.key.to_owned(),
                    post: Some(outcome.post),
                    question: Some(outcome.question),
                    space: Some(outcome.space),
                    least: (badge.figure)(figures),
                    at,
                    each_post: true,
                };
                let fact = (member, earned.fact());
                // What is held stands by the figure it was earned by.
                if let Some(row) = held.iter().find(|row| row.member == member && row.fact() == fact.1) {
                    earned.least = row.least;
                }
                if earned.least < 1 || count < earned.least {
                    continue;
                }
                let is_new = standing.insert(fact.clone()) && !known_facts.contains(&fact);
                if is_new {
                    changes.new.push((earned, *origin));
                }
            }
        }
    }
    for row in held {
        if !standing.contains(&(row.member, row.fact())) {
            let origin =
                row.question.and_then(|id| touched.get(&id)).map_or(Origin::Live, |(origin, _)| *origin);
            changes.gone.push((row, origin));
        }
    }
    Ok(())
}

/// To whom a badge may go for a post, by how much, and since when.
fn counted(badge: &Definition, outcome: &Outcome, won: &Won, last: Micros) -> Vec<(i64, i64, Micros)> {
    match badge.counts {
        Counts::DaysSinceEdited => {
            won.edits.iter().map(|(editor, at, days)| (*editor, *days, (*at).max(outcome.at))).collect()
        }
        Counts::DaysUnanswered => vec![(outcome.member, won.count(badge.counts), outcome.at)],
        counts => vec![(outcome.member, won.count(counts), outcome.at.max(last))],
    }
}

/// Badges that a member has once, of these members.
fn by_member(
    c: &mut Conn,
    figures: &Figures,
    concerned: &BTreeMap<i64, Concerned>,
    members: &[i64],
    changes: &mut Changes,
) -> QueryResult<()> {
    let sums = evidence::sums(c, members)?;
    let held = store::held(c, &[], members)?;
    let count = |member: i64, badge: &Definition| {
        let sums = badge.outcomes.iter().filter_map(|reason| sums.get(&(member, *reason)));
        sums.map(|Sums { outcomes, people }| if badge.counts == Counts::People { people } else { outcomes })
            .sum::<i64>()
    };
    let origin = |member: i64| match concerned.get(&member) {
        Some(Concerned { live: false, .. }) => Origin::Import,
        _ => Origin::Live,
    };
    let has: HashSet<(i64, &str)> = held.iter().map(|row| (row.member, row.badge.as_str())).collect();
    for badge in ALL.iter().filter(|badge| !badge.counts.each_post()) {
        let least = (badge.figure)(figures);
        for member in members.iter().copied() {
            if least < 1 || has.contains(&(member, badge.key)) || count(member, badge) < least {
                continue;
            }
            if let Some(earned) = reached(c, badge, member, least)? {
                changes.new.push((earned, origin(member)));
            }
        }
    }
    for row in held {
        let badge = known(&row.badge);
        let Some(badge) = badge.filter(|badge| count(row.member, badge) >= row.least) else {
            let origin = origin(row.member);
            changes.gone.push((row, origin));
            continue;
        };
        let lost = concerned.get(&row.member).map(|concerned| &concerned.lost);
        let by_lost = |post: i64| {
            badge.outcomes.iter().any(|reason| lost.is_some_and(|lost| lost.contains(&(*reason, post))))
        };
        if row.post.is_some_and(by_lost) {
            changes.moved.extend(reached(c, badge, row.member, row.least)?);
        }
    }
    Ok(())
}

/// A badge that is had once, by the outcome with which there were enough.
fn reached(c: &mut Conn, badge: &Definition, member: i64, least: i64) -> QueryResult<Option<Earned>> {
    for reason in badge.outcomes {
        if let Some(by) = evidence::reached(c, member, *reason, badge.counts, least)? {
            return Ok(Some(Earned {
                member,
                badge: badge.key.to_owned(),
                post: Some(by.post),
                question: Some(by.question),
                space: Some(by.space),
                least,
                at: by.at,
                each_post: false,
            }));
        }
    }
    Ok(None)
}
