//! `/admin/reputation`: the figures of reputation, and their versions. What was given under an older version stays.

use actix_web::HttpResponse;
use serde_json::{Map, Value};

use super::books::comes_back;
use super::pages::{Figure, FigureGroup, FiguresPage, FiguresVersion};
use crate::accounts::audit;
use crate::accounts::book_rules::{self, Refusal};
use crate::badges;
use crate::db::{Conn, Failure, On};
use crate::posts;
use crate::reputation::figures::{self, Figures, MOST};
use crate::web::pages::FieldErrors;
use crate::web::{FieldProblem, Problem, Viewer, Visit};

/// The form's groups: each figure is a whole number.
const GROUPS: [(&str, &[&str]); 6] = [
    (
        "outcomes",
        &[
            "answer_up",
            "answer_down",
            "question_up",
            "question_down",
            "down_cast",
            "accepted",
            "accepting",
            "endorsed",
            "assist",
            "edit",
            "removed",
        ],
    ),
    ("limits", &["votes_a_day", "pair_up", "pair_down", "edits_most"]),
    (
        "levels",
        &["levels_0", "levels_1", "levels_2", "levels_3", "ratios_0", "ratios_1", "ratios_2", "ratios_3"],
    ),
    ("gurus", &["guru_answers", "guru_ratio"]),
    ("patterns", &["burst_votes", "circle_votes"]),
    (
        "badges",
        &[
            "badge_first_accepted",
            "badge_solver",
            "badge_mainstay",
            "badge_helped_many",
            "badge_confirmed",
            "badge_worth_the_wait",
            "badge_solved_for_many",
            "badge_read_by_many",
            "badge_kept_current",
            "badge_careful_editor",
            "badge_verdict_given",
        ],
    ),
];

/// Versions shown.
const VERSIONS: i64 = 20;

/// `GET /admin/reputation`.
///
/// # Errors
/// The database's failures.
pub async fn show(visit: Visit) -> Result<HttpResponse, Problem> {
    visit.page(&page(&visit).await?)
}

/// `POST /admin/reputation`; what cannot be taken comes back with the form. A change is a new version.
///
/// # Errors
/// What is wrong with the fields.
pub async fn save(visit: Visit) -> Result<HttpResponse, Problem> {
    let now = visit.now;
    let saved = match read(&visit) {
        Ok(figures) => {
            visit.write(On::Named("settings", 0), move |c, viewer| put(c, viewer, &figures, now)).await
        }
        Err(wrong) => Err(Problem::invalid(wrong)),
    };
    match saved {
        Ok(()) => Ok(visit.see("/admin/reputation", Some("saved"))),
        Err(problem) if comes_back(&problem) => {
            let groups = groups(|name| visit.form.text(name).to_owned());
            let page = FiguresPage { groups, errors: visit.field_errors(&problem), ..page(&visit).await? };
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

fn put(c: &mut Conn, viewer: &Viewer, figures: &Figures, now: i64) -> Result<(), Failure<Refusal>> {
    book_rules::administers(viewer)?;
    let before = figures::in_force(c)?.figures;
    if figures::set(c, figures, Some(viewer.id), now)? {
        if badges::take_other(&before, figures) {
            badges::judge_again(c, now)?;
        }
        let detail = serde_json::json!({ "name": figures::SETTING, "value": figures });
        audit::record(c, Some(viewer.id), "setting-changed", "setting", None, None, &detail, now)?;
    }
    Ok(())
}

/// The figures that were typed.
fn read(visit: &Visit) -> Result<Figures, Vec<FieldProblem>> {
    let mut wrong = Vec::new();
    let mut values = Map::new();
    for name in GROUPS.iter().flat_map(|(_, names)| names.iter().copied()) {
        let share = is_share(name);
        let max = if share { 100 } else { MOST };
        match visit.form.number(name).ok().flatten().filter(|value| (0..=max).contains(value)) {
            Some(value) => put_value(&mut values, name, value),
            None => wrong.push(FieldProblem::new(name, "out-of-range").with("min", 0).with("max", max)),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    // Every name is a field and every value in range: this reads what was put together above.
    let figures: Figures = serde_json::from_value(Value::Object(values)).unwrap_or_default();
    for fault in figures.faults() {
        let problem = match fault {
            "levels" => FieldProblem::new("levels_0", "levels-fall"),
            fault => FieldProblem::new(fault, "out-of-range").with("min", 1).with("max", MOST),
        };
        wrong.push(problem);
    }
    if wrong.is_empty() { Ok(figures) } else { Err(wrong) }
}

fn put_value(values: &mut Map<String, Value>, name: &str, value: i64) {
    let number = if is_share(name) { Value::from(value as f64 / 100.0) } else { Value::from(value) };
    match name.rsplit_once('_').filter(|(list, _)| matches!(*list, "levels" | "ratios")) {
        Some((list, _)) => {
            let list = values.entry(list).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.push(number);
            }
        }
        None => drop(values.insert(name.to_owned(), number)),
    }
}

fn is_share(name: &str) -> bool {
    name.starts_with("ratios") || name == "guru_ratio"
}

fn groups(text: impl Fn(&str) -> String) -> Vec<FigureGroup> {
    GROUPS
        .iter()
        .map(|(name, names)| FigureGroup {
            name: (*name).to_owned(),
            figures: names
                .iter()
                .map(|name| Figure { name: (*name).to_owned(), value: text(name) })
                .collect(),
        })
        .collect()
}

/// A figure as it is typed; shares in per cent.
fn text_of(figures: &Value, name: &str) -> String {
    let value = match name.rsplit_once('_').filter(|(list, _)| matches!(*list, "levels" | "ratios")) {
        Some((list, place)) => &figures[list][place.parse::<usize>().unwrap_or_default()],
        None => &figures[name],
    };
    if is_share(name) {
        return format!("{:.0}", value.as_f64().unwrap_or_default() * 100.0);
    }
    value.to_string()
}

async fn page(visit: &Visit) -> Result<FiguresPage, Problem> {
    let (in_force, versions) = visit
        .read(|c, _| {
            let in_force = figures::in_force(c)?;
            let rows = figures::newest_versions(c, VERSIONS)?;
            let authors: Vec<i64> = rows.iter().filter_map(|row| row.by).collect();
            let people = posts::named_authors(c, &authors)?;
            let versions = rows.into_iter().map(|row| FiguresVersion {
                version: row.version,
                at: row.at,
                by: row.by.map(|by| posts::AuthorRow::shown(people.get(&by), None)),
                changed: row.changed,
            });
            Ok::<_, Failure<Refusal>>((in_force, versions.collect()))
        })
        .await?;
    let stored = serde_json::to_value(&in_force.figures).map_err(Problem::broken)?;
    Ok(FiguresPage {
        groups: groups(|name| text_of(&stored, name)),
        version: in_force.version,
        versions,
        errors: FieldErrors::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_names_every_figure_once_and_reads_back_what_it_shows() {
        let figures = Figures { answer_up: 7, ratios: [0.1, 0.2, 0.3, 0.4], ..Figures::default() };
        let stored = serde_json::to_value(&figures).unwrap();
        let mut values = Map::new();
        for name in GROUPS.iter().flat_map(|(_, names)| names.iter().copied()) {
            put_value(&mut values, name, text_of(&stored, name).parse().unwrap());
        }
        assert_eq!(values.len(), stored.as_object().unwrap().len());
        assert_eq!(serde_json::from_value::<Figures>(Value::Object(values)).unwrap(), figures);
    }
}
