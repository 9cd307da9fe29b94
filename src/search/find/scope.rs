//! What a viewer may find at all, as a filter on documents. It is part of every search; there is none without it.

use std::collections::HashSet;

use tantivy::{DocId, SegmentReader};

use crate::search::index::facts::Facts;
use crate::search::index::schema::STAFF;
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

    /// Whether no space is left out.
    pub fn is_everything(&self) -> bool {
        self.spaces.is_none()
    }

    /// Everything, for measuring.
    pub fn everything() -> FindScope {
        FindScope { spaces: None, member: 0, staff: true, taken_away: HashSet::new() }
    }

    /// On the documents of a segment.
    pub fn on<'a>(&'a self, segment: &'a SegmentReader, facts: &'a Facts) -> ScopeOn<'a> {
        let may_enter = |space: &u64| self.spaces.as_ref().is_none_or(|spaces| spaces.contains(space));
        ScopeOn { scope: self, segment, facts, spaces: facts.spaces.iter().map(may_enter).collect() }
    }
}

/// A scope on the documents of one segment.
pub struct ScopeOn<'a> {
    scope: &'a FindScope,
    segment: &'a SegmentReader,
    facts: &'a Facts,
    /// Whether each of the segment's spaces may be entered.
    spaces: Vec<bool>,
}

impl ScopeOn<'_> {
    /// Whether the viewer may find this document.
    #[inline]
    pub fn has(&self, document: DocId) -> bool {
        if self.segment.alive_bitset().is_some_and(|alive| alive.is_deleted(document)) {
            return false;
        }
        if !self.spaces[self.facts.space(document)] {
            return false;
        }
        if !self.scope.taken_away.is_empty() {
            let thread = u64::try_from(self.facts.thread(document)).unwrap_or_default();
            if self.scope.taken_away.contains(&thread) {
                return false;
            }
        }
        self.facts.is_open(document)
            || self
                .facts
                .readers(document)
                .any(|reader| (reader == STAFF && self.scope.staff) || reader == self.scope.member)
    }
}
