//! What the page of votes that looked arranged shows.

use serde::Serialize;

#[cfg(test)]
use crate::web::gallery::Sample;
use crate::web::pages::{Author, Pager};
use crate::web::render::{Page, Title};

/// `GET /review/votes`. Each row posts `decision`, `reason` and `seen` to `/review/votes/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct PatternsPage {
    /// Whether these are annulled; else they wait.
    pub annulled: bool,
    /// Newest first.
    pub rows: Vec<PatternRow>,
    pub pager: Pager,
}

/// Votes of one person on another.
#[derive(Debug, Clone, Serialize)]
pub struct PatternRow {
    pub id: i64,
    /// `burst`, `circle` or `organisation`.
    pub kind: String,
    pub voter: Author,
    pub author: Author,
    pub up: usize,
    pub down: usize,
    pub first_at: i64,
    pub last_at: i64,
    /// Newest first.
    pub votes: Vec<VoteRow>,
    /// Which votes these are, to be sent back.
    pub seen: String,
    /// Votes were found since the viewer looked, and nothing was decided.
    pub grown: bool,
    /// The reason that was typed then.
    pub typed: String,
    /// Set once somebody decided.
    pub decided_by: Option<Author>,
    pub decided_at: Option<i64>,
    /// May be empty.
    pub reason: String,
}

/// One vote.
#[derive(Debug, Clone, Serialize)]
pub struct VoteRow {
    /// Of the post.
    pub url: String,
    /// Of its question.
    pub title: String,
    pub answer: bool,
    pub up: bool,
    pub at: i64,
}

impl Page for PatternsPage {
    const TEMPLATE: &'static str = "votes/patterns.html";

    fn title(&self) -> Title<'_> {
        Title::words("patterns-title")
    }
}

#[cfg(test)]
impl Sample for PatternsPage {
    const PATH: &'static str = "/review/votes";

    fn samples() -> Vec<(&'static str, Self)> {
        use crate::web::Role;
        use crate::web::gallery::NOW;
        let person = |id, name: &str| Author {
            id: Some(id),
            name: name.into(),
            initials: name.chars().take(1).collect(),
            role: Role::Customer,
        };
        let vote = |n: i64| VoteRow {
            url: format!("/questions/{n}/why"),
            title: "Why does the boiler lock out at night?".into(),
            answer: true,
            up: true,
            at: NOW - n,
        };
        let row = PatternRow {
            id: 4,
            kind: "burst".into(),
            voter: person(3, "Pia Holm"),
            author: person(4, "Jonas Berg"),
            up: 5,
            down: 0,
            first_at: NOW - 9,
            last_at: NOW,
            votes: (1..6).map(vote).collect(),
            seen: "0f".repeat(32),
            grown: false,
            typed: String::new(),
            decided_by: None,
            decided_at: None,
            reason: String::new(),
        };
        let decided = PatternRow {
            id: 5,
            kind: "circle".into(),
            decided_by: Some(person(9, "Ingrid Aas")),
            decided_at: Some(NOW),
            reason: "They share a desk, and said so.".into(),
            ..row.clone()
        };
        let grown = PatternRow { grown: true, typed: "All in one minute.".into(), ..row.clone() };
        let more = |after: &str| Pager { newer: None, older: Some(format!("/review/votes?{after}")) };
        let page = |annulled, rows, pager| Self { annulled, rows, pager };
        vec![
            ("", page(false, vec![row], more("after=WzRd"))),
            ("grown", page(false, vec![grown], Pager { newer: Some("/review/votes".into()), older: None })),
            ("annulled", page(true, vec![decided], more("annulled=1&after=WzRd"))),
            ("none", page(false, Vec::new(), Pager::default())),
            ("none-here", page(false, Vec::new(), more("after=WzRd"))),
            ("none-annulled", page(true, Vec::new(), Pager::default())),
        ]
    }
}
