//! Documents one at a time, without an output folder: what a program that embeds the pipeline calls, and what a scheduler of many machines
//! builds on.
//!
//! A [`Digitiser`] keeps its worker processes and dictionaries from document to document. A document may be read in portions, on different
//! machines: [`Digitiser::read`] takes a range of pages, [`Digitiser::assemble`] makes the plan of all of them, which is the one that a run over
//! the whole document makes. Restoration looks at whole documents, so it waits for the last portion.
//!
//! Limits: no ledger, no outputs, nothing is skipped; the time limit of a document holds for each call.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use crate::emit::Target;
use crate::ingest::{self, DiscoverOptions, Found, Input, MediaType};
use crate::model::plan::Warning;
use crate::model::{Page, Plan, Profile, patience};

use super::document::{self, Document, Identity, Origin, TOOL};
use super::entry;
use super::failure::{Failure, Reason};
use super::gather::{Job, RunError, from_ingest};
use super::options::Options;
use super::ranges::PageRanges;
use super::restoration::Restoration;
use super::reviews::Log;
use super::run::{content_digest, guarded, in_time, skipped, text_pages, unchanged};
use super::session;
use super::slot::{Slot, page_too_long};

/// Digitises documents one at a time. May be shared between threads; each call takes all its threads if it can.
#[derive(Debug)]
pub struct Digitiser {
    options: Options,
    restoration: Restoration,
    /// One for each thread of the pool. Workers die with the thread that started them, so the pool has to last as long.
    slots: Vec<Mutex<Slot>>,
    pool: rayon::ThreadPool,
    ids: AtomicU64,
}

/// A document to be read.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// Its file, or a folder of single-page images where the options say that such a folder is a document.
    pub path: &'a Path,
    /// What its record calls it; the file's own name unless another is given.
    pub name: Option<&'a Path>,
    /// What its warnings call it; `path` unless another is given.
    pub shown: Option<&'a str>,
}

impl<'a> From<&'a Path> for Given<'a> {
    fn from(path: &'a Path) -> Given<'a> {
        Given { path, name: None, shown: None }
    }
}

/// What a document is, before its pages are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined {
    /// SHA-256 of its content.
    pub sha256: String,
    /// What the content is.
    pub media: MediaType,
    /// How many pages it has.
    pub pages: u32,
    /// What looks wrong about it as a whole.
    pub warnings: Vec<Warning>,
}

/// Pages of a document, read and not yet restored. Its serialised form is for the version that wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Portion {
    tool: String,
    origin: Origin,
    recognised_by: Option<String>,
    pages: Vec<Page>,
}

impl Portion {
    /// The numbers of its pages, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.pages.iter().map(|page| page.number)
    }
}

/// Whoever waits for a document. Called from several threads.
pub trait Progress: Sync {
    /// A document was opened; `pages` of it will be read.
    fn opened(&self, pages: usize);
    /// One page was read.
    fn page(&self);
    /// Whether to give up: pages in flight are finished, no other is begun, and what comes of the call means nothing.
    fn is_cancelled(&self) -> bool;
}

/// Nobody.
impl Progress for () {
    fn opened(&self, _: usize) {}
    fn page(&self) {}
    fn is_cancelled(&self) -> bool {
        false
    }
}

impl Digitiser {
    /// Loads dictionaries and makes ready; workers start with the first page. Of `options`, what concerns output folders means nothing here.
    ///
    /// # Errors
    /// [`RunError::Dictionaries`], [`RunError::System`].
    pub fn open(options: Options) -> Result<Digitiser, RunError> {
        let restoration = Restoration::open(options.dictionaries.as_deref(), &options.own)?;
        let plant = session::plant(&options)?;
        let pool = session::pool(options.jobs)?;
        let slots = (0..options.jobs).map(|_| Mutex::new(Slot::new(plant.clone()))).collect();
        Ok(Digitiser { options, restoration, slots, pool, ids: AtomicU64::new(0) })
    }

    /// The program, the models and the options that decide what becomes of a content: two digitisers with one fingerprint make the
    /// same plan of it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let recognition = super::engine::model_name(self.options.model.name()).unwrap_or_default();
        let options = document::shaping(&self.options).join(" ");
        let parts = [TOOL, &recognition, self.restoration.name(), &options];
        ingest::fingerprint_bytes(parts.join("\n").as_bytes())
    }

    /// Why a run over a folder would leave this file of it out, if it would.
    #[must_use]
    pub fn left_out(path: &Path) -> Option<&'static str> {
        let options = DiscoverOptions { document_per_folder: false, out: None };
        let folder = path.parent().unwrap_or(path);
        match ingest::look_at(folder, vec![path.to_owned()], &options).next() {
            Some(Found::LeftOut(left_out)) => Some(left_out.why),
            Some(Found::Input(_) | Found::Failure(_)) | None => None,
        }
    }

    /// Says what a document is without reading its pages.
    ///
    /// # Errors
    /// [`Failure`], when it cannot be opened.
    pub fn examine(&self, given: Given<'_>) -> Result<Examined, Failure> {
        self.pool.install(|| guarded(|| self.take_up(given).map(|taken| taken.examined())))
    }

    /// Reads pages of a document: those that `pages` choose, or else those of the options.
    ///
    /// # Errors
    /// [`Failure`], for the first page that cannot be read.
    pub fn read(
        &self,
        given: Given<'_>,
        pages: Option<&PageRanges>,
        progress: &dyn Progress,
    ) -> Result<Portion, Failure> {
        let pages = pages.or(self.options.pages.as_ref());
        self.pool.install(|| guarded(|| self.read_here(given, pages, progress)))
    }

    /// The plan of a document whose pages are all read. The order of the portions is all the same.
    ///
    /// # Errors
    /// [`Failure`], when they do not make one document, or when restoring them takes too long.
    pub fn assemble(&self, portions: Vec<Portion>) -> Result<Plan, Failure> {
        let (origin, complete) = self.join(portions)?;
        let (mut spent, nobody) = (Profile::default(), Log::of(""));
        let made =
            || document::plan(&origin, complete, &self.restoration, &self.options, &nobody, &mut spent);
        let (plan, _) = self.pool.install(|| in_time(Instant::now(), self.options.document_timeout, made))?;
        Ok(plan)
    }

    /// The plan of a document: [`Digitiser::read`], then [`Digitiser::assemble`].
    ///
    /// # Errors
    /// [`Failure`].
    pub fn plan(&self, given: Given<'_>, progress: &dyn Progress) -> Result<Plan, Failure> {
        self.assemble(vec![self.read(given, None, progress)?])
    }

    fn read_here(
        &self,
        given: Given<'_>,
        pages: Option<&PageRanges>,
        progress: &dyn Progress,
    ) -> Result<Portion, Failure> {
        let taken = self.take_up(given)?;
        let numbers = document::chosen(taken.pages, pages)?;
        progress.opened(numbers.len());
        let TakenUp { id, job, read, pages, text, taken_up } = taken;
        let document = Document::new(id, job, read, pages, numbers, taken_up);
        let read = |(slot, number): (usize, &u32)| {
            let page = if progress.is_cancelled() || document.has_failed() {
                Err(skipped())
            } else if let Some(text) = &text {
                text.get(*number as usize - 1).cloned().map(|page| (page, None)).ok_or_else(skipped)
            } else {
                guarded(|| self.page(&document, *number))
            };
            progress.page();
            document.take(slot, page)
        };
        let ended = document.numbers.par_iter().enumerate().find_map_any(read);
        let complete = ended.unwrap_or_else(|| Err(skipped()))?;
        unchanged(&document)?;
        let origin = document.origin();
        let document::Complete { pages, recognised_by } = complete;
        Ok(Portion { tool: TOOL.to_owned(), origin, recognised_by, pages })
    }

    /// Finds out what a document is.
    fn take_up(&self, given: Given<'_>) -> Result<TakenUp, Failure> {
        let taken_up = Instant::now();
        let mut job = self.job(given)?;
        let stamp = job.stamp();
        let sha256 = content_digest(&job)?;
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let (pages, text) = if job.input.media == MediaType::Text {
            let text = text_pages(&job, &self.options.limits)?;
            (u32::try_from(text.len()).unwrap_or(u32::MAX), Some(text))
        } else {
            let opened = self.slot().open(id, &job)?;
            job.input.warnings.extend(opened.warnings);
            (opened.pages, None)
        };
        let entry = entry::of_job(&job, SystemTime::now());
        Ok(TakenUp { id, job, read: Identity { sha256, stamp, entry }, pages, text, taken_up })
    }

    fn job(&self, given: Given<'_>) -> Result<Job, Failure> {
        let refused = |message: &str| Err(Failure::new(Reason::Input, message));
        let options = DiscoverOptions { document_per_folder: self.options.document_per_folder, out: None };
        if given.path.is_dir() && !options.document_per_folder {
            return refused("is a folder: name a file; `sohoa digitise` takes folders");
        }
        let mut input = match ingest::walk(&[given.path], &options).next() {
            Some(Found::Input(input)) => input,
            Some(Found::Failure(failed)) => return Err(from_ingest(&failed.error, &failed.path)),
            Some(Found::LeftOut(_)) | None => return refused("holds no document"),
        };
        rename(&mut input, given);
        let target = Target::new(&input.name);
        let target = target.map_err(|error| Failure::new(Reason::Input, error.to_string()))?;
        Ok(Job { input, target, stdin: None })
    }

    fn page(&self, document: &Document, number: u32) -> Result<(Page, Option<String>), Failure> {
        let limit = self.options.page_timeout;
        let read = || self.slot().page(document, number, &|layer| self.restoration.judge(layer));
        match Instant::now().checked_add(limit) {
            None => read(),
            Some(until) => {
                patience::within(until, read).unwrap_or_else(|_| Err(page_too_long(limit, number)))
            }
        }
    }

    /// The slot of this thread of the pool.
    fn slot(&self) -> MutexGuard<'_, Slot> {
        let thread = rayon::current_thread_index().unwrap_or(0) % self.slots.len();
        self.slots[thread].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One document from its portions.
    fn join(&self, portions: Vec<Portion>) -> Result<(Origin, document::Complete), Failure> {
        let refused = |message: String| Err(Failure::new(Reason::Input, message));
        let Some(first) = portions.first() else { return refused("no portions: read pages first".into()) };
        let origin = first.origin.clone();
        let alike = |portion: &Portion| portion.tool == TOOL && portion.origin == origin;
        if !portions.iter().all(alike) {
            return refused("the portions are of different documents or versions: read them again".into());
        }
        let recognised_by = portions.iter().find_map(|portion| portion.recognised_by.clone());
        let mut pages: Vec<Page> = portions.into_iter().flat_map(|portion| portion.pages).collect();
        pages.sort_by_key(|page| page.number);
        let wanted = document::chosen(origin.pages, self.options.pages.as_ref())?;
        if !pages.iter().map(|page| page.number).eq(wanted.iter().copied()) {
            let (has, wanted) = (pages.len(), wanted.len());
            return refused(format!(
                "the portions hold {has} pages that are not the {wanted} of the document"
            ));
        }
        Ok((origin, document::Complete { pages, recognised_by }))
    }
}

/// A document that was opened.
struct TakenUp {
    id: u64,
    job: Job,
    read: Identity,
    pages: u32,
    text: Option<Vec<Page>>,
    taken_up: Instant,
}

impl TakenUp {
    fn examined(self) -> Examined {
        let TakenUp { job, read, pages, .. } = self;
        Examined { sha256: read.sha256, media: job.input.media, pages, warnings: job.input.warnings }
    }
}

/// Gives a document the names by which it is to be known.
fn rename(input: &mut Input, given: Given<'_>) {
    if let Some(shown) = given.shown {
        let path = given.path.display().to_string();
        for warning in &mut input.warnings {
            if let Some(rest) = warning.message.strip_prefix(&path) {
                warning.message = format!("{shown}{rest}");
            }
        }
    }
    if let Some(name) = given.name {
        input.name = PathBuf::from(name);
    }
}
