//! Renders stored texts anew when the renderer's rules have changed, some at a time, while the site runs.

use std::collections::BTreeSet;

use diesel::QueryResult;

use crate::clock::{Micros, SECOND};
use crate::db::{Conn, Effect};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::posts::{self, Rerendered};
use crate::questions::Thread;
use crate::questions::rebuild::rebuild_excerpt;

/// The duty that does it until no text is of an older renderer.
#[derive(Clone, Copy, Debug)]
pub struct Rerender;

impl Rerender {
    /// The kind of its timed row.
    pub const KIND: &'static str = "posts.rerender";
}

impl Duty for Rerender {
    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn prepare(&self, c: &mut Conn, due: &Timed, now: Micros) -> QueryResult<Effect> {
        let anew = posts::rerendered(c)?;
        let subject = due.subject_id;
        Ok(Box::new(move |c| {
            if anew.is_empty() {
                return Ok(());
            }
            store(c, &anew)?;
            timed::schedule(c, Self::KIND, subject, now + SECOND / 10)
        }))
    }
}

/// Stores texts that were rendered anew; their threads' versions move, so that no cache shows the old ones. Says
/// how many threads changed.
pub fn store(c: &mut Conn, anew: &[Rerendered]) -> QueryResult<usize> {
    let mut threads = BTreeSet::new();
    for post in anew {
        if !posts::store_rerendered(c, post)? {
            continue;
        }
        if post.thread_id == Some(post.post_id) {
            rebuild_excerpt(c, post.post_id, &post.text)?;
        }
        threads.extend(post.thread_id);
    }
    for id in &threads {
        Thread::load(c, *id)?.save(c)?;
    }
    Ok(threads.len())
}
