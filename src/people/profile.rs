//! One person as a viewer sees them.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::{audit, member_counts, members, organisations};
use crate::db::{Conn, among};
use crate::spaces::enterable;
use crate::web::Viewer;

/// What a profile says.
#[derive(Clone, Debug, Queryable)]
pub struct Profile {
    /// The member.
    pub id: i64,
    /// Shown name.
    pub name: String,
    /// Handle.
    pub handle: String,
    /// Role, as stored.
    pub role: String,
    /// The organisation: id, name.
    pub organisation: Option<(i64, String)>,
    /// Plain text.
    pub about: String,
    /// When they came, or when their account elsewhere began.
    pub created_at: Micros,
    /// Points.
    pub reputation: i64,
    /// State, as stored.
    pub state: String,
    /// Until when, while suspended.
    pub suspended_until: Option<Micros>,
    /// Where an imported member comes from.
    pub source: Option<String>,
}

impl Profile {
    /// Whether a suspension is in force at `now`.
    pub fn is_suspended(&self, now: Micros) -> bool {
        self.state == "suspended" && self.suspended_until.is_none_or(|until| until > now)
    }

    /// Whether nobody signs in as this member yet.
    pub fn is_unclaimed(&self) -> bool {
        self.state == "unclaimed"
    }
}

/// How much a person wrote that the viewer may open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Questions.
    pub questions: i64,
    /// Answers.
    pub answers: i64,
    /// Answers that were accepted.
    pub accepted: i64,
}

/// A suspension in force, for those who may see why.
#[derive(Clone, Debug)]
pub struct Suspended {
    /// Why.
    pub reason: String,
    /// Who did it; None on the command line.
    pub by: Option<String>,
    /// When.
    pub since: Micros,
    /// Until when; None until somebody ends it.
    pub until: Option<Micros>,
}

/// The key of a person's posts: when, and the post.
pub type PostKey = (Micros, i64);

/// A question or an answer of a person.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Posted {
    /// The post.
    pub id: i64,
    /// Its question.
    pub question_id: i64,
    /// The question's title.
    pub title: String,
    /// Up-votes.
    pub up: i64,
    /// Down-votes.
    pub down: i64,
    /// When.
    pub created_at: Micros,
    /// The question's accepted answer.
    pub accepted_id: Option<i64>,
}

/// A person's profile; None when there is none to be seen.
pub fn profile(c: &mut Conn, id: i64) -> QueryResult<Option<Profile>> {
    members::table
        .left_join(organisations::table)
        .filter(members::id.eq(id))
        .filter(members::kind.ne("system"))
        .filter(members::state.ne("forgotten"))
        .filter(members::merged_into.is_null())
        .select((
            members::id,
            members::name,
            members::handle,
            members::role,
            (organisations::id, organisations::name).nullable(),
            members::about,
            members::created_at,
            members::reputation,
            members::state,
            members::suspended_until,
            members::source,
        ))
        .first(c)
        .optional()
}

/// How much a person wrote in the spaces the viewer may enter.
pub fn counts(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Counts> {
    let rows: Vec<(i64, i64, i64)> = member_counts::table
        .filter(member_counts::member_id.eq(id))
        .filter(member_counts::space_id.eq_any(enterable(viewer)))
        .select((member_counts::questions, member_counts::answers, member_counts::accepted))
        .load(c)?;
    Ok(rows.into_iter().fold(Counts::default(), |sum, (questions, answers, accepted)| Counts {
        questions: sum.questions + questions,
        answers: sum.answers + answers,
        accepted: sum.accepted + accepted,
    }))
}

/// The same for several people; those who wrote nothing are left out.
pub(super) fn counts_of_many(c: &mut Conn, viewer: &Viewer, ids: &[i64]) -> QueryResult<Vec<(i64, Counts)>> {
    let rows: Vec<(i64, i64, i64, i64)> = member_counts::table
        .filter(among(member_counts::member_id, ids))
        .filter(member_counts::space_id.eq_any(enterable(viewer)))
        .order(member_counts::member_id)
        .select((
            member_counts::member_id,
            member_counts::questions,
            member_counts::answers,
            member_counts::accepted,
        ))
        .load(c)?;
    let mut summed: Vec<(i64, Counts)> = Vec::new();
    for (id, questions, answers, accepted) in rows {
        match summed.last_mut().filter(|(last, _)| *last == id) {
            Some((_, sum)) => {
                sum.questions += questions;
                sum.answers += answers;
                sum.accepted += accepted;
            }
            None => summed.push((id, Counts { questions, answers, accepted })),
        }
    }
    Ok(summed)
}

/// Why and by whom a member is suspended; the audit knows since when.
pub fn suspended(c: &mut Conn, id: i64) -> QueryResult<Option<Suspended>> {
    let by = diesel::alias!(members as suspenders);
    type Row = (Option<String>, Option<Micros>, Option<String>);
    let row: Option<Row> = members::table
        .left_join(by.on(by.field(members::id).nullable().eq(members::suspended_by)))
        .filter(members::id.eq(id))
        .select((members::suspended_reason, members::suspended_until, by.field(members::name).nullable()))
        .first(c)
        .optional()?;
    let Some((reason, until, by)) = row else { return Ok(None) };
    let since: Option<Micros> = audit::table
        .filter(audit::subject_kind.eq("member"))
        .filter(audit::subject_id.eq(id))
        .filter(audit::act.eq("member-suspended"))
        .order(audit::id.desc())
        .select(audit::occurred_at)
        .first(c)
        .optional()?;
    Ok(Some(Suspended { reason: reason.unwrap_or_default(), by, since: since.unwrap_or_default(), until }))
}
