//! From the paths that the user gives to the documents to be read, in an order that depends on names alone.
//!
//! * A folder is walked to its end. Links to folders inside it are not entered (so no loop of links can hold the walk), links to
//!   files are read. Hidden names (`.git`, `._scan.pdf`) are left out, and so is the output folder.
//! * Inside folders a file counts when its content is of a known kind; text must also be named `.txt`, or every README would become a
//!   document. Others are counted and left out, unless their name promises a kind we read: then they fail, for the user believes in them.
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

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::input::{misnamed, own_name};
use super::sniff::{MediaType, SNIFFED, sniff};
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

impl Discovery {
    /// Inputs whose outputs would have one name, by that name: to be refused before any work is done.
    #[must_use]
    pub fn collisions(&self) -> Vec<(&Path, Vec<&Path>)> {
        let mut by_name: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
        for input in &self.inputs {
            by_name.entry(&input.name).or_default().push(input.path());
        }
        by_name.into_iter().filter(|(_, paths)| paths.len() > 1).collect()
    }
}

/// Walks `paths` in the order given. See the module for what counts.
#[must_use]
pub fn discover<P: AsRef<Path>>(paths: &[P], options: &DiscoverOptions) -> Discovery {
    let mut walk = Walk {
        found: Discovery::default(),
        out: options.out.as_deref().and_then(|p| fs::canonicalize(p).ok()),
        per_folder: options.document_per_folder,
        folders: HashMap::new(),
        seen: (paths.len() > 1).then(HashSet::new),
    };
    for path in paths {
        walk.given(path.as_ref());
    }
    walk.found
}

/// Natural order of names (page 9 before page 10), then by bytes, so that no two names are equal.
fn natural(a: &OsStr, b: &OsStr) -> Ordering {
    natord::compare(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(b))
}

struct Walk {
    found: Discovery,
    out: Option<PathBuf>,
    per_folder: bool,
    /// Where in `found.inputs` the document of a folder's images stands.
    folders: HashMap<PathBuf, usize>,
    /// Files already found, when more than one path is given.
    seen: Option<HashSet<PathBuf>>,
}

impl Walk {
    fn given(&mut self, path: &Path) {
        let name = own_name(path);
        let meta = match fs::metadata(path) {
            Ok(meta) => meta,
            Err(e) => return self.fail(path, name, IngestError::io(path, e)),
        };
        if meta.is_dir() {
            if self.is_out(path) {
                return self.fail(path, name, IngestError::OutIsInput(path.to_owned()));
            }
            return self.folder(path);
        }
        if !meta.is_file() {
            return self.fail(path, name, IngestError::NotAFile(path.to_owned()));
        }
        match kind_of(path, meta.len()) {
            Ok(media) => self.take(path, name, media, meta.len()),
            Err(error) => self.fail(path, name, error),
        }
    }

    fn folder(&mut self, root: &Path) {
        let tree = WalkDir::new(root).follow_links(false).follow_root_links(true);
        let mut entries =
            tree.sort_by(|a, b| natural(a.file_name(), b.file_name())).into_iter().filter_entry(visible);
        let inside = |path: &Path| path.strip_prefix(root).map_or_else(|_| own_name(path), Path::to_owned);
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    if entry.depth() > 0 && self.is_out(entry.path()) {
                        entries.skip_current_dir();
                    }
                }
                Ok(entry) => self.file(root, entry.path(), inside(entry.path())),
                Err(e) => {
                    let path = e.path().unwrap_or(root).to_owned();
                    let name = inside(&path);
                    let source = e.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into());
                    self.fail(&path.clone(), name, IngestError::Io { path, source });
                }
            }
        }
    }

    /// A file found in a folder.
    fn file(&mut self, root: &Path, path: &Path, name: PathBuf) {
        let promised = MediaType::promised_by(path);
        let length = match fs::metadata(path) {
            Ok(meta) if meta.is_file() => meta.len(),
            Err(e) if promised.is_some() => return self.fail(path, name, IngestError::io(path, e)),
            // links to folders, pipes, sockets, dangling links with other names
            _ => {
                self.found.skipped += 1;
                return;
            }
        };
        match kind_of(path, length) {
            Ok(MediaType::Text) if promised != Some(MediaType::Text) => self.found.skipped += 1,
            Ok(media) if self.per_folder && media.is_image() => {
                self.page_of_folder(root, path, media, length)
            }
            Ok(media) => self.take(path, name, media, length),
            Err(error) if promised.is_some() => self.fail(path, name, error),
            Err(_) => self.found.skipped += 1,
        }
    }

    fn page_of_folder(&mut self, root: &Path, path: &Path, media: MediaType, length: u64) {
        if !self.is_new(path) {
            return;
        }
        let folder = path.parent().unwrap_or(root);
        let warning = misnamed(path, media);
        if let Some(input) = self.folders.get(folder).and_then(|at| self.found.inputs.get_mut(*at)) {
            input.paths.push(path.to_owned());
            input.bytes += length;
            input.warnings.extend(warning);
            return;
        }
        let name = match folder.strip_prefix(root) {
            Ok(inner) if inner.iter().next().is_some() => inner.to_owned(),
            _ => own_name(root),
        };
        self.folders.insert(folder.to_owned(), self.found.inputs.len());
        let warnings = warning.into_iter().collect();
        self.found.inputs.push(Input { paths: vec![path.to_owned()], name, media, bytes: length, warnings });
    }

    fn take(&mut self, path: &Path, name: PathBuf, media: MediaType, length: u64) {
        if !self.is_new(path) {
            return;
        }
        let warnings = misnamed(path, media).into_iter().collect();
        self.found.inputs.push(Input { paths: vec![path.to_owned()], name, media, bytes: length, warnings });
    }

    fn fail(&mut self, path: &Path, name: PathBuf, error: IngestError) {
        self.found.failures.push(Failure { path: path.to_owned(), name, error });
    }

    fn is_out(&self, path: &Path) -> bool {
        self.out.as_ref().is_some_and(|out| fs::canonicalize(path).is_ok_and(|p| p == *out))
    }

    fn is_new(&mut self, path: &Path) -> bool {
        match &mut self.seen {
            Some(seen) => seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())),
            None => true,
        }
    }
}

fn visible(entry: &DirEntry) -> bool {
    entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// What the file is, by its content.
fn kind_of(path: &Path, length: u64) -> Result<MediaType, IngestError> {
    if length == 0 {
        return Err(IngestError::Empty(path.to_owned()));
    }
    let mut head = Vec::with_capacity(SNIFFED);
    File::open(path)
        .and_then(|file| file.take(SNIFFED as u64).read_to_end(&mut head))
        .map_err(|e| IngestError::io(path, e))?;
    match sniff(&head) {
        Ok(media) => Ok(media),
        // Text in a legacy encoding: say what is wrong with it instead of calling it binary.
        Err(_) if MediaType::promised_by(path) == Some(MediaType::Text) => {
            match super::text::decode_text(&head) {
                Err(super::NotText::Encoding(offset)) => {
                    Err(IngestError::Encoding { path: path.to_owned(), offset })
                }
                _ => Err(IngestError::UnknownType { path: path.to_owned(), hint: "binary data" }),
            }
        }
        Err(hint) => Err(IngestError::UnknownType { path: path.to_owned(), hint }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_same_file_twice_is_one_input_and_twin_names_collide() -> Outcome {
        let dir = tempfile::tempdir()?;
        put(dir.path(), "a/x.png", PNG)?;
        put(dir.path(), "b/x.png", PNG)?;
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        let found = discover(&[a.clone(), a.join("x.png"), b.clone()], &DiscoverOptions::default());
        assert_eq!(names(&found), ["x.png", "x.png"]);
        let collisions = found.collisions();
        assert_eq!(collisions.len(), 1);
        assert_eq!(collisions[0].1, [a.join("x.png").as_path(), b.join("x.png").as_path()]);
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
