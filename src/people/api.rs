//! `/api/v1/people/{id}`.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Serialize;

use super::{Counts, Profile};
use crate::accounts::api::OwnOrganisation;
use crate::accounts::oversight::Refusal;
use crate::badges::{self, Held};
use crate::clock::rfc3339;
use crate::db::Failure;
use crate::web::{Problem, ProblemDocument, Role, Viewer, Visit, api};

/// A person as the caller sees them. Counts are within the spaces the caller may enter.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Person {
    /// The member.
    id: i64,
    /// Shown name.
    name: String,
    /// Unique handle.
    handle: String,
    /// Role.
    role: Role,
    /// Their organisation.
    organisation: Option<OwnOrganisation>,
    /// What they say about themselves; plain text.
    about: String,
    /// RFC 3339.
    joined_at: String,
    /// Points.
    reputation: i64,
    /// Questions asked.
    questions: i64,
    /// Answers given.
    answers: i64,
    /// Answers accepted.
    accepted: i64,
    /// Badges earned here, as far as the caller may know.
    badges: Vec<PersonBadge>,
    /// Set for a member who came with an import.
    imported: Option<ImportedFrom>,
    /// Set while suspended, for moderators and above.
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended: Option<SuspendedUntil>,
}

/// A badge that a person holds.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PersonBadge {
    /// Its key, as in `/badges`.
    badge: &'static str,
    /// How often.
    times: i64,
    /// RFC 3339.
    last_at: String,
}

/// Where a member came from.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ImportedFrom {
    /// The import's source.
    source: String,
}

/// A suspension in force.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SuspendedUntil {
    /// RFC 3339; null until somebody ends it.
    until: Option<String>,
}

/// A person's profile.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "people", security(("token" = [])),
    params(("id" = i64, Path, description = "The member")),
    responses((status = 200, body = Person), (status = 401, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let (profile, counts, badges) = visit
        .read(move |c, viewer| {
            let profile = super::profile(c, id)?.ok_or(Refusal::NotFound)?;
            let badges = badges::of_person(c, viewer, id)?;
            Ok::<_, Failure<Refusal>>((profile, super::counts(c, viewer, id)?, badges))
        })
        .await?;
    api::send(&person(visit.viewer()?, profile, counts, &badges))
}

fn person(viewer: &Viewer, profile: Profile, counts: Counts, badges: &[Held]) -> Person {
    let tell = profile.is_suspended(viewer.now) && viewer.role >= Role::Moderator;
    Person {
        suspended: tell.then(|| SuspendedUntil { until: profile.suspended_until.map(rfc3339) }),
        id: profile.id,
        role: Role::stored(&profile.role),
        name: profile.name,
        handle: profile.handle,
        organisation: profile.organisation.map(|(id, name)| OwnOrganisation { id, name }),
        about: profile.about,
        joined_at: rfc3339(profile.created_at),
        reputation: profile.reputation,
        questions: counts.questions,
        answers: counts.answers,
        accepted: counts.accepted,
        badges: badges.iter().map(badge).collect(),
        imported: profile.source.map(|source| ImportedFrom { source }),
    }
}

fn badge(held: &Held) -> PersonBadge {
    PersonBadge { badge: held.key, times: held.times, last_at: rfc3339(held.last_at) }
}
