//! A run: every task through all stages, pages in parallel, each input ending once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::emit;
use crate::ingest::{self, MediaType, Source};
use crate::model::Page;

use super::child::Launch;
use super::desk::Desk;
use super::document::{self, Document, Identity, TOOL};
use super::done::Yardstick;
use super::entry;
use super::failure::{Failure, Reason};
use super::gather::{Job, RunError, Task, Tasks, Unreadable, from_ingest, show};
use super::interrupt::Interrupt;
use super::ledger::{Batch, Entry, Ledger, State};
use super::lines::Lines;
use super::lock::{self, Lock, Unlocked};
use super::options::Options;
use super::protocol::Setup;
use super::queue::{Queue, Work};
use super::report::{Outcome, Report, Totals, Watch};
use super::restoration::Restoration;
use super::scribe::{Ending, Made, Paper, Scribe};
use super::slot::{Plant, Slot};
use super::stamp::Stamp;

/// Stack of a pool thread: deep trees of items are walked by recursion in places.
const STACK: usize = 16 << 20;

/// Does what the paths of `options` come to. Every input is reported to `watch` once; no input can stop the run, only
/// `interrupt` and an output folder that cannot be written to any more.
///
/// # Errors
/// [`RunError`] when the run cannot begin; no output was written then.
pub fn run(options: &Options, watch: &dyn Watch, interrupt: &Interrupt) -> Result<Totals, RunError> {
    let tasks = Tasks::of(options)?;
    Session::open(options, interrupt)?.run(tasks, watch)
}

/// OUT taken for one run, or for several one after the other: locked, cleared of what a killed run left, with the
/// dictionaries at hand.
pub(super) struct Session<'a> {
    options: &'a Options,
    interrupt: &'a Interrupt,
    restoration: Restoration,
    /// The recognition model that a run would use, by name and digest, if there is one.
    recognition: Option<String>,
    _lock: Lock,
}

impl<'a> Session<'a> {
    pub fn open(options: &'a Options, interrupt: &'a Interrupt) -> Result<Session<'a>, RunError> {
        emit::prepare(&options.out)?;
        let restoration = Restoration::open(options.dictionaries.as_deref(), &options.own)?;
        let lock = Lock::take(&options.out, options.wait, interrupt).map_err(|unlocked| match unlocked {
            Unlocked::Held => RunError::Locked(show(&options.out)),
            Unlocked::Interrupted => RunError::Interrupted,
            Unlocked::System(source) => {
                RunError::Out(emit::EmitError::Unusable { path: options.out.clone(), source })
            }
        })?;
        let recognition = super::engine::model_name(options.model.name());
        Ok(Session { options, interrupt, restoration, recognition, _lock: lock })
    }

    /// Does `tasks`.
    pub fn run(&self, tasks: Tasks, watch: &dyn Watch) -> Result<Totals, RunError> {
        let (options, interrupt) = (self.options, self.interrupt);
        let records = lock::records(&options.out);
        let mut ledger = Ledger::open(&records)?;
        let lines = options.jsonl.as_deref().map(|path| lines(path, &mut ledger)).transpose()?;
        let (number, whole) = ledger.begin(TOOL)?;
        if !whole {
            let removed = emit::sweep(&options.out);
            tracing::info!(removed, "the run before this one was killed: temporary files removed");
        }
        let plant = plant(options)?;
        let totals = Mutex::new(Totals::default());
        let (queue, broken_off, unended) = (Queue::new(), AtomicBool::new(false), AtomicUsize::new(0));
        let report = |name: &str, outcome: Outcome<'_>, elapsed: Duration| {
            if let Outcome::Failed(Failure { reason: Reason::OutUnusable, .. }) = outcome {
                queue.stop();
                // Others in flight fail for the same reason; one line says it.
                if broken_off.swap(true, Ordering::Relaxed) {
                    return;
                }
            }
            unended.fetch_sub(1, Ordering::Relaxed);
            totals.lock().unwrap_or_else(PoisonError::into_inner).count(outcome);
            log(name, outcome, elapsed);
            watch.ended(&Report { name, outcome, elapsed });
        };
        let run = Run {
            options,
            yardstick: Yardstick::new(options, self.restoration.name(), self.recognition.as_deref()),
            restoration: &self.restoration,
            watch,
            interrupt,
            slots: (0..options.jobs).map(|_| Mutex::new(Slot::new(plant.clone()))).collect(),
            queue: queue.clone(),
            ids: AtomicU64::new(0),
            known: Mutex::new(Ledger::open(&records)?),
            desk: Desk::new(),
            unended: &unended,
            left_out: AtomicUsize::new(0),
            cut_short: AtomicBool::new(false),
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(options.jobs)
            .stack_size(STACK)
            .thread_name(|i| format!("pages-{i}"))
            .build()
            .map_err(std::io::Error::other)?;
        let scribe = Scribe::new(&options.out, ledger, lines, &report);
        let mut ledger = std::thread::scope(|scope| {
            let writing = scope.spawn(|| scribe.work(&run.desk));
            scope.spawn(|| run.find(tasks));
            {
                let _closing = Closing(&run);
                pool.install(|| queue.clone().par_bridge().for_each(|work| run.step(work)));
            }
            writing.join()
        })
        .map_err(|_| std::io::Error::other("the thread that writes ended"))?;
        let left_out = run.left_out.load(Ordering::Relaxed);
        let cut_short = run.cut_short.load(Ordering::Relaxed);
        drop(run); // ends the workers
        let interrupted = unended.load(Ordering::Relaxed);
        let totals = totals.lock().unwrap_or_else(PoisonError::into_inner);
        let totals = Totals { interrupted, cut_short, left_out, ..totals.clone() };
        // What cannot be noted any more is noted by the next run: this one counts as killed.
        if let Err(error) = ledger.end(number, &totals, totals.is_unfinished()) {
            tracing::warn!(%error, "the end of the run is not in the ledger");
        }
        Ok(totals)
    }
}

/// The file of JSON Lines at `path`, in which lines after the place that the ledger has are not written twice.
fn lines(path: &Path, ledger: &mut Ledger) -> Result<Lines, RunError> {
    let unusable = |source| RunError::Lines { path: show(path), source };
    let committed = ledger.lines(&std::path::absolute(path).map_err(unusable)?)?;
    let lines = Lines::open(path, committed).map_err(unusable)?;
    if committed.is_none() {
        ledger.commit(&Batch { lines: Some((lines.path(), lines.bytes())), ..Batch::default() })?;
    }
    Ok(lines)
}

/// Lets the threads around the pool come to their end when it has, even by a panic.
struct Closing<'a, 'b>(&'a Run<'b>);

impl Drop for Closing<'_, '_> {
    fn drop(&mut self) {
        self.0.queue.stop();
        self.0.desk.close();
    }
}

/// One line for an input that ended, without a word of its text.
fn log(name: &str, outcome: Outcome<'_>, elapsed: Duration) {
    let seconds = elapsed.as_secs_f32();
    match outcome {
        Outcome::Done(plan) => {
            let quality = &plan.quality;
            let (pages, warnings, grade) = (plan.pages.len(), plan.warnings.len(), entry::grade(plan));
            let state = entry::done(plan).name();
            tracing::info!(
                name,
                state,
                pages,
                words = quality.words,
                doubtful = quality.doubtful,
                grade,
                warnings,
                seconds,
                "document"
            );
        }
        Outcome::Skipped => tracing::info!(name, state = "up-to-date", seconds, "document"),
        Outcome::Failed(failure) => {
            let (reason, why) = (failure.reason.name(), failure.message.as_str());
            tracing::info!(name, state = "failed", reason, why, seconds, "document");
        }
    }
}

fn plant(options: &Options) -> Result<Plant, RunError> {
    let launch = Launch { program: std::env::current_exe()?, verbose: options.verbose };
    let setup = Setup {
        memory: options.worker_memory,
        limits: options.limits.clone(),
        dpi: options.dpi,
        model: options.model.name().map(str::to_owned),
    };
    Ok(Plant { launch, setup, limit: options.page_timeout, document_limit: options.document_timeout })
}

struct Run<'a> {
    options: &'a Options,
    yardstick: Yardstick<'a>,
    restoration: &'a Restoration,
    watch: &'a dyn Watch,
    interrupt: &'a Interrupt,
    /// One for each thread of the pool.
    slots: Vec<Mutex<Slot>>,
    queue: Queue<Found, Document>,
    ids: AtomicU64,
    /// The ledger, for looking up; the scribe has one of its own to write into.
    known: Mutex<Ledger>,
    desk: Desk<Paper>,
    /// Inputs that were found and have not ended.
    unended: &'a AtomicUsize,
    left_out: AtomicUsize,
    /// Whether the search for inputs was given up.
    cut_short: AtomicBool,
}

/// What was found and is to be done.
enum Found {
    Job(Job),
    Unreadable(Unreadable),
}

/// What opening a job came to.
enum Opened {
    /// Pages for the workers.
    Pages(Arc<Document>),
    /// It has ended.
    Ended(Ending),
    /// It is none of this run's business.
    LeftOut,
}

impl Run<'_> {
    /// Finds the tasks and puts them into the queue.
    fn find(&self, tasks: Tasks) {
        for task in tasks {
            let found = match task {
                Task::Job(job) => Found::Job(job),
                Task::Unreadable(unreadable) => Found::Unreadable(unreadable),
                Task::LeftOut => {
                    self.left_out.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
            };
            self.unended.fetch_add(1, Ordering::Relaxed);
            self.watch.found();
            if self.interrupt.is_raised() {
                self.queue.stop();
            }
            if !self.queue.offer(found) {
                self.cut_short.store(true, Ordering::Relaxed);
                break;
            }
        }
        self.queue.complete();
    }

    /// One unit of work, on a thread of the pool.
    fn step(&self, work: Work<Found, Document>) {
        if self.interrupt.is_raised() {
            self.queue.stop(); // this unit is not begun: its document is left unfinished
            if let Work::Open(_) = work {
                self.queue.opened(None);
            }
            return;
        }
        match work {
            Work::Open(Found::Job(job)) => self.take_up(job),
            Work::Open(Found::Unreadable(unreadable)) => {
                let entry = entry::of_unreadable(&unreadable);
                let ending = failed(entry, unreadable.failure.clone());
                self.end(unreadable.shown(), Duration::ZERO, ending);
                self.queue.opened(None);
            }
            Work::Page(document, slot) => {
                let page = if document.has_failed() {
                    Err(skipped())
                } else {
                    guarded(|| self.page(&document, slot))
                };
                self.watch.page();
                if let Some(complete) = document.take(slot, page) {
                    let ending = self.finish(&document, complete);
                    self.end(document.job.name(), document.taken_up.elapsed(), ending);
                }
            }
        }
    }

    /// Opens a job and tells the queue what came of it.
    fn take_up(&self, job: Job) {
        let (name, taken_up) = (job.name(), Instant::now());
        let mut entry = entry::of_job(&job, SystemTime::now());
        let opened = guarded(|| self.open(job, &mut entry, taken_up));
        let opened = opened.unwrap_or_else(|failure| Opened::Ended(failed(entry, failure)));
        self.queue.opened(match opened {
            Opened::Pages(document) => {
                let pages = document.numbers.len();
                Some((document, pages))
            }
            Opened::Ended(ending) => {
                self.end(name, taken_up.elapsed(), ending);
                None
            }
            Opened::LeftOut => {
                self.unended.fetch_sub(1, Ordering::Relaxed);
                None
            }
        });
    }

    /// Opens a job, if it is not up to date. A text is done at once; other documents have pages for the workers. What is
    /// found out about it is noted in `entry`.
    fn open(&self, job: Job, entry: &mut Entry, taken_up: Instant) -> Result<Opened, Failure> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).known(&job.input.name);
        let known = known.map_err(|error| Failure::new(Reason::OutUnusable, error.to_string()))?;
        if self.options.retry_failed && known.as_ref().is_none_or(|known| known.state != State::Failed) {
            return Ok(Opened::LeftOut);
        }
        let stamp = Stamp::of(&job.input.paths);
        let asked = !self.options.force;
        if asked && known.as_ref().is_some_and(|known| self.yardstick.by_stamps(&job, known, stamp.as_ref()))
        {
            return Ok(Opened::Ended(Ending::Skipped(None)));
        }
        let sha256 = content_digest(&job)?;
        entry.sha256 = Some(sha256.clone());
        entry.stamp = stamp.as_ref().and_then(|stamp| stamp.settled(entry.started));
        if let Some(known) = known.as_ref().filter(|_| asked)
            && let Some(new) = self.yardstick.by_hashes(&job, known, &sha256, entry.stamp.clone())
        {
            return Ok(Opened::Ended(Ending::Skipped(Some(new))));
        }
        if asked
            && known.is_none()
            && let Some(adopted) = self.yardstick.by_outputs(&job, &sha256)
        {
            entry::note_plan(entry, &adopted.plan);
            entry.pages = Some(adopted.plan.source.pages);
            (entry.json, entry.text) = (Some(adopted.json), Some(adopted.text));
            let ending = Ending::Adopted(Box::new(entry.clone()), Box::new(adopted.plan));
            return Ok(Opened::Ended(ending));
        }
        self.read(job, entry, sha256, stamp, taken_up)
    }

    /// Reads a text; opens another document for the workers.
    fn read(
        &self,
        mut job: Job,
        entry: &mut Entry,
        sha256: String,
        stamp: Option<Stamp>,
        taken_up: Instant,
    ) -> Result<Opened, Failure> {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        if job.input.media == MediaType::Text {
            let pages = text_pages(&job, &self.options.limits)?;
            let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
            entry.pages = Some(count);
            let read = Identity { sha256, stamp, entry: entry.clone() };
            let document = Document::new(id, job, read, count, self.options, taken_up)?;
            let mut last = None;
            for (slot, number) in document.numbers.iter().enumerate() {
                let page = pages.get(*number as usize - 1).cloned().ok_or_else(skipped);
                last = document.take(slot, page.map(|page| (page, None)));
            }
            let complete = last.unwrap_or_else(|| Err(skipped()));
            return Ok(Opened::Ended(self.finish(&document, complete)));
        }
        let opened = self.slot().open(id, &job)?;
        job.input.warnings.extend(opened.warnings);
        entry.pages = Some(opened.pages);
        let read = Identity { sha256, stamp, entry: entry.clone() };
        let document = Document::new(id, job, read, opened.pages, self.options, taken_up)?;
        self.watch.opened(document.numbers.len());
        Ok(Opened::Pages(Arc::new(document)))
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

    /// Restores and parses a document whose pages are in.
    fn finish(&self, document: &Document, complete: Result<document::Complete, Failure>) -> Ending {
        let mut entry = document.read.entry.clone();
        let made = complete.and_then(|complete| {
            guarded(|| {
                let plan = document::plan(document, complete, self.restoration, self.options);
                unchanged(document)?;
                Ok((emit::json(&plan), emit::text(&plan), plan))
            })
        });
        match made {
            Ok((json, text, plan)) => {
                entry::note_plan(&mut entry, &plan);
                let target = document.job.target.clone();
                Ending::Made(Box::new(Made { entry, target, plan, json, text }))
            }
            Err(failure) => failed(entry, failure),
        }
    }

    /// Hands an input that ended to the scribe. When that has given up, nothing ends any more.
    fn end(&self, shown: String, elapsed: Duration, mut ending: Ending) {
        if let Ending::Made(made) = &mut ending {
            made.entry.elapsed = elapsed;
        }
        if let Ending::Failed(entry, _) | Ending::Adopted(entry, _) = &mut ending {
            entry.elapsed = elapsed;
        }
        let paper = Paper { shown, elapsed, ending };
        let bytes = paper.bytes();
        self.desk.put(paper, bytes);
    }
}

fn failed(mut entry: Entry, failure: Failure) -> Ending {
    entry.failure = Some(failure.clone());
    Ending::Failed(Box::new(entry), failure)
}

/// Whether the document's files are still what was hashed: what was read in between is theirs only then.
fn unchanged(document: &Document) -> Result<(), Failure> {
    let (job, read) = (&document.job, &document.read);
    if job.stdin.is_some() || (read.stamp.is_some() && Stamp::of(&job.input.paths) == read.stamp) {
        return Ok(());
    }
    let now = content_digest(job)?;
    if now == read.sha256 { Ok(()) } else { Err(document::changed()) }
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

/// What a run would do with one input.
#[derive(Debug)]
pub enum Planned {
    /// A document would be done, or skipped because its outputs are up to date.
    Document {
        /// The document.
        job: Job,
        /// Whether a run would skip it.
        up_to_date: bool,
    },
    /// Something that cannot be read.
    Unreadable(Unreadable),
}

/// What [`run`] would do; reads the inputs to see what is up to date and writes nothing.
///
/// # Errors
/// [`RunError`].
pub fn preview(options: &Options, mut each: impl FnMut(Planned)) -> Result<(), RunError> {
    let tasks = Tasks::of(options)?;
    let restoration = Restoration::open(options.dictionaries.as_deref(), &options.own)?;
    let recognition = super::engine::model_name(options.model.name());
    let yardstick = Yardstick::new(options, restoration.name(), recognition.as_deref());
    let ledger = Ledger::open_to_read(&options.out)?;
    for task in tasks {
        match task {
            Task::LeftOut => {}
            Task::Unreadable(unreadable) => each(Planned::Unreadable(unreadable)),
            Task::Job(job) => {
                let known = match &ledger {
                    Some(ledger) => ledger.known(&job.input.name)?,
                    None => None,
                };
                let failed = known.as_ref().is_some_and(|known| known.state == State::Failed);
                if options.retry_failed && !failed {
                    continue;
                }
                let stamp = Stamp::of(&job.input.paths);
                let is_done = || match &known {
                    Some(known) => {
                        yardstick.by_stamps(&job, known, stamp.as_ref())
                            || content_digest(&job)
                                .is_ok_and(|sha256| yardstick.by_hashes(&job, known, &sha256, None).is_some())
                    }
                    None => {
                        content_digest(&job).is_ok_and(|sha256| yardstick.by_outputs(&job, &sha256).is_some())
                    }
                };
                let up_to_date = !options.force && is_done();
                each(Planned::Document { job, up_to_date });
            }
        }
    }
    Ok(())
}
