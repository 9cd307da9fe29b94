//! What the pages about badges show. Times are UTC microseconds, URLs are paths of this site.

use serde::Serialize;

#[cfg(test)]
use crate::web::gallery::Sample;
use crate::web::pages::{Author, Pager};
use crate::web::render::{Page, Title};

/// `GET /badges`.
#[derive(Debug, Clone, Serialize)]
pub struct BadgesPage {
    pub badges: Vec<BadgeCard>,
    /// The viewer.
    pub viewer: i64,
}

/// A badge and what it takes.
#[derive(Debug, Clone, Serialize)]
pub struct BadgeCard {
    /// Words: `badge-name-…`, `badge-for-…`.
    pub key: String,
    /// The figure it takes.
    pub least: i64,
    /// Whether one can have it for several posts.
    pub each_post: bool,
    /// How often the viewer holds it.
    pub times: i64,
}

/// `GET /badges/{key}`: who holds it, newest first, or how often one person does.
#[derive(Debug, Clone, Serialize)]
pub struct BadgePage {
    pub badge: BadgeCard,
    /// Set when only one person's are shown.
    pub person: Option<Author>,
    pub awards: Vec<AwardRow>,
    pub pager: Pager,
}

/// Somebody was awarded it.
#[derive(Debug, Clone, Serialize)]
pub struct AwardRow {
    pub person: Author,
    /// The question's, where the viewer may open what it was earned by.
    pub title: Option<String>,
    pub url: Option<String>,
    pub at: i64,
}

impl Page for BadgesPage {
    const TEMPLATE: &'static str = "badges/all.html";

    fn title(&self) -> Title<'_> {
        Title::words("badges-title")
    }
}

impl Page for BadgePage {
    const TEMPLATE: &'static str = "badges/one.html";

    fn title(&self) -> Title<'_> {
        Title::words("badges-title")
    }
}

#[cfg(test)]
fn samples_of(times: i64) -> Vec<BadgeCard> {
    let figures = crate::reputation::figures::Figures::default();
    super::definitions::ALL
        .iter()
        .map(|badge| BadgeCard {
            key: badge.key.into(),
            least: (badge.figure)(&figures),
            each_post: badge.counts.each_post(),
            times: if badge.counts.each_post() { times } else { times.min(1) },
        })
        .collect()
}

#[cfg(test)]
impl Sample for BadgesPage {
    const PATH: &'static str = "/badges";

    fn samples() -> Vec<(&'static str, Self)> {
        let mut some = samples_of(3);
        some.iter_mut().skip(4).step_by(2).for_each(|badge| badge.times = 0);
        vec![
            ("", BadgesPage { badges: some, viewer: 4 }),
            ("new", BadgesPage { badges: samples_of(0), viewer: 4 }),
        ]
    }
}

#[cfg(test)]
impl Sample for BadgePage {
    const PATH: &'static str = "/badges/worth-the-wait";

    fn samples() -> Vec<(&'static str, Self)> {
        use crate::web::Role;
        use crate::web::gallery::NOW;
        let person = |id: i64, name: &str| Author {
            id: Some(id),
            name: name.into(),
            initials: "MD".into(),
            role: Role::Customer,
        };
        let row = |id, name: &str, title: Option<&str>| AwardRow {
            person: person(id, name),
            title: title.map(Into::into),
            url: title.map(|_| "/questions/41/the-pump-hums#answer-42".into()),
            at: NOW,
        };
        let badge = samples_of(2).into_iter().find(|badge| badge.key == "worth-the-wait");
        let badge = badge.unwrap_or_else(|| samples_of(2).remove(0));
        let page = BadgePage {
            badge,
            person: None,
            awards: vec![
                row(4, "Marek Dvořák", Some("The pump hums but moves no water")),
                row(5, "Ann", Some("Which firmware for the 2019 controller, and how does one go back?")),
                row(6, "Bo Berg", None),
            ],
            pager: Pager::default(),
        };
        let own = BadgePage { person: Some(person(4, "Marek Dvořák")), ..page.clone() };
        let nobody = BadgePage { awards: Vec::new(), ..page.clone() };
        vec![("", page), ("of-one", own), ("nobody", nobody)]
    }
}
