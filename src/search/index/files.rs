//! The folder of an index, its files read by `pread` and not mapped into memory.
//!
//! A mapped file that is cut short by somebody ends the whole program with SIGBUS at the next look into it; read like
//! this it is an error, and the index is built anew. What is used often stays in the system's page cache all the same.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle,
    WritePtr,
};

/// See above.
#[derive(Clone, Debug)]
pub struct ReadFiles {
    folder: Arc<Path>,
    // Everything but reading is as usual.
    usual: MmapDirectory,
}

impl ReadFiles {
    /// A folder that is there.
    ///
    /// # Errors
    /// When it is not.
    pub fn open(folder: &Path) -> Result<ReadFiles, OpenDirectoryError> {
        Ok(ReadFiles { folder: folder.into(), usual: MmapDirectory::open(folder)? })
    }
}

#[derive(Debug)]
struct ReadFile {
    file: File,
    length: usize,
}

impl HasLen for ReadFile {
    fn len(&self) -> usize {
        self.length
    }
}

impl FileHandle for ReadFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.end > self.length || range.start > range.end {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "a part of the index file that is not there",
            ));
        }
        let mut bytes = vec![0; range.len()];
        self.file.read_exact_at(&mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

impl Directory for ReadFiles {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        };
        let file = File::open(self.folder.join(path)).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len() as usize;
        Ok(Arc::new(ReadFile { file, length }))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.usual.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.usual.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.usual.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.usual.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.usual.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.usual.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.usual.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.usual.watch(callback)
    }
}
