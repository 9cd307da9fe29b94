//! What needs somebody: questions that wait in the tags they know, those first that need them most.
//!
//! Promises:
//! - which questions are looked at and in which order depends on nothing that noise can move: see
//!   [`super::ranking::Needing`];
//! - where more wait than are looked at, it is those that wait longest: new ones push no older one out, so each question
//!   comes up in its time. Tags where one is a guru have places of their own, which a flood elsewhere does not take.

use std::collections::{HashMap, HashSet};

use diesel::dsl::exists;
use diesel::prelude::*;

use super::ranking::{Needing, knowledge, need};
use super::rules::YEAR;
use super::{experts, facts};
use crate::accounts::reached::reached;
use crate::clock::Micros;
use crate::db::schema::{
    guru_declines, guru_standings, members, posts, question_tags, questions, spaces, tags,
};
use crate::db::{Conn, among, fixed};
use crate::questions::Claim;
use crate::spaces::{enterable, enterers};
use crate::web::Viewer;

/// Tags of a member that are looked at, the best known first.
const TAGS: usize = 20;
/// Questions with their tags that are looked at in tags where one is a guru, and as many in others.
const POOL: i64 = 500;

/// A question that needs somebody, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// The question.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its space: key and name.
    pub space: (String, String),
    /// The tag of theirs that counted.
    pub tag: String,
    /// What it was ranked by.
    pub by: Needing,
    /// How much it needs them.
    pub rank: f64,
    /// When it was asked.
    pub created_at: Micros,
    /// Visible answers by others than its asker.
    pub answers: i64,
    /// Who is on it: name, whether it is the viewer, until when.
    pub claim: Option<(String, bool, Micros)>,
}

/// What a member knows of one tag.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    guru: bool,
    solved: i64,
    points: i64,
}

impl Known {
    fn knowledge(&self) -> f64 {
        knowledge(self.guru, self.solved, self.points)
    }
}

#[derive(Clone, Queryable)]
struct Waiting {
    tag: i64,
    id: i64,
    title: String,
    space: i64,
    asker: Option<i64>,
    created_at: Micros,
    answers: i64,
    claimed_by: Option<i64>,
    claimed_at: Option<Micros>,
    claimed_until: Option<Micros>,
}

/// The questions that need the viewer most, at most `most`.
pub fn needs(c: &mut Conn, viewer: &Viewer, most: usize, now: Micros) -> QueryResult<Vec<Need>> {
    let known = known(c, viewer.id, now)?;
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let tags = |guru: bool| -> Vec<i64> {
        known.iter().filter(|(_, own)| own.guru == guru).map(|(tag, _)| *tag).collect()
    };
    let mut rows = pool(c, viewer, &tags(true), now)?;
    rows.append(&mut pool(c, viewer, &tags(false), now)?);
    let others = others(c, viewer, &rows, now)?;
    let mut ranked: HashMap<i64, (Needing, f64, Waiting)> = HashMap::new();
    for row in rows {
        let Some(own) = known.get(&row.tag) else { continue };
        let by = Needing {
            guru: own.guru,
            solved: own.solved,
            points: own.points,
            waited: now - row.created_at,
            others: others.get(&row.id).copied().unwrap_or(0),
        };
        let rank = need(&by);
        // Of several tags the one they know best; of equals the first made.
        let better = |before: &(Needing, f64, Waiting)| {
            rank > before.1 || (rank >= before.1 && row.tag < before.2.tag)
        };
        if ranked.get(&row.id).is_none_or(better) {
            ranked.insert(row.id, (by, rank, row));
        }
    }
    let mut ranked: Vec<(Needing, f64, Waiting)> = ranked.into_values().collect();
    ranked.sort_by(|(_, a, one), (_, b, other)| {
        b.total_cmp(a).then(one.created_at.cmp(&other.created_at)).then(one.id.cmp(&other.id))
    });
    ranked.truncate(most);
    told(c, viewer, ranked)
}

/// What the viewer knows, by tag: where they are a guru, and where they solved something within a year.
fn known(c: &mut Conn, member: i64, now: Micros) -> QueryResult<HashMap<i64, Known>> {
    let mut known: HashMap<i64, Known> = HashMap::new();
    for (tag, facts) in facts::of_member(c, member, now)? {
        known.entry(tag).or_default().solved = facts.answers;
    }
    let gurus: Vec<i64> = guru_standings::table
        .filter(guru_standings::member_id.eq(member))
        .filter(fixed("guru_standings.state IN ('active', 'paused')"))
        .select(guru_standings::tag_id)
        .load(c)?;
    for tag in gurus {
        known.entry(tag).or_default().guru = true;
    }
    for (tag, points) in experts::points_by_tag(c, member, now)? {
        if let Some(own) = known.get_mut(&tag) {
            own.points = points;
        }
    }
    let mut best: Vec<(i64, Known)> = known.into_iter().collect();
    best.sort_by(|(a, one), (b, other)| other.knowledge().total_cmp(&one.knowledge()).then(a.cmp(b)));
    best.truncate(TAGS);
    Ok(best.into_iter().collect())
}

/// Questions asked here within a year that wait in these tags: not the viewer's own, nor answered or declined by them, nor
/// with staff. Those first that wait longest.
fn pool(c: &mut Conn, viewer: &Viewer, tags: &[i64], now: Micros) -> QueryResult<Vec<Waiting>> {
    if tags.is_empty() {
        return Ok(Vec::new());
    }
    let asked = diesel::alias!(posts as asked);
    let declined = guru_declines::table
        .filter(guru_declines::member_id.eq(viewer.id))
        .filter(guru_declines::question_id.eq(questions::post_id));
    let answered = posts::table
        .filter(posts::thread_id.eq(questions::post_id.nullable()))
        .filter(posts::author_id.eq(viewer.id))
        .filter(posts::kind.eq("answer"))
        .filter(posts::deleted_at.is_null());
    question_tags::table
        .inner_join(questions::table.on(questions::post_id.eq(question_tags::question_id)))
        .inner_join(asked.on(asked.field(posts::id).eq(questions::post_id)))
        .filter(among(question_tags::tag_id, tags))
        .filter(question_tags::created_at.gt(now - YEAR))
        .filter(questions::listed)
        .filter(questions::unsolved)
        .filter(questions::handed_over_at.is_null())
        .filter(questions::author_id.is_null().or(questions::author_id.ne(viewer.id)))
        .filter(asked.field(posts::origin).eq("live"))
        .filter(questions::space_id.eq_any(enterable(viewer)))
        .filter(diesel::dsl::not(exists(declined)))
        .filter(diesel::dsl::not(exists(answered)))
        .order((question_tags::created_at, question_tags::question_id))
        .limit(POOL)
        .select((
            question_tags::tag_id,
            questions::post_id,
            questions::title,
            questions::space_id,
            questions::author_id,
            questions::created_at,
            questions::answers_by_others,
            questions::claimed_by,
            questions::claimed_at,
            questions::claimed_until,
        ))
        .load(c)
}

/// How many other gurus each question has who could answer it now: of any of its tags, not the asker, not paused, and such as
/// may enter its space.
fn others(c: &mut Conn, viewer: &Viewer, rows: &[Waiting], now: Micros) -> QueryResult<HashMap<i64, i64>> {
    let mut ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let gurus: Vec<(i64, i64)> = question_tags::table
        .inner_join(guru_standings::table.on(guru_standings::tag_id.eq(question_tags::tag_id)))
        .filter(among(question_tags::question_id, &ids))
        .filter(fixed("guru_standings.state = 'active'"))
        .filter(guru_standings::member_id.ne(viewer.id))
        .select((question_tags::question_id, guru_standings::member_id))
        .load(c)?;
    let who: HashSet<i64> = gurus.iter().map(|(_, member)| *member).collect();
    let who: Vec<i64> = who.into_iter().collect();
    if who.is_empty() {
        return Ok(HashMap::new());
    }
    let people = reached(c, &who, now)?;
    let people: Vec<&Viewer> = people.iter().map(|person| &person.viewer).collect();
    let spaces: HashSet<i64> = rows.iter().map(|row| row.space).collect();
    let spaces: Vec<i64> = spaces.into_iter().collect();
    let may = enterers(c, &people, &spaces, now)?;
    let places: HashMap<i64, (i64, Option<i64>)> =
        rows.iter().map(|row| (row.id, (row.space, row.asker))).collect();
    let mut able: HashMap<i64, HashSet<i64>> = HashMap::new();
    for (question, member) in gurus {
        let Some((space, asker)) = places.get(&question) else { continue };
        if *asker != Some(member) && may.contains(&(member, *space)) {
            able.entry(question).or_default().insert(member);
        }
    }
    Ok(able.into_iter().map(|(question, members)| (question, members.len() as i64)).collect())
}

fn told(c: &mut Conn, viewer: &Viewer, ranked: Vec<(Needing, f64, Waiting)>) -> QueryResult<Vec<Need>> {
    let ids = |of: &dyn Fn(&Waiting) -> Option<i64>| -> Vec<i64> {
        let set: HashSet<i64> = ranked.iter().filter_map(|(_, _, row)| of(row)).collect();
        set.into_iter().collect()
    };
    if ranked.is_empty() {
        return Ok(Vec::new());
    }
    let claimers = ids(&|row| row.claimed_by);
    let claimers: HashMap<i64, String> = if claimers.is_empty() {
        HashMap::new()
    } else {
        let names = members::table.filter(among(members::id, &claimers)).select((members::id, members::name));
        names.load::<(i64, String)>(c)?.into_iter().collect()
    };
    let spaces: HashMap<i64, (String, String)> = spaces::table
        .filter(among(spaces::id, &ids(&|row| Some(row.space))))
        .select((spaces::id, (spaces::key, spaces::name)))
        .load::<(i64, (String, String))>(c)?
        .into_iter()
        .collect();
    let tags: HashMap<i64, String> = tags::table
        .filter(among(tags::id, &ids(&|row| Some(row.tag))))
        .select((tags::id, tags::name))
        .load::<(i64, String)>(c)?
        .into_iter()
        .collect();
    let told = |(by, rank, row): (Needing, f64, Waiting)| {
        let claim = row.claim();
        Need {
            id: row.id,
            space: spaces.get(&row.space).cloned().unwrap_or_default(),
            tag: tags.get(&row.tag).cloned().unwrap_or_default(),
            by,
            rank,
            created_at: row.created_at,
            answers: row.answers,
            claim: claim.map(|claim| {
                let name = claimers.get(&claim.by).cloned().unwrap_or_default();
                (name, claim.by == viewer.id, claim.until)
            }),
            title: row.title,
        }
    };
    Ok(ranked.into_iter().map(told).collect())
}

impl Waiting {
    fn claim(&self) -> Option<Claim> {
        Some(Claim { by: self.claimed_by?, at: self.claimed_at?, until: self.claimed_until? })
    }
}
