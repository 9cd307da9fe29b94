//! Brings a community's past into the hall: Stack Exchange data dumps and Mozilla Support threads.
//!
//! Promises: every input row is accounted for, kept or skipped with a reason ([`report`]); memory is flat in the
//! size of the input; the key of a row is (source, kind, original id), so importing again adds nothing twice and
//! changes only what nobody edited here; times are the original ones; nothing is sent to anybody (events
//! carry origin `import`); a damaged file stops the import with file and byte named, and what was committed
//! before stays.
//!
//! This room reads foreign files and says what they mean, in pure functions; rows are written by the rooms that
//! own them, through their acts for imports (`accounts::import`, `posts::import`, `questions::import` …).
//!
//! # How memory stays flat
//!
//! Readers hold one row. A batch of 500 rows ([`run`]) is looked up in the database by its unique keys; no map of ids
//! is kept. PostHistory and Votes come ordered by their own ids, not by post, so they wait on disk
//! ([`stackexchange::staging`]) and each post takes its own out once. So a post is written once, complete: text,
//! revisions, tally, closing; not inserted bare and amended by later files, which would leave a hall of bare posts
//! wherever the import stopped. What a question says of its chosen answer waits on disk too (`once`).
//!
//! # Importing again
//!
//! A batch is compared with what is here, and only what is new or different is rendered and written, in one
//! transaction. Of a post that is here, a newer dump changes the text only if nobody edited it here
//! (`version = imported_version`); votes and "I have this too" without a person always; closing and choice only if
//! nobody closed, reopened, chose or withdrew here (the log knows). Visibility and deletion are decided once, when a
//! post comes in. Of a person, name and text about themselves change until they claim their place.
//!
//! # Order of a Stack Exchange import
//!
//! 1. PostHistory and Votes into the staging (kinds without a place in the hall are skipped here, by name).
//! 2. Users → members of state `unclaimed`; −1 (Community) → kind `system`.
//! 3. Tags.
//! 4. Posts, first pass: questions. Body in Markdown from the story, else the HTML of Posts
//!    ([`stackexchange::history::Story::body`]); title, tags and closing as Posts states them; revisions, tally and
//!    turns taken from the staging. A `ClosedDate` without a story closes with the reason "closed at the source".
//! 5. Posts, second pass: answers (an answer may have a smaller id than its question); the one that the question
//!    names is accepted, at the day Votes gives (not before it was written), else at its own time. A question missing → skipped, "question not in the dump".
//! 6. Comments; on what was not imported → skipped.
//! 7. Votes again, only favourites: follow, or skipped when the user is no member.
//! 8. PostLinks: 3 from a question closed as duplicate → its target; any other → a link. Either end absent → skipped.
//! 9. Badges of members.
//! 10. What is left in the staging → skipped, "on a post that was not imported"; then [`report::Report::check`].
//!
//! Kitsune: questions (creators made members as they are met), then answers with their tallies; the
//! answer that `solution` names is accepted; locked → closed, spam → hidden, `num_votes` → affected without persons.
//!
//! Reputation is not counted here: the ledger of a source is computed at the end of its import, once there is a ledger.

#[cfg(test)]
mod census;
pub mod input;
pub mod instant;
pub mod kitsune;
pub mod links;
pub mod memory;
pub mod multiply;
mod once;
pub mod progress;
pub mod report;
pub mod run;
#[cfg(test)]
mod scratch;
pub mod stackexchange;
pub mod tags;
pub mod temporary;
mod write;

/// Text that both databases can hold: PostgreSQL has no U+0000 in text, so it becomes U+FFFD.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}
