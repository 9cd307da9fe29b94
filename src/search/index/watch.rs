//! Watching the files of an index: what was written once never changes, unless somebody else changes it.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use tantivy::TantivyError;

use super::{Figures, Live};

/// Between two looks.
const LOOK: Duration = Duration::from_secs(1);
/// Between two readings of all of them, for what no file's date tells.
const SCRUB: Duration = Duration::from_secs(3_600);

/// What was seen of an index's files.
pub(super) struct Watch {
    /// Length and date of each as it was first seen.
    seen: HashMap<String, (u64, Option<SystemTime>)>,
    looked: Instant,
    scrubbed: Instant,
}

impl Watch {
    /// Of an index that is whole now.
    pub(super) fn begin() -> Watch {
        let now = Instant::now();
        Watch { seen: HashMap::new(), looked: now, scrubbed: now }
    }

    /// Looks whether the files are still those that were written, where it is time to.
    ///
    /// # Errors
    /// One that was changed or is gone.
    pub(super) fn look(&mut self, live: &Live, figures: &Figures) -> tantivy::Result<()> {
        if self.looked.elapsed() < LOOK {
            return Ok(());
        }
        self.looked = Instant::now();
        let scrub = self.scrubbed.elapsed() >= SCRUB;
        if scrub {
            self.scrubbed = Instant::now();
        }
        let (mut changed, mut bytes) = (scrub, 0);
        let mut there = HashMap::new();
        let segments: Vec<String> =
            live.index.load_metas()?.segments.iter().map(|segment| segment.id().uuid_string()).collect();
        let of_segment = |name: &str| segments.iter().any(|id| name.starts_with(id.as_str()));
        for entry in std::fs::read_dir(&live.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // What is being written or merged away comes and goes.
            let (true, Ok(file)) = (of_segment(&name), entry.metadata()) else { continue };
            bytes += file.len();
            let now = (file.len(), file.modified().ok());
            // Which documents were deleted is told by files that come with each commit.
            changed |= self.seen.get(&name).is_some_and(|before| *before != now);
            there.insert(name, now);
        }
        figures.bytes.store(bytes, Ordering::Relaxed);
        // A file that was there and is not, although its segment is.
        let gone = |name: &String| of_segment(name) && !name.ends_with(".del") && !there.contains_key(name);
        changed |= self.seen.keys().any(gone);
        self.seen = there;
        if changed && let Some(file) = live.index.validate_checksum()?.into_iter().next() {
            return Err(TantivyError::InternalError(format!("{} was changed", file.display())));
        }
        Ok(())
    }
}
