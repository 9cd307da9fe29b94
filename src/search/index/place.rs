//! Where a process keeps its index: a folder of its own among those of other processes on this machine, and in it one
//! folder per generation, of which a small file names the current one.
//!
//! ```text
//! search-index/0/lock            held by the process that uses the folder
//! search-index/0/current         index-7
//! search-index/0/index-7/        the index that serves
//! search-index/0/index-8/        the one that is being built
//! ```

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A process's own folder. Others may take it once this is dropped.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    // Held for as long as the folder is used; the system lets it go with the process, however that ends.
    _lock: File,
}

/// Processes that share a search directory at most.
const MOST: usize = 64;
const CURRENT: &str = "current";
const PREFIX: &str = "index-";

impl Place {
    /// Takes the first folder that no running process uses.
    ///
    /// # Errors
    /// When none can be made or taken.
    pub fn take(search_dir: &Path) -> io::Result<Place> {
        for number in 0..MOST {
            if let Some(place) = Place::try_take(&search_dir.join(number.to_string()))? {
                return Ok(place);
            }
        }
        Err(io::Error::other(format!("{MOST} processes use this directory already")))
    }

    /// The first folder, if no running process uses it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn take_first(search_dir: &Path) -> io::Result<Option<Place>> {
        Place::try_take(&search_dir.join("0"))
    }

    fn try_take(folder: &Path) -> io::Result<Option<Place>> {
        fs::create_dir_all(folder)?;
        let lock = File::options().create(true).write(true).truncate(false).open(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Place { folder: folder.to_owned(), _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// The folder of the current generation, if one is named and there.
    pub fn current(&self) -> Option<PathBuf> {
        Place::current_of(&self.folder)
    }

    /// The same of a folder that another process may hold.
    pub fn current_of(folder: &Path) -> Option<PathBuf> {
        let name = fs::read_to_string(folder.join(CURRENT)).ok()?;
        number(name.trim())?;
        Some(folder.join(name.trim())).filter(|folder| folder.is_dir())
    }

    /// Makes the folder of a new generation.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn next(&self) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.folder)?;
        let last = self.generations()?.into_iter().map(|(number, _)| number).max().unwrap_or(0);
        let folder = self.folder.join(format!("{PREFIX}{}", last + 1));
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Makes this generation the current one, and removes the others.
    ///
    /// # Errors
    /// When it cannot be named; what cannot be removed is left to the next time.
    pub fn enthrone(&self, folder: &Path) -> io::Result<()> {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let aside = self.folder.join("current.new");
        fs::write(&aside, &name)?;
        File::open(&aside)?.sync_all()?;
        fs::rename(&aside, self.folder.join(CURRENT))?;
        self.tidy(folder);
        Ok(())
    }

    /// Removes all generations but this one.
    pub fn tidy(&self, kept: &Path) {
        for (_, folder) in self.generations().unwrap_or_default() {
            if folder != kept
                && let Err(error) = fs::remove_dir_all(&folder)
            {
                tracing::debug!(%error, folder = %folder.display(), "an old search index is left behind");
            }
        }
    }

    fn generations(&self) -> io::Result<Vec<(u64, PathBuf)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if let Some(number) = number(&entry.file_name().to_string_lossy()) {
                found.push((number, entry.path()));
            }
        }
        Ok(found)
    }
}

fn number(name: &str) -> Option<u64> {
    name.strip_prefix(PREFIX)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_who_share_a_directory_have_a_folder_each() {
        let directory = std::env::temp_dir().join(format!("peerhall-place-{}", std::process::id()));
        let one = Place::take(&directory).unwrap();
        let other = Place::take(&directory).unwrap();
        assert_ne!(one.folder, other.folder);
        assert!(Place::take_first(&directory).unwrap().is_none());
        let first = one.folder.clone();
        drop(one);
        assert_eq!(Place::take(&directory).unwrap().folder, first);
        fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn the_current_generation_is_the_one_that_was_named_last() {
        let directory = std::env::temp_dir().join(format!("peerhall-generation-{}", std::process::id()));
        let place = Place::take(&directory).unwrap();
        assert_eq!(place.current(), None);
        let first = place.next().unwrap();
        place.enthrone(&first).unwrap();
        let second = place.next().unwrap();
        assert_eq!(place.current(), Some(first.clone()));
        place.enthrone(&second).unwrap();
        assert_eq!(place.current(), Some(second));
        assert!(!first.exists());
        fs::remove_dir_all(&directory).unwrap();
    }
}
