//! An output that is written piece by piece and appears whole: under a temporary name until it is finished.

use std::fs::{self, Permissions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::EmitError;
use super::atomic::TEMPORARY;

/// Written in pieces of this size.
const BUFFER: usize = 1 << 18;

/// An output that is being written. Dropping it leaves nothing behind.
#[derive(Debug)]
pub struct Stream {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
    replace: bool,
}

impl Stream {
    /// Begins a file `name` in `folder`, which is made if it is not there. Only with `replace` may there be one of that name.
    ///
    /// # Errors
    /// [`EmitError::InTheWay`], and what [`super::prepare`] and [`super::write()`] give.
    pub fn create(folder: &Path, name: &str, replace: bool) -> Result<Stream, EmitError> {
        let path = folder.join(name);
        if !replace && fs::symlink_metadata(&path).is_ok() {
            return Err(EmitError::InTheWay(path));
        }
        match fs::create_dir_all(folder) {
            Err(_) if folder.exists() && !folder.is_dir() => {
                return Err(EmitError::NotAFolder(folder.to_owned()));
            }
            Err(source) => return Err(EmitError::Unusable { path: folder.to_owned(), source }),
            Ok(()) => {}
        }
        let file = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .permissions(Permissions::from_mode(0o666)) // less the umask, as any other file
            .tempfile_in(folder)
            .map_err(|source| EmitError::Unusable { path: folder.to_owned(), source })?;
        Ok(Stream { file: BufWriter::with_capacity(BUFFER, file), path, replace })
    }

    /// Flushes it to the disk and gives it its name.
    ///
    /// # Errors
    /// [`EmitError::Write`], or [`EmitError::InTheWay`] if a file of that name has come meanwhile.
    pub fn finish(self) -> Result<(), EmitError> {
        let Stream { file, path, replace } = self;
        let failed = |source| EmitError::Write { path: path.clone(), source };
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.as_file().sync_all().map_err(failed)?;
        let named = if replace { file.persist(&path) } else { file.persist_noclobber(&path) };
        match named {
            Ok(_) => {}
            Err(error) if !replace && error.error.kind() == ErrorKind::AlreadyExists => {
                return Err(EmitError::InTheWay(path));
            }
            Err(error) => return Err(failed(error.error)),
        }
        let mut folders: Vec<PathBuf> = path.parent().map(Path::to_owned).into_iter().collect();
        super::settle_folders(&mut folders)
    }

    /// Where it will be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_when_it_is_finished() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = folder.path().join("tables");
        let mut stream = Stream::create(&below, "a.csv", false).expect("free");
        stream.write_all(b"x").expect("written");
        assert!(!below.join("a.csv").exists());
        drop(stream);
        assert_eq!(fs::read_dir(&below).expect("there").count(), 0);
        let mut stream = Stream::create(&below, "a.csv", false).expect("free");
        stream.write_all(b"y").expect("written");
        stream.finish().expect("named");
        assert_eq!(fs::read(below.join("a.csv")).expect("there"), b"y");
    }

    #[test]
    fn what_is_there_stays_unless_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let late = Stream::create(folder.path(), "a.csv", false).expect("free");
        fs::write(folder.path().join("a.csv"), "mine").expect("written");
        assert!(matches!(late.finish(), Err(EmitError::InTheWay(_))));
        assert!(matches!(Stream::create(folder.path(), "a.csv", false), Err(EmitError::InTheWay(_))));
        Stream::create(folder.path(), "a.csv", true).expect("told").finish().expect("named");
        assert_eq!(fs::read(folder.path().join("a.csv")).expect("there"), b"");
    }
}
