//! Renders stored texts anew when the renderer's rules have changed, some at a time, while the site runs.

use diesel::QueryResult;

use crate::clock::{Micros, SECOND};
use crate::db::Conn;
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::posts;
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

    fn perform(&self, c: &mut Conn, due: &Timed, now: Micros) -> QueryResult<()> {
        if rerender_some(c)? > 0 {
            timed::schedule(c, Self::KIND, due.subject_id, now + SECOND / 10)?;
        }
        Ok(())
    }
}

/// Renders some texts anew; their threads' versions move, so that no cache shows the old ones. Says how many
/// threads changed; 0 when all texts are up to date.
pub fn rerender_some(c: &mut Conn) -> QueryResult<usize> {
    let rerendered = posts::rerender_some(c)?;
    for post in rerendered.iter().filter(|post| post.thread_id == Some(post.post_id)) {
        rebuild_excerpt(c, post.post_id, &post.text)?;
    }
    let mut threads: Vec<i64> = rerendered.into_iter().filter_map(|post| post.thread_id).collect();
    threads.sort_unstable();
    threads.dedup();
    for id in &threads {
        Thread::load(c, *id)?.save(c)?;
    }
    Ok(threads.len())
}
