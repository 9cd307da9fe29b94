//! Watching the files of an index: what was written once never changes, unless somebody else changes it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
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
        if changed { check(live) } else { Ok(()) }
    }
}

/// Reads all files of an index and compares each with its checksum.
///
/// # Errors
/// One that was changed or cannot be read.
pub(super) fn check(live: &Live) -> tantivy::Result<()> {
    for segment in live.index.load_metas()?.segments {
        let id = segment.id().uuid_string();
        for entry in std::fs::read_dir(&live.folder)? {
            let path = entry?.path();
            let of_segment = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&id));
            let is_whole = || match is_whole(&path) {
                // Merged away just now.
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
                whole => whole,
            };
            if of_segment && !is_whole()? {
                return Err(TantivyError::InternalError(format!("{} was changed", path.display())));
            }
        }
    }
    Ok(())
}

/// Whether a file is as it was written: it ends with a CRC-32 of what stands before (tantivy's `directory/footer.rs`). Read
/// piece by piece: the library's own check takes the whole file into memory.
fn is_whole(path: &Path) -> io::Result<bool> {
    const MAGIC: u32 = 1337;
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut end = [0; 8];
    let Some(at) = length.checked_sub(8) else { return Ok(false) };
    file.read_exact_at(&mut end, at)?;
    let number = |bytes: &[u8]| bytes.try_into().map(u32::from_le_bytes).unwrap_or_default();
    let (footer, magic) = (u64::from(number(&end[..4])), number(&end[4..]));
    let Some(body) = at.checked_sub(footer).filter(|_| magic == MAGIC && footer < 50_000) else {
        return Ok(false);
    };
    let mut told = vec![0; footer as usize];
    file.read_exact_at(&mut told, body)?;
    let told: Option<u64> =
        serde_json::from_slice::<serde_json::Value>(&told).ok().and_then(|told| told["crc"].as_u64());
    let (mut hasher, mut left, mut piece) = (crc32fast::Hasher::new(), body, vec![0; 1 << 18]);
    while left > 0 {
        let most = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = file.read(&mut piece[..most])?;
        if read == 0 {
            return Ok(false);
        }
        hasher.update(&piece[..read]);
        left -= read as u64;
    }
    Ok(told == Some(u64::from(hasher.finalize())))
}
