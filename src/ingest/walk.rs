//! The walk over what the user gave, one thing at a time: of a tree only the entries of the folders on the way to the present one
//! are held. What counts as a document is said in [`super::discover`].

use std::cmp::Ordering;
use std::collections::{HashSet, VecDeque};
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

use super::discover::{DiscoverOptions, Failure, Found, LeftOut};
use super::input::{misnamed, own_name};
use super::sniff::{MediaType, SNIFFED, sniff};
use super::{IngestError, Input};

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
            Ok(meta) if meta.is_dir() => return Some(left_out(path, name, "a link to a folder")),
            Ok(_) => return Some(left_out(path, name, "a pipe, socket or device")),
            Err(_) => return Some(left_out(path, name, "a link that leads nowhere")),
        };
        match kind_of(path, length) {
            Ok(MediaType::Text) if promised.is_none() => {
                Some(left_out(path, name, "a text whose name does not end in .txt"))
            }
            Ok(media) if self.per_folder && media.is_image() => self.folder_of(root, path, taken),
            Ok(media) => self.take(path, name, media, length),
            Err(error) if promised.is_some() => Some(failure(path, name, error)),
            Err(IngestError::UnknownType { hint, .. }) => Some(left_out(path, name, hint)),
            Err(IngestError::Empty(_)) => Some(left_out(path, name, "an empty file")),
            Err(_) => Some(left_out(path, name, "a file that cannot be read")),
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

fn left_out(path: &Path, name: PathBuf, why: &'static str) -> Found {
    Found::LeftOut(LeftOut { path: path.to_owned(), name, why })
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
