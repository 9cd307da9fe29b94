//! `/admin/members/{id}/spaces`: which spaces a moderator is limited to.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::books::comes_back;
use super::pages::{ModeratorPage, SpaceTick};
use crate::accounts::actor::Actor;
use crate::accounts::book_rules::Refusal;
use crate::db::{Failure, On};
use crate::people::{self, author};
use crate::spaces;
use crate::web::pages::FieldErrors;
use crate::web::{FieldProblem, Problem, Role, Visit};

/// What the name of a space's box begins with; its key follows.
const BOX: &str = "space-";

/// `GET /admin/members/{id}/spaces`.
///
/// # Errors
/// 404.
pub async fn show(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    visit.page(&page(&visit, id.into_inner()).await?)
}

/// `POST /admin/members/{id}/spaces`; what cannot be taken comes back with the form. To tick nothing is not to lift
/// the limit: that is said in words.
///
/// # Errors
/// [`Refusal`].
pub async fn save(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let ticked: Vec<String> =
        visit.form.iter().filter_map(|(name, _)| name.strip_prefix(BOX)).map(str::to_owned).collect();
    let keys = match visit.form.text("where") {
        "everywhere" => Ok(Vec::new()),
        "only" if ticked.is_empty() => Err(FieldProblem::new("space", "no-spaces")),
        "only" => Ok(ticked.clone()),
        _ => Err(FieldProblem::new("where", "unknown-choice")),
    };
    let saved = match keys {
        Err(field) => Err(Problem::invalid_field(field)),
        Ok(keys) => {
            visit
                .write(On::Member(id), move |c, viewer| {
                    spaces::limit_moderator(c, Actor::from(viewer), id, &keys, now)
                })
                .await
        }
    };
    match saved {
        Ok(()) => Ok(visit.see(&format!("/admin/members/{id}/spaces"), Some("saved"))),
        Err(problem) if comes_back(&problem) => {
            let mut page = page(&visit, id).await?;
            page.limited = visit.form.text("where") == "only";
            for space in &mut page.spaces {
                space.ticked = ticked.contains(&space.key);
            }
            page.errors = visit.field_errors(&problem);
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

async fn page(visit: &Visit, id: i64) -> Result<ModeratorPage, Problem> {
    let (member, spaces, limits) = visit
        .read(move |c, viewer| {
            let member = people::profile(c, id)?.ok_or(Refusal::NotFound)?;
            Ok::<_, Failure<Refusal>>((member, spaces::list(c, viewer)?, spaces::limits(c, id)?))
        })
        .await?;
    let tick = |space: spaces::Space| SpaceTick {
        ticked: limits.contains(&space.id),
        key: space.key,
        name: space.name,
    };
    Ok(ModeratorPage {
        moderator: Role::stored(&member.role) == Role::Moderator,
        member: author(member.id, &member.name, &member.role),
        limited: !limits.is_empty(),
        spaces: spaces.into_iter().map(tick).collect(),
        errors: FieldErrors::default(),
    })
}
