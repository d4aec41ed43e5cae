//! Waiting for work in other threads: the caller's thread tells of progress and hears of Ctrl-C meanwhile.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use pyo3::prelude::*;
use sohoa::batch::{Failure, Progress, Reason};

use crate::failure;

/// How often Ctrl-C is looked for.
const TURN: Duration = Duration::from_millis(50);

/// What the working thread and the waiting one share.
struct Sight {
    done: AtomicUsize,
    of: AtomicUsize,
    cancelled: AtomicBool,
    ended: AtomicBool,
    news: SyncSender<()>,
}

impl Sight {
    /// Wakes the waiting thread; if it is busy, it will look anyway.
    fn tell(&self) {
        match self.news.try_send(()) {
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
        }
    }
}

impl Progress for Sight {
    fn opened(&self, pages: usize) {
        self.of.store(pages, Ordering::Relaxed);
        self.tell();
    }

    fn page(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
        self.tell();
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// Says that the work has ended, even by a panic.
struct Ending<'a>(&'a Sight);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Release);
        self.0.tell();
    }
}

/// Runs `work` in another thread, without the interpreter's lock. Meanwhile `progress(done, of)` is called from this thread whenever a page
/// was read. An exception in it, or a signal's, ends the work after the pages in flight.
pub fn wait<T: Send>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    work: impl FnOnce(&dyn Progress) -> Result<T, Failure> + Send,
) -> PyResult<T> {
    let (result, error) = py.detach(move || {
        let (news, heard) = sync_channel(1);
        let (done, of) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (cancelled, ended) = (AtomicBool::new(false), AtomicBool::new(false));
        let sight = Sight { done, of, cancelled, ended, news };
        std::thread::scope(|scope| {
            let working = scope.spawn(|| {
                let _ending = Ending(&sight);
                work(&sight)
            });
            let (mut told, mut error) = (None, None);
            while !sight.ended.load(Ordering::Acquire) {
                // news, or time to look for Ctrl-C
                let _ = heard.recv_timeout(TURN);
                if error.is_none() {
                    error = look(&sight, progress, &mut told).err();
                    sight.cancelled.store(error.is_some(), Ordering::Relaxed);
                }
            }
            if error.is_none() {
                error = look(&sight, progress, &mut told).err();
            }
            let result = working.join().unwrap_or_else(|panic| Err(Failure::panicked(panic.as_ref())));
            (result, error)
        })
    });
    match (result, error) {
        (_, Some(error)) => Err(error),
        (Ok(done), None) => Ok(done),
        (Err(failed), None) => Err(failure::of_document(py, &failed)),
    }
}

/// Tells of progress, if there is any, and hears signals.
fn look(sight: &Sight, progress: Option<&Py<PyAny>>, told: &mut Option<(usize, usize)>) -> PyResult<()> {
    let now = (sight.done.load(Ordering::Relaxed), sight.of.load(Ordering::Relaxed));
    Python::attach(|py| {
        if let Some(progress) = progress
            && now.1 > 0
            && *told != Some(now)
        {
            *told = Some(now);
            progress.call1(py, now)?;
        }
        py.check_signals()
    })
}

/// Runs `work` without the interpreter's lock in this thread; a panic in it is an exception.
pub fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    let done = py.detach(|| std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)));
    done.map_err(|panic| {
        let failed = Failure { reason: Reason::Internal, ..Failure::panicked(panic.as_ref()) };
        failure::of_document(py, &failed)
    })
}
