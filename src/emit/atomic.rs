//! Atomic writes: a temporary file in the same folder, flushed to disk, then renamed over the target. Whoever looks at the
//! target sees the old file or the new one, whole, whatever happens in between. On an error nothing is left behind.
//!
//! Flushing is what takes time, and a disk flushes many files in little more than the time of one. So the steps can be taken
//! one by one for many files at once: [`Draft::new`], [`settle`] for all drafts, [`Draft::publish`], [`settle_folders`] for
//! all folders. [`write()`] takes them for one file.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;
use walkdir::WalkDir;

use super::EmitError;

/// How many files are flushed at a time.
const AT_A_TIME: usize = 8;

/// How temporary files begin, so that leftovers of a killed run can be told from outputs.
pub(super) const TEMPORARY: &str = ".sohoa-";

/// Makes OUT if need be and tries that files can be made in it.
///
/// # Errors
/// [`EmitError::NotAFolder`] or [`EmitError::Unusable`].
pub fn prepare(out: &Path) -> Result<(), EmitError> {
    let unusable = |source| EmitError::Unusable { path: out.to_owned(), source };
    match fs::create_dir_all(out) {
        Ok(()) => {}
        Err(_) if out.exists() && !out.is_dir() => return Err(EmitError::NotAFolder(out.to_owned())),
        Err(error) => return Err(unusable(error)),
    }
    tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(out).map(drop).map_err(unusable)
}

/// Writes `content` to `relative` below `out`, making folders on the way.
///
/// # Errors
/// [`EmitError::Link`] if a folder on the way is a symbolic link, [`EmitError::Write`] if the system refuses.
pub fn write(out: &Path, relative: &Path, content: &[u8]) -> Result<(), EmitError> {
    let draft = Draft::new(out, relative, content)?;
    draft.settle()?;
    let mut folders = draft.folders(out);
    draft.publish()?;
    settle_folders(&mut folders)
}

/// An output under a temporary name beside its place. Dropping it removes it.
#[derive(Debug)]
pub struct Draft {
    file: NamedTempFile,
    path: PathBuf,
    folder: PathBuf,
}

impl Draft {
    /// Writes `content` beside `relative` below `out`, making folders on the way.
    ///
    /// # Errors
    /// As [`write()`].
    pub fn new(out: &Path, relative: &Path, content: &[u8]) -> Result<Draft, EmitError> {
        let path = out.join(relative);
        let failed = |source| EmitError::Write { path: path.clone(), source };
        let folder = folder_for(out, relative)?;
        let mut file = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .permissions(Permissions::from_mode(0o666)) // less the umask, as any other file
            .tempfile_in(&folder)
            .map_err(failed)?;
        file.write_all(content).map_err(failed)?;
        Ok(Draft { file, path, folder })
    }

    /// The temporary file, for whoever writes it in place of [`Draft::new`].
    #[must_use]
    pub fn temporary(&self) -> &Path {
        self.file.path()
    }

    /// Flushes it to disk.
    fn settle(&self) -> Result<(), EmitError> {
        let failed = |source| EmitError::Write { path: self.path.clone(), source };
        self.file.as_file().sync_all().map_err(failed)
    }

    /// The folders between `out` and its place, both included: what has to be flushed for its name to last.
    #[must_use]
    pub fn folders(&self, out: &Path) -> Vec<PathBuf> {
        self.folder.ancestors().take_while(|folder| folder.starts_with(out)).map(Path::to_owned).collect()
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// [`EmitError::Write`].
    pub fn publish(self) -> Result<(), EmitError> {
        let Draft { file, path, .. } = self;
        file.persist(&path).map(drop).map_err(|error| EmitError::Write { path, source: error.error })
    }
}

/// Removes the output `relative` below `out`, if it is there: one that an earlier run made and that is not made any more.
///
/// # Errors
/// [`EmitError::Write`].
pub fn discard(out: &Path, relative: &Path) -> Result<(), EmitError> {
    let path = out.join(relative);
    match fs::remove_file(&path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(EmitError::Write { path, source }),
        _ => Ok(()),
    }
}

/// Flushes all drafts to disk, several at a time, which a journalling file system does in one go; one result each.
#[must_use]
pub fn settle(drafts: &[&Draft]) -> Vec<Result<(), EmitError>> {
    let share = drafts.len().div_ceil(AT_A_TIME).max(1);
    if drafts.len() <= 1 {
        return drafts.iter().map(|draft| draft.settle()).collect();
    }
    std::thread::scope(|scope| {
        let flush = |part: &[&Draft]| part.iter().map(|draft| draft.settle()).collect::<Vec<_>>();
        let parts: Vec<_> = drafts.chunks(share).map(|part| scope.spawn(move || flush(part))).collect();
        let joined = parts.into_iter().zip(drafts.chunks(share)).flat_map(|(part, drafts)| {
            let lost = |draft: &&Draft| {
                let source = std::io::Error::other("a thread that flushes files ended");
                Err(EmitError::Write { path: draft.path.clone(), source })
            };
            part.join().unwrap_or_else(|_| drafts.iter().map(lost).collect())
        });
        joined.collect()
    })
}

/// Flushes what `folders` list to disk, each folder once.
///
/// # Errors
/// [`EmitError::Write`] for the first one that cannot be flushed.
pub fn settle_folders(folders: &mut Vec<PathBuf>) -> Result<(), EmitError> {
    folders.sort_unstable();
    folders.dedup();
    folders.drain(..).try_for_each(|folder| {
        let flushed = File::open(&folder).and_then(|folder| folder.sync_all());
        flushed.map_err(|source| EmitError::Write { path: folder, source })
    })
}

/// Removes the temporary files that a killed run left below `out`; says how many there were.
#[must_use]
pub fn sweep(out: &Path) -> usize {
    let entries = WalkDir::new(out).follow_links(false).follow_root_links(true).into_iter();
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file() && is_temporary(entry.file_name()))
        .filter(|entry| fs::remove_file(entry.path()).is_ok())
        .count()
}

/// Whether a file is called as our temporary files are: the prefix and six letters or digits.
fn is_temporary(name: &OsStr) -> bool {
    let rest = name.as_encoded_bytes().strip_prefix(TEMPORARY.as_bytes());
    rest.is_some_and(|rest| rest.len() == 6 && rest.iter().all(u8::is_ascii_alphanumeric))
}

/// The folder of `relative` below `out`, made part by part: a link on the way could lead elsewhere and is refused.
pub(super) fn folder_for(out: &Path, relative: &Path) -> Result<PathBuf, EmitError> {
    let mut folder = out.to_owned();
    for part in relative.parent().into_iter().flat_map(Path::components) {
        let Component::Normal(name) = part else { return Err(EmitError::NoName(relative.to_owned())) };
        folder.push(name);
        let failed = |source| EmitError::Write { path: folder.clone(), source };
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_symlink() => return Err(EmitError::Link(folder)),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => match fs::create_dir(&folder) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(error)),
                _ => {} // made here, or by another thread a moment ago
            },
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let out = tempfile::tempdir().expect("a folder");
        prepare(out.path()).expect("usable");
        assert_eq!(names(out.path()), [""; 0]);
        for content in ["một", "hai"] {
            write(out.path(), Path::new("a/b/c.txt"), content.as_bytes()).expect("written");
            assert_eq!(fs::read_to_string(out.path().join("a/b/c.txt")).expect("there"), content);
        }
        assert_eq!(names(&out.path().join("a/b")), ["c.txt"]);
    }

    #[test]
    fn many_files_at_once_and_what_a_killed_run_left() {
        let out = tempfile::tempdir().expect("a folder");
        let draft =
            |i: usize| Draft::new(out.path(), Path::new(&format!("a/{i}.txt")), b"x").expect("written");
        let drafts: Vec<Draft> = (0..20).map(draft).collect();
        assert!(settle(&drafts.iter().collect::<Vec<_>>()).iter().all(Result::is_ok));
        let mut folders: Vec<PathBuf> = drafts.iter().flat_map(|draft| draft.folders(out.path())).collect();
        let mut names_of = Vec::new();
        for (i, draft) in drafts.into_iter().enumerate() {
            if i < 18 {
                draft.publish().expect("in its place");
            } else {
                let (file, path) = draft.file.keep().expect("kept, as a kill would");
                drop(file);
                names_of.push(path);
            }
        }
        settle_folders(&mut folders).expect("flushed");
        let own = out.path().join("a/.sohoa-notes");
        fs::write(&own, "a file of somebody else").expect("written");
        assert_eq!(sweep(out.path()), 2);
        assert!(own.exists() && names_of.iter().all(|path| !path.exists()));
        assert_eq!(names(&out.path().join("a")).len(), 19);
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let out = tempfile::tempdir().expect("a folder");
        fs::create_dir(out.path().join("a.json")).expect("made");
        let error = write(out.path(), Path::new("a.json"), b"{}").expect_err("a folder is in the way");
        assert!(error.to_string().contains("a.json"), "{error}");
        assert_eq!(names(out.path()), ["a.json"]);
    }

    #[test]
    fn links_do_not_lead_outside() {
        let (out, elsewhere) =
            (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        std::os::unix::fs::symlink(elsewhere.path(), out.path().join("plans")).expect("linked");
        let error = write(out.path(), Path::new("plans/a.json"), b"{}").expect_err("a link");
        assert!(matches!(error, EmitError::Link(_)), "{error}");
        assert_eq!(names(elsewhere.path()), [""; 0]);
        // a link in the place of the file itself is replaced, not followed
        let secret = elsewhere.path().join("secret");
        fs::write(&secret, "keep").expect("written");
        std::os::unix::fs::symlink(&secret, out.path().join("b.json")).expect("linked");
        write(out.path(), Path::new("b.json"), b"{}").expect("written");
        assert_eq!(fs::read_to_string(&secret).expect("there"), "keep");
    }

    #[test]
    fn out_that_is_a_file_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("out");
        fs::write(&file, "").expect("written");
        assert!(matches!(prepare(&file), Err(EmitError::NotAFolder(_))));
        assert!(matches!(prepare(&file.join("below")), Err(EmitError::Unusable { .. })));
    }
}
