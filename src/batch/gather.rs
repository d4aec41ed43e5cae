//! From the paths given to jobs with named outputs, before any work: two inputs with one output are refused here, and what
//! cannot be read is put aside with its reason.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::emit::{EmitError, Target};
use crate::ingest::{self, DiscoverOptions, Input, MediaType};
use crate::restore::RestoreError;

use super::failure::{Failure, Reason};
use super::options::Options;
use super::report::one_line;

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
    /// The input as the user knows it, on one line.
    #[must_use]
    pub fn name(&self) -> String {
        if self.stdin.is_some() { STDIN_NAME.into() } else { show(self.input.path()) }
    }
}

/// What the paths came to.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Documents, in order.
    pub jobs: Vec<Job>,
    /// What cannot be read, by name.
    pub failures: Vec<(String, Failure)>,
    /// Entries of folders that are no documents.
    pub ignored: usize,
}

/// Walks the paths of `options` and names the outputs; reads stdin where it is among the paths.
///
/// # Errors
/// [`RunError::OneOutput`], [`RunError::OutIsInput`].
pub fn gather(options: &Options) -> Result<Gathered, RunError> {
    let (stdin, paths): (Vec<&PathBuf>, Vec<&PathBuf>) =
        options.paths.iter().partition(|path| path.as_os_str() == STDIN);
    let discover =
        DiscoverOptions { document_per_folder: options.document_per_folder, out: Some(options.out.clone()) };
    let found = ingest::discover(&paths, &discover);
    let mut gathered = Gathered { ignored: found.skipped, ..Gathered::default() };
    for failed in found.failures {
        if matches!(failed.error, ingest::IngestError::OutIsInput(_)) {
            return Err(RunError::OutIsInput(show(&failed.path)));
        }
        gathered.failures.push((show(&failed.path), from_ingest(&failed.error, &failed.path)));
    }
    for input in found.inputs {
        gathered.add(input, None);
    }
    if !stdin.is_empty() {
        gathered.take_stdin(&options.limits);
    }
    gathered.refuse_collisions()?;
    Ok(gathered)
}

impl Gathered {
    fn add(&mut self, input: Input, stdin: Option<Vec<u8>>) {
        match Target::new(&input.name) {
            Ok(target) => self.jobs.push(Job { input, target, stdin }),
            Err(error) => {
                self.failures.push((show(input.path()), Failure::new(Reason::Input, error.to_string())));
            }
        }
    }

    fn take_stdin(&mut self, limits: &ingest::Limits) {
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
            self.failures.push((STDIN_NAME.into(), Failure::new(Reason::Input, message)));
            return;
        }
        let input = Input {
            paths: vec![STDIN.into()],
            name: STDIN_NAME.into(),
            media: MediaType::Text,
            bytes: bytes.len() as u64,
            warnings: Vec::new(),
        };
        self.add(input, Some(bytes));
    }

    fn refuse_collisions(&self) -> Result<(), RunError> {
        let mut taken: HashMap<&Path, &Job> = HashMap::new();
        for job in &self.jobs {
            for file in job.target.files() {
                if let Some(other) = taken.insert(file, job) {
                    return Err(RunError::OneOutput {
                        first: other.name(),
                        second: job.name(),
                        output: show(file),
                    });
                }
            }
        }
        Ok(())
    }
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

fn show(path: &Path) -> String {
    one_line(&path.to_string_lossy())
}
