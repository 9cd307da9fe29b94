//! What pages of recognition show: the ledger of a member, and leaderboards.

use serde::Serialize;

#[cfg(test)]
use crate::web::gallery::Sample;
use crate::web::pages::{Author, Pager};
use crate::web::render::{Page, Title};

/// `GET /people/{id}/reputation`.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerPage {
    pub person: Author,
    /// True when this is the viewer.
    pub own: bool,
    pub reputation: i64,
    /// The sum of what is not shown, on the first page of the whole.
    pub elsewhere: Option<Sum>,
    /// The way back to the whole, where something was asked for.
    pub narrowed: Option<String>,
    pub reason: Option<String>,
    pub tag: Option<String>,
    /// A space's key.
    pub space: Option<String>,
    pub from: Option<i64>,
    /// The last moment.
    pub until: Option<i64>,
    /// Newest first.
    pub rows: Vec<LedgerRow>,
    pub pager: Pager,
}

/// Points of what is not shown.
#[derive(Debug, Clone, Serialize)]
pub struct Sum {
    pub points: i64,
}

/// A change of points.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerRow {
    pub points: i64,
    /// As stored.
    pub reason: String,
    /// Whether it takes back an earlier one, or brings it back.
    pub taken_back: bool,
    /// The question's.
    pub title: String,
    pub url: String,
    pub at: i64,
}

/// `GET /people/leaders`.
#[derive(Debug, Clone, Serialize)]
pub struct LeadersPage {
    pub periods: Vec<Choice>,
    pub spaces: Vec<Choice>,
    /// What was asked for, kept by the form.
    pub tag: String,
    pub space: String,
    pub period: String,
    /// When it was counted.
    pub counted_at: i64,
    pub rows: Vec<LeaderRow>,
    /// The viewer, where they have a place below those in the list.
    pub own: Option<LeaderRow>,
}

/// A period or a space to choose; `key` is empty for all spaces.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub key: String,
    pub name: String,
    pub href: String,
    pub current: bool,
}

/// One in a leaderboard; each number with the rows that it counts.
#[derive(Debug, Clone, Serialize)]
pub struct LeaderRow {
    pub place: i64,
    pub person: Author,
    pub is_viewer: bool,
    pub points: i64,
    pub points_href: String,
    pub accepted: i64,
    pub accepted_href: String,
    pub helped: i64,
    pub helped_href: String,
}

impl Page for LedgerPage {
    const TEMPLATE: &'static str = "people/ledger.html";

    fn title(&self) -> Title<'_> {
        Title::words("ledger-title")
    }
}

impl Page for LeadersPage {
    const TEMPLATE: &'static str = "people/leaders.html";

    fn title(&self) -> Title<'_> {
        Title::words("leaders-title")
    }
}

#[cfg(test)]
fn somebody(id: i64, name: &str) -> Author {
    let role = crate::web::Role::Customer;
    Author { id: Some(id), name: name.into(), initials: "MD".into(), role }
}

#[cfg(test)]
impl Sample for LedgerPage {
    const PATH: &'static str = "/people/4/reputation";

    fn samples() -> Vec<(&'static str, Self)> {
        use crate::web::gallery::NOW;
        let row = |points, reason: &str, taken_back| LedgerRow {
            points,
            reason: reason.into(),
            taken_back,
            title: "Hot water turns <lukewarm> after ten minutes since 4.2".into(),
            url: "/questions/12/lukewarm#answer-14".into(),
            at: NOW,
        };
        let reasons = crate::reputation::Reason::ALL.map(|reason| row(10, reason.as_str(), false));
        let page = Self {
            person: somebody(4, "Marek Dvořák"),
            own: true,
            reputation: 2_410,
            elsewhere: Some(Sum { points: -3 }),
            narrowed: None,
            reason: None,
            tag: None,
            space: None,
            from: None,
            until: None,
            rows: reasons.into_iter().chain([row(-15, "accepted", true)]).collect(),
            pager: Pager { newer: None, older: Some("/people/4/reputation?after=x".into()) },
        };
        let narrowed = Self {
            own: false,
            elsewhere: None,
            narrowed: Some("/people/4/reputation".into()),
            reason: Some("accepted".into()),
            tag: Some("pump".into()),
            space: Some("general".into()),
            from: Some(NOW),
            until: Some(NOW),
            rows: Vec::new(),
            pager: Pager::default(),
            ..page.clone()
        };
        vec![("", page), ("narrowed", narrowed)]
    }
}

#[cfg(test)]
impl Sample for LeadersPage {
    const PATH: &'static str = "/people/leaders";

    fn samples() -> Vec<(&'static str, Self)> {
        use crate::web::gallery::NOW;
        let row = |place, name: &str| LeaderRow {
            place,
            person: somebody(place, name),
            is_viewer: place > 50,
            points: 1_000 - place,
            points_href: "/people/4/reputation?counted=1".into(),
            accepted: 12,
            accepted_href: "/people/4?show=helping".into(),
            helped: 0,
            helped_href: "/people/4?show=helped".into(),
        };
        let choice = |key: &str, name: &str, current| Choice {
            key: key.into(),
            name: name.into(),
            href: "/people/leaders?period=week".into(),
            current,
        };
        let page = Self {
            periods: ["week", "month", "year", "all"].map(|key| choice(key, key, key == "month")).into(),
            spaces: vec![choice("", "", true), choice("general", "General", false)],
            tag: String::new(),
            space: String::new(),
            period: "month".into(),
            counted_at: NOW,
            rows: vec![row(1, "Marek Dvořák"), row(2, "Ann"), row(2, "Bo")],
            own: Some(row(73, "Cem")),
        };
        let empty = Self { rows: Vec::new(), own: None, tag: "pump".into(), ..page.clone() };
        vec![("", page), ("empty", empty)]
    }
}
