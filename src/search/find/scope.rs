//! What a viewer may find at all, as a filter on documents. It is part of every search; there is none without it.

use std::collections::HashSet;

use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use crate::search::index::schema::{EVERYBODY, STAFF};
use crate::spaces::Scope;
use crate::web::Viewer;

/// A viewer's scope: spaces, and what of them is for this viewer.
#[derive(Clone, Debug)]
pub struct FindScope {
    /// None: every space there is, and every one that will be.
    spaces: Option<HashSet<u64>>,
    member: u64,
    staff: bool,
    /// Threads in which something was taken away since the index last looked.
    taken_away: HashSet<u64>,
}

impl FindScope {
    /// Of a viewer who may enter these spaces; `taken_away` are threads to be left out until the index knows more.
    pub fn of(viewer: &Viewer, scope: &Scope, taken_away: &[i64]) -> FindScope {
        let number = |id: i64| u64::try_from(id).unwrap_or(STAFF - 1);
        FindScope {
            spaces: (!viewer.enters_all())
                .then(|| scope.spaces.iter().map(|space| number(space.id)).collect()),
            member: number(viewer.id),
            staff: viewer.enters_all(),
            taken_away: taken_away.iter().map(|id| number(*id)).collect(),
        }
    }

    /// Everything, for measuring.
    pub fn everything() -> FindScope {
        FindScope { spaces: None, member: 0, staff: true, taken_away: HashSet::new() }
    }

    /// On the documents of a segment.
    ///
    /// # Errors
    /// The index's.
    pub fn on<'a>(&'a self, segment: &'a SegmentReader) -> tantivy::Result<ScopeOn<'a>> {
        let fast = segment.fast_fields();
        Ok(ScopeOn {
            scope: self,
            segment,
            spaces: fast.u64("space")?,
            readers: fast.u64("reader")?,
            threads: if self.taken_away.is_empty() { None } else { Some(fast.u64("thread")?) },
        })
    }
}

/// A scope on the documents of one segment.
pub struct ScopeOn<'a> {
    scope: &'a FindScope,
    segment: &'a SegmentReader,
    spaces: Column<u64>,
    readers: Column<u64>,
    threads: Option<Column<u64>>,
}

impl ScopeOn<'_> {
    /// Whether the viewer may find this document.
    pub fn has(&self, document: DocId) -> bool {
        if self.segment.alive_bitset().is_some_and(|alive| alive.is_deleted(document)) {
            return false;
        }
        if let Some(spaces) = &self.scope.spaces
            && !self.spaces.first(document).is_some_and(|space| spaces.contains(&space))
        {
            return false;
        }
        if let Some(threads) = &self.threads
            && threads.first(document).is_none_or(|thread| self.scope.taken_away.contains(&thread))
        {
            return false;
        }
        self.readers.values_for_doc(document).any(|reader| {
            reader == EVERYBODY || (reader == STAFF && self.scope.staff) || reader == self.scope.member
        })
    }
}
