//! What a run is told to do: one plain struct, resolved once from the command line.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::emit::Extra;
use crate::ingest::Limits;
use crate::restore::OwnWords;

use super::child::WorkerCommand;
use super::ranges::PageRanges;
use super::shard::Shard;

/// Which recognition model reads page images.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ModelChoice {
    /// The best one installed: the script model `Vietnamese`, else `vie`.
    #[default]
    Best,
    /// The small, fast one: `vie`.
    Fast,
    /// This one.
    Named(String),
}

impl ModelChoice {
    /// The model's name, if one was asked for; `None` leaves the choice to what is installed.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            ModelChoice::Best => None,
            ModelChoice::Fast => Some("vie"),
            ModelChoice::Named(name) => Some(name),
        }
    }
}

/// Which pages of PDFs are recognised from their images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ocr {
    /// All, whatever text they hold.
    Always,
    /// Those whose text layer is missing, garbled, or much less than the image shows.
    #[default]
    Auto,
    /// None: text layers are used as they are, garbled ones restored.
    Never,
}

/// A run of [`super::run`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Files and folders, in the order given; `-` is a text from stdin.
    pub paths: Vec<PathBuf>,
    /// The part of what lies there that is taken up; `None` for all of it. A text from stdin is taken in any case.
    pub shard: Option<Shard>,
    /// The output folder.
    pub out: PathBuf,
    /// How many pages are read at a time.
    pub jobs: usize,
    /// Which recognition model.
    pub model: ModelChoice,
    /// Which pages are recognised.
    pub ocr: Ocr,
    /// Which pages of every document; `None` for all.
    pub pages: Option<PageRanges>,
    /// Resolution assumed for images that state none.
    pub dpi: Option<f32>,
    /// Whether outputs that are up to date are made again.
    pub force: bool,
    /// Whether only inputs that failed before are taken up.
    pub retry_failed: bool,
    /// Whether to wait for another run that writes into `out`.
    pub wait: bool,
    /// A file that gets one line of JSON for each document that is done.
    pub jsonl: Option<PathBuf>,
    /// Outputs to make besides the JSON and the text.
    pub extras: Vec<Extra>,
    /// Whether a folder of single-page images is one document.
    pub document_per_folder: bool,
    /// Dictionaries to use in place of the embedded ones.
    pub dictionaries: Option<PathBuf>,
    /// Words and names that they lack.
    pub own: OwnWords,
    /// What one input may be at most.
    pub limits: Limits,
    /// How long one page may take.
    pub page_timeout: Duration,
    /// How long one document may take, from when it is taken up until it is restored and parsed.
    pub document_timeout: Duration,
    /// Memory of one worker process, in bytes; what it maps of a large file does not count.
    pub worker_memory: u64,
    /// Whether what workers say on stderr is shown.
    pub verbose: bool,
    /// What to start as a worker; `None` for this very program, which has to be `sohoa` then.
    pub worker: Option<WorkerCommand>,
}

impl Default for Options {
    /// What the command line does without flags, to no paths and without an output folder.
    fn default() -> Options {
        Options {
            paths: Vec::new(),
            shard: None,
            out: PathBuf::new(),
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            model: ModelChoice::default(),
            ocr: Ocr::default(),
            pages: None,
            dpi: None,
            force: false,
            retry_failed: false,
            wait: false,
            jsonl: None,
            extras: Vec::new(),
            document_per_folder: false,
            dictionaries: None,
            own: OwnWords::default(),
            limits: Limits::default(),
            page_timeout: Duration::from_secs(120),
            document_timeout: Duration::from_secs(86_400),
            worker_memory: 4096 << 20,
            verbose: false,
            worker: None,
        }
    }
}
