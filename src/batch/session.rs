//! OUT taken for a run, or for several one after the other, and the threads of a run: one that finds, a pool that reads,
//! one that writes.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::emit;
use crate::model::profile;

use super::child::Launch;
use super::desk::Desk;
use super::document::TOOL;
use super::done::Yardstick;
use super::entry;
use super::failure::{Failure, Reason};
use super::gather::{RunError, Tasks, show};
use super::interrupt::Interrupt;
use super::ledger::{Batch, Ledger};
use super::lines::Lines;
use super::lock::{self, Lock, Unlocked};
use super::options::Options;
use super::protocol::Setup;
use super::queue::Queue;
use super::report::{Outcome, Report, Totals, Watch};
use super::restoration::Restoration;
use super::run::Run;
use super::scribe::Scribe;
use super::slot::{Plant, Slot};

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
            told_of_texts: AtomicBool::new(false),
            spent: Mutex::default(),
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(options.jobs)
            .stack_size(STACK)
            .thread_name(|i| format!("pages-{i}"))
            .build()
            .map_err(std::io::Error::other)?;
        let scribe = Scribe::new(&options.out, ledger, lines, &report);
        let (mut ledger, writing) = std::thread::scope(|scope| {
            let named = |name: &str| std::thread::Builder::new().name(name.into());
            let writing =
                named("scribe").spawn_scoped(scope, || (scribe.work(&run.desk), profile::clock()))?;
            {
                let _closing = Closing(&run);
                named("finder").spawn_scoped(scope, || run.find(tasks))?;
                pool.install(|| queue.clone().par_bridge().for_each(|work| run.step(work)));
            }
            writing.join().map_err(|_| std::io::Error::other("the thread that writes ended"))
        })?;
        let left_out = run.left_out.load(Ordering::Relaxed);
        let cut_short = run.cut_short.load(Ordering::Relaxed);
        let mut spent = run.spent();
        spent.write += writing;
        drop(run); // ends the workers
        let interrupted = unended.load(Ordering::Relaxed);
        let totals = totals.lock().unwrap_or_else(PoisonError::into_inner);
        let totals = Totals { interrupted, cut_short, left_out, spent, ..totals.clone() };
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
        ocr: options.ocr,
        dpi: options.dpi,
        model: options.model.name().map(str::to_owned),
    };
    Ok(Plant { launch, setup, limit: options.page_timeout, document_limit: options.document_timeout })
}
