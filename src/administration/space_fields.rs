//! `POST /admin/spaces/{id}/fields`: what a space's ask form asks besides title, body and tags.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::books::{BOOKS, comes_back};
use super::pages::{FieldForm, FieldRow};
use super::spaces::space_page;
use crate::accounts::actor::Actor;
use crate::accounts::book_rules::Refusal;
use crate::spaces::{self, AskField, FieldKind};
use crate::web::pages::FieldErrors;
use crate::web::{FieldProblem, Problem, Visit};

/// Adds a field or changes the one of its key, which keeps its place; with `remove` takes one away. What cannot be
/// taken comes back with the form.
///
/// # Errors
/// [`Refusal`].
pub async fn save(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let place = format!("/admin/spaces/{id}");
    if let Some(key) = visit.form.given("remove") {
        let key = key.to_owned();
        write(&visit, id, move |fields| {
            let before = fields.len();
            fields.retain(|field| field.key != key);
            if fields.len() == before { Err(Refusal::NotFound) } else { Ok(()) }
        })
        .await?;
        return Ok(visit.see(&place, Some("saved")));
    }
    let saved = match typed(&visit) {
        Err(problem) => Err(problem),
        Ok(field) => {
            write(&visit, id, move |fields| {
                match fields.iter_mut().find(|known| known.key == field.key) {
                    Some(known) => *known = field.clone(),
                    None => fields.push(field.clone()),
                }
                Ok(())
            })
            .await
        }
    };
    match saved {
        Ok(()) => Ok(visit.see(&place, Some("saved"))),
        Err(problem) if comes_back(&problem) => {
            let text = |name: &str| visit.form.text(name).to_owned();
            let mut page = space_page(&visit, id).await?;
            page.field_form = FieldForm {
                key: text("key"),
                label: text("label"),
                kind: text("kind"),
                required: visit.form.ticked("required"),
                hint: text("hint"),
                choices: text("choices"),
                errors: visit.field_errors(&in_form(problem.clone())),
            };
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// Changes the list of fields as it stands in the transaction.
async fn write(
    visit: &Visit,
    id: i64,
    mut change: impl FnMut(&mut Vec<AskField>) -> Result<(), Refusal> + Send + 'static,
) -> Result<(), Problem> {
    let now = visit.now;
    visit
        .write(BOOKS, move |c, viewer| {
            let (space, _) = spaces::by_id(c, viewer, id)?.ok_or(Refusal::NotFound)?;
            let mut fields = space.fields.0;
            change(&mut fields)?;
            spaces::set_fields(c, Actor::from(viewer), id, &fields, now)
        })
        .await
}

/// What is wrong with the list as a whole is told at the key that would change it.
fn in_form(mut problem: Problem) -> Problem {
    for wrong in problem.fields.iter_mut().filter(|wrong| wrong.field == "fields") {
        wrong.field = "key".into();
    }
    problem
}

fn typed(visit: &Visit) -> Result<AskField, Problem> {
    let text = |name: &str| visit.form.text(name).to_owned();
    let field = AskField {
        key: text("key"),
        label: text("label"),
        kind: FieldKind::parse(visit.form.text("kind")).unwrap_or_default(),
        required: visit.form.ticked("required"),
        hint: text("hint"),
        choices: visit.form.text("choices").lines().map(str::to_owned).collect(),
    };
    let mut wrong = Vec::new();
    if FieldKind::parse(visit.form.text("kind")).is_none() {
        wrong.push(FieldProblem::new("kind", "unknown-choice"));
    }
    match field.checked() {
        Ok(field) if wrong.is_empty() => Ok(field),
        checked => {
            wrong.extend(checked.err().unwrap_or_default());
            Err(Problem::invalid(wrong))
        }
    }
}

/// The form, filled with the field of this key if there is one.
pub(super) fn form_of(fields: &[AskField], key: &str) -> FieldForm {
    let Some(field) = fields.iter().find(|field| field.key == key) else {
        return FieldForm { kind: "text".to_owned(), ..FieldForm::default() };
    };
    FieldForm {
        key: field.key.clone(),
        label: field.label.clone(),
        kind: match field.kind {
            FieldKind::Text => "text".to_owned(),
            FieldKind::Number => "number".to_owned(),
            FieldKind::Choice => "choice".to_owned(),
        },
        required: field.required,
        hint: field.hint.clone(),
        choices: field.choices.join("\n"),
        errors: FieldErrors::default(),
    }
}

pub(super) fn row(field: AskField) -> FieldRow {
    let AskField { key, label, kind, required, hint, choices } = field;
    FieldRow { key, label, kind, required, hint, choices }
}
