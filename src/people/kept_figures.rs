//! What profiles and ledgers count, kept until something happens in a thread that it was counted from.
//!
//! Promises: what is kept is never old: at each request the log is asked what is new, in the same snapshot as all else of the
//! page; it is bounded by what it holds, whatever the hall's size. It counts nothing itself.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::figures::{Figures, count};
use super::ledger::{Overview, overview};
use crate::db::schema::events;
use crate::db::{Conn, dialect};
use crate::web::Viewer;

/// Bytes that are kept of all people together: some three thousand for one who writes now and then.
const KEPT: u64 = 32 << 20;
/// And of ledgers: some three hundred each.
const KEPT_LEDGERS: u64 = 4 << 20;
/// New events that are remembered; who was counted before the oldest of them is counted anew.
const RECENT: usize = 20_000;

/// Figures that are kept.
pub struct ProfileFigures {
    /// By member and the spaces they are seen in.
    figures: Cache<(i64, Vec<i64>), Arc<Kept<Figures>>, Size>,
    ledgers: Cache<i64, Arc<Kept<Overview>>, Size>,
    recent: Mutex<Recent>,
}

struct Kept<T> {
    counted: Arc<T>,
    /// Up to this position of the log nothing has happened that it would be counted otherwise for.
    position: AtomicI64,
    /// All threads in which the member wrote or earned something, sorted.
    threads: Vec<i64>,
}

#[derive(Clone)]
struct Size;

impl Weighter<(i64, Vec<i64>), Arc<Kept<Figures>>> for Size {
    fn weight(&self, key: &(i64, Vec<i64>), kept: &Arc<Kept<Figures>>) -> u64 {
        (8 * (kept.threads.len() + key.1.len()) + kept.counted.weight()) as u64 + 100
    }
}

impl Weighter<i64, Arc<Kept<Overview>>> for Size {
    fn weight(&self, _: &i64, kept: &Arc<Kept<Overview>>) -> u64 {
        (8 * kept.threads.len() + kept.counted.weight()) as u64 + 100
    }
}

/// The end of the log, as far as it was asked for.
#[derive(Default)]
struct Recent {
    /// Everything after this position is here; 0 until somebody asked.
    from: i64,
    to: i64,
    /// Position, thread, actor, of those that may change what is counted.
    news: VecDeque<News>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct News {
    position: i64,
    /// None for what may concern everybody, as an import's credits do.
    thread: Option<i64>,
    actor: Option<i64>,
}

impl Default for ProfileFigures {
    fn default() -> ProfileFigures {
        ProfileFigures {
            figures: Cache::with_weighter(1_000, KEPT, Size),
            ledgers: Cache::with_weighter(1_000, KEPT_LEDGERS, Size),
            recent: Mutex::default(),
        }
    }
}

impl ProfileFigures {
    /// The figures of a member in the spaces that the viewer may enter, sorted. To be read in one snapshot.
    pub fn get(
        &self,
        c: &mut Conn,
        viewer: &Viewer,
        member: i64,
        spaces: Vec<i64>,
    ) -> QueryResult<Arc<Figures>> {
        let key = (member, spaces);
        let kept = self.figures.get(&key);
        let fresh = self.fresh(c, member, kept, |c| count(c, viewer, member, &key.1))?;
        Ok(fresh.kept_in(|kept| self.figures.insert(key, kept)))
    }

    /// What the ledger of a member sums up to. To be read in one snapshot.
    pub(super) fn overview(&self, c: &mut Conn, member: i64) -> QueryResult<Arc<Overview>> {
        let kept = self.ledgers.get(&member);
        let fresh = self.fresh(c, member, kept, |c| overview(c, member))?;
        Ok(fresh.kept_in(|kept| self.ledgers.insert(member, kept)))
    }

    /// What was kept, where nothing has happened since; otherwise what `count` finds now, with its threads.
    fn fresh<T>(
        &self,
        c: &mut Conn,
        member: i64,
        kept: Option<Arc<Kept<T>>>,
        count: impl FnOnce(&mut Conn) -> QueryResult<(T, Vec<i64>)>,
    ) -> QueryResult<Fresh<T>> {
        let (position, waiting) = self.look(c)?;
        if let Some(kept) = kept
            && !self.concerns(member, &kept, &waiting)
        {
            // What was looked through is not looked through again.
            kept.position.fetch_max(position, Ordering::Relaxed);
            return Ok(Fresh::Kept(kept));
        }
        let (counted, threads) = count(c)?;
        Ok(Fresh::Counted(Arc::new(Kept { counted: Arc::new(counted), position: position.into(), threads })))
    }

    /// Reads what is new in the log; answers its last position, and what waits for one.
    fn look(&self, c: &mut Conn) -> QueryResult<(i64, Vec<News>)> {
        let to = self.recent.lock().unwrap_or_else(PoisonError::into_inner).to;
        let last: Option<i64> = events::table.select(diesel::dsl::max(events::position)).first(c)?;
        let last = last.unwrap_or_default();
        if last > to {
            let new = if last - to > RECENT as i64 { Vec::new() } else { after(c, to)? };
            self.recent.lock().unwrap_or_else(PoisonError::into_inner).add(to, last, new);
        }
        let waiting = if dialect::numbers_at_once(c) { Vec::new() } else { unnumbered(c)? };
        Ok((last, waiting))
    }

    fn concerns<T>(&self, member: i64, kept: &Kept<T>, waiting: &[News]) -> bool {
        let concerns = |news: &News| {
            news.actor == Some(member)
                || news.thread.is_none_or(|thread| kept.threads.binary_search(&thread).is_ok())
        };
        let position = kept.position.load(Ordering::Relaxed);
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        position < recent.from
            || recent.news.iter().rev().take_while(|news| news.position > position).any(concerns)
            || waiting.iter().any(concerns)
    }
}

enum Fresh<T> {
    Kept(Arc<Kept<T>>),
    Counted(Arc<Kept<T>>),
}

impl<T> Fresh<T> {
    /// Has it kept if it is new.
    fn kept_in(self, keep: impl FnOnce(Arc<Kept<T>>)) -> Arc<T> {
        match self {
            Fresh::Kept(kept) => kept.counted.clone(),
            Fresh::Counted(kept) => {
                keep(kept.clone());
                kept.counted.clone()
            }
        }
    }
}

impl Recent {
    /// Adds what stands between two positions. Somebody else may have been faster, and perhaps seen less.
    fn add(&mut self, from: i64, to: i64, new: Vec<News>) {
        if to <= self.to {
            return;
        }
        if to - from > RECENT as i64 {
            self.news.clear();
            self.from = to;
        }
        let known = self.to;
        self.news.extend(new.into_iter().filter(|news| news.position > known));
        self.to = to;
        while self.news.len() > RECENT {
            if let Some(oldest) = self.news.pop_front() {
                self.from = oldest.position;
            }
        }
    }
}

type Row = (Option<i64>, String, Option<i64>, Option<i64>);

fn after(c: &mut Conn, position: i64) -> QueryResult<Vec<News>> {
    let rows: Vec<Row> = events::table
        .filter(events::position.gt(position))
        .order(events::position)
        .select((events::position, events::kind, events::question_id, events::actor_id))
        .load(c)?;
    Ok(rows.into_iter().filter_map(news).collect())
}

fn unnumbered(c: &mut Conn) -> QueryResult<Vec<News>> {
    let rows: Vec<Row> = events::table
        .filter(events::position.is_null())
        .select((events::position, events::kind, events::question_id, events::actor_id))
        .load(c)?;
    Ok(rows.into_iter().filter_map(news).collect())
}

/// What of an event is news for profiles: what happened in a thread, and what tells of many at once. A suggested edit earns its
/// suggester something in a thread that may be nobody's so far.
fn news((position, kind, thread, actor): Row) -> Option<News> {
    let everybody = matches!(
        kind.as_str(),
        "ImportCredited" | "SuggestionApproved" | "SuggestionUndone" | "TalliesImported"
    );
    let thread = thread.filter(|_| !everybody);
    (everybody || thread.is_some()).then_some(News { position: position.unwrap_or(i64::MAX), thread, actor })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(position: i64, thread: i64) -> News {
        News { position, thread: Some(thread), actor: None }
    }

    #[test]
    fn what_was_counted_before_the_oldest_news_is_counted_anew() {
        let figures = ProfileFigures::default();
        figures.recent.lock().unwrap().add(0, 3, vec![of(1, 7), of(3, 8)]);
        let kept = |position: i64, threads| Kept::<Figures> {
            counted: Arc::default(),
            position: position.into(),
            threads,
        };
        assert!(figures.concerns(1, &kept(0, vec![7]), &[]));
        assert!(!figures.concerns(1, &kept(1, vec![7]), &[]));
        assert!(figures.concerns(1, &kept(1, vec![7]), &[of(9, 7)]), "what waits for its position");
        figures.recent.lock().unwrap().add(3, 3 + RECENT as i64 + 1, Vec::new());
        assert!(figures.concerns(1, &kept(3, vec![]), &[]));
    }

    #[test]
    fn two_who_look_at_once_add_the_same_news_once() {
        let mut recent = Recent::default();
        recent.add(0, 2, vec![of(2, 7)]);
        recent.add(0, 3, vec![of(2, 7), of(3, 8)]);
        recent.add(0, 2, vec![of(2, 7)]);
        assert_eq!((recent.to, Vec::from(recent.news)), (3, vec![of(2, 7), of(3, 8)]));
    }
}
