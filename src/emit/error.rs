//! What can go wrong when outputs are named and written.

use std::path::PathBuf;

/// An output that could not be named or written. Each message says what, where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// OUT is there but is no folder.
    #[error("{} is a file, not a folder: name another folder with -o", .0.display())]
    NotAFolder(PathBuf),
    /// OUT cannot be made or written to.
    #[error("cannot write into {}: {source}; name a folder that you may write to with -o", .path.display())]
    Unusable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// One output could not be written.
    #[error("cannot write {}: {source}; make room or check its permissions, then run again", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A link inside OUT would lead the output elsewhere.
    #[error("{} is a link that could lead outside the output folder: remove it, or name another folder with -o", .0.display())]
    Link(PathBuf),
    /// There is a file in the place of an output that may not be replaced.
    #[error("{} is there already: name another folder, move it away, or add --force", .0.display())]
    InTheWay(PathBuf),
    /// An input's name gives no name for its outputs.
    #[error("{} gives no name for an output file: name a file, or the folder that holds it", .0.display())]
    NoName(PathBuf),
}

impl EmitError {
    /// Whether no other output could be written either (full disk, read-only file system), so that a run should stop.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        use std::io::ErrorKind as Kind;
        match self {
            EmitError::NotAFolder(_) | EmitError::Unusable { .. } => true,
            EmitError::Write { source, .. } => {
                matches!(source.kind(), Kind::StorageFull | Kind::QuotaExceeded | Kind::ReadOnlyFilesystem)
            }
            EmitError::Link(_) | EmitError::InTheWay(_) | EmitError::NoName(_) => false,
        }
    }
}
