//! From the paths given to tasks with named outputs, one at a time while the run goes on. Two inputs with one output are
//! refused before any work; where that cannot be ruled out by the paths themselves, all names are looked through first.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::emit::{EmitError, Extra, Target};
use crate::ingest::{self, DiscoverOptions, Found, Input, LeftOut, MediaType};
use crate::restore::RestoreError;

use super::failure::{Failure, Reason};
use super::ledger::LedgerError;
use super::options::Options;
use super::report::one_line;
use super::shard::Shard;
use super::stamp::Stamp;

/// The path that means a text from stdin, and what its outputs are called.
const STDIN: &str = "-";
const STDIN_NAME: &str = "stdin";

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Two inputs would have the same outputs.
    #[error(
        "{first} and {second} would both be written to {output}: give them in separate runs with different output folders"
    )]
    OneOutput {
        /// One input.
        first: String,
        /// The other.
        second: String,
        /// What both would be written to, below OUT.
        output: String,
    },
    /// OUT is one of the folders to read.
    #[error("{0} is both read and written: name another output folder with -o")]
    OutIsInput(String),
    /// OUT cannot be used.
    #[error(transparent)]
    Out(#[from] EmitError),
    /// Another run writes into OUT.
    #[error("another run writes into {0}: wait for its end, with --wait, or name another folder with -o")]
    Locked(String),
    /// The user stopped waiting for another run.
    #[error("stopped while waiting for another run")]
    Interrupted,
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The file of JSON Lines cannot be used.
    #[error("cannot write {path}: {source}")]
    Lines {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder to watch is none.
    #[error("{0} is not a folder: name the folder to watch")]
    NotAFolder(String),
    /// A folder cannot be watched.
    #[error("cannot watch {path}: {source}")]
    Unwatchable {
        /// The folder.
        path: String,
        /// What the system said.
        source: notify::Error,
    },
    /// The dictionaries cannot be used.
    #[error(transparent)]
    Dictionaries(#[from] RestoreError),
    /// Something the run itself needs was refused by the system.
    #[error("cannot start: {0}")]
    System(#[from] std::io::Error),
}

/// One document to be done.
#[derive(Debug)]
pub struct Job {
    /// Its files.
    pub input: Input,
    /// Its outputs.
    pub target: Target,
    /// Its content, where that came through stdin.
    pub stdin: Option<Vec<u8>>,
}

impl Job {
    /// The stamp of its files; none for a text from stdin.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        if self.stdin.is_some() { None } else { Stamp::of(&self.input.paths) }
    }

    /// Those of `extras` that can be made of it: what shows pages is not made of a text, which has none.
    pub(super) fn extras<'e>(&self, extras: &'e [Extra]) -> impl Iterator<Item = Extra> + use<'e> {
        let paged = self.input.media != MediaType::Text;
        extras.iter().copied().filter(move |extra| paged || !extra.needs_pages())
    }

    /// All its outputs below OUT, when `extras` are asked for.
    pub fn files(&self, extras: &[Extra]) -> impl Iterator<Item = PathBuf> {
        let plain = [self.target.json.clone(), self.target.text.clone()];
        plain.into_iter().chain(self.extras(extras).map(|extra| extra.file(&self.target)))
    }

    /// The input as the user knows it, on one line.
    #[must_use]
    pub fn name(&self) -> String {
        if self.stdin.is_some() { STDIN_NAME.into() } else { show(self.input.path()) }
    }
}

/// What one thing that was found asks for.
#[derive(Debug)]
pub enum Task {
    /// A document to be done.
    Job(Job),
    /// Something that cannot be read.
    Unreadable(Unreadable),
    /// An entry of a folder that is no document.
    LeftOut(LeftOut),
}

/// Something that was given or found and cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// What its outputs would have been called.
    pub name: PathBuf,
    /// Where it is.
    pub path: PathBuf,
    /// Why not.
    pub failure: Failure,
}

impl Unreadable {
    /// The input as the user knows it, on one line.
    #[must_use]
    pub fn shown(&self) -> String {
        show(&self.path)
    }
}

/// The tasks of a run, found one after the other.
pub struct Tasks {
    found: Box<dyn Iterator<Item = Found> + Send>,
    shard: Option<Shard>,
    stdin: Option<Task>,
}

impl Tasks {
    /// The tasks that the paths of `options` come to. Reads stdin if it is among them.
    ///
    /// # Errors
    /// [`RunError::OneOutput`], [`RunError::OutIsInput`].
    pub fn of(options: &Options) -> Result<Tasks, RunError> {
        let (stdin, paths): (Vec<&PathBuf>, Vec<&PathBuf>) =
            options.paths.iter().partition(|path| path.as_os_str() == STDIN);
        if let Some(path) = paths.iter().find(|path| is_out(path, &options.out)) {
            return Err(RunError::OutIsInput(show(path)));
        }
        // Below one folder every name is another, unless a folder of images takes the name of a folder.
        if options.paths.len() > 1 || options.document_per_folder {
            let stdin = (!stdin.is_empty()).then(|| (STDIN_NAME.into(), STDIN_NAME.into()));
            refuse_collisions(|| named(&paths, options).chain(stdin.clone()))?;
        }
        let found = Box::new(ingest::walk(&paths, &discovery(options)));
        let stdin = (!stdin.is_empty()).then(|| from_stdin(&options.limits));
        Ok(Tasks { found, shard: options.shard, stdin })
    }

    /// The tasks that the files at `paths`, below the folder `root`, come to.
    pub fn at(root: &Path, paths: Vec<PathBuf>, options: &Options) -> Tasks {
        let found = Box::new(ingest::look_at(root, paths, &discovery(options)));
        Tasks { found, shard: options.shard, stdin: None }
    }
}

impl Iterator for Tasks {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        let shard = self.shard;
        match self.found.find(|found| shard.is_none_or(|shard| is_in(shard, found))) {
            Some(Found::Input(input)) => Some(task(input, None)),
            Some(Found::Failure(failed)) => {
                let failure = from_ingest(&failed.error, &failed.path);
                Some(Task::Unreadable(Unreadable { name: failed.name, path: failed.path, failure }))
            }
            Some(Found::LeftOut(left_out)) => Some(Task::LeftOut(left_out)),
            None => self.stdin.take(),
        }
    }
}

/// Whether what was found is in this part.
fn is_in(shard: Shard, found: &Found) -> bool {
    match found {
        Found::Input(input) => shard.holds(&input.name),
        Found::Failure(failed) => shard.holds(&failed.name),
        Found::LeftOut(left_out) => shard.holds(&left_out.name),
    }
}

fn discovery(options: &Options) -> DiscoverOptions {
    DiscoverOptions { document_per_folder: options.document_per_folder, out: Some(options.out.clone()) }
}

fn is_out(path: &Path, out: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok().filter(|path| path.is_dir());
    real(path).is_some_and(|path| Some(path) == real(out))
}

fn task(input: Input, stdin: Option<Vec<u8>>) -> Task {
    match Target::new(&input.name) {
        Ok(target) => Task::Job(Job { input, target, stdin }),
        Err(error) => Task::Unreadable(Unreadable {
            path: input.path().to_owned(),
            failure: Failure::new(Reason::Input, error.to_string()),
            name: input.name,
        }),
    }
}

fn from_stdin(limits: &ingest::Limits) -> Task {
    let mut bytes = Vec::new();
    let most = limits.text_bytes;
    let read = std::io::stdin().lock().take(most.saturating_add(1)).read_to_end(&mut bytes);
    let failed = match read {
        Err(error) => Some(format!("cannot be read: {error}")),
        Ok(0) => Some("empty: pipe a text into it".into()),
        Ok(length) => {
            limits.check(ingest::Limit::TextBytes, length as u64).err().map(|over| over.to_string())
        }
    };
    if let Some(message) = failed {
        let failure = Failure::new(Reason::Input, message);
        return Task::Unreadable(Unreadable { name: STDIN_NAME.into(), path: STDIN_NAME.into(), failure });
    }
    let input = Input {
        paths: vec![STDIN.into()],
        name: STDIN_NAME.into(),
        media: MediaType::Text,
        bytes: bytes.len() as u64,
        warnings: Vec::new(),
    };
    task(input, Some(bytes))
}

/// Name and path of each document that will be found.
fn named(paths: &[&PathBuf], options: &Options) -> impl Iterator<Item = (PathBuf, PathBuf)> + use<> {
    ingest::walk(paths, &discovery(options)).filter_map(|found| match found {
        Found::Input(input) => Some((input.name.clone(), input.path().to_owned())),
        Found::Failure(_) | Found::LeftOut(_) => None,
    })
}

/// Refuses two documents with one name. Only a hash of each name is held, eight bytes; if two are equal, the names
/// themselves are looked through.
fn refuse_collisions<I: Iterator<Item = (PathBuf, PathBuf)>>(all: impl Fn() -> I) -> Result<(), RunError> {
    let hasher = RandomState::new();
    let mut hashes = HashSet::new();
    let twice: Vec<u64> = all()
        .map(|(name, _)| hasher.hash_one(&name))
        .filter(|hash| !hashes.insert(*hash))
        .take(1000)
        .collect();
    if twice.is_empty() {
        return Ok(());
    }
    let mut suspects: Vec<(PathBuf, PathBuf)> = Vec::new();
    for (name, path) in all().filter(|(name, _)| twice.contains(&hasher.hash_one(name))) {
        if let Some((_, other)) = suspects.iter().find(|(suspect, _)| *suspect == name) {
            let output = Target::new(&name).map_or(name, |target| target.json);
            return Err(RunError::OneOutput {
                first: show(other),
                second: show(&path),
                output: show(&output),
            });
        }
        suspects.push((name, path));
    }
    Ok(())
}

/// A reader's error about one page as a failure, without the path and the page that are shown before it anyway.
pub(super) fn from_page(error: &ingest::IngestError, path: &Path) -> Failure {
    let failure = from_ingest(error, path);
    let rest = failure
        .message
        .strip_prefix("page ")
        .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    match rest {
        Some(rest) => Failure { message: rest.trim_start().to_owned(), ..failure },
        None => failure,
    }
}

/// A reader's error as a failure. The path it starts with is the name that is shown before it anyway.
pub(super) fn from_ingest(error: &ingest::IngestError, path: &Path) -> Failure {
    let message = error.to_string();
    let short = message.strip_prefix(&format!("{}: ", path.display())).unwrap_or(&message);
    Failure::new(Reason::Input, one_line(short))
}

pub(super) fn show(path: &Path) -> String {
    one_line(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collisions(names: &[&str]) -> Option<String> {
        let all = || names.iter().enumerate().map(|(i, name)| (name.into(), format!("{i}/{name}").into()));
        refuse_collisions(all).err().map(|error| error.to_string())
    }

    #[test]
    fn equal_names_are_found_by_their_hashes() {
        assert_eq!(collisions(&["a", "b", "A"]), None);
        let said = collisions(&["a", "b", "c", "b"]).expect("refused");
        assert!(said.starts_with("1/b and 3/b would both be written to b.json"), "{said}");
    }
}
