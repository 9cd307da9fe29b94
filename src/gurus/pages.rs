//! What the pages about gurus show. Times are UTC microseconds, texts are plain, URLs are paths of this site.

#[cfg(test)]
mod samples;

use serde::Serialize;

use crate::web::pages::{Author, FieldErrors};
use crate::web::render::{Page, Title};

/// `GET /guru`: one's own standings.
#[derive(Debug, Clone, Serialize)]
pub struct GuruPage {
    /// Those that are offered, in force or were, by tag.
    pub standings: Vec<OwnCard>,
    /// Tags where one is on the way.
    pub on_the_way: Vec<Progress>,
    /// Answers that it takes, and the share of good outcomes in percent.
    pub needed: i64,
    pub least: i64,
    /// IANA name: hours are of this time zone.
    pub time_zone: String,
    /// Whether one is a guru anywhere.
    pub in_force: bool,
}

/// What one showed in a tag.
#[derive(Debug, Clone, Serialize)]
pub struct Progress {
    pub tag: String,
    /// Answers accepted or endorsed within a year.
    pub answers: i64,
    /// Share of good outcomes, in percent.
    pub share: i64,
    /// Where one's answers there are found.
    pub url: String,
}

/// One standing; its forms post to `/guru/{tag}` with `act`.
#[derive(Debug, Clone, Serialize)]
pub struct OwnCard {
    pub facts: Progress,
    /// `invited`, `active`, `paused`, `declined` or `ended`. Words: `guru-state-…`.
    pub state: &'static str,
    /// Given by a moderator.
    pub appointed: bool,
    /// Who appointed or dismissed, by name; none on the command line.
    pub by: Option<String>,
    /// In their words.
    pub reason: Option<String>,
    /// Since when in force.
    pub since: Option<i64>,
    /// When it ends, while something is missing.
    pub ending_at: Option<i64>,
    /// Why it ended: words `guru-ended-…`.
    pub ended_why: Option<String>,
    /// Whether one may say yes.
    pub may_accept: bool,
    /// Days of the week, Monday first.
    pub days: Vec<bool>,
    /// As `09:00`; empty for the whole day.
    pub from: String,
    pub until: String,
    /// As typed: codes with commas.
    pub languages: String,
    pub daily_alerts: String,
    pub errors: FieldErrors,
}

/// `GET /needs-you`.
#[derive(Debug, Clone, Serialize)]
pub struct NeedsPage {
    /// Those first that need the viewer most.
    pub needs: Vec<NeedRow>,
    /// Whether the viewer is a guru anywhere.
    pub guru: bool,
}

/// A question that needs the viewer.
#[derive(Debug, Clone, Serialize)]
pub struct NeedRow {
    pub id: i64,
    pub url: String,
    pub title: String,
    /// Key and name of its space.
    pub space: (String, String),
    pub tag: String,
    /// A guru in that tag.
    pub guru: bool,
    /// Answers of the viewer accepted or endorsed there within a year.
    pub solved: i64,
    /// Asked when.
    pub created_at: i64,
    /// Waiting for so long: `minutes`, `hours` or `days`, and how many.
    pub waited: (&'static str, i64),
    /// Other gurus who could answer.
    pub others: i64,
    /// Whether it has answers that wait for a verdict.
    pub answered: bool,
    /// Who is on it by name, and until when; the viewer where `mine`.
    pub claimed_by: Option<String>,
    pub claimed_until: Option<i64>,
    pub mine: bool,
}

/// `GET /tags/{name}/gurus`; posts `who`, `reason` there.
#[derive(Debug, Clone, Serialize)]
pub struct TagGurusPage {
    pub tag: String,
    pub gurus: Vec<GuruRow>,
    /// Whether the viewer appoints and dismisses.
    pub may_appoint: bool,
    pub who: String,
    pub reason: String,
    pub errors: FieldErrors,
}

/// Why a standing is ended, as typed; posts `reason` to `/tags/{name}/gurus/{member}/dismiss`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DismissForm {
    pub reason: String,
    pub errors: FieldErrors,
}

/// A guru of a tag.
#[derive(Debug, Clone, Serialize)]
pub struct GuruRow {
    pub person: Author,
    /// As of [`OwnCard::state`].
    pub state: &'static str,
    pub since: Option<i64>,
    /// Answers accepted or endorsed there within a year that the viewer may open.
    pub solved: i64,
    /// Who appointed them; none where it was earned.
    pub by: Option<Author>,
    pub appointed: bool,
    /// For those who appoint: why.
    pub reason: Option<String>,
    /// For those who appoint: when it ends.
    pub ending_at: Option<i64>,
    /// Whether the viewer may end it.
    pub may_dismiss: bool,
    pub dismiss_form: DismissForm,
}

/// `GET /questions/{id}/hand-over`; posts `reason` there.
#[derive(Debug, Clone, Serialize)]
pub struct HandOverPage {
    pub id: i64,
    pub url: String,
    pub title: String,
    pub reason: String,
    pub errors: FieldErrors,
}

/// `GET /questions/{id}/candidates`, for those who moderate its space.
#[derive(Debug, Clone, Serialize)]
pub struct CandidatesPage {
    pub id: i64,
    pub url: String,
    pub title: String,
    /// The fittest first.
    pub candidates: Vec<CandidateRow>,
    /// Why it is with staff, if it is, in the words of who handed it over.
    pub handed_over_for: Option<String>,
}

/// Somebody who could answer.
#[derive(Debug, Clone, Serialize)]
pub struct CandidateRow {
    pub id: i64,
    pub name: String,
    /// Tags of the question where they are a guru.
    pub guru_in: Vec<String>,
    pub solved: i64,
    pub points: i64,
    pub claims: i64,
    pub alerts: i64,
    pub daily_alerts: i64,
    /// Whether they can be asked now.
    pub free: bool,
    /// Keys of `candidate-…`.
    pub reasons: Vec<&'static str>,
}

macro_rules! pages {
    ($($page:ty, $template:literal, $title:literal;)*) => {$(
        impl Page for $page {
            const TEMPLATE: &'static str = $template;
            fn title(&self) -> Title<'_> {
                Title::words($title)
            }
        }
    )*};
}

pages! {
    GuruPage, "gurus/own.html", "guru-title";
    NeedsPage, "gurus/needs.html", "needs-title";
    HandOverPage, "gurus/hand_over.html", "hand-over-title";
    CandidatesPage, "gurus/candidates.html", "candidates-title";
}

impl Page for TagGurusPage {
    const TEMPLATE: &'static str = "gurus/tag.html";

    fn title(&self) -> Title<'_> {
        Title::around("tag-gurus-title", &self.tag)
    }
}
