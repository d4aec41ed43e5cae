//! Tables, the graph of citations and records of everything that was digitised into one OUT.
//!
//! ```text
//!  names, in order ──▶ so many at a time ──▶ pool: read, parse, make all pieces ──▶ joined in order ──▶ sinks
//!        └───────── the next ones are found, and the last ones written, while the pool works ─────────┘
//! ```
//!
//! Every JSON below OUT is read once, whatever is made of it, and the outputs are the truth: no ledger is needed, so a copied folder does as
//! well. Documents come in the order of their names, folder by folder, so equal folders give equal bytes, whatever the number of threads. At most two groups of documents
//! are held at a time.
//!
//! Limits: a file beyond [`LARGEST`] is not read; in one folder all names are held.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use walkdir::WalkDir;

use super::interrupt::Interrupt;
use super::report::one_line;
use crate::emit::{Digest, Product};

/// So many documents are worked on at a time.
const GROUP: usize = 512;

/// The largest JSON that is read, in bytes.
const LARGEST: u64 = 1 << 30;

/// Why nothing can be exported, or not to the end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// OUT is no folder.
    #[error("{} is no folder: name one that 'sohoa digitise' has written to", .0.display())]
    NoFolder(PathBuf),
    /// One of the products cannot be written.
    #[error("cannot write {name}: {source}; make room or name another folder")]
    Sink {
        /// What it is called.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// The system gives no threads.
    #[error("cannot start threads: {0}; close other programs, then run again")]
    System(String),
}

/// What an export came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// Documents that are in it.
    pub documents: usize,
    /// Files that are not: damaged, or no documents.
    pub unreadable: usize,
    /// Whether the user stopped it.
    pub interrupted: bool,
}

/// Writes all `products` of the documents below `out`, each to its sink, with so many threads. What cannot be read is told, with the reason, and left out.
///
/// # Errors
/// [`ExportError`]; what the sinks hold then is not whole.
pub fn export(
    out: &Path,
    products: &[Product],
    sinks: &mut [&mut (dyn Write + Send)],
    jobs: usize,
    interrupt: &Interrupt,
    tell: &mut (dyn FnMut(&str, &str) + Send),
) -> Result<Exported, ExportError> {
    if !out.is_dir() {
        return Err(ExportError::NoFolder(out.to_owned()));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(super::session::STACK)
        .build()
        .map_err(|error| ExportError::System(error.to_string()))?;
    let mut exported = Exported::default();
    let mut names = found(out);
    let mut next = |group: &mut Vec<Found>| group.extend(names.by_ref().take(GROUP));
    pool.install(|| {
        write(products, sinks, products.iter().map(|product| product.head()))?;
        let (mut group, mut made) = (Vec::new(), Vec::new());
        next(&mut group);
        while !group.is_empty() || !made.is_empty() {
            if interrupt.is_raised() {
                exported.interrupted = true;
                return Ok(());
            }
            let mut following = Vec::new();
            let make = || {
                let made =
                    group.par_iter().map_init(Vec::new, |buffer, found| piece(out, found, products, buffer));
                made.collect::<Vec<_>>()
            };
            let pass_on = || {
                next(&mut following);
                made.drain(..).try_for_each(|piece: Result<Vec<Vec<u8>>, Refused>| match piece {
                    Ok(pieces) => {
                        exported.documents += 1;
                        write(products, sinks, pieces)
                    }
                    Err(refused) => {
                        exported.unreadable += 1;
                        tell(&refused.name, &refused.why);
                        Ok(())
                    }
                })
            };
            let (making, passed_on) = rayon::join(make, pass_on);
            passed_on?;
            made = making;
            group = following;
        }
        write(products, sinks, products.iter().map(|product| product.tail()))
    })?;
    Ok(exported)
}

/// A file that should be a document, or a place that cannot be looked into.
type Found = Result<PathBuf, Refused>;

/// What cannot be read, and why.
#[derive(Debug, Clone)]
struct Refused {
    name: String,
    why: String,
}

impl Refused {
    fn new(path: &Path, why: impl ToString) -> Refused {
        Refused { name: one_line(&path.to_string_lossy()), why: why.to_string() }
    }
}

/// All JSON files below `out`, in the order of their names; hidden files and folders, such as that of the ledger, are no outputs.
fn found(out: &Path) -> impl Iterator<Item = Found> + Send {
    let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    let root = out.to_owned();
    WalkDir::new(out)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(move |entry| entry.depth() == 0 || !hidden(entry.file_name()))
        .filter_map(move |entry| match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let path = entry.into_path();
                path.extension().is_some_and(|extension| extension == "json").then_some(Ok(path))
            }
            Ok(_) => None,
            Err(error) => Some(Err(Refused::new(error.path().unwrap_or(&root), &error))),
        })
}

/// What one document adds to each of the products.
fn piece(
    out: &Path,
    found: &Found,
    products: &[Product],
    buffer: &mut Vec<u8>,
) -> Result<Vec<Vec<u8>>, Refused> {
    let path = found.as_ref().map_err(Clone::clone)?;
    let refused = |why: &dyn ToString| Refused::new(path, why.to_string());
    read(path, buffer).map_err(|error| refused(&error))?;
    let name = path.strip_prefix(out).unwrap_or(path).with_extension("");
    let name = one_line(&name.to_string_lossy());
    let digest = Digest::read(&name, buffer).map_err(|error| refused(&error))?;
    let one = |product: &Product| {
        let mut bytes = Vec::new();
        product.add(&digest, buffer, &mut bytes);
        bytes
    };
    Ok(products.iter().map(one).collect())
}

/// Reads a file into `buffer`, in place of what is there.
fn read(path: &Path, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes > LARGEST {
        return Err(io::Error::other("larger than 1 GB"));
    }
    buffer.reserve(usize::try_from(bytes).unwrap_or(0) + 1);
    file.read_to_end(buffer).map(drop)
}

/// A piece to each sink.
fn write<B: AsRef<[u8]>>(
    products: &[Product],
    sinks: &mut [&mut (dyn Write + Send)],
    pieces: impl IntoIterator<Item = B>,
) -> Result<(), ExportError> {
    for ((product, sink), piece) in products.iter().zip(sinks).zip(pieces) {
        let failed = |source| ExportError::Sink { name: product.file_name(), source };
        sink.write_all(piece.as_ref()).map_err(failed)?;
    }
    Ok(())
}
