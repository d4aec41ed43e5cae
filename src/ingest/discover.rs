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
use std::collections::{HashSet, VecDeque};
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
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

/// One thing met on a walk.
#[derive(Debug)]
pub enum Found {
    /// A document.
    Input(Input),
    /// Something that was given or promised to be a document and cannot be read.
    Failure(Failure),
    /// An entry of a folder that is no document: a file of another kind, a link to a folder, a special file.
    LeftOut,
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
            Found::LeftOut => all.skipped += 1,
        }
    }
    all
}

/// Walks `paths` in the order given, one entry at a time: of a tree only the entries of the folders on the way to the present
/// one are held. See the module for what counts.
#[must_use]
pub fn walk<P: AsRef<Path>>(paths: &[P], options: &DiscoverOptions) -> Walk {
    Walk {
        given: paths.iter().map(|path| path.as_ref().to_owned()).collect(),
        tree: None,
        out: options.out.as_deref().and_then(|p| fs::canonicalize(p).ok()),
        per_folder: options.document_per_folder,
        seen: (paths.len() > 1).then(HashSet::new),
    }
}

/// What [`walk`] would make of the files at `paths` below the folder `root`. Nothing comes of those that it would not meet:
/// hidden ones, those in the output folder or behind a link to a folder.
pub fn look_at(
    root: &Path,
    paths: Vec<PathBuf>,
    options: &DiscoverOptions,
) -> impl Iterator<Item = Found> + use<> {
    let mut walk = walk::<PathBuf>(&[], options);
    let (root, mut taken) = (root.to_owned(), Vec::new());
    paths.into_iter().filter_map(move |path| {
        walk.would_meet(&root, &path).then(|| walk.file(&root, &path, &mut taken)).flatten()
    })
}

/// Natural order of names (page 9 before page 10), then by bytes, so that no two names are equal.
fn natural(a: &OsStr, b: &OsStr) -> Ordering {
    natord::compare(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(b))
}

/// A walk over what the user gave.
#[derive(Debug)]
pub struct Walk {
    given: VecDeque<PathBuf>,
    tree: Option<Tree>,
    out: Option<PathBuf>,
    per_folder: bool,
    /// Digests of the paths of files already found, when more than one path is given. Half a SHA-256 each: two paths with the
    /// same one are not to be expected before the sun burns out, and a million of them take 32 MB.
    seen: Option<HashSet<[u8; 16]>>,
}

/// The folder that is being walked.
struct Tree {
    root: PathBuf,
    entries: walkdir::IntoIter,
    /// Folders on the way to the present entry whose images were taken as one document.
    taken: Vec<PathBuf>,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(mut tree) = self.tree.take() {
                let found = self.step(&mut tree);
                if found.is_some() {
                    self.tree = Some(tree);
                    return found;
                }
                continue;
            }
            let path = self.given.pop_front()?;
            if let Some(found) = self.given(path) {
                return Some(found);
            }
        }
    }
}

impl Walk {
    /// A path that the user gave; nothing for a folder, which becomes the tree to walk, and for a file met before.
    fn given(&mut self, path: PathBuf) -> Option<Found> {
        let name = own_name(&path);
        let meta = match fs::metadata(&path) {
            Ok(meta) => meta,
            Err(e) => return Some(failure(&path, name, IngestError::io(&path, e))),
        };
        if meta.is_dir() {
            if self.is_out(&path) {
                let error = IngestError::OutIsInput(path.clone());
                return Some(failure(&path, name, error));
            }
            let tree = WalkDir::new(&path).follow_links(false).follow_root_links(true);
            let entries = tree.sort_by(|a, b| natural(a.file_name(), b.file_name())).into_iter();
            self.tree = Some(Tree { root: path, entries, taken: Vec::new() });
            return None;
        }
        if !meta.is_file() {
            let error = IngestError::NotAFile(path.clone());
            return Some(failure(&path, name, error));
        }
        match kind_of(&path, meta.len()) {
            Ok(media) => self.take(&path, name, media, meta.len()),
            Err(error) => Some(failure(&path, name, error)),
        }
    }

    /// The next thing in a folder; nothing at its end.
    fn step(&mut self, tree: &mut Tree) -> Option<Found> {
        loop {
            match tree.entries.next()? {
                Ok(entry) if !visible(&entry) => {
                    if entry.file_type().is_dir() {
                        tree.entries.skip_current_dir();
                    }
                }
                Ok(entry) if entry.file_type().is_dir() => {
                    if entry.depth() > 0 && self.is_out(entry.path()) {
                        tree.entries.skip_current_dir();
                    }
                }
                Ok(entry) => {
                    // A folder that the walk has left is not entered again.
                    tree.taken.retain(|folder| entry.path().starts_with(folder));
                    if let Some(found) = self.file(&tree.root, entry.path(), &mut tree.taken) {
                        return Some(found);
                    }
                }
                Err(e) => {
                    let path = e.path().unwrap_or(&tree.root).to_owned();
                    let name = inside(&tree.root, &path);
                    let source = e.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into());
                    return Some(failure(&path.clone(), name, IngestError::Io { path, source }));
                }
            }
        }
    }

    /// A file below `root`. `taken` are the folders whose images are taken already.
    fn file(&mut self, root: &Path, path: &Path, taken: &mut Vec<PathBuf>) -> Option<Found> {
        let name = inside(root, path);
        let promised = MediaType::promised_by(path);
        let length = match fs::metadata(path) {
            Ok(meta) if meta.is_file() => meta.len(),
            Err(e) if promised.is_some() => return Some(failure(path, name, IngestError::io(path, e))),
            // links to folders, pipes, sockets, dangling links with other names
            _ => return Some(Found::LeftOut),
        };
        match kind_of(path, length) {
            Ok(MediaType::Text) if promised != Some(MediaType::Text) => Some(Found::LeftOut),
            Ok(media) if self.per_folder && media.is_image() => self.folder_of(root, path, taken),
            Ok(media) => self.take(path, name, media, length),
            Err(error) if promised.is_some() => Some(failure(path, name, error)),
            Err(_) => Some(Found::LeftOut),
        }
    }

    /// Whether a walk over `root` would come to `path`.
    fn would_meet(&self, root: &Path, path: &Path) -> bool {
        let Ok(below) = path.strip_prefix(root) else { return false };
        let hidden = |name: &OsStr| name.as_encoded_bytes().starts_with(b".");
        let folders = below.ancestors().skip(1).filter(|folder| folder.iter().next().is_some());
        !below.iter().any(hidden)
            && folders.map(|folder| root.join(folder)).all(|folder| {
                fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir()) && !self.is_out(&folder)
            })
    }

    /// All images beside the image `path` as one document; nothing if they are taken.
    fn folder_of(&mut self, root: &Path, path: &Path, taken: &mut Vec<PathBuf>) -> Option<Found> {
        let folder = path.parent().unwrap_or(root);
        if taken.iter().any(|other| other == folder) {
            return None;
        }
        taken.push(folder.to_owned());
        let name = match folder.strip_prefix(root) {
            Ok(inner) if inner.iter().next().is_some() => inner.to_owned(),
            _ => own_name(root),
        };
        let mut input =
            Input { paths: Vec::new(), name, media: MediaType::Png, bytes: 0, warnings: Vec::new() };
        let beside = WalkDir::new(folder).min_depth(1).max_depth(1).follow_root_links(true);
        for entry in beside.sort_by(|a, b| natural(a.file_name(), b.file_name())) {
            // What cannot be listed or read is met by the walk too, which says so.
            let Ok(entry) = entry else { continue };
            let Some(length) = fs::metadata(entry.path()).ok().filter(|m| m.is_file()).map(|m| m.len())
            else {
                continue;
            };
            let media = kind_of(entry.path(), length).ok().filter(|media| media.is_image());
            if let Some(media) = media.filter(|_| visible(&entry) && self.is_new(entry.path())) {
                if input.paths.is_empty() {
                    input.media = media;
                }
                input.warnings.extend(misnamed(entry.path(), media));
                input.paths.push(entry.into_path());
                input.bytes += length;
            }
        }
        (!input.paths.is_empty()).then_some(Found::Input(input))
    }

    fn take(&mut self, path: &Path, name: PathBuf, media: MediaType, bytes: u64) -> Option<Found> {
        if !self.is_new(path) {
            return None;
        }
        let warnings = misnamed(path, media).into_iter().collect();
        Some(Found::Input(Input { paths: vec![path.to_owned()], name, media, bytes, warnings }))
    }

    fn is_out(&self, path: &Path) -> bool {
        self.out.as_ref().is_some_and(|out| fs::canonicalize(path).is_ok_and(|p| p == *out))
    }

    fn is_new(&mut self, path: &Path) -> bool {
        let Some(seen) = &mut self.seen else { return true };
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        seen.insert(half)
    }
}

/// The path below `root`, or the file's own name.
fn inside(root: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(root).map_or_else(|_| own_name(path), Path::to_owned)
}

fn failure(path: &Path, name: PathBuf, error: IngestError) -> Found {
    Found::Failure(Failure { path: path.to_owned(), name, error })
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
