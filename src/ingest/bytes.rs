//! The bytes of a file: small ones read, large ones mapped, so that a scan of gigabytes takes no memory of its own and several workers
//! that read it share what the system caches of it.
//!
//! A mapped file that someone writes to while it is read gives wrong pages, which the batch throws away since the file's stamp has changed;
//! one that is cut off ends the process (SIGBUS). That is one reason more to open files in a process
//! that may die, and files of a usual size, which are the ones that are written while a run looks at them, are read.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use filebuffer::FileBuffer;

use super::limits::Limit;
use super::{IngestError, Limits};

/// Files of this size are read, larger ones mapped.
const READ: u64 = 64 << 20;

/// The content of a file.
#[derive(Debug)]
pub(super) enum Bytes {
    Read(Vec<u8>),
    Mapped(FileBuffer),
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Bytes::Read(bytes) => bytes,
            Bytes::Mapped(map) => map,
        }
    }
}

/// The bytes of a file that keeps within `limit`, empty files refused.
pub(super) fn of_file(path: &Path, limit: Limit, limits: &Limits) -> Result<Bytes, IngestError> {
    larger_are_mapped(path, limit, limits, READ)
}

fn larger_are_mapped(path: &Path, limit: Limit, limits: &Limits, read: u64) -> Result<Bytes, IngestError> {
    let io = |e| IngestError::io(path, e);
    let file = File::open(path).map_err(io)?;
    let meta = file.metadata().map_err(io)?;
    if !meta.is_file() {
        return Err(IngestError::NotAFile(path.to_owned()));
    }
    limits.check(limit, meta.len()).map_err(|e| IngestError::limit(path, e))?;
    if meta.len() > read {
        let map = FileBuffer::open(path).map_err(io)?;
        limits.check(limit, map.len() as u64).map_err(|e| IngestError::limit(path, e))?;
        return Ok(Bytes::Mapped(map));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    // The file may grow while it is read: never take more than it had.
    file.take(meta.len()).read_to_end(&mut bytes).map_err(io)?;
    if bytes.is_empty() { Err(IngestError::Empty(path.to_owned())) } else { Ok(Bytes::Read(bytes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_or_mapped_is_the_same() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a");
        std::fs::write(&path, "kế hoạch").expect("written");
        let bytes = |read| larger_are_mapped(&path, Limit::FileBytes, &Limits::default(), read);
        let (small, large) = (bytes(READ).expect("read"), bytes(4).expect("mapped"));
        assert!(matches!((&small, &large), (Bytes::Read(_), Bytes::Mapped(_))));
        assert_eq!(small.as_ref(), large.as_ref());
        std::fs::write(&path, "").expect("written");
        assert!(matches!(bytes(READ), Err(IngestError::Empty(_))));
    }
}
