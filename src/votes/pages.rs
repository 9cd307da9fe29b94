//! What the page of votes that looked arranged shows.

use serde::Serialize;

#[cfg(test)]
use crate::web::gallery::Sample;
use crate::web::pages::Author;
use crate::web::render::{Page, Title};

/// `GET /review/votes`. Each row posts `decision` and `reason` to `/review/votes/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct PatternsPage {
    /// Newest first.
    pub waiting: Vec<PatternRow>,
    /// Newest first.
    pub annulled: Vec<PatternRow>,
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
    pub votes: Vec<VoteRow>,
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
        let none = Self { waiting: Vec::new(), annulled: Vec::new() };
        vec![("", Self { waiting: vec![row], annulled: vec![decided] }), ("none", none)]
    }
}
