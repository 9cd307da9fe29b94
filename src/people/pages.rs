//! What pages of people show besides their profile.

use serde::Serialize;

#[cfg(test)]
use crate::web::gallery::Sample;
use crate::web::pages::{Author, FieldErrors};
use crate::web::render::{Page, Title};

/// `GET /people/{id}/privileges`.
#[derive(Debug, Clone, Serialize)]
pub struct PrivilegesPage {
    pub person: Author,
    /// True when this is the viewer.
    pub own: bool,
    pub points: i64,
    /// Good outcomes of all, per cent.
    pub share: i64,
    pub good: i64,
    pub bad: i64,
    /// Such as `helper`; None for a member without one.
    pub level: Option<String>,
    /// Moderators and above.
    pub holds_all: bool,
    /// Least first.
    pub levels: Vec<LevelRow>,
    pub taken: Vec<TakenNote>,
    /// Set when the viewer may take a privilege; posts to the same path.
    pub take: Option<TakeForm>,
    /// What an accepted answer brings.
    pub points_each: i64,
}

/// A level and what it opens.
#[derive(Debug, Clone, Serialize)]
pub struct LevelRow {
    pub name: String,
    pub minimum: i64,
    /// Per cent.
    pub least: i64,
    /// Points that are missing.
    pub missing: i64,
    pub share_missing: bool,
    pub privileges: Vec<PrivilegeRow>,
}

/// A privilege.
#[derive(Debug, Clone, Serialize)]
pub struct PrivilegeRow {
    pub name: String,
    pub held: bool,
}

/// A privilege that was taken.
#[derive(Debug, Clone, Serialize)]
pub struct TakenNote {
    pub privilege: String,
    pub by: Option<Author>,
    pub reason: String,
    pub since: i64,
    pub until: Option<i64>,
}

/// Posts `privilege`, `reason`, `until`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TakeForm {
    pub privilege: String,
    pub reason: String,
    pub until: String,
    pub errors: FieldErrors,
}

impl Page for PrivilegesPage {
    const TEMPLATE: &'static str = "people/privileges.html";

    fn title(&self) -> Title<'_> {
        Title::words("privileges-title")
    }
}

#[cfg(test)]
impl Sample for PrivilegesPage {
    const PATH: &'static str = "/people/4/privileges";

    fn samples() -> Vec<(&'static str, Self)> {
        use crate::web::Role;
        use crate::web::gallery::NOW;
        let person = |name: &str| Author {
            id: Some(4),
            name: name.into(),
            initials: "JB".into(),
            role: Role::Customer,
        };
        let privilege = |name: &str, held| PrivilegeRow { name: name.into(), held };
        let level = |name: &str, minimum, missing, privileges| LevelRow {
            name: name.into(),
            minimum,
            least: 50,
            missing,
            share_missing: missing > 500,
            privileges,
        };
        let page = Self {
            person: person("Jonas Berg"),
            own: true,
            points: 120,
            share: 71,
            good: 8,
            bad: 2,
            level: Some("contributor".into()),
            holds_all: false,
            levels: vec![
                level(
                    "contributor",
                    50,
                    0,
                    vec![privilege("vote-down", true), privilege("flag-with-weight", false)],
                ),
                level("helper", 200, 80, vec![privilege("edit-tags", false)]),
                level("curator", 1_000, 880, vec![privilege("review", false)]),
            ],
            taken: vec![TakenNote {
                privilege: "flag-with-weight".into(),
                by: Some(person("Ingrid Aas")),
                reason: "Twelve flags in a row that nobody could follow.".into(),
                since: NOW,
                until: Some(NOW + 1),
            }],
            take: None,
            points_each: 15,
        };
        let moderator = Self {
            own: false,
            level: None,
            holds_all: true,
            taken: Vec::new(),
            take: Some(TakeForm::default()),
            ..page.clone()
        };
        vec![("", page), ("moderator", moderator)]
    }
}
