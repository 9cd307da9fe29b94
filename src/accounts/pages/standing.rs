//! What a profile shows of a person's standing. Each number has the link to the rows that it counts.

use serde::Serialize;

/// Points over time.
#[derive(Debug, Clone, Serialize)]
pub struct Graph {
    /// Steps are weeks; else months.
    pub weekly: bool,
    pub begin: i64,
    pub end: i64,
    /// The highest and the lowest that the drawing reaches.
    pub most: i64,
    pub least: i64,
    /// What is drawn, as SVG's path commands in a box of 600 by 120.
    pub area: String,
    pub line: String,
    /// Points that the graph begins with: of what not every reader sees.
    pub without_day: i64,
    /// What it ends at: the reputation.
    pub total: i64,
    /// Newest first, those in which something happened.
    pub steps: Vec<GraphStep>,
}

/// A week or a month.
#[derive(Debug, Clone, Serialize)]
pub struct GraphStep {
    pub begin: i64,
    pub points: i64,
    /// How many changes there were.
    pub changes: i64,
    /// At its end.
    pub total: i64,
    pub href: String,
}

/// A person's standing in a tag.
#[derive(Debug, Clone, Serialize)]
pub struct TagStanding {
    pub name: String,
    pub answers: i64,
    pub accepted: i64,
    pub endorsed: i64,
    pub points: i64,
}

/// People who accepted an answer, shown in place of posts.
#[derive(Debug, Clone, Serialize)]
pub struct Helped {
    pub people: Vec<crate::web::pages::Author>,
    pub next: Option<String>,
}

/// A badge on a profile.
#[derive(Debug, Clone, Serialize)]
pub struct BadgeChip {
    /// Words: `badge-name-…`.
    pub key: String,
    pub times: i64,
}

/// A badge that an import brought.
#[derive(Debug, Clone, Serialize)]
pub struct BadgeElsewhere {
    pub name: String,
    pub times: i64,
}
