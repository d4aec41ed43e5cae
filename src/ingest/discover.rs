//! From the paths that the user gives to the documents to be read, in an order that depends on names alone.
//!
//! * A folder is walked to its end. Links to folders inside it are not entered (so no loop of links can hold the walk), links to
//!   files are read. Hidden names (`.git`, `._scan.pdf`) are left out, and so is the output folder.
//! * Inside folders a file counts when its content is of a known kind; text must also be named `.txt`, or as another of these kinds
//!   (a page that says *not found*, saved as a PDF), or every README would become a document. Others are counted and left out, unless their name promises a kind we read: then they fail, for the user believes in them.
//! * A file given directly is read whatever its name, or fails.
//!
//! ```
//! use sohoa::ingest::{DiscoverOptions, discover};
//! let dir = tempfile::tempdir()?;
//! std::fs::write(dir.path().join("10.txt"), "mười")?;
//! std::fs::write(dir.path().join("9.txt"), "chín")?;
//! let found = discover(&[dir.path()], &DiscoverOptions::default());
//! let names: Vec<String> = found.inputs.iter().map(|i| i.shown_name()).collect();
//! assert_eq!(names, ["9.txt", "10.txt"]);
//! # Ok::<(), std::io::Error>(())
//! ```

use std::path::{Path, PathBuf};

use super::walk::walk;
use super::{IngestError, Input};

/// What to look for and what to leave out.
#[derive(Debug, Clone, Default)]
pub struct DiscoverOptions {
    /// The images directly inside one folder are the pages of one document, in natural order of their names.
    pub document_per_folder: bool,
    /// The output folder: not read when it lies inside an input folder.
    pub out: Option<PathBuf>,
}

/// Something that was given or found and cannot be read.
#[derive(Debug)]
pub struct Failure {
    /// Where it is.
    pub path: PathBuf,
    /// The name its outputs would have had (see [`Input::name`]).
    pub name: PathBuf,
    /// Why not.
    pub error: IngestError,
}

/// One thing met on a walk.
#[derive(Debug)]
pub enum Found {
    /// A document.
    Input(Input),
    /// Something that was given or promised to be a document and cannot be read.
    Failure(Failure),
    /// An entry of a folder that is no document: a file of another kind, a link to a folder, a special file.
    LeftOut(LeftOut),
}

/// An entry of a folder that is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Where it is.
    pub path: PathBuf,
    /// The name its outputs would have had.
    pub name: PathBuf,
    /// What it is instead, in a few words.
    pub why: &'static str,
}

/// What was found: inputs and failures side by side, each in order.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The documents, each once, in natural order of their paths within each path given.
    pub inputs: Vec<Input>,
    /// What cannot be read; the inputs are none the worse for it.
    pub failures: Vec<Failure>,
    /// Entries of folders that are not documents: files of other kinds, links to folders, special files.
    pub skipped: usize,
}

/// All that [`walk`] meets, at once.
#[must_use]
pub fn discover<P: AsRef<Path>>(paths: &[P], options: &DiscoverOptions) -> Discovery {
    let mut all = Discovery::default();
    for found in walk(paths, options) {
        match found {
            Found::Input(input) => all.inputs.push(input),
            Found::Failure(failure) => all.failures.push(failure),
            Found::LeftOut(_) => all.skipped += 1,
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::ingest::MediaType;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    fn put(dir: &Path, name: &str, content: &[u8]) -> Outcome {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().ok_or("no parent")?)?;
        Ok(fs::write(path, content)?)
    }

    fn names(found: &Discovery) -> Vec<String> {
        found.inputs.iter().map(Input::shown_name).collect()
    }

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

    #[test]
    fn folders_in_natural_order_without_out_and_other_kinds() -> Outcome {
        let dir = tempfile::tempdir()?;
        let root = dir.path();
        for name in ["p10.pdf", "p9.pdf", "sub/a.pdf", "out/p9.pdf.pdf", ".hidden/b.pdf"] {
            put(root, name, b"%PDF-1.4\n")?;
        }
        put(root, "README.md", b"# notes")?;
        put(root, "x.bin", b"\0\x01\x02")?;
        put(root, "old.txt", b"\0\x01\x02\x03")?;
        put(root, "none.pdf", b"")?;
        let options = DiscoverOptions { out: Some(root.join("out")), ..DiscoverOptions::default() };
        let found = discover(&[root], &options);
        assert_eq!(names(&found), ["p9.pdf", "p10.pdf", "sub/a.pdf"]);
        assert_eq!(found.skipped, 2);
        let failed: Vec<_> =
            found.failures.iter().map(|f| (f.name.to_string_lossy(), f.error.code())).collect();
        assert_eq!(failed, [("none.pdf".into(), "empty"), ("old.txt".into(), "unknown-type")]);
        let found = discover(&[root], &DiscoverOptions { out: Some(root.to_owned()), ..options });
        assert!(found.inputs.is_empty());
        assert_eq!(found.failures[0].error.code(), "output-is-input");
        Ok(())
    }

    #[test]
    fn given_files_are_read_or_fail() -> Outcome {
        let dir = tempfile::tempdir()?;
        put(dir.path(), "scan.pdf", PNG)?;
        put(dir.path(), "notes.md", "ghi chú".as_bytes())?;
        put(dir.path(), "prog", b"\x7fELF\0\0\0")?;
        let paths: Vec<PathBuf> =
            ["scan.pdf", "notes.md", "prog", "gone.pdf"].map(|n| dir.path().join(n)).to_vec();
        let found = discover(&paths, &DiscoverOptions::default());
        assert_eq!(names(&found), ["scan.pdf", "notes.md"]);
        assert_eq!(found.inputs[0].media, MediaType::Png);
        assert_eq!(found.inputs[0].warnings[0].code, "misnamed");
        let codes: Vec<_> = found.failures.iter().map(|f| f.error.code()).collect();
        assert_eq!(codes, ["unknown-type", "not-found"]);
        Ok(())
    }

    #[test]
    fn one_document_per_folder() -> Outcome {
        let dir = tempfile::tempdir()?;
        let root = dir.path().join("boxes");
        for name in ["a/10.png", "a/9.png", "b/c/1.png", "b/c/2.png", "0.png"] {
            put(&root, name, PNG)?;
        }
        put(&root, "a/plan.pdf", b"%PDF-1.4")?;
        let options = DiscoverOptions { document_per_folder: true, ..DiscoverOptions::default() };
        let found = discover(&[&root], &options);
        assert_eq!(names(&found), ["boxes", "a", "a/plan.pdf", "b/c"]);
        assert_eq!(found.inputs[1].paths, [root.join("a/9.png"), root.join("a/10.png")]);
        assert_eq!(found.inputs[1].path(), root.join("a"));
        Ok(())
    }

    #[test]
    fn the_same_file_twice_is_one_input_and_twin_names_are_kept() -> Outcome {
        let dir = tempfile::tempdir()?;
        put(dir.path(), "a/x.png", PNG)?;
        put(dir.path(), "b/x.png", PNG)?;
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        let found = discover(&[a.clone(), a.join("x.png"), b.clone()], &DiscoverOptions::default());
        assert_eq!(names(&found), ["x.png", "x.png"]);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn links_neither_loop_nor_hang() -> Outcome {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir()?;
        let root = dir.path();
        put(root, "real/a.png", PNG)?;
        symlink(root, root.join("real/up"))?;
        symlink("self.pdf", root.join("self.pdf"))?;
        symlink(root.join("real/a.png"), root.join("b.png"))?;
        let link = root.join("given");
        symlink(root.join("real"), &link)?;
        let found = discover(&[root], &DiscoverOptions::default());
        assert_eq!(names(&found), ["b.png", "real/a.png"]);
        assert_eq!(found.failures.len(), 1, "the link to itself");
        assert_eq!(names(&discover(&[link], &DiscoverOptions::default())), ["a.png"]);
        let fifo = root.join("pipe.pdf");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &fifo,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )?;
        let found = discover(&[fifo], &DiscoverOptions::default());
        assert_eq!(found.failures[0].error.code(), "not-a-file");
        Ok(())
    }
}
