//! What the page of the figures of reputation shows.

use serde::Serialize;

#[cfg(test)]
use crate::web::gallery::Sample;
use crate::web::pages::{Author, FieldErrors};
use crate::web::render::{Page, Title};

/// `GET /admin/reputation`. Posts every figure by its name to the same path; shares in per cent.
#[derive(Debug, Clone, Serialize)]
pub struct FiguresPage {
    pub groups: Vec<FigureGroup>,
    /// 0 while nobody has changed any.
    pub version: i64,
    /// Newest first.
    pub versions: Vec<FiguresVersion>,
    pub errors: FieldErrors,
}

/// Figures that belong together; words stand under `figures-NAME`.
#[derive(Debug, Clone, Serialize)]
pub struct FigureGroup {
    pub name: String,
    pub figures: Vec<Figure>,
}

/// One figure; its words stand under `figure-NAME`.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    pub name: String,
    /// As typed.
    pub value: String,
}

/// A version of the figures and what it changed.
#[derive(Debug, Clone, Serialize)]
pub struct FiguresVersion {
    pub version: i64,
    pub at: i64,
    /// `None` when done on the command line.
    pub by: Option<Author>,
    /// Name, before, after.
    pub changed: Vec<(String, String, String)>,
}

impl Page for FiguresPage {
    const TEMPLATE: &'static str = "administration/reputation.html";

    fn title(&self) -> Title<'_> {
        Title::words("admin-reputation")
    }
}

#[cfg(test)]
impl Sample for FiguresPage {
    const PATH: &'static str = "/admin/reputation";

    fn samples() -> Vec<(&'static str, Self)> {
        let figure = |name: &str, value: &str| Figure { name: name.into(), value: value.into() };
        let page = Self {
            groups: vec![
                FigureGroup {
                    name: "outcomes".into(),
                    figures: vec![figure("answer_up", "10"), figure("answer_down", "2")],
                },
                FigureGroup {
                    name: "levels".into(),
                    figures: vec![figure("levels_0", "50"), figure("ratios_0", "50")],
                },
            ],
            version: 4,
            versions: vec![FiguresVersion {
                version: 4,
                at: crate::web::gallery::NOW - 3_000,
                by: None,
                changed: vec![("answer_up".into(), "8".into(), "10".into())],
            }],
            errors: FieldErrors::default(),
        };
        let mut wrong = page.clone();
        wrong.errors.add("answer_up", "This has to be from 0 to 100000.");
        vec![("", page), ("wrong", wrong)]
    }
}
