//! A run: every job through all stages, pages in parallel, each input ending once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::emit;
use crate::ingest::{self, MediaType, Source};
use crate::model::Page;

use super::child::Launch;
use super::document::{self, Document};
use super::done;
use super::failure::{Failure, Reason};
use super::gather::{Gathered, Job, RunError, from_ingest};
use super::interrupt::Interrupt;
use super::options::Options;
use super::protocol::Setup;
use super::queue::{Queue, Work};
use super::report::{Outcome, Report, Totals, Watch};
use super::restoration::Restoration;
use super::slot::{Plant, Slot};

/// Stack of a pool thread: deep trees of items are walked by recursion in places.
const STACK: usize = 16 << 20;

type Jobs = std::vec::IntoIter<Job>;

/// Does what was gathered. Every input is reported to `watch` once; no input can stop the run, only `interrupt` and an
/// output folder that cannot be written to any more.
///
/// # Errors
/// [`RunError`] when the run cannot begin; nothing was written then.
pub fn run(
    options: &Options,
    gathered: Gathered,
    watch: &dyn Watch,
    interrupt: &Interrupt,
) -> Result<Totals, RunError> {
    emit::prepare(&options.out)?;
    let restoration = Restoration::open(options.dictionaries.as_deref(), &options.own)?;
    let inputs = gathered.jobs.len() + gathered.failures.len();
    let queue = Queue::new(gathered.jobs.into_iter());
    let plant = plant(options)?;
    let run = Run {
        options,
        recognition: super::engine::model_name(options.model.name()),
        restoration,
        watch,
        interrupt,
        slots: (0..options.jobs).map(|_| Mutex::new(Slot::new(plant.clone()))).collect(),
        queue: queue.clone(),
        ids: AtomicU64::new(0),
        broken_off: AtomicBool::new(false),
        totals: Mutex::new(Totals::default()),
    };
    for (name, failure) in &gathered.failures {
        run.end(name, Instant::now(), Outcome::Failed(failure));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.jobs)
        .stack_size(STACK)
        .thread_name(|i| format!("pages-{i}"))
        .build()
        .map_err(std::io::Error::other)?;
    pool.install(|| queue.par_bridge().for_each(|work| run.step(work)));
    drop(run.slots); // ends the workers
    let mut totals = run.totals.into_inner().unwrap_or_else(PoisonError::into_inner);
    let ended = totals.done + totals.skipped + totals.failures();
    totals.interrupted = inputs.saturating_sub(ended);
    Ok(totals)
}

fn plant(options: &Options) -> Result<Plant, RunError> {
    let launch = Launch { program: std::env::current_exe()?, verbose: options.verbose };
    let setup = Setup {
        memory: options.worker_memory,
        limits: options.limits.clone(),
        dpi: options.dpi,
        model: options.model.name().map(str::to_owned),
    };
    Ok(Plant { launch, setup, limit: options.page_timeout })
}

struct Run<'a> {
    options: &'a Options,
    /// The recognition model that this run would use, by name and digest, if there is one.
    recognition: Option<String>,
    restoration: Restoration,
    watch: &'a dyn Watch,
    interrupt: &'a Interrupt,
    /// One for each thread of the pool.
    slots: Vec<Mutex<Slot>>,
    queue: Queue<Jobs, Document>,
    ids: AtomicU64,
    /// Set when OUT has become unusable.
    broken_off: AtomicBool,
    totals: Mutex<Totals>,
}

impl Run<'_> {
    /// One unit of work, on a thread of the pool.
    fn step(&self, work: Work<Job, Document>) {
        if self.interrupt.is_raised() {
            self.queue.stop(); // this unit is not begun: its document is left unfinished
            if let Work::Open(_) = work {
                self.queue.opened(None);
            }
            return;
        }
        match work {
            Work::Open(job) => {
                let (name, taken_up) = (job.name(), Instant::now());
                let opened = guarded(|| self.open(job, taken_up));
                let document = opened.unwrap_or_else(|failure| {
                    self.end(&name, taken_up, Outcome::Failed(&failure));
                    None
                });
                self.queue.opened(document.map(|document| {
                    let pages = document.numbers.len();
                    (document, pages)
                }));
            }
            Work::Page(document, slot) => {
                let page = if document.has_failed() {
                    Err(skipped())
                } else {
                    guarded(|| self.page(&document, slot))
                };
                self.watch.page();
                if let Some(complete) = document.take(slot, page) {
                    self.finish(&document, complete);
                }
            }
        }
    }

    /// Opens a job. A text is done at once; `Some` document has pages for the workers.
    fn open(&self, job: Job, taken_up: Instant) -> Result<Option<Arc<Document>>, Failure> {
        let sha256 = content_digest(&job)?;
        let (dictionaries, recognition) = (self.restoration.name(), self.recognition.as_deref());
        if !self.options.force && done::is_up_to_date(self.options, &job, &sha256, dictionaries, recognition)
        {
            self.end(&job.name(), taken_up, Outcome::Skipped);
            return Ok(None);
        }
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let document = |job, count| Document::new(id, job, sha256, count, self.options, taken_up);
        if job.input.media == MediaType::Text {
            let pages = text_pages(&job, &self.options.limits)?;
            let document = document(job, u32::try_from(pages.len()).unwrap_or(u32::MAX))?;
            let mut last = None;
            for (slot, number) in document.numbers.iter().enumerate() {
                let page = pages.get(*number as usize - 1).cloned().ok_or_else(skipped);
                last = document.take(slot, page.map(|page| (page, None)));
            }
            if let Some(complete) = last {
                self.finish(&document, complete);
            }
            return Ok(None);
        }
        let mut job = job;
        let opened = self.slot().open(id, &job)?;
        job.input.warnings.extend(opened.warnings);
        let document = document(job, opened.pages)?;
        self.watch.opened(document.numbers.len());
        Ok(Some(Arc::new(document)))
    }

    fn page(&self, document: &Document, slot: usize) -> Result<(Page, Option<String>), Failure> {
        let number = document.numbers.get(slot).copied().unwrap_or_default();
        self.slot().page(document, number, &|layer| self.restoration.judge(layer))
    }

    /// The slot of this thread. No other thread takes it, so there is no waiting.
    fn slot(&self) -> std::sync::MutexGuard<'_, Slot> {
        let thread = rayon::current_thread_index().unwrap_or(0) % self.slots.len();
        self.slots[thread].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Restores, parses and writes a document whose pages are in.
    fn finish(&self, document: &Document, complete: Result<document::Complete, Failure>) {
        let plan = complete.and_then(|complete| {
            guarded(|| Ok(document::plan(document, complete, &self.restoration, self.options)))
        });
        let written = plan.and_then(|plan| document::write(document, &plan, self.options).map(|()| plan));
        let outcome = match &written {
            Ok(plan) => Outcome::Done(plan),
            Err(failure) => Outcome::Failed(failure),
        };
        self.end(&document.job.name(), document.taken_up, outcome);
    }

    /// Counts and reports an input that ended.
    fn end(&self, name: &str, taken_up: Instant, outcome: Outcome<'_>) {
        if let Outcome::Failed(Failure { reason: Reason::OutUnusable, .. }) = outcome {
            self.queue.stop();
            // Others in flight fail for the same reason; one line says it.
            if self.broken_off.swap(true, Ordering::Relaxed) {
                return;
            }
        }
        self.totals.lock().unwrap_or_else(PoisonError::into_inner).count(outcome);
        self.watch.ended(&Report { name, outcome, elapsed: taken_up.elapsed() });
    }
}

fn content_digest(job: &Job) -> Result<String, Failure> {
    match &job.stdin {
        Some(bytes) => Ok(ingest::fingerprint_bytes(bytes)),
        None => ingest::fingerprint(&job.input.paths).map_err(|error| from_ingest(&error, job.input.path())),
    }
}

fn text_pages(job: &Job, limits: &ingest::Limits) -> Result<Vec<Page>, Failure> {
    if let Some(bytes) = &job.stdin {
        let text = ingest::decode_text(bytes).map_err(|error| {
            Failure::new(Reason::Input, format!("{error}: pipe UTF-8 or UTF-16 text into it"))
        })?;
        return Ok(ingest::text_pages(&text));
    }
    let failed = |error: ingest::IngestError| from_ingest(&error, job.input.path());
    let mut source = Source::open(&job.input, limits).map_err(failed)?;
    (0..source.page_count()).filter_map(|index| source.layer(index).map_err(failed).transpose()).collect()
}

/// A page that need not be read any more. Its document has a failure already, which is the one that is shown.
fn skipped() -> Failure {
    Failure::new(Reason::Internal, "left out")
}

/// Runs `what`; a panic in it fails the input and not the run.
fn guarded<T>(what: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(what)).unwrap_or_else(|panic| Err(Failure::panicked(panic.as_ref())))
}

/// One job of a run that is not made.
#[derive(Debug)]
pub struct Planned<'a> {
    /// The job.
    pub job: &'a Job,
    /// Whether a run would skip it.
    pub up_to_date: bool,
}

/// What [`run`] would do with what was gathered; reads the inputs to see what is up to date and writes nothing.
///
/// # Errors
/// [`RunError::Dictionaries`].
pub fn preview<'a>(options: &Options, gathered: &'a Gathered) -> Result<Vec<Planned<'a>>, RunError> {
    let restoration = Restoration::open(options.dictionaries.as_deref(), &options.own)?;
    let recognition = super::engine::model_name(options.model.name());
    let up_to_date = |job: &Job| {
        let sha256 = content_digest(job).ok()?;
        Some(done::is_up_to_date(options, job, &sha256, restoration.name(), recognition.as_deref()))
    };
    let planned = |job| Planned { job, up_to_date: !options.force && up_to_date(job).unwrap_or(false) };
    Ok(gathered.jobs.iter().map(planned).collect())
}
