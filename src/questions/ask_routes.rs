//! `/ask`: the form with the fields of the spaces, and asking.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::ask::{self, Draft};
use super::pages::{AskPage, FieldAsked, SpaceChoice};
use super::tags::TagName;
use super::urls::question_url;
use crate::db::Failure;
use crate::posts::Refusal;
use crate::spaces::{self, AskField, FieldKind, Space};
use crate::web::limits::within;
use crate::web::{Fields, Problem, Visit};

/// `GET /ask`.
///
/// # Errors
/// The database's.
pub async fn ask_form(visit: Visit) -> Result<HttpResponse, Problem> {
    let page = ask_page(&visit).await?;
    visit.page(&page)
}

/// `POST /ask`.
///
/// # Errors
/// Too often, or the database's; fields that cannot be taken come back with the form.
pub async fn ask(visit: Visit) -> Result<HttpResponse, Problem> {
    let form = &visit.form;
    let spaces = visit.read(|c, viewer| Ok::<_, Failure<Problem>>(spaces::list(c, viewer)?)).await?;
    let space = match (form.given("space"), spaces.as_slice()) {
        (None, [only]) => only.key.clone(),
        (given, _) => given.unwrap_or_default().to_owned(),
    };
    let given = given_fields(form, &space);
    let tags = TagName::split(form.text("tags"));
    let mut draft = Draft::new(&space, form.text("title"), form.text("body"), tags, given.clone());
    if let Err(wrong) = &mut draft {
        // What is wrong with the rest is told in the same answer.
        let own = spaces.iter().find(|known| known.key == space).map(|known| known.fields.take(&given));
        wrong.extend(own.and_then(Result::err).unwrap_or_default());
    }
    let asked = match draft {
        Ok(draft) => {
            let limit = Some(ask::LIMIT).filter(|_| visit.hall.config.limits);
            let (now, title) = (visit.now, draft.title.clone());
            visit
                .write(ask::ON, move |c, viewer| {
                    let id = within(c, limit, &viewer.id.to_string(), now, |c| {
                        ask::ask(c, viewer, &draft, now).map_err(|failure| failure.map(Problem::from))
                    })?;
                    Ok::<_, Failure<Problem>>(question_url(id, &title))
                })
                .await
        }
        Err(fields) => Err(Refusal::Fields(fields).into()),
    };
    match asked {
        Ok(url) => Ok(visit.see(&url, Some("asked"))),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut page = ask_page(&visit).await?;
            page.errors = visit.field_errors(&in_form(problem.clone(), &space));
            let asked = page.spaces.iter().flat_map(|space| &space.fields);
            let labels: Vec<(String, String)> =
                asked.map(|field| (field.name.clone(), field.label.clone())).collect();
            for (name, label) in labels {
                page.errors.name(&name, &label);
            }
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// Fields of all spaces together that stand in one form; a form has at most a hundred.
const FIELDS_MOST: usize = 60;

/// What the inputs of a space's own fields begin with.
fn prefix(space: &str) -> String {
    format!("fields.{space}.")
}

/// What was typed for the own fields of one space; those of others are not asked.
fn given_fields(form: &Fields, space: &str) -> serde_json::Map<String, serde_json::Value> {
    let prefix = prefix(space);
    let of_space = form.iter().filter_map(|(name, value)| Some((name.strip_prefix(&prefix)?, value)));
    of_space.map(|(key, value)| (key.to_owned(), value.into())).collect()
}

/// Names what is wrong as the form does: `fields.KEY` is the input `fields.SPACE.KEY`.
fn in_form(mut problem: Problem, space: &str) -> Problem {
    for wrong in &mut problem.fields {
        if let Some(key) = wrong.field.strip_prefix("fields.") {
            wrong.field = format!("{}{key}", prefix(space)).into();
        }
    }
    problem
}

fn asked_field(visit: &Visit, space: &str, field: AskField) -> FieldAsked {
    let name = format!("{}{}", prefix(space), field.key);
    FieldAsked {
        value: visit.form.text(&name).to_owned(),
        name,
        label: field.label,
        hint: field.hint,
        required: field.required,
        number: field.kind == FieldKind::Number,
        choices: field.choices,
    }
}

/// The form with what was typed.
///
/// # Errors
/// The database's.
pub(crate) async fn ask_page(visit: &Visit) -> Result<AskPage, Problem> {
    let spaces = visit.read(|c, viewer| Ok::<_, Failure<Problem>>(spaces::list(c, viewer)?)).await?;
    let typed = |name: &str| visit.form.text(name).to_owned();
    let chosen = visit.form.given("space").or_else(|| visit.query.given("space"));
    // Too many for one form: those of the chosen space alone, which the form shows when it comes back at the latest.
    let all = spaces.iter().map(|space| space.fields.0.len()).sum::<usize>() <= FIELDS_MOST;
    let choice = |space: Space| {
        let shown = all || chosen == Some(&space.key);
        let fields = space.fields.0.into_iter().filter(|_| shown);
        SpaceChoice {
            fields: fields.map(|field| asked_field(visit, &space.key, field)).collect(),
            key: space.key,
            name: space.name,
            about: space.description,
        }
    };
    Ok(AskPage {
        space: chosen.unwrap_or_default().to_owned(),
        spaces: spaces.into_iter().map(choice).collect(),
        title: if visit.form.given("title").is_some() {
            typed("title")
        } else {
            visit.query.text("title").to_owned()
        },
        body: typed("body"),
        tags: if visit.form.given("tags").is_some() {
            typed("tags")
        } else {
            visit.query.text("tag").to_owned()
        },
        ..AskPage::default()
    })
}
