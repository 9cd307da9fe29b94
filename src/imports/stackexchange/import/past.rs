//! A row of Posts with its history and votes as one post with its past.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::history::{BodySource, Revision, Story, TurnKind};
use super::super::kinds::Author;
use super::super::rows::PostRow;
use super::stage::day_of;
use super::{HISTORY, Import, VOTES, by};
use crate::imports::links::Base;
use crate::imports::run::ImportError;
use crate::imports::tags;
use crate::posts::import::{Day, Earlier, Edited, Format, ImportedPost, Lock};
use crate::posts::revisions::Heading;
use crate::text;

impl Import<'_> {
    /// Takes a post's history out of the staging, and accounts for it.
    pub(super) fn story(&mut self, post_id: i64) -> Result<Story, ImportError> {
        let story = Story::of(self.staging.take_history(post_id)?);
        self.run.report.kept(HISTORY, story.kept);
        for (reason, n) in &story.skipped {
            self.run.report.skipped(HISTORY, *reason, *n);
        }
        Ok(story)
    }

    /// Takes a post's votes out of the staging, and accounts for them. Without a file of votes, its score stands for
    /// them, as of the day it was written.
    fn tallies(&mut self, row: &PostRow) -> Result<Vec<Day>, ImportError> {
        if !self.has_votes {
            let score = row.score.unwrap_or(0);
            let day = Day { day: day_of(row.created_at), up: score.max(0), down: (-score).max(0) };
            return Ok(if score == 0 { Vec::new() } else { vec![day] });
        }
        let days = self.staging.take_votes(row.id)?;
        let votes: i64 = days.iter().map(|day| day.up + day.down).sum();
        self.run.report.kept(VOTES, votes.unsigned_abs());
        Ok(days.into_iter().map(|day| Day { day: day.day, up: day.up, down: day.down }).collect())
    }

    /// The post, complete but for what only questions have.
    pub(super) fn post(
        &mut self,
        kind: &'static str,
        row: &mut PostRow,
        story: &Story,
        heading: Option<&Heading>,
    ) -> Result<ImportedPost, ImportError> {
        let tallies = self.tallies(row)?;
        let (body, format) = match story.body(std::mem::take(&mut row.body), row.edited_at) {
            BodySource::Markdown(body) => (body, Format::Markdown),
            BodySource::Html(body) => (body, Format::Html),
        };
        self.run.report.noted(kind, "kept as HTML", u64::from(format == Format::Html));
        let base = self.run.base.as_ref();
        let body = absolute(base, format, &text::clean_body(&body));
        let past: &[Revision] = match (format, story.revisions.as_slice()) {
            (Format::Markdown, [past @ .., _]) => past,
            (_, past) => past,
        };
        Ok(ImportedPost {
            original_id: row.id.to_string(),
            by: by(Author::of(row.owner_id, row.owner_name.as_deref())),
            body,
            format,
            rendered: None,
            language: None,
            hidden: None,
            deleted_at: row.deleted_at,
            created_at: row.created_at,
            edited: edited(row, story, format),
            earlier: earlier(base, past, heading),
            locks: locks(story),
            tallies: Some(tallies),
        })
    }
}

/// A body whose links within the source lead there.
pub(super) fn absolute(base: Option<&Base>, format: Format, body: &str) -> String {
    let absolute = base.map(|base| match format {
        Format::Markdown => base.markdown(body),
        Format::Html => base.html(body),
    });
    absolute.map_or_else(|| body.to_owned(), |body| body.into_owned())
}

fn edited(row: &PostRow, story: &Story, format: Format) -> Option<Edited> {
    if format == Format::Markdown {
        let [_, .., last] = story.revisions.as_slice() else { return None };
        return Some(Edited { at: last.at, by: by(last.by.clone()), reason: reason(last) });
    }
    let at = row.edited_at.filter(|at| *at > row.created_at)?;
    Some(Edited { at, by: by(Author::of(row.editor_id, row.editor_name.as_deref())), reason: None })
}

fn reason(revision: &Revision) -> Option<String> {
    revision.comment.as_deref().map(text::clean_title).filter(|reason| !reason.is_empty())
}

/// Texts before the present one. Revisions that did not change the body share it, also after their links were changed.
fn earlier(base: Option<&Base>, past: &[Revision], heading: Option<&Heading>) -> Vec<Earlier> {
    let mut bodies: HashMap<*const u8, Arc<str>> = HashMap::new();
    let mut absolute_once = |body: &Arc<str>| {
        let known = bodies.entry(body.as_ptr());
        known.or_insert_with(|| absolute(base, Format::Markdown, &text::clean_body(body)).into()).clone()
    };
    past.iter()
        .map(|revision| Earlier {
            heading: heading.map(|present| heading_of(revision, present)),
            body: revision.body.as_ref().map_or_else(|| Arc::from(""), &mut absolute_once),
            by: by(revision.by.clone()),
            reason: reason(revision),
            made_at: revision.at,
        })
        .collect()
}

/// What a revision does not tell was as it is now.
fn heading_of(revision: &Revision, present: &Heading) -> Heading {
    let title = revision.title.as_deref().map_or_else(|| present.title.clone(), text::clean_title);
    let tags = revision
        .tags
        .as_ref()
        .map_or_else(|| present.tags.clone(), |tags| tags::fit(tags.iter().map(String::as_str)).tags);
    Heading { title, tags }
}

fn locks(story: &Story) -> Vec<Lock> {
    let mut locks: Vec<Lock> = Vec::new();
    for turn in &story.turns {
        match turn.what {
            TurnKind::Locked => {
                locks.push(Lock { at: turn.at, by: by(turn.by.clone()), undone: None });
            }
            TurnKind::Unlocked => {
                if let Some(lock) = locks.last_mut().filter(|lock| lock.undone.is_none()) {
                    lock.undone = Some((turn.at, by(turn.by.clone())));
                }
            }
            TurnKind::Closed { .. } | TurnKind::Reopened => {}
        }
    }
    locks
}
