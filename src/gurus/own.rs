//! A member's own standings, and what is missing to others.

use std::collections::HashMap;

use diesel::prelude::*;

use super::facts;
use super::rules::{Facts, State, may_accept};
use super::store::{self, Standing};
use crate::clock::Micros;
use crate::db::schema::{members, tags};
use crate::db::{Conn, among};
use crate::reputation::figures::{self, Figures};

/// Tags shown where one is on the way.
const ON_THE_WAY: usize = 5;

/// What a member's page shows.
#[derive(Clone, Debug)]
pub struct Own {
    /// Standings there are or were, with the tag's name, the facts now, and who appointed or dismissed.
    pub standings: Vec<OwnStanding>,
    /// Tags where something was solved, and no standing is: name and facts, most answers first.
    pub on_the_way: Vec<(String, Facts)>,
    /// What it takes.
    pub figures: Figures,
    /// IANA name.
    pub time_zone: String,
}

/// A standing of one's own.
#[derive(Clone, Debug)]
pub struct OwnStanding {
    /// The row.
    pub row: Standing,
    /// The tag's name.
    pub tag: String,
    /// The facts now.
    pub facts: Facts,
    /// Who appointed or dismissed, by name.
    pub by: Option<String>,
    /// Whether one may say yes.
    pub may_accept: bool,
}

/// A member's own standings at `now`.
pub fn own(c: &mut Conn, member: i64, now: Micros) -> QueryResult<Own> {
    let figures = figures::in_force(c)?.figures;
    let mut shown: HashMap<i64, Facts> = facts::of_member(c, member, now)?.into_iter().collect();
    let rows = store::of_member(c, member)?;
    let by: Vec<i64> = rows.iter().filter_map(|(row, _)| row.by_id).collect();
    let names = if by.is_empty() {
        HashMap::new()
    } else {
        named(members::table.filter(among(members::id, &by)).select((members::id, members::name)).load(c)?)
    };
    let standings = rows
        .into_iter()
        .map(|(row, tag)| {
            let facts = shown.remove(&row.tag_id).unwrap_or_default();
            let by = row.by_id.and_then(|id| names.get(&id).cloned());
            OwnStanding { may_accept: may_accept(&row.course(), facts.met(&figures)), row, tag, facts, by }
        })
        .filter(|own| {
            // What was withdrawn was never answered: it comes back as on the way.
            !(own.row.state() == State::Ended && own.row.ended_why.as_deref() == Some("withdrawn"))
        })
        .collect();
    let mut rest: Vec<(i64, Facts)> = shown.into_iter().collect();
    rest.sort_by_key(|(tag, facts)| (-facts.answers, *tag));
    rest.truncate(ON_THE_WAY);
    let ids: Vec<i64> = rest.iter().map(|(tag, _)| *tag).collect();
    let names = if ids.is_empty() {
        HashMap::new()
    } else {
        named(tags::table.filter(among(tags::id, &ids)).select((tags::id, tags::name)).load(c)?)
    };
    let told = |(tag, facts): (i64, Facts)| Some((names.get(&tag)?.clone(), facts));
    let time_zone: String = members::table.find(member).select(members::time_zone).first(c)?;
    Ok(Own { standings, on_the_way: rest.into_iter().filter_map(told).collect(), figures, time_zone })
}

fn named(rows: Vec<(i64, String)>) -> HashMap<i64, String> {
    rows.into_iter().collect()
}
