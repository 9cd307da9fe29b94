//! Brings a Stack Exchange dump in, in the order that [`crate::imports`] tells.

mod answers;
mod comments;
mod links;
mod past;
mod people;
mod questions;
mod stage;

use super::dump::Dump;
use super::kinds::{Author, PostKind};
use super::reader::RowProblem;
use super::rows::{Row, VoteRow};
use super::staging::Staging;
use crate::accounts::import::By;
use crate::imports::links::Base;
use crate::imports::run::{BYTES, ImportError, ROWS, Run};

const USERS: &str = "users";
const QUESTIONS: &str = "questions";
const ANSWERS: &str = "answers";
/// Posts that are neither: tag wikis and the like.
const OTHER_POSTS: &str = "other_posts";
const COMMENTS: &str = "comments";
const VOTES: &str = "votes";
const TAGS: &str = "tags";
const HISTORY: &str = "history";
const LINKS: &str = "links";
const BADGES: &str = "badges";

/// Why what belongs to a post is skipped.
const NO_POST: &str = "on a post that was not imported";

/// A dump on its way in.
struct Import<'a> {
    run: &'a mut Run,
    dump: &'a Dump,
    staging: Staging,
    /// Whether the dump has votes; without them a post's score is all that is known.
    has_votes: bool,
}

/// Imports the dump. Temporary files are made in `directory`.
///
/// # Errors
/// [`ImportError`]; what was committed before stays.
pub fn import(run: &mut Run, dump: &Dump, directory: &std::path::Path) -> Result<(), ImportError> {
    let name = dump.directory().file_name().unwrap_or_default().to_string_lossy().into_owned();
    run.base = Base::of_name(&run.target.source).or_else(|| Base::of_name(&name));
    for kind in [USERS, QUESTIONS, ANSWERS, OTHER_POSTS, COMMENTS, VOTES, TAGS, HISTORY, LINKS, BADGES] {
        run.report.expect(kind);
    }
    let has_votes = dump.path::<VoteRow>().is_some();
    let mut import = Import { run, dump, staging: Staging::open(directory)?, has_votes };
    import.stage_history()?;
    import.stage_votes()?;
    import.users()?;
    import.tags()?;
    import.questions()?;
    import.answers()?;
    import.comments()?;
    import.favourites()?;
    import.links()?;
    import.badges()?;
    import.account_for_the_rest()?;
    import.run.end()
}

impl Import<'_> {
    /// Gives the rows of a file to `take` in batches; faulty rows go to `fault`. `pass` tells passes of one file apart.
    fn batches<R: Row>(
        &mut self,
        pass: &str,
        weigh: fn(&R) -> usize,
        mut fault: impl FnMut(&mut Self, RowProblem),
        mut take: impl FnMut(&mut Self, Vec<R>) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let Some(rows) = self.dump.rows::<R>()? else { return Ok(()) };
        let file = self.dump.path::<R>().and_then(|path| path.file_name()).unwrap_or_default();
        let name = file.to_string_lossy();
        let stage = if pass.is_empty() { name.into_owned() } else { format!("{name} ({pass})") };
        self.run.progress.stage(stage, Some(rows.position()));
        let mut batch = Vec::new();
        let mut bytes = 0;
        for row in rows {
            match row? {
                Ok(row) => {
                    bytes += weigh(&row);
                    batch.push(row);
                }
                Err(problem) => fault(self, problem),
            }
            if batch.len() >= ROWS || bytes >= BYTES {
                bytes = 0;
                let n = batch.len() as u64;
                take(self, std::mem::take(&mut batch))?;
                self.run.progress.advance(n);
            }
        }
        let n = batch.len() as u64;
        if n > 0 {
            take(self, batch)?;
            self.run.progress.advance(n);
        }
        Ok(())
    }

    /// Counts a faulty row as read and skipped.
    fn faulty(&mut self, kind: &'static str, problem: &RowProblem) {
        self.run.report.read(kind, 1);
        self.run.report.skipped(kind, problem.fault.to_string(), 1);
        self.run.fault(|| problem.to_string());
    }

    /// Rows that were read and are kept.
    fn kept(&mut self, kind: &'static str, n: u64) {
        self.run.report.read(kind, n);
        self.run.report.kept(kind, n);
    }

    /// Rows that were read and are not kept.
    fn skipped(&mut self, kind: &'static str, reason: impl Into<crate::imports::report::Reason>, n: u64) {
        self.run.report.read(kind, n);
        self.run.report.skipped(kind, reason, n);
    }
}

/// The kind under which a row of Posts is accounted for.
fn account_of(kind: Option<i64>) -> &'static str {
    match kind.map(PostKind::of) {
        Some(PostKind::Question) => QUESTIONS,
        Some(PostKind::Answer) => ANSWERS,
        _ => OTHER_POSTS,
    }
}

/// Somebody whom a row names.
fn by(author: Author) -> By {
    match author {
        Author::User { id, shown } => By { original_id: Some(id.to_string()), shown: Some(shown) },
        Author::Named(name) => By { original_id: None, shown: Some(name) },
        Author::Unknown => By::default(),
    }
}
