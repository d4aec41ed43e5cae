//! What the threads of a run do: each task through all stages, pages in parallel, each input ending once.

use std::os::unix::ffi::OsStrExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::emit::{self, Extra};
use crate::ingest::{self, MediaType, Source};
use crate::model::{Page, Plan, Profile, RestoredPage, patience, profile};

use super::desk::Desk;
use super::document::{self, Document, Identity, failed_output};
use super::done::Yardstick;
use super::entry;
use super::failure::{Failure, Reason};
use super::gather::{Job, Task, Tasks, Unreadable, from_ingest, show};
use super::interrupt::Interrupt;
use super::ledger::{Entry, Ledger, State};
use super::options::Options;
use super::queue::{Queue, Work};
use super::report::Watch;
use super::restoration::Restoration;
use super::reviews;
use super::scribe::{Content, Ending, Made, Paper};
use super::searchable;
use super::slot::{Slot, page_too_long, too_long};
use super::stamp::Stamp;

/// A run: what its threads share.
pub(super) struct Run<'a> {
    pub options: &'a Options,
    pub yardstick: Yardstick<'a>,
    pub restoration: &'a Restoration,
    pub watch: &'a dyn Watch,
    pub interrupt: &'a Interrupt,
    /// One for each thread of the pool.
    pub slots: Vec<Mutex<Slot>>,
    pub queue: Queue<Found, Document>,
    pub ids: AtomicU64,
    /// The ledger, for looking up; the scribe has one of its own to write into.
    pub known: Mutex<Ledger>,
    pub desk: Desk<Paper>,
    /// Inputs that were found and have not ended.
    pub unended: &'a AtomicUsize,
    pub left_out: AtomicUsize,
    /// Whether the search for inputs was given up.
    pub cut_short: AtomicBool,
    /// Whether it was said that texts get no searchable PDF.
    pub told_of_texts: AtomicBool,
    /// What the threads of the pool themselves have spent.
    pub spent: Mutex<Profile>,
}

/// What was found and is to be done.
pub(super) enum Found {
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

/// Says that all inputs are found, whatever ends the search.
struct Complete<'a>(&'a Queue<Found, Document>);

impl Drop for Complete<'_> {
    fn drop(&mut self) {
        self.0.complete();
    }
}

impl Run<'_> {
    /// Finds the tasks and puts them into the queue.
    pub fn find(&self, tasks: Tasks) {
        let _complete = Complete(&self.queue);
        for task in tasks {
            let found = match task {
                Task::Job(job) => Found::Job(job),
                Task::Unreadable(unreadable) => Found::Unreadable(unreadable),
                Task::LeftOut(left_out) => {
                    self.left_out.fetch_add(1, Ordering::Relaxed);
                    let shown = show(&left_out.path);
                    tracing::info!(
                        name = shown,
                        state = State::Skipped.name(),
                        why = left_out.why,
                        "no document"
                    );
                    self.end(shown, Duration::ZERO, Ending::LeftOut(left_out));
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
    }

    /// One unit of work, on a thread of the pool.
    pub fn step(&self, work: Work<Found, Document>) {
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
        let stamp = job.stamp();
        // what persons decided since the outputs were made is put into them
        let asked = !self.options.force && !reviews::is_behind(&self.options.out, &job.target);
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
            entry.extras = adopted.extras;
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
            let asked = self.options.extras.contains(&Extra::Pdf);
            if asked && !self.told_of_texts.swap(true, Ordering::Relaxed) {
                self.watch.note("texts have no pages, so no searchable PDF is made of them");
            }
            let pages = text_pages(&job, &self.options.limits)?;
            let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
            entry.pages = Some(count);
            let read = Identity { sha256, stamp, entry: entry.clone() };
            let numbers = document::chosen(count, self.options.pages.as_ref())?;
            let document = Document::new(id, job, read, count, numbers, taken_up);
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
        let numbers = document::chosen(opened.pages, self.options.pages.as_ref())?;
        let document = Document::new(id, job, read, opened.pages, numbers, taken_up);
        self.watch.opened(document.numbers.len());
        Ok(Opened::Pages(Arc::new(document)))
    }

    fn page(&self, document: &Document, slot: usize) -> Result<(Page, Option<String>), Failure> {
        let number = document.numbers.get(slot).copied().unwrap_or_default();
        // Judging a layer is restoration, here in this process.
        let until = Instant::now().checked_add(self.options.page_timeout);
        let judge = |layer: &Page| {
            let mut spent = Profile::default();
            let judged = profile::timed(&mut spent.restore, || self.restoration.judge(layer));
            self.add(&spent);
            judged
        };
        let read = || self.slot().page(document, number, &judge);
        let Some(until) = until else { return read() };
        patience::within(until, read)
            .unwrap_or_else(|_| Err(page_too_long(self.options.page_timeout, number)))
    }

    /// Adds to what has been spent.
    fn add(&self, spent: &Profile) {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner).add(spent);
    }

    /// What was spent by all threads and their workers.
    pub fn spent(&self) -> Profile {
        let mut sum = *self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in &self.slots {
            sum.add(&slot.lock().unwrap_or_else(PoisonError::into_inner).spent());
        }
        sum
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
            let whole = self.options.document_timeout;
            in_time(document.taken_up, whole, || {
                let mut spent = Profile { pages: complete.pages.len() as u64, ..Profile::default() };
                let log = reviews::log_of(&self.options.out, &document.job.target);
                let origin = document.origin();
                let (mut plan, pages) =
                    document::plan(&origin, complete, self.restoration, self.options, &log, &mut spent)?;
                let extras: Vec<Extra> = self.yardstick.made(&document.job).collect();
                let pdf = if extras.contains(&Extra::Pdf) {
                    Some(self.searchable(document, &mut plan, &pages)?)
                } else {
                    None
                };
                unchanged(document)?;
                let outputs = profile::timed(&mut spent.write, || {
                    let mut made: Vec<(Extra, Content)> = Vec::new();
                    for extra in extras {
                        let content = match extra {
                            Extra::Markdown => emit::markdown(&plan),
                            Extra::Alto => emit::alto(&pages, &plan.source),
                            Extra::Pdf => continue,
                        };
                        made.push((extra, Content::Text(content)));
                    }
                    made.extend(pdf.map(|pdf| (Extra::Pdf, pdf)));
                    (emit::json(&plan), emit::text(&plan), made)
                });
                self.add(&spent);
                let (json, text, extras) = outputs;
                Ok((json, text, extras, plan))
            })
        });
        match made {
            Ok((json, text, extras, plan)) => {
                entry::note_plan(&mut entry, &plan);
                let target = document.job.target.clone();
                Ending::Made(Box::new(Made { entry, target, plan, json, text, extras }))
            }
            Err(failure) => failed(entry, failure),
        }
    }

    /// Makes the searchable PDF, or says in the plan's warnings why there is none.
    fn searchable(
        &self,
        document: &Document,
        plan: &mut Plan,
        pages: &[RestoredPage],
    ) -> Result<Content, Failure> {
        let (out, file) = (&self.options.out, Extra::Pdf.file(&document.job.target));
        let draft = emit::Draft::new(out, &file, b"").map_err(|error| failed_output(&error, out))?;
        let to = draft.temporary().as_os_str().as_bytes().to_vec();
        let layers = pages.iter().map(emit::Layer::of);
        let made = self.slot().searchable(document, layers, emit::Metadata::of(plan), to);
        let (made, warnings) = made.unwrap_or_else(|failure| (false, vec![searchable::not_made(&failure)]));
        for warning in &warnings {
            self.watch.note(&format!("{}: {}", document.job.name(), warning.message));
        }
        plan.warnings.extend(warnings);
        if !made {
            return Ok(Content::Refused);
        }
        let sha256 = ingest::fingerprint(&[draft.temporary().to_owned()]);
        let sha256 = sha256.map_err(|error| Failure::new(Reason::Output, error.to_string()))?;
        Ok(Content::File(Some(draft), sha256))
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
pub(super) fn unchanged(document: &Document) -> Result<(), Failure> {
    let (job, read) = (&document.job, &document.read);
    if job.stdin.is_some() || (read.stamp.is_some() && job.stamp() == read.stamp) {
        return Ok(());
    }
    let now = content_digest(job)?;
    if now == read.sha256 { Ok(()) } else { Err(document::changed()) }
}

pub(super) fn content_digest(job: &Job) -> Result<String, Failure> {
    match &job.stdin {
        Some(bytes) => Ok(ingest::fingerprint_bytes(bytes)),
        None => ingest::fingerprint(&job.input.paths).map_err(|error| from_ingest(&error, job.input.path())),
    }
}

pub(super) fn text_pages(job: &Job, limits: &ingest::Limits) -> Result<Vec<Page>, Failure> {
    if let Some(bytes) = &job.stdin {
        let (text, encoding) = ingest::decode_old_text(bytes).map_err(|error| {
            Failure::new(Reason::Input, format!("{error}: pipe UTF-8 or UTF-16 text into it"))
        })?;
        limits.check_pages(&text).map_err(|over| Failure::new(Reason::Input, over.to_string()))?;
        return Ok(ingest::text_pages(&text).into_iter().map(|page| Page { encoding, ..page }).collect());
    }
    let failed = |error: ingest::IngestError| from_ingest(&error, job.input.path());
    let mut source = Source::open(&job.input, limits).map_err(failed)?;
    (0..source.page_count()).filter_map(|index| source.layer(index).map_err(failed).transpose()).collect()
}

/// A page that need not be read any more. Its document has a failure already, which is the one that is shown.
pub(super) fn skipped() -> Failure {
    Failure::new(Reason::Internal, "left out")
}

/// Runs `what`, which may take until `limit` after `since`: restoring and parsing ask on their way whether they may go on.
pub(super) fn in_time<T>(
    since: Instant,
    limit: Duration,
    what: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    // A limit beyond what the clock can count is none.
    let Some(until) = since.checked_add(limit) else { return guarded(what) };
    guarded(|| patience::within(until, what).unwrap_or_else(|_| Err(too_long(limit))))
}

/// Runs `what`; a panic in it fails the input and not the run.
pub(super) fn guarded<T>(what: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(what)).unwrap_or_else(|panic| Err(Failure::panicked(panic.as_ref())))
}
