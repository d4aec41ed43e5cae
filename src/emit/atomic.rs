//! Atomic writes: a temporary file in the same folder, flushed to disk, then renamed over the target. Whoever looks at the
//! target sees the old file or the new one, whole, whatever happens in between. On an error nothing is left behind.

use std::fs::{self, File, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path};

use super::EmitError;

/// How temporary files begin, so that leftovers of a killed run can be told from outputs.
const TEMPORARY: &str = ".sohoa-";

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
    let path = out.join(relative);
    let failed = |source| EmitError::Write { path: path.clone(), source };
    let folder = folder_for(out, relative)?;
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .permissions(Permissions::from_mode(0o666)) // less the umask, as any other file
        .tempfile_in(&folder)
        .map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&path).map_err(|error| failed(error.error))?;
    File::open(&folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

/// The folder of `relative` below `out`, made part by part: a link on the way could lead elsewhere and is refused.
fn folder_for(out: &Path, relative: &Path) -> Result<std::path::PathBuf, EmitError> {
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
