//! Appointing a guru from a person's page.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::kept_figures::ProfileFigures;
use super::routes::person;
use crate::accounts::pages::AppointForm;
use crate::gurus::tag_routes::appoint_person;
use crate::web::{Problem, Visit};

/// `POST /people/{id}/gurus` with `tag` and `reason`; what cannot be taken comes back with the form.
///
/// # Errors
/// [`crate::gurus::Refusal`].
pub async fn appoint(
    visit: Visit,
    id: Path<i64>,
    kept: Data<ProfileFigures>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let (tag, reason) = (visit.form.text("tag").to_owned(), visit.form.text("reason").to_owned());
    match appoint_person(&visit, id, &tag, &reason).await {
        Ok(()) => Ok(visit.see(&format!("/people/{id}"), Some("guru-appointed"))),
        Err(problem) if !problem.fields.is_empty() => {
            let mut page = person(&visit, id, kept).await?;
            let errors = visit.field_errors(&problem);
            page.appoint_form = Some(AppointForm { tag, reason, errors });
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}
